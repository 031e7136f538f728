"""The page as a person uses it, in headless Chromium: ``pytest -m browser``."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

import priors
from sim.live.stage import Stage
from sim.live.state import State, View, to_query
from tests.live.conftest import close, run

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason="pip install 'suanli[browser]'")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
if not Path(CHROMIUM).exists():
    pytest.skip("no Chromium on this machine: apt install chromium", allow_module_level=True)

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--font-render-hinting=none"]  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SHOTS = Path(__file__).parent / "shots"
MOVED = View(State.of("export_ban_2023q4", {"growth.cloud": "0.5", "capacity.mlu": "*3"}))
PATIENCE = 60_000


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


class Visit:
    """A browser that was let in; what its pages complain of, and whom else they ask."""

    def __init__(self, browser, running, viewport=WIDE):
        self.running = running
        self.context = browser.new_context(viewport=viewport, accept_downloads=True)
        self.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=f"http://{running.host}")
        self.complaints, self.strangers = [], []

    def open(self, view=None, query="", token=True):
        page = self.context.new_page()
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.asked(request.url))
        address = self.running.served.guard.address() if token else f"http://{self.running.host}/"
        if query:
            address += ("&" if token else "?") + query
        page.goto(address + (f"#{view if isinstance(view, str) else to_query(view)}" if view else ""))
        rest(page)
        return page

    def asked(self, url):
        if urlsplit(url).netloc != self.running.host and urlsplit(url).scheme != "blob":
            self.strangers.append(url)


@pytest.fixture
def visit(browser, running):
    found = Visit(browser, running)
    yield found
    found.context.close()
    assert found.complaints == []
    assert found.strangers == []


def rest(page, how="yes"):
    page.locator(f"body[data-rest={how}]").wait_for(state="attached", timeout=PATIENCE)


def view_of(page):
    """What the address says, key -> text."""
    return {
        key: texts[0]
        for key, texts in parse_qs(page.evaluate("location.hash.slice(1)"), keep_blank_values=True).items()
    }


def row(page, name):
    """An input's row, its chapter open."""
    found = page.locator(f'.input[data-name="{name}"]')
    found.evaluate("(row) => { row.closest('details').open = true; }")
    return found


def press(locator, *keys):
    for key in keys:
        locator.press(key)


def readout(page):
    return page.locator("#readout").text_content().replace("\u00a0", " ")


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


def test_a_shared_address_has_the_state_and_no_token(visit, browser, running):
    page = visit.open(MOVED)
    page.locator("#share").click()
    address = page.locator("#address").input_value()
    assert running.served.guard.token not in address
    assert running.served.guard.token not in page.url
    assert page.evaluate("navigator.clipboard.readText()") == address
    other = visit.context.new_page()
    other.goto(address)
    rest(other)
    assert readout(other) == readout(page)
    assert other.locator("#scenario").input_value() == "export_ban_2023q4"
    stranger = browser.new_context().new_page()
    answer = stranger.goto(address)
    assert answer.status == 403
    assert "suanli serve" in stranger.locator("body").text_content()
    stranger.context.close()


def test_the_scenario_is_saved(visit, tmp_path):
    page = visit.open(MOVED)
    page.locator("#save").click()
    page.locator("#name").fill("my case")
    with page.expect_response("**/download/**") as answer:
        page.locator("[data-kind=toml]").click()
    assert answer.value.status == 400
    playwright.expect(page.locator("#saved")).to_contain_text("expected letters")
    visit.complaints.clear()  # the browser's own line about the 400
    page.locator("#name").fill("my_case")
    with page.expect_download() as download:
        page.locator("[data-kind=toml]").click()
    download.value.save_as(tmp_path / "my_case.toml")
    assert download.value.suggested_filename == "my_case.toml"
    book = priors.load(tmp_path / "my_case.toml")
    assert book.scenarios["my_case"].extends == "export_ban_2023q4"
    with page.expect_download(timeout=PATIENCE) as download:
        page.locator("[data-kind=csv]").click()
    download.value.save_as(tmp_path / "my_case.csv")
    assert (tmp_path / "my_case.csv").read_text().startswith("scenario,output")
    page.get_by_role("button", name="Close").click()


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


