"""One page's websocket: moves come in, figures go out."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from tornado.iostream import StreamClosedError
from tornado.web import HTTPError
from tornado.websocket import WebSocketClosedError, WebSocketHandler

from sim.live import figures
from sim.live.guarded import Guarded
from sim.live.session import Move, Session
from sim.live.state import Refused, from_query

MOST_PAGES = 40


class Live(Guarded, WebSocketHandler):
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
