"""The page in a browser: it says nothing to the console, asks no other host, and does what its controls say."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import priors
from sim.app.report import page
from tests.app.report.hostile import PAYLOADS
from tests.results import made

pytestmark = pytest.mark.browser
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-device-scale-factor=1",
    "--font-render-hinting=none",
]
SCREENS = Path(__file__).parent / "screens"
WIDTHS = (1280, 390)
ALIKE, FAR = 0.04, 24
"""Of the pixels of a screen a share may be further off than so many of 255 steps: letters differ between machines."""


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="the extra `browser` is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium is installed")
    with playwright.sync_playwright() as started:
        found = started.chromium.launch(executable_path=chromium, args=FLAGS)
        yield found
        found.close()


@pytest.fixture(scope="module")
def written(request, tmp_path_factory):
    """Each page as a file, made when it is first asked for."""
    folder = tmp_path_factory.mktemp("pages")

    def text(name: str) -> str:
        if name == "en":
            return request.getfixturevalue("pages")["en"]
        if name == "zh":
            tree = request.getfixturevalue("tree")
            return page.text(tree, priors.load(), ("first.nc", ""), lang="zh", gaps=False)
        if name.startswith("little"):
            return page.text(made.make().tree, priors.load(), ("little.nc", ""), lang=name[-2:])
        return request.getfixturevalue("stung_own" if name == "stung own" else "stung")[0][
            "own" if "own" in name else "en"
        ]

    def call(name: str) -> Path:
        path = folder / f"{name}.html"
        if not path.exists():
            path.write_text(text(name), "utf-8")
        return path

    return call


class Seen:
    """A page opened, and what it said and asked for."""

    def __init__(self, browser, path: Path, width: int) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
        self.page = context.new_page()
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(f"dialog: {dialog.message}"))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.home = path.as_uri()
        self.page.goto(self.home)

    def quiet(self) -> None:
        """Fail if anything was said, or anything but the page itself was asked for."""
        assert self.said == []
        assert [url for url in self.asked if url not in (self.home, "data:,") and not url.startswith("blob:")] == []


@pytest.fixture
def see(browser, written):
    opened = []

    def call(name: str, width: int) -> Seen:
        opened.append(Seen(browser, written(name), width))
        return opened[-1]

    yield call
    for each in opened:
        each.page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_nothing_is_said_and_nothing_asked_for(lang, width, see):
    seen = see(lang, width)
    wide = seen.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1]
    for heading in seen.page.locator("h2").all():
        heading.scroll_into_view_if_needed()
    seen.quiet()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_pointer_finds_values(width, see):
    seen = see("en", width)
    marks = seen.page.locator("figure:has([data-tip])").first.locator("[data-tip]")
    mark = marks.nth(marks.count() // 2)
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    seen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tip = seen.page.locator("#tip")
    assert tip.is_visible()
    tips = [each.get_attribute("data-tip") for each in marks.all()]
    assert tip.inner_text() in {" ".join(each.split()) for each in tips} | set(tips)
    place = tip.bounding_box()
    assert place["x"] >= 0
    assert place["x"] + place["width"] <= width
    seen.page.mouse.move(1, 1)
    assert tip.is_hidden()
    seen.quiet()


def test_arrow_keys_find_values(see):
    seen = see("en", 1280)
    seen.page.locator("figure:has([data-tip]) svg").first.focus()
    told = []
    for _ in range(3):
        seen.page.keyboard.press("ArrowRight")
        told.append(seen.page.locator("#tip").inner_text())
        assert seen.page.locator("#said").text_content()
    assert len(set(told)) > 1
    seen.page.keyboard.press("Escape")
    assert seen.page.locator("#tip").is_hidden()
    seen.quiet()


def test_a_picture_is_saved_whole(see, tmp_path):
    import xml.etree.ElementTree as ElementTree

    seen = see("en", 1280)
    with seen.page.expect_download() as waiting:
        seen.page.locator("figure button[data-do=save]").first.click()
    assert waiting.value.suggested_filename.endswith(".svg")
    waiting.value.save_as(tmp_path / "saved.svg")
    root = ElementTree.parse(tmp_path / "saved.svg").getroot()
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(root.iter("{http://www.w3.org/2000/svg}path"))) > 5
    seen.quiet()


def test_a_table_is_copied(see):
    seen = see("en", 1280)
    seen.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    table = seen.page.locator(".table:has(caption:text-is('The run'))")
    button = table.locator("button[data-do=copy]")
    button.click()
    # Not wait_for_function: what it polls with is an eval, which the page's policy refuses from the second time on.
    seen.page.locator("#said:not(:empty)").wait_for(state="attached")
    lines = seen.page.evaluate("navigator.clipboard.readText()").splitlines()
    assert ["Draws of each scenario", "4,096"] in [line.split("\t") for line in lines]
    seen.quiet()


@pytest.mark.parametrize("width", WIDTHS)
def test_rows_unfold(width, see):
    seen = see("en", width)
    row = seen.page.locator('tr.more:has(summary:has-text("Alibaba Cloud\'s growth in 2023 ·"))')
    assert row.locator("details li").first.is_hidden()
    row.locator("summary").click()
    assert row.locator("details li").first.is_visible()
    assert "Q04.6" in row.locator("details li").first.inner_text()
    assert row.locator("details svg").is_visible()
    seen.page.locator("button[data-do=unfold]").click()
    assert seen.page.locator("tr.more details[open]").count() == 94
    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    seen.quiet()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", ["stung", "stung own"])
def test_hostile_texts_do_nothing(which, width, see):
    seen = see(which, width)
    seen.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for figure in seen.page.locator("figure:has([data-tip]) svg").all()[:12]:
        figure.focus()
        seen.page.keyboard.press("ArrowRight")
    seen.page.locator("button[data-do=copy]").first.click()
    seen.page.mouse.move(width // 2, 400)
    seen.page.wait_for_timeout(200)
    assert seen.page.evaluate("window.stung") is None
    assert seen.page.evaluate("document.querySelectorAll('script').length") == 1
    assert PAYLOADS[0] in seen.page.locator("body").inner_text()
    seen.quiet()


def test_it_prints(see, tmp_path):
    seen = see("little en", 1280)
    seen.page.emulate_media(media="print")
    assert seen.page.locator("nav").is_hidden()
    assert seen.page.locator("button").first.is_hidden()
    seen.page.pdf(path=str(tmp_path / "page.pdf"), format="A4")
    assert (tmp_path / "page.pdf").stat().st_size > 20_000
    seen.quiet()


@pytest.mark.parametrize(("lang", "width", "at"), [("en", 1280, "#fans"), ("zh", 390, "#answers")])
def test_it_looks_as_it_did(lang, width, at, see, tmp_path):
    """Against stored screens; run with a fresh one in place of the old, looked at, where a change is meant."""
    from PIL import Image

    seen = see(f"little {lang}", width)
    seen.page.evaluate(f"document.querySelector('{at}').scrollIntoView()")
    seen.page.mouse.move(1, 1)
    seen.page.screenshot(path=tmp_path / "screen.png")
    small = (width // 4, 225)
    found = np.asarray(Image.open(tmp_path / "screen.png").convert("RGB").resize(small), int)
    stored = SCREENS / f"{lang}-{width}.png"
    if not stored.exists():
        Image.fromarray(found.astype(np.uint8)).save(stored)
        pytest.fail(f"no screen was stored; look at {stored.name}, which is there now, and run again")
    kept = np.asarray(Image.open(stored).convert("RGB"), int)
    assert kept.shape == found.shape
    assert np.mean(np.abs(found - kept).max(axis=2) > FAR) < ALIKE
