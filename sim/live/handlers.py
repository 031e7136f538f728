"""What is answered at each address: the page, its files, its downloads and its websocket, each behind the guard."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError, RequestHandler
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from sim.live import figures, saved
from sim.live.catalogue import catalogue
from sim.live.crew import Crew
from sim.live.guard import Guard
from sim.live.session import STEPS, Move, Session
from sim.live.stage import Room, Stage
from sim.live.state import Refused, from_query

MOST_PAGES = 40
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
    "Server": "suanli",
}
LET_IN = (
    "This page opens from the address that `suanli serve` printed, with its token; open that once in this browser, then "
    "this address again.\n请先在此浏览器中打开 suanli serve 打印的带令牌的地址，然后再打开此地址。\n"
)


@dataclass
class Served:
    """All that the handlers share."""

    stage: Stage
    crew: Crew[Room]
    guard: Guard
    source: saved.Source = field(default_factory=saved.Source)
    steps: tuple[int, ...] = STEPS
    pages: set[Any] = field(default_factory=set)
    # One at a time: a download is a whole run on all cores.
    loader: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "suanli-download"))

    def __post_init__(self) -> None:
        """Read the page's files: what is served is in memory, whatever path is asked for."""
        folder = files("sim.live") / "page"
        self.assets = {each.name: each.read_bytes() for each in folder.iterdir() if _type(each.name)}
        self.catalogue = figures.encoded(catalogue(self.stage))


def _type(name: str) -> str | None:
    return next((kind for suffix, kind in TYPES.items() if name.endswith(suffix)), None)


class _Guarded(RequestHandler):
    """What every answer has in common: the guard before it, the headers around it, a plain line where it is refused."""

    def initialize(self, served: Served) -> None:
        """Know what all handlers share."""
        self.served = served

    def set_default_headers(self) -> None:
        """Forbid the page all that it does not need."""
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        """Refuse an address that is not this server's, and a browser that was not let in."""
        guard = self.served.guard
        if not guard.host_is_right(self.request.host, _arrived_at(self.request.connection)):
            raise HTTPError(421, reason="Misdirected Request")
        if not (self._lets_in() or guard.cookie_is_right(self.get_cookie(guard.cookie_name))):
            raise HTTPError(403)

    def _lets_in(self) -> bool:
        """Whether the request itself brings what lets in."""
        return False

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """One plain line; nothing that was sent is sent back."""
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        lines = {403: LET_IN, 421: "found a Host that is not this server's, expected the address it printed\n"}
        error = kwargs.get("exc_info", (None, None, None))[1]
        told = f"{error}\n" if isinstance(error, Refused) else f"{status_code} {self._reason}\n"
        self.finish(lines.get(status_code, told))


class Page(_Guarded):
    """``/``: lets in who brings the token, shows the page to who was let in."""

    def _lets_in(self) -> bool:
        self._token = self.get_query_argument("token", "")
        return self.served.guard.token_is_right(self._token)

    def get(self) -> None:
        """The page; with the token in its address, a cookie first, and then the page without it."""
        if self._token:
            guard = self.served.guard
            if guard.token_is_right(self._token):
                self.set_cookie(guard.cookie_name, guard.cookie, httponly=True, samesite="Lax", path="/")
            chinese = self.get_query_argument("lang", "") == "zh"
            self.redirect("/?lang=zh" if chinese else "/", status=303)
            return
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(self.served.assets["page.html"])


class Asset(_Guarded):
    """``/page/…``: the page's script, style and icon."""

    def get(self, name: str) -> None:
        """One of the page's files, from memory."""
        kind = _type(name)
        if kind is None or name not in self.served.assets:
            raise HTTPError(404)
        self.set_header("Content-Type", f"{kind}; charset=utf-8")
        self.finish(self.served.assets[name])


class Catalogue(_Guarded):
    """``/catalogue.json``."""

    def get(self) -> None:
        """What the page knows from the start."""
        self.set_header("Content-Type", "application/json; charset=utf-8")
        self.finish(self.served.catalogue)


