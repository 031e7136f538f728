"""How the page looks and reads: its words, names, keys and widths, and screens compared with stored ones."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.live.visits import MOVED, NARROW, WIDE, Visit, readout, rest, row, view_of

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).parent / "shots"


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
