"""Mutate what reached new lines: coverage guidance with Python's own tracing, for want of an instrumented interpreter.

Tracing makes a reader tens of times slower, so an input is traced only where its answer is of a new kind (an error's message
without its numbers and quoted parts), and one in fifty beside.
"""

from __future__ import annotations

import random
import re
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any

from benchmarks.fuzzing.guard import Guard
from benchmarks.fuzzing.mutate import Mutator
from benchmarks.fuzzing.outcome import ROOT, Tally, outcome
from benchmarks.fuzzing.targets import TARGETS, Check, Target

_EVERY = 50
_PARTS = re.compile(r'"[^"]*"|\'[^\']*\'|[\d.]+')

Told = Callable[[Any], None]


def fuzz(name: str, count: int, seconds: float, seed: int, known: Tally, told: Told | None = None) -> Tally:
    """Read up to ``count`` mutated inputs for at most ``seconds``, in this process, which is fit for nothing else after.

    A warning is a failure too: a reader says what is wrong by its error alone.

    Parameters
    ----------
    name: of the target.
    seed: the same seed, count and ``known`` give the same inputs.
    known: what earlier parts found; after none the target's seeds are read as they are first.
    told: told each input before it is read.
    """
    target, guard, tally = TARGETS[name], Guard(), Tally(lines=set(known.lines))
    chance = random.Random(f"{name} {seed}")
    try:
        check = target.prepare(guard.folder)
        mutate = Mutator(target.words, chance)
        seeds = list(target.seeds())
        first, pool = ([] if known.inputs else seeds), [*seeds, *known.corpus]
        search = _Search(target, check, guard, tally)
        end = time.monotonic() + seconds
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            while tally.inputs < count and time.monotonic() < end:
                new = tally.inputs < len(first)
                text = first[tally.inputs] if new else mutate(_chosen(pool, chance), chance.choice(pool))
                if told:
                    told(text)
                if search.read(text):
                    pool.append(text)
    finally:
        guard.close()
    return tally


def _chosen(pool: list[Any], chance: random.Random) -> Any:
    """One of the pool, the later ones rather."""
    return pool[max(chance.randrange(len(pool)), chance.randrange(len(pool)))]


class _Search:
    """Reads inputs, and says which of them reached something new."""

    def __init__(self, target: Target, check: Check, guard: Guard, tally: Tally) -> None:
        self._target, self._check, self._guard, self._tally = target, check, guard, tally
        self._prefixes = tuple(str(ROOT / module) for module in target.modules)
        self._seen: set[str] = set()

    def read(self, text: Any) -> bool:
        """Read one input and count it; whether it reached a line first."""
        kind, failure, said = outcome(self._target, self._check, self._guard, text)
        self._tally.add(text, kind, failure)
        answer = kind + _PARTS.sub("", said[:300])
        if answer in self._seen and self._tally.inputs % _EVERY:
            return False
        self._seen.add(answer)
        new = self._lines(text) - self._tally.lines
        self._tally.lines |= new
        if new:
            self._tally.corpus.append(text)
        return bool(new)

    def _lines(self, text: Any) -> set[tuple[str, int]]:
        """Lines of the reader that the input reaches."""
        found: set[tuple[str, int]] = set()
        prefixes, start = self._prefixes, len(str(ROOT)) + 1

        def within(frame: Any, event: str, _: Any) -> Any:
            found.add((frame.f_code.co_filename[start:], frame.f_lineno))
            return within

        def called(frame: Any, event: str, _: Any) -> Any:
            return within(frame, event, None) if frame.f_code.co_filename.startswith(prefixes) else None

        before = sys.gettrace()
        sys.settrace(called)
        try:
            self._check(text)
        except Exception:  # counted already, when it was read under guard
            pass
        finally:
            sys.settrace(before)
        return found