class Download(_Guarded):
    """``/download/…``: what can be taken away."""

    async def get(self, kind: str) -> None:
        """The view of the query as a scenario, or what comes of it."""
        served, query = self.served, self.request.query
        try:
            name, _, rest = query.partition("&")
            view = from_query(rest)
            wanted = saved.saving(view, served.stage.book, _named(name))
            if kind == "toml":
                content = saved.toml(wanted, served.source, served.stage.quarters).encode()
            else:
                job = asyncio.get_running_loop().run_in_executor
                content = await job(served.loader, saved.result, wanted, served.stage, kind)
        except Refused as error:
            self.set_status(400)
            self.write_error(400, exc_info=(Refused, error, None))
            return
        self.set_header("Content-Type", "application/octet-stream")
        self.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(wanted.name, safe='')}.{kind}")
        self.finish(content)


def _named(pair: str) -> str:
    """The name in ``.name=…``, with which the query of a download begins."""
    from urllib.parse import parse_qsl

    found = parse_qsl(pair, keep_blank_values=True, max_num_fields=1)
    if len(found) != 1 or found[0][0] != ".name":
        raise Refused("the address: found no name for the scenario, expected .name=… before all else")
    return found[0][1]


class Live(_Guarded, WebSocketHandler):
    """One page's websocket: moves come in, figures go out."""

    def check_origin(self, origin: str) -> bool:
        """Whether the page that opens it is this server's own."""
        return self.served.guard.origin_is_right(origin, self.request.host)

    async def get(self, *args: Any, **kwargs: Any) -> None:
        """Open, unless the page is another's, which Tornado would let pass if it did not say so, or too many are open."""
        if not self.served.guard.origin_is_right(self.request.headers.get("Origin"), self.request.host):
            raise HTTPError(403)
        if len(self.served.pages) >= MOST_PAGES:
            raise HTTPError(503, reason="Too many pages are open")
        await super().get(*args, **kwargs)

    def open(self, *args: str, **kwargs: str) -> None:
        """Begin to answer."""
        self._session = Session(self.served.stage, self.served.crew, self._sent, self.served.steps)
        self.served.pages.add(self)

    def on_message(self, message: str | bytes) -> None:
        """Take a move, or say in a line why it is none."""
        try:
            move = moved(message, self.served.stage.outputs)
        except Refused as error:
            self.write_message(figures.encoded({"move": None, "refused": str(error), "quantity": error.quantity}))
            return
        self._session.move(move)

    def on_close(self) -> None:
        """Let go of what is under way."""
        self.served.pages.discard(self)
        self._session.rest()

    async def _sent(self, text: str) -> None:
        try:
            await self.write_message(text)
        except (WebSocketClosedError, StreamClosedError):
            self._session.rest()


def moved(message: str | bytes, outputs: Collection[str]) -> Move:
    """The move that a message asks for: ``{"move": 7, "view": "growth.cloud=0.4", "show": "market_domestic_share"}``.

    Raises
    ------
    Refused: for anything else; says what is expected.
    """
    expected = 'expected {"move": a whole number, "view": a text, "show": a headline output}'
    if isinstance(message, bytes):
        raise Refused(f"found bytes, {expected}")
    try:
        content = json.loads(message)
    except (ValueError, RecursionError):
        raise Refused(f"found what is no JSON, {expected}") from None
    if not isinstance(content, dict) or content.keys() != {"move", "view", "show"}:
        raise Refused(f"found something else, {expected}")
    number, view, show = (content[key] for key in ("move", "view", "show"))
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number < 1 << 53:
        raise Refused(f"found another number, {expected}")
    if not isinstance(view, str) or not isinstance(show, str) or show not in outputs:
        raise Refused(f"found something else, {expected}")
    return Move(number, from_query(view), show)


class Missing(_Guarded):
    """Everything else."""

    def prepare(self) -> None:
        """Refuse as ever, then say that there is nothing."""
        super().prepare()
        raise HTTPError(404)


def _arrived_at(connection: Any) -> str:
    """The local address of a connection."""
    try:
        return str(connection.stream.socket.getsockname()[0])
    except (AttributeError, OSError, IndexError):
        return ""
