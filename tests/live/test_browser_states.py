"""States that leave the page and come back: addresses, files, tabs, a line that drops, a book that is hostile."""

from __future__ import annotations

import pytest

import priors
from sim.live.stage import Stage
from sim.live.state import State, View
from tests.live.conftest import close, run
from tests.live.visits import MOVED, PATIENCE, Visit, playwright, readout, rest, row, view_of

pytestmark = pytest.mark.browser


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
