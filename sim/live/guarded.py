"""What every answer has in common: the guard before it, the headers around it, a plain line where it is refused."""

from __future__ import annotations

from typing import Any

from tornado.web import HTTPError, RequestHandler

from sim.live.served import Served
from sim.live.state import Refused

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


class Guarded(RequestHandler):
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


class Missing(Guarded):
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