def test_axes_say_what_they_are_of_and_names_are_whole(visit):
    page = visit.open(MOVED)
    assert page.locator("#difference text").first.text_content() == "Difference, pts"
    page.locator("#output").select_option("market_spend_year:0")
    rest(page)
    assert page.locator("#difference text").first.text_content() == "Difference, bn RMB"
    card = page.locator(".card", has_text="Month of parity")
    card.scroll_into_view_if_needed()
    assert card.locator("svg text").all_text_contents() == ["Alibaba", "Baidu", "ByteDance", "Tencent"]
    # The small panel and the sentence tell the same figure in the same digits.
    page.locator("#output").select_option("market_domestic_share:0")
    rest(page)
    panel = page.locator(".card", has_text="Domestic share").locator(".last")
    assert readout(page).startswith(f"2025Q4 {panel.text_content()} ")


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


def test_chinese(visit):
    page = visit.open(MOVED, "lang=zh")
    assert page.locator("html").get_attribute("lang") == "zh"
    assert page.title() == "算力：移动假设"
    assert "差异" in readout(page)
    assert page.locator(".card h3").first.text_content() == "市场国产化率"
    assert re.match(r"65,536 次抽样 · 最大误差", page.locator("#status").text_content())
    words = page.locator("[data-say]").evaluate_all("(all) => all.map((each) => each.textContent)")
    assert [word for word in words if not re.search(r"[\u4e00-\u9fff]|English", word)] == []
    labels = page.locator(".head label, .chapter > summary").evaluate_all(
        "(all) => all.map((each) => each.textContent)"
    )
    assert [label for label in labels if not re.search(r"[\u4e00-\u9fff]", label)] == []
    page.locator("#lang").click()
    rest(page)
    assert page.title() == "suanli: move the assumptions"
    assert "lang" not in page.url
    assert view_of(page)["capacity.mlu"] == "*3"


def test_two_tabs_hold_two_states(visit):
    one, other = visit.open(MOVED), visit.open(View(State("stated")))
    before = readout(other)
    for page, name in ((one, "growth.cloud"), (other, "perf.h800")) * 3:
        row(page, name).locator("input[type=range]").press("ArrowRight")
    rest(one)
    rest(other)
    assert {"growth.cloud", "capacity.mlu", ".scenario"} == set(view_of(one))
    assert {"perf.h800", ".scenario"} == set(view_of(other))
    assert readout(one) != readout(other)
    assert readout(other).split(" · ")[0] == before.split(" · ")[0], "H800's performance moves no share without a ban"


def test_a_dropped_connection_is_told_and_mended(visit, running):
    page = visit.open(MOVED)
    told = readout(page)
    for each in list(running.served.pages):
        running.loop.call_soon_threadsafe(each.close)
    playwright.expect(page.locator("#notice")).to_contain_text("The connection was lost")
    playwright.expect(page.locator("#notice")).to_be_hidden(timeout=PATIENCE)
    row(page, "growth.cloud").locator("input[type=range]").press("End")
    rest(page)
    assert view_of(page)["growth.cloud"] != "0.5"
    assert readout(page) != told


@pytest.mark.parametrize(
    ("fragment", "told"),
    [
        ("growth.cluod=0.4", 'did you mean "growth.cloud"'),
        (".scenario=export_bann", "found no scenario"),
        ("growth.cloud=-3", "expected a value within the limits"),
        ("growth.cloud=<script>alert(1)</script>", "growth.cloud: found"),
        (".other=1", None),
        ("%ff%fe=1", "found no quantity"),
    ],
)
def test_a_wrong_address_is_told_and_can_be_left(visit, fragment, told):
    page = visit.context.new_page()
    page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
    page.goto(f"{visit.running.served.guard.address()}#{fragment}")
    if told:
        rest(page, "refused")
        playwright.expect(page.locator("#notice")).to_contain_text(told)
        page.locator("#clear").click()
    rest(page)
    assert page.locator("#notice").is_hidden()


def test_the_address_can_be_changed_by_hand(visit):
    page = visit.open()
    page.evaluate("location.hash = 'growth.cloud=0.33'")
    playwright.expect(row(page, "growth.cloud").locator("input[type=number]")).to_have_value("0.33")
    page.locator("#undo").click()
    assert view_of(page) == {}
    rest(page)


def test_the_keyboard_alone_reaches_and_moves_everything(visit):
    page = visit.open()
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "document.activeElement.id || document.activeElement.className || document.activeElement.tagName"
            )
        )
        if reached[-1] == "in-growth.cloud":
            break
    assert {"scenario", "pin", "share", "save", "lang", "output", "spotlight", "search", "only"} <= set(reached)
    page.keyboard.press("ArrowRight")
    assert "growth.cloud" in view_of(page)
    page.locator("#spotlight").focus()
    page.keyboard.press("ArrowLeft")
    assert readout(page).startswith("2025Q3")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.locator("#share").focus()
    page.keyboard.press("Enter")
    assert page.locator("#share-box").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#share-box").is_hidden()
    rest(page)


