"""Readers of what travels: shards as bytes, sealed anew so that their content is read, and messages of the live page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from sim.shards import packed, run_shard
from tests.shards import made

SHARD_WORDS = (
    b'"arrays"', b'"leaves"', b'"parts"', b'"kept"', b"[[0,1]]", b"[[1,0]]", b"<f8", b"<i8", b"|u1", b"null", b"-1", b"1e9",
    b"[]", b"{}", b"\x00\x00\x00\x00\x00\x00\x00\x00", b"\xff\xff\xff\xff\xff\xff\xff\xff", b"0/node/mean", b"0/counts/key",
)  # fmt: skip
MESSAGE_WORDS = (
    '"move"', '"view"', '"show"', "market_domestic_share", "growth.cloud=", "scenario=", "pin=", "pin.growth.cloud=", "&", "%20",
    "*2", "0.4", "never", "pert(0.1, 0.2, 0.3)", "w2", "[[[[", "null", "true", "1e309", "\\u0000", "\\ud800", "-1", "{}",
)  # fmt: skip


def shard(folder: Path) -> Callable[[bytes], None]:
    """What is between mark and digest, with a digest that fits."""

    def check(body: bytes) -> None:
        text = packed.MARK + body
        packed.from_bytes(text + hashlib.sha256(text).digest())

    return check


def shard_seeds() -> list[bytes]:
    """Shards of a small model without mark and digest."""
    found = (run_shard(made.spec(draws=16_384, keep_draws=keep), model=made.MODEL, threads=1) for keep in (0, 16))
    return [packed.to_bytes(each)[len(packed.MARK) : -32] for each in found]


def message(folder: Path) -> Callable[[str], None]:
    """A message to the server of the live page, up to the state that it asks for."""
    import priors
    from sim import market
    from sim.live import channel, state

    book = priors.load()
    outputs = {output.name for output in market.model().outputs if output.headline}

    def check(text: str) -> None:
        view = channel.moved(text, outputs).view
        state.checked(view.state, book)
        state.checked(view.against, book)

    return check


def message_seeds() -> list[str]:
    """Moves, as the page sends them."""
    views = [
        "", "growth.cloud=0.4", "scenario=export_ban_2023q4&growth.cloud=*2&pin=baseline", "export.ban_quarter=never",
        "growth.cloud=w2&pin=stated&pin.growth.cloud=pert(0.1, 0.2, 0.3)",
    ]  # fmt: skip
    return [json.dumps({"move": n, "view": view, "show": "market_domestic_share"}) for n, view in enumerate(views)]
