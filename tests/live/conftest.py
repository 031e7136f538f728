"""A server of the live page in this process, and plain ways to talk to it."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

pytest.importorskip("tornado", reason="the live page needs tornado: pip install 'suanli[app]'")

from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

import priors
from sim.live import saved, server
from sim.live.crew import Crew
from sim.live.guard import Guard
from sim.live.served import Served
from sim.live.stage import Room, Stage

STEPS = (4_096, 65_536)


@dataclass
class Running:
    """A server that runs, and how to ask it."""

    served: Served
    loop: asyncio.AbstractEventLoop

    @property
    def port(self) -> int:
        return self.served.guard.port

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def cookie(self) -> str:
        return f"{self.served.guard.cookie_name}={self.served.guard.cookie}"

    def raw(self, request: bytes, wait: float = 2.0) -> tuple[int | None, bytes]:
        """Send bytes; the status of what comes back (None where the connection was closed without), and all of it."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as line:
            found = b""
            try:
                line.sendall(request)
                while part := line.recv(65_536):
                    found += part
            except (ConnectionError, TimeoutError):
                pass
        words = found.split(b" ", 2)
        return (int(words[1]) if len(words) > 2 and words[0].startswith(b"HTTP/") else None), found

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Ask as the page itself does; ``Cookie=""`` for a browser that was not let in."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=600)
        line.request("GET", path, headers={"Host": self.host, "Cookie": self.cookie, **headers})
        answer = line.getresponse()
        found = answer.status, dict(answer.getheaders()), answer.read()
        line.close()
        return found

    def talk(self, messages: Sequence[str | bytes], until: Any = None, **headers: str) -> list[Any]:
        """Send messages over a websocket; the answers, until one for which ``until`` holds (or the line is closed: None)."""
        made = self._talk(messages, until or (lambda answer: True), headers)
        with ThreadPoolExecutor(1) as apart:  # playwright has a loop of its own in this thread
            return apart.submit(asyncio.run, made).result()

    async def _talk(self, messages: Sequence[str | bytes], until: Any, headers: dict[str, str]) -> list[Any]:
        asked = {"Cookie": self.cookie, "Origin": f"http://{self.host}", **headers}
        line = await websocket_connect(HTTPRequest(f"ws://{self.host}/live", headers=asked))
        found = []
        for message in messages:
            await line.write_message(message, binary=isinstance(message, bytes))
        while True:
            answer = await asyncio.wait_for(line.read_message(), 300)
            found.append(answer and json.loads(answer))
            if answer is None or until(found[-1]):
                line.close()
                while answer is not None:  # until the other side has closed too, or the socket outlives its loop
                    answer = await asyncio.wait_for(line.read_message(), 300)
                return found


def run(stage: Stage, source: saved.Source | None = None, steps: tuple[int, ...] = STEPS) -> Running:
    """Start a server on any free port, in a thread."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    crew = Crew(2, lambda: Room(stage))
    sockets = server.listen("127.0.0.1", 0)
    guard = Guard("127.0.0.1", sockets[0].getsockname()[1])
    served = Served(stage, crew, guard, source or saved.Source(), steps)

    async def begin() -> Any:
        return server.start(served, sockets)

    running = Running(served, loop)
    running.server = asyncio.run_coroutine_threadsafe(begin(), loop).result()
    return running


def close(running: Running) -> None:
    """End it, with its thread's loop."""

    async def end() -> None:
        running.server.stop()
        await running.server.close_all_connections()

    asyncio.run_coroutine_threadsafe(end(), running.loop).result()
    running.served.crew.close()
    running.loop.call_soon_threadsafe(running.loop.stop)


@pytest.fixture(scope="session")
def stage():
    return Stage(priors.load())


@pytest.fixture(scope="session")
def running(stage):
    found = run(stage)
    yield found
    close(found)


def ask(view: str = "", number: int = 1, show: str = "market_domestic_share") -> str:
    """A move, as the page sends it."""
    return json.dumps({"move": number, "view": view, "show": show})


@pytest.fixture(scope="module")
def browser():
    from tests.live.visits import CHROMIUM, FLAGS, playwright

    with playwright.sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def visit(browser, running):
    from tests.live.visits import Visit

    found = Visit(browser, running)
    yield found
    found.context.close()
    assert found.complaints == []
    assert found.strangers == []
