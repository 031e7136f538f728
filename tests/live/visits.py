"""Visits of a person to the page, in headless Chromium: ``pytest -m browser``."""

from __future__ import annotations

import shutil
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from sim.live.state import State, View, to_query

playwright = pytest.importorskip("playwright.sync_api", reason="pip install 'suanli[browser]'")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
if not Path(CHROMIUM).exists():
    pytest.skip("no Chromium on this machine: apt install chromium", allow_module_level=True)

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync", "--font-render-hinting=none"]  # fmt: skip
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
MOVED = View(State.of("export_ban_2023q4", {"growth.cloud": "0.5", "capacity.mlu": "*3"}))
PATIENCE = 60_000


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
