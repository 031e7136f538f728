"""Inputs are moved and the answers follow, as a person does it, in headless Chromium: ``pytest -m browser``."""

from __future__ import annotations

import re
from urllib.parse import parse_qs

import pytest

from sim.live.state import to_query
from tests.live.visits import MOVED, playwright, press, readout, rest, row, view_of

pytestmark = pytest.mark.browser


def test_every_input_can_be_moved_and_put_back(visit, stage):
    page = visit.open()
    page.evaluate("document.querySelectorAll('.chapter').forEach((each) => { each.open = true; })")
    for name in stage.model.inputs:
        found = row(page, name)
        if stage.book.quantities[name].switch:
            found.get_by_label("no", exact=True).check()
            expected = "0"
        else:
            slider = found.locator("input[type=range]")
            slider.press("Home")
            if name not in view_of(page):  # it began there
                slider.press("End")
            expected = slider.input_value()
        assert float(view_of(page)[name]) == float(expected), name
        found.get_by_role("button").click()
        assert name not in view_of(page)
    rest(page)
    assert page.locator("#notice").is_hidden()


def test_every_way_of_changing_an_input(visit):
    page = visit.open()
    found = row(page, "export.ban_quarter")
    how, box, slider = found.locator("select"), found.locator("input[type=number]"), found.locator("input[type=range]")
    how.select_option("never")
    assert view_of(page)["export.ban_quarter"] == "never"
    assert slider.is_disabled()
    how.select_option("fix")
    box.fill("3")
    box.press("Enter")
    assert view_of(page)["export.ban_quarter"] == "3"
    found = row(page, "capacity.mlu")
    found.locator("select").select_option("scale")
    press(found.locator("input[type=range]"), "End")
    assert view_of(page)["capacity.mlu"] == "*8"
    found.locator("select").select_option("width")
    press(found.locator("input[type=range]"), "Home")
    assert view_of(page)["capacity.mlu"] == "width(0.125)"
    found.locator("select").select_option("prior")
    assert "capacity.mlu" not in view_of(page)
    rest(page)


def test_a_move_redraws_the_fan_and_its_difference(visit):
    page = visit.open()
    assert page.locator("#difference").is_hidden()
    before = page.locator("#spotlight path.line").first.get_attribute("d")
    row(page, "export.ban_quarter").locator("select").select_option("fix")
    press(row(page, "export.ban_quarter").locator("input[type=range]"), "Home", "ArrowRight")
    rest(page)
    assert page.locator("#spotlight .state path.line").get_attribute("d") != before
    assert page.locator("#spotlight .base path.line").count() == 1
    assert page.locator("#difference path.line").count() == 1
    assert "Difference" in readout(page)
    assert re.match(r"65,536 draws · largest error [\d.]+ % \(.*\) · done", page.locator("#status").text_content())


def test_where_a_hand_comes_to_rest_is_asked_for_at_once(visit):
    """While it moves, a move waits for the answer to the one before; the one it is let go of does not."""
    page = visit.open()
    row(page, "growth.cloud")
    sent = page.evaluate(
        """() => {
          const views = [], send = WebSocket.prototype.send;
          WebSocket.prototype.send = function (text) { views.push(JSON.parse(text).view); return send.call(this, text); };
          const slider = document.getElementById("in-growth.cloud");
          for (const value of [0.3, 0.4, 0.5]) { slider.value = value; slider.dispatchEvent(new Event("input")); }
          const moving = views.length;
          slider.dispatchEvent(new Event("change"));
          return { moving, views };
        }"""
    )
    assert sent["moving"] == 1
    assert [float(parse_qs(view)["growth.cloud"][0]) for view in sent["views"]] == pytest.approx([0.3, 0.5])
    rest(page)
    assert float(view_of(page)["growth.cloud"]) == pytest.approx(0.5)


def test_figures_on_screen_are_the_server_s(visit, running):
    page = visit.open(MOVED)
    found = running.talk([f'{{"move": 1, "view": "{to_query(MOVED)}", "show": "market_domestic_share"}}'],
                         lambda answer: answer.get("draws") == 65_536)[-1]  # fmt: skip
    last = running.served.stage.outputs["market_domestic_share"].start + 11
    assert f"2025Q4 {100 * found['state']['q'][2][last]:.3g} %" in readout(page)
    assert f"compared with {100 * found['base']['q'][2][last]:.3g} %" in readout(page)


def test_undo_redo_and_reset_by_button_and_key(visit):
    page = visit.open()
    slider = row(page, "growth.cloud").locator("input[type=range]")
    slider.press("Home")
    slider.press("End")
    high = view_of(page)["growth.cloud"]
    page.locator("#undo").click()
    low = view_of(page)["growth.cloud"]
    assert float(low) < float(high)
    assert slider.input_value() == low
    page.keyboard.press("Control+z")
    assert view_of(page) == {}
    assert page.locator("#undo").is_disabled()
    page.keyboard.press("Control+y")
    page.locator("#redo").click()
    assert view_of(page)["growth.cloud"] == high
    page.locator("#clear").click()
    assert view_of(page) == {}
    rest(page)


def test_a_pinned_state_is_what_is_compared_with(visit):
    page = visit.open(MOVED)
    page.locator("#pin").click()
    rest(page)
    assert page.locator("#difference").is_hidden(), "a state beside itself"
    page.locator("#scenario").select_option("baseline")
    rest(page)
    assert "the pinned state: Export ban in 2023Q4 + 2 changed" in page.locator("#key-base").text_content()
    assert view_of(page)[".pin.capacity.mlu"] == "*3"
    assert page.locator("#difference path.line").count() == 1
    page.locator("#pin").click()
    rest(page)
    assert ".pin" not in view_of(page)
    assert "the baseline" in page.locator("#key-base").text_content()


def test_search_and_only_changed(visit):
    page = visit.open(MOVED)
    shown = page.locator(".input:visible")
    page.locator("#search").fill("h800 share")
    assert shown.count() == 4
    page.locator("#search").fill("Q04.6")
    assert {each.get_attribute("data-name") for each in shown.all()} == {
        "growth.cloud",
        "growth.cloud_base",
        "cloud.reading_whole",
    }
    page.locator("#search").fill("zzz")
    assert page.locator("#nothing").is_visible()
    page.locator("#search").fill("")
    page.locator("#only").check()
    assert {each.get_attribute("data-name") for each in shown.all()} == {"growth.cloud", "capacity.mlu"}


def test_another_answer_is_picked(visit):
    page = visit.open(MOVED)
    page.get_by_role("button", name="Show: Cards bought in the year: Baidu").click()
    # Not wait_for_function: what it polls with is an eval, which the page's policy refuses from the second time on.
    playwright.expect(page.locator("#output option:checked")).to_have_text("Cards bought in the year: Baidu")
    rest(page)
    assert readout(page).startswith("2025 ")
    assert "Difference" in readout(page)
    page.locator("#output").select_option("first_to_parity:0")
    rest(page)
    assert "of 100" in readout(page)


def test_a_card_that_is_redrawn_under_a_press_is_still_picked(visit):
    page = visit.open(MOVED)
    card = page.get_by_role("button", name="Show: Cards bought in the year: Baidu")
    card.scroll_into_view_if_needed()
    card.locator("svg").wait_for()
    place = card.bounding_box()
    page.mouse.move(place["x"] + place["width"] / 2, place["y"] + 0.6 * place["height"])
    page.mouse.down()
    page.evaluate("window.onresize()")  # as an answer does that comes in between
    page.mouse.up()
    assert page.locator("#output option:checked").text_content() == "Cards bought in the year: Baidu"
    rest(page)
