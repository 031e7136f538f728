"""Fuzzing in a process apart, so that a reader which kills its process, or never returns, is told with its input."""

from __future__ import annotations

import mmap
import multiprocessing
import pickle
from multiprocessing.connection import Connection
from typing import Any

from benchmarks.fuzzing.guided import fuzz
from benchmarks.fuzzing.outcome import Tally

_ROOM = 1 << 20
_GRACE = 180.0


def fuzz_apart(name: str, count: int, seconds: float, seed: int, known: Tally) -> Tally:
    """As :func:`benchmarks.fuzzing.guided.fuzz`; a crash and a hang are failures of one input."""
    context = multiprocessing.get_context("fork")
    room = mmap.mmap(-1, _ROOM)
    theirs, ours = context.Pipe(duplex=False)[::-1]
    child = context.Process(target=_child, args=(theirs, room, (name, count, seconds, seed, known)), daemon=True)
    child.start()
    theirs.close()
    try:
        if ours.poll(seconds + _GRACE):
            return _received(ours, child, room)
        return _lost(room, f"never returned, for {_GRACE:.0f} s")
    finally:
        if child.is_alive():
            child.kill()
        child.join()
        ours.close()
        room.close()


def _received(pipe: Connection, child: Any, room: mmap.mmap) -> Tally:
    try:
        found = pipe.recv()
    except EOFError:
        child.join()
        return _lost(room, f"the process ended with {child.exitcode}")
    if isinstance(found, Tally):
        return found
    return _lost(room, f"outside of the reader: {found}")


def _lost(room: mmap.mmap, why: str) -> Tally:
    """A tally of the one input that was being read."""
    room.seek(0)
    size = int.from_bytes(room.read(8), "little")
    tally = Tally()
    tally.add(pickle.loads(room.read(size)) if size else "", "crash", why)
    return tally


def _child(pipe: Connection, room: mmap.mmap, job: tuple[str, int, float, int, Tally]) -> None:
    def told(text: Any) -> None:
        written = pickle.dumps(text)
        if len(written) < _ROOM - 8:
            room[:8] = len(written).to_bytes(8, "little")
            room[8 : 8 + len(written)] = written

    try:
        pipe.send(fuzz(*job, told))
    except BaseException as error:
        pipe.send(f"{type(error).__name__}: {error}")
