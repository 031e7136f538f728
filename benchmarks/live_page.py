"""How long a move on the live page takes, from the message to its answers, in the server and in a browser.

python -m benchmarks.live_page                 # one page, then ten at once; half a minute on two quiet cores
python -m benchmarks.live_page --browser       # and from a slider's key to the drawn fan in headless Chromium
python -m benchmarks.live_page --json

A server is started as a user starts it. *Server* is what it says of itself, from the move's arrival to the answer's text;
*page* the client's own wall time. Moves change one input after another, so that hardly any is laid out already.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

from tornado.httpclient import AsyncHTTPClient, HTTPClientError, HTTPRequest
from tornado.websocket import WebSocketClientConnection, websocket_connect

DRAWS = 65_536
MOVED = ("growth.cloud", "perf.h800", "buy.baidu_2023", "price.module_400", "infer.answers_growth", "capacity.ascend")
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


def moves(number: int, seed: int) -> Iterator[str]:
    """Views, each with another input scaled or fixed."""
    for k in range(number):
        name = MOVED[(k + seed) % len(MOVED)]
        rate, factor = 0.3 + 0.01 * ((7 * k + seed) % 40), 0.8 + 0.01 * ((k + 13 * seed) % 50)
        change = f"{rate:.2f}" if name == "growth.cloud" else f"*{factor:.2f}"
        yield f".scenario=export_ban_2023q4&{name}={change}"


class Page:
    """One page's websocket."""

    def __init__(self, line: WebSocketClientConnection) -> None:
        self.line, self.number = line, 0

    async def move(self, view: str) -> tuple[float, float]:
        """Make a move; the server's and the page's seconds to its figures."""
        self.number += 1
        start = time.perf_counter()
        await self.line.write_message(json.dumps({"move": self.number, "view": view, "show": "market_domestic_share"}))
        while True:
            message = await self.line.read_message()
            if message is None:
                raise SystemExit("the server closed the line")
            answer = json.loads(message)
            if answer["move"] == self.number and answer.get("draws") == DRAWS:
                return answer["seconds"], time.perf_counter() - start
            if "refused" in answer:
                raise SystemExit(f"refused: {answer['refused']}")


async def let_in(address: str) -> dict[str, str]:
    """Headers of a page that was let in."""
    try:
        await AsyncHTTPClient().fetch(HTTPRequest(address, follow_redirects=False))
    except HTTPClientError as error:
        cookie = error.response.headers["Set-Cookie"].partition(";")[0]  # type: ignore[union-attr]
    return {"Cookie": cookie, "Origin": address.partition("/?")[0]}


async def measured(address: str, rounds: int, tabs: int) -> dict[str, Any]:
    """One page's moves, then the same of several at once."""
    headers = await let_in(address)
    where = address.partition("/?")[0].replace("http", "ws") + "/live"
    pages = [Page(await websocket_connect(HTTPRequest(where, headers=headers))) for _ in range(tabs)]
    alone = [await pages[0].move(view) for view in moves(rounds, 0)]
    at_once: list[tuple[float, float]] = []
    for k in range(max(rounds // 6, 2)):
        views = [next(moves(1, 100 * k + t)) for t in range(tabs)]
        at_once += await asyncio.gather(*(page.move(view) for page, view in zip(pages, views, strict=True)))
    for page in pages:
        page.line.close()
    return {"one page": summary(alone[3:]), f"{tabs} pages at once": summary(at_once)}


def summary(found: list[tuple[float, float]]) -> dict[str, Any]:
    """Milliseconds: median, 95 % and the longest, in the server and at the page."""
    sides = enumerate(("server", "page"))
    return {f"{DRAWS:,} draws, {side}": figures([1e3 * each[i] for each in found]) for i, side in sides}


def figures(values: list[float]) -> dict[str, float]:
    """Median, 95 % and the longest."""
    ordered = sorted(values)
    at_95 = ordered[min(int(0.95 * len(ordered)), len(ordered) - 1)]
    return {"median": round(statistics.median(ordered), 1), "p95": round(at_95, 1), "longest": round(ordered[-1], 1)}


def in_browser(address: str, rounds: int) -> dict[str, Any]:
    """From a key on a slider to the drawn fan at 65,536 draws."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(address)
        slider = page.locator('[id="in-growth.cloud"]')
        slider.wait_for()
        waited = []
        for k in range(rounds):
            before = page.evaluate("Number(document.body.dataset.move ?? 0)")
            slider.press("ArrowRight" if k % 2 else "ArrowLeft")
            while True:
                move, draws, ms = page.evaluate(
                    "['move', 'draws', 'waited'].map((k) => Number(document.body.dataset[k]))"
                )
                if move > before and draws == DRAWS:
                    waited.append(ms)
                    break
                if move > before and draws > DRAWS:
                    break  # it went on before we looked
                page.wait_for_timeout(2)
        browser.close()
    return figures(waited[2:])


def main() -> None:
    """Start a server, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.live_page", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--tabs", type=int, default=10)
    parser.add_argument("--browser", action="store_true")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    server = subprocess.Popen([sys.executable, "-m", "sim", "serve", "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        told = server.stdout.readline()  # type: ignore[union-attr]
        address = re.search(r"http\S+", told)[0]  # type: ignore[index]
        found = asyncio.run(measured(address, options.rounds, options.tabs))
        if options.browser:
            found["browser"] = {f"{DRAWS:,} draws, key to fan": in_browser(address, options.rounds)}
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
    found["cores"], found["load before"] = len(os.sched_getaffinity(0)), round(load, 1)
    if options.json:
        print(json.dumps(found, indent=2))
        return
    for part, rows in found.items():
        if not isinstance(rows, dict):
            print(f"{part}: {rows}")
            continue
        print(f"{part}, ms")
        for row, each in rows.items():
            print(f"  {row:28} median {each['median']:7.1f}   95 % {each['p95']:7.1f}   longest {each['longest']:7.1f}")


if __name__ == "__main__":
    main()
