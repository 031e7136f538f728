"""``suanli serve``: the live page, on this machine alone unless told otherwise."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.app import failures, options, terminal

if TYPE_CHECKING:
    import socket

PORT = 8765


@click.command("serve", short_help="Open a page on which assumptions are moved.")
@click.option("--port", type=options.Count(0, 65_535), default=PORT, show_default=True, help="0 for any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; others can reach some.")
@click.option("--quarters", type=options.Count(1, 40), default=12, show_default=True, help="Horizon from 2023Q1 on.")
@options.own_book
def command(port: int, host: str, quarters: int, book: str | None, alone: bool) -> None:
    """Serve a page in the browser: move any assumption and see the headline answers follow at once.

    The address that is printed holds a token, which lets in; nobody gets in without. The page's own address, to be shared
    with others who were let in, holds the state and no token. Ctrl-C ends it.
    """
    if importlib.util.find_spec("tornado") is None:
        raise failures.Mistake("serve: tornado is not installed; pip install 'suanli[app]'")
    found = options.load_book(book, alone)
    sockets = listening(host, port)

    import asyncio

    from sim.live import saved, server
    from sim.live.crew import Crew
    from sim.live.guard import Guard
    from sim.live.served import Served
    from sim.live.stage import Room, Stage
    from sim.threads import available_cores

    try:
        stage = Stage(found, quarters)
    except ValueError as error:
        raise failures.Mistake(f"serve: {error}") from error
    crew = Crew(available_cores(), lambda: Room(stage))
    guard = Guard(host, sockets[0].getsockname()[1])
    source = saved.Source(Path(book) if book else None, alone)
    served = Served(stage, crew, guard, source)
    terminal.note("suanli: getting ready; the first time after an install kernels are compiled, a minute or so")
    process = click.get_current_context().find_object(failures.Process)
    with failures.ending_at_once(process, "suanli: stopped by Ctrl-C"):
        asyncio.run(server.serve(served, sockets, lambda: announce(guard.address(), guard.host)))


def listening(host: str, port: int) -> list[socket.socket]:
    """Sockets that listen, before anything slow is done.

    Raises
    ------
    Mistake: if the port is taken, or the host is none of this machine's.
    """
    import errno
    import socket

    from sim.live.server import listen

    try:
        return listen(host, port)
    except socket.gaierror as error:
        raise failures.Mistake(f'--host: found "{host}", expected an address of this machine') from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise failures.Mistake(f"--port: {port} is taken; give --port 0 for any free one") from error
        reason = os.strerror(error.errno) if error.errno else str(error)
        raise failures.Mistake(f"--host {host} --port {port}: {reason}") from error


def announce(address: str, host: str) -> None:
    """Print where the page is."""
    click.echo(f"The page is at {address}")  # on one line however narrow the terminal is
    if host not in ("127.0.0.1", "localhost", "::1"):
        terminal.note(f"suanli: whoever reaches {host} and has this address can open it, and it goes there unencrypted")
    terminal.note("suanli: Ctrl-C ends it")
    terminal.flush()
