"""A disk that loses power: what a program did to a folder is recorded, and the folder rebuilt as any cut may leave it.

What was synced is kept. Of a file's bytes that were not, all may be there, some, none, or zeros in their place; of a
folder's names that were not, any subset of the changes may have been made, a rename being one change. This is less than
usual file systems promise, so what stands here stands there.
"""

from __future__ import annotations

import os
import random
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_WATCHED = {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}
_recorder: Recorder | None = None


@dataclass
class State:
    """A folder at a moment: ids of what has a name, by path from the root, and bytes of files by id."""

    names: dict[str, int] = field(default_factory=dict)
    folders: set[int] = field(default_factory=set)
    bytes: dict[int, bytes] = field(default_factory=dict)


class Recorder:
    """The folder ``root`` before each change to it, and after each sync.

    Attributes
    ----------
    moments: (state, id of what has just been synced, or None).
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.moments: list[tuple[State, int | None]] = []
        self._ids: dict[int, int] = {}
        self._seen: dict[tuple[int, int, int], bytes] = {}
        self._next = 0
        self.look()

    def look(self, synced: int | None = None) -> None:
        """Note how things stand; ``synced`` is the inode of what has just been synced."""
        state, ids = State(), dict[int, int]()
        for path in [self.root, *sorted(self.root.rglob("*"))]:
            try:
                about = path.stat()
                found = b"" if stat.S_ISDIR(about.st_mode) else path.read_bytes()
            except FileNotFoundError:
                continue  # Zarr writes on threads of its own: renamed since the folder was listed
            number = self._ids.get(about.st_ino)
            if number is None:
                number, self._next = self._next, self._next + 1
            self._ids[about.st_ino] = ids[about.st_ino] = number
            state.names[path.relative_to(self.root).as_posix()] = number
            if stat.S_ISDIR(about.st_mode):
                state.folders.add(number)
            else:
                key = number, about.st_size, about.st_mtime_ns
                state.bytes[number] = self._seen.setdefault(key, found)
        self._ids = ids  # an inode that is gone may come again as another file
        self.moments.append((state, None if synced is None else ids.get(synced)))


def _heard(event: str, arguments: tuple) -> None:
    global _recorder
    recorder = _recorder
    if recorder is None or event not in _WATCHED:
        return
    if event == "open" and not (arguments[2] or 0) & (os.O_CREAT | os.O_WRONLY | os.O_RDWR):
        return
    _recorder = None  # looking opens files too
    try:
        recorder.look()
    finally:
        _recorder = recorder


_listening = False


@contextmanager
def recorded(root: Path, monkeypatch) -> Iterator[Recorder]:
    """Record what happens to the folder while the block runs."""
    global _recorder, _listening
    if not _listening:
        sys.addaudithook(_heard)
        _listening = True
    real = os.fsync

    def fsync(handle: int) -> None:
        global _recorder
        real(handle)
        held, _recorder = _recorder, None
        if held is not None:
            held.look(os.fstat(handle).st_ino)
        _recorder = held

    recorder = Recorder(root)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        _recorder = recorder
        try:
            yield recorder
        finally:
            _recorder = None
    recorder.look()


def after_a_cut(recorder: Recorder, moment: int, to: Path, rng: random.Random, kind: str = "some") -> None:
    """Build in ``to`` what may be left when power goes at ``moment``: "none", "all" or "some" of what was not synced."""
    (first, _), *rest = recorder.moments[: moment + 1]
    root = first.names["."]
    entries = {folder: _entries(first, folder) for folder in first.folders}
    durable, now = dict(first.bytes), first
    pending: dict[int, list[dict[str, int | None]]] = {}
    for state, synced in rest:
        for folder in state.folders:
            change = _changed(_entries(now, folder) if folder in now.folders else {}, _entries(state, folder))
            if change:
                pending.setdefault(folder, []).append(change)
        now = state
        if synced in state.folders:
            entries[synced] = _entries(state, synced)
            pending.pop(synced, None)
        elif synced is not None:
            durable[synced] = state.bytes[synced]
    everything = {
        number: content for state, _ in recorder.moments[: moment + 1] for number, content in state.bytes.items()
    }
    folders = {number for state, _ in recorder.moments[: moment + 1] for number in state.folders}

    def build(folder: int, place: Path) -> None:
        place.mkdir(exist_ok=True)
        found: dict[str, int | None] = dict(entries.get(folder, {}))
        for change in pending.get(folder, []):
            if kind == "all" or (kind == "some" and rng.random() < 0.5):
                found |= change
        for name, number in found.items():
            if number is None:
                continue
            if number in folders:
                build(number, place / name)
            else:
                latest = now.bytes.get(number, everything[number])
                (place / name).write_bytes(_left(durable.get(number, b""), latest, rng, kind))

    build(root, to)


def _entries(state: State, folder: int) -> dict[str, int]:
    at = next(name for name, number in state.names.items() if number == folder)
    found = {}
    for name, number in state.names.items():
        parent, _, last = name.rpartition("/")
        if name != "." and (parent or ".") == at:
            found[last] = number
    return found


def _changed(old: dict[str, int], new: dict[str, int]) -> dict[str, int | None]:
    gone: dict[str, int | None] = {name: None for name in old if name not in new}
    return gone | {name: number for name, number in new.items() if old.get(name) != number}


def _left(synced: bytes, latest: bytes, rng: random.Random, kind: str) -> bytes:
    """What is left of a file: its synced bytes and any of the rest."""
    if kind == "none" or synced == latest:
        return synced
    if kind == "all":
        return latest
    cut = rng.randrange(len(latest) + 1)
    return rng.choice([synced, latest, latest[:cut], latest[:cut] + bytes(len(latest) - cut), bytes(len(latest))])
