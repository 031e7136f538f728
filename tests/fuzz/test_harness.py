"""The harness notices what it is there for: strange errors, hangs, memory, files elsewhere, dead processes."""

import os
import random
import re
import time
from pathlib import Path

import pytest

from benchmarks.fuzzing import targets
from benchmarks.fuzzing.apart import fuzz_apart
from benchmarks.fuzzing.mutate import Mutator
from benchmarks.fuzzing.outcome import Tally
from benchmarks.fuzzing.targets import Target


def planted(monkeypatch, wrong):
    """A target that reads its seeds alone and does something wrong on the one that says so."""

    def prepare(folder):
        def check(text):
            if text == "bad":
                wrong(folder)
            raise ValueError("found what is refused")

        return check

    target = Target(prepare, lambda: ["good", "bad"], ("x",), (ValueError,), re.compile("found"), ("tests/fuzz/",))
    monkeypatch.setitem(targets.TARGETS, "planted", target)
    return fuzz_apart("planted", 2, 30.0, 0, Tally())


def spin(folder):
    end = time.process_time() + 5
    while time.process_time() < end:
        pass


def raised(error):
    def wrong(folder):
        raise error

    return wrong


@pytest.mark.parametrize(
    ("wrong", "kind", "said"),
    [
        (raised(KeyError("x")), "traceback", "KeyError"),
        (raised(ValueError("something else")), "message", "something else"),
        pytest.param(spin, "hang", "over 1 s", marks=pytest.mark.slow),
        (lambda folder: bytearray(8 << 30), "memory", "memory"),
        (lambda folder: Path("/tmp/elsewhere-of-fuzz").write_text("x"), "touched", "to write"),
        (lambda folder: Path("/tmp/elsewhere-of-fuzz").unlink(), "touched", "os.remove"),
        (lambda folder: os.system("true"), "touched", "os.system"),
        (lambda folder: os._exit(3), "crash", "ended with 3"),
    ],
)
def test_it_notices(monkeypatch, wrong, kind, said):
    found = planted(monkeypatch, wrong)
    assert found.kinds[kind] == 1
    assert any(said in failure for failure in found.failures)
    assert list(found.failures.values()) == ["bad"]


def test_it_lets_be_what_is_allowed(monkeypatch):
    found = planted(monkeypatch, lambda folder: (folder / "x").write_text("y"))
    assert (found.inputs, dict(found.kinds), found.failures) == (2, {"refused": 2}, {})


def test_mutations_are_many_and_the_same_for_a_seed():
    for seed, words in (("share > 0.3 and total < 5", ("and", "(")), (b"\x89HDF" * 50, (b"OHDR",))):
        made = [[Mutator(words, random.Random(3))(seed, seed) for _ in range(1)] for _ in range(2)]
        assert made[0] == made[1]
        mutate = Mutator(words, random.Random(4))
        found = {mutate(seed, seed) for _ in range(300)}
        assert len(found) > 200
        assert {type(each) for each in found} == {type(seed)}


def test_coverage_guides_it():
    """Reaching a branch behind three letters takes their prefixes first: what reaches a new line is mutated further."""
    found = fuzz_apart("expression", 3_000, 30.0, 1, Tally())
    fresh = fuzz_apart("expression", 30, 30.0, 1, Tally())
    assert len(found.lines) > len(fresh.lines)
    assert found.corpus
