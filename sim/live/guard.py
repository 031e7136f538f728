"""Who may ask: the address that was asked for, the page that asks, and whether it was let in.

Loopback is not enough. A page from anywhere can point a name of its own at 127.0.0.1 (DNS rebinding), so the ``Host`` must be
an address that this server gave itself; a page from anywhere can open a websocket, so its ``Origin`` must be that very
address; and another user of the machine can reach the port, so a secret is asked for. The secret comes in the printed
address, is exchanged for a cookie at once, and stands in no address that is shared.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from dataclasses import dataclass, field

WILDCARDS = ("0.0.0.0", "::")
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Guard:
    """The rules of one server.

    Attributes
    ----------
    host, port: what it listens on.
    token: the secret of the printed address; cookie: the one that it is exchanged for.
    """

    host: str
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    @property
    def cookie_name(self) -> str:
        """Cookies of one host are shared by its ports, so the name says the port."""
        return f"suanli-{self.port}"

    def hosts(self, arrived_at: str) -> frozenset[str]:
        """Every ``Host`` that is right for a connection that arrived at a local address."""
        names = {self.host} if self.host not in WILDCARDS else {arrived_at}
        if any(_is_loopback(name) for name in names):
            names.update(LOOPBACK)
        return frozenset(f"{bracketed(name)}:{self.port}".lower() for name in names)

    def host_is_right(self, host: str, arrived_at: str) -> bool:
        """Whether a request's ``Host`` is an address of this server."""
        named = host.lower()
        return named in self.hosts(arrived_at) or (self.port == 80 and f"{named}:80" in self.hosts(arrived_at))

    def origin_is_right(self, origin: str | None, host: str) -> bool:
        """Whether a page that opens a websocket came from the very address that it opens; one that does not say did not."""
        return origin is not None and origin.lower() == f"http://{host.lower()}"

    def token_is_right(self, token: str) -> bool:
        """Whether the printed address was opened."""
        return _same(token, self.token)

    def cookie_is_right(self, cookie: str | None) -> bool:
        """Whether the browser was let in before."""
        return cookie is not None and _same(cookie, self.cookie)

    def address(self) -> str:
        """The address to print: it lets in."""
        name = "127.0.0.1" if self.host == "0.0.0.0" else "::1" if self.host == "::" else self.host
        return f"http://{bracketed(name)}:{self.port}/?token={self.token}"


def bracketed(name: str) -> str:
    """A host as addresses have it."""
    return f"[{name}]" if ":" in name and not name.startswith("[") else name


def _is_loopback(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False


def _same(a: str, b: str) -> bool:
    return hmac.compare_digest(a.encode("utf-8", "surrogateescape"), b.encode())
