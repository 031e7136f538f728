"""What became of one input: read, refused as it should be, or a failure with its place."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.fuzzing.guard import SECONDS, Guard, TooLong, Touched
from benchmarks.fuzzing.targets import Check, Target

ROOT = Path(__file__).parents[2]
READ, REFUSED = "read", "refused"
_LONGEST = 100_000
_KEPT = 2_000


@dataclass
class Tally:
    """What became of many inputs.

    Attributes
    ----------
    inputs: how many there were.
    kinds: how many of each kind: read, refused, or what went wrong.
    failures: an input for each thing that went wrong, by what it was and where.
    lines: lines of the reader that inputs reached, where that was followed.
    corpus: inputs that reached a line first.
    """

    inputs: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    failures: dict[str, Any] = field(default_factory=dict)
    lines: set[tuple[str, int]] = field(default_factory=set)
    corpus: list[Any] = field(default_factory=list)

    def add(self, text: Any, kind: str, failure: str) -> None:
        """Count one input."""
        self.inputs += 1
        self.kinds[kind] += 1
        if failure and (failure not in self.failures or len(text) < len(self.failures[failure])):
            self.failures[failure] = text

    def join(self, other: Tally) -> None:
        """Count another's inputs too."""
        self.inputs += other.inputs
        self.kinds += other.kinds
        self.failures = {**other.failures, **self.failures}
        self.lines |= other.lines
        self.corpus += other.corpus


def outcome(target: Target, check: Check, guard: Guard, text: Any) -> tuple[str, str, str]:
    """What became of ``text``: its kind, the failure if it is one, and the message of a refusal."""
    found = _outcome(target, check, guard, text)
    if guard.murmured and found[0] in (READ, REFUSED):
        return "murmur", f"on stderr: {guard.murmured}", ""
    return found


def _outcome(target: Target, check: Check, guard: Guard, text: Any) -> tuple[str, str, str]:
    try:
        with guard.watching():
            check(text)
    except target.declared as error:
        said = str(error)
        if len(said) > _LONGEST or not target.says.search(said):
            return "message", f"message: {_place(error)}: {said[:200]!r}", said
        return REFUSED, "", said
    except TooLong as error:
        return "hang", f"over {SECONDS:g} s: {_place(error)}", ""
    except Touched as error:
        return "touched", f"touched: {error}", ""
    except MemoryError as error:
        return "memory", f"memory: {_place(error)}", ""
    except Exception as error:
        return "traceback", f"{type(error).__name__}: {_place(error)}: {str(error)[:120]}", ""
    return READ, "", ""


def shown(text: Any) -> str:
    """An input as a results file has it, cut where it is long."""
    written = repr(text)
    return written if len(written) <= _KEPT else f"{written[:_KEPT]}… ({len(text):,} in all)"


def _place(error: BaseException) -> str:
    """Where an error came from: the innermost frame in our own tree."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(str(ROOT)) and "benchmarks" not in frame.filename]
    frame = (ours or list(frames))[-1]
    return f"{Path(frame.filename).name}:{frame.name}"