def test_every_control_has_a_name(visit):
    page = visit.open()
    nameless = page.locator("button, input, select, [role=img]").evaluate_all(
        "(all) => all.filter((each) => !(each.getAttribute('aria-label') || each.labels?.length || each.textContent.trim()"
        " || each.id === 'address')).map((each) => each.outerHTML)"
    )
    assert [each for each in nameless if 'id="difference"' not in each] == []


@pytest.mark.parametrize("query", ["", "lang=zh"])
def test_a_narrow_screen_needs_no_sideways_scrolling(browser, running, query):
    visit = Visit(browser, running, NARROW)
    page = visit.open(MOVED, query)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
    slider = row(page, "price.module_erosion").locator("input[type=range]")
    slider.scroll_into_view_if_needed()
    slider.press("End")
    rest(page)
    assert page.locator("#spotlight").evaluate("(each) => each.getBoundingClientRect().top >= 0"), (
        "the fan stays in sight"
    )
    small = page.locator("button:visible, select:visible, input[type=range]:visible").evaluate_all(
        "(all) => all.filter((each) => each.getBoundingClientRect().height < 20).map((each) => each.outerHTML)"
    )
    assert small == []
    visit.context.close()
    assert (visit.complaints, visit.strangers) == ([], [])


HOSTILE = """
[scenarios.evil]
label = "<img src=x onerror='window.hit=1'>"
label_zh = "</script><script>window.hit=1</script>"
description = "<script>window.hit=1</script>"
[scenarios.evil.change]
growth.cloud = {{ fix = 0.3 }}
[quantities.growth.cloud]
stream = 4
unit = "1/yr"
label = "<svg onload='window.hit=1'><script>window.hit=1</script><b onmouseover='window.hit=1'>bold</b>"
label_zh = "\\" autofocus onfocus='window.hit=1' x=\\""
basis = "assumption"
rationale = "<iframe srcdoc='<script>parent.hit=1</script>'></iframe>{{{{7*7}}}} ${{window.hit=1}}"
prior = {{ family = "normal", mean = 0.4, sd = 0.06 }}
"""


def test_a_script_in_a_book_is_a_text_and_nothing_else(browser, tmp_path):
    (tmp_path / "evil.toml").write_text(HOSTILE.format(), "utf-8")
    running = run(Stage(priors.load(tmp_path / "evil.toml")))
    visit = Visit(browser, running)
    for query in ("", "lang=zh"):
        page = visit.open(View(State("evil", (("growth.cloud", "0.41"),))), query)
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        found = row(page, "growth.cloud")
        found.hover()
        found.locator("input[type=range]").focus()
        assert page.evaluate("window.hit") is None
        text = found.text_content()
        assert ("<script>window.hit=1</script>" in text) or ("autofocus onfocus" in text)
    visit.context.close()
    close(running)
    assert (visit.complaints, visit.strangers) == ([], [])


@pytest.mark.parametrize("name", ["wide", "narrow", "chinese"])
def test_it_looks_as_it_did(browser, running, name):
    """Brightness over patches of 8 pixels: coarse enough for another machine's fonts, fine enough for a chart gone wrong.

    ``SUANLI_SHOTS=1 pytest -m browser`` takes the pictures anew; look at them before they are kept.
    """
    image = pytest.importorskip("PIL.Image", reason="pictures are compared with Pillow, which comes with matplotlib")
    import io

    import numpy as np

    visit = Visit(browser, running, NARROW if name == "narrow" else WIDE)
    page = visit.open(MOVED, "lang=zh" if name == "chinese" else "")
    page.mouse.move(0, 0)
    page.wait_for_timeout(200)
    taken = image.open(io.BytesIO(page.screenshot())).convert("L")
    visit.context.close()
    taken = taken.resize((taken.width // 8, taken.height // 8), image.Resampling.BOX)
    kept = SHOTS / f"{name}.png"
    if os.environ.get("SUANLI_SHOTS"):
        SHOTS.mkdir(exist_ok=True)
        taken.save(kept, optimize=True)
    before = image.open(kept)
    assert taken.size == before.size
    apart = np.abs(np.asarray(taken, float) - np.asarray(before, float))
    assert (apart > 40).mean() < 0.02
    assert apart.mean() < 3.0
