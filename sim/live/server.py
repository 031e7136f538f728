"""The server: it listens, answers at the addresses that there are, and ends when it is told to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from tornado.httpserver import HTTPServer
from tornado.web import Application

from sim.live import channel, guarded, handlers
from sim.live.served import Served
from sim.live.session import warm

LARGEST = 64 << 10
"""Bytes of a message or a request, at most."""


def application(served: Served) -> Application:
    """All addresses that there are."""
    shared = {"served": served}
    return Application(
        [
            (r"/", handlers.Page, shared),
            (r"/catalogue\.json", handlers.Catalogue, shared),
            (r"/live", channel.Live, shared),
            (r"/download/(toml|nc|csv)", handlers.Download, shared),
            (r"/page/([a-z]+\.[a-z]+)", handlers.Asset, shared),
        ],
        default_handler_class=guarded.Missing,
        default_handler_args=shared,
        websocket_max_message_size=LARGEST,
        websocket_ping_interval=20,
        websocket_ping_timeout=20,
        log_function=lambda handler: None,
    )


def listen(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen, one for each address of ``host``; of any free port (0), one alone.

    Raises
    ------
    OSError: if the port is taken, or the host is none of this machine's; no socket is left open.
    """
    found: list[socket.socket] = []
    try:
        for family, kind, proto, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            found.append(socket.socket(family, kind, proto))
            found[-1].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                found[-1].setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            found[-1].setblocking(False)
            found[-1].bind(address)
            found[-1].listen(128)
            if port == 0:
                break
    except OSError:
        for each in found:
            each.close()
        raise
    return found


def start(served: Served, sockets: list[socket.socket]) -> HTTPServer:
    """Begin to answer, in the running event loop."""
    server = HTTPServer(application(served), max_header_size=LARGEST // 2, max_body_size=LARGEST)
    server.add_sockets(sockets)
    return server


async def serve(served: Served, sockets: list[socket.socket], ready: Callable[[], None]) -> None:
    """Answer until cancelled."""
    await warm(served.stage, served.crew)
    server = start(served, sockets)
    ready()
    try:
        await asyncio.Event().wait()
    finally:
        server.stop()
        served.crew.close()
        served.loader.shutdown(wait=False, cancel_futures=True)
