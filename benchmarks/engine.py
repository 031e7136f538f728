"""The whole engine: draws a second of the market model, beside its floor, NumPy two ways, and JAX."""

from __future__ import annotations

import json
import multiprocessing
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any

import priors
import sim
from benchmarks import environments, numpy_engine
from benchmarks.market_draws import Draws
from benchmarks.report import Row, count
from sim import bench

TITLE = "The market model, one scenario, every cell sketched and summed, draws/s"
JAX = environments.Peer("JAX", "jax", "")
TURNS = 5
# draws of suanli, NumPy in chunks, NumPy kept and JAX; rounds
SIZES = {
    "full": (1 << 20, 1 << 16, 98_304, 1 << 16, 5),
    "quick": (1 << 17, 1 << 14, 1 << 14, 1 << 14, 3),
    "tiny": (1 << 10, 1 << 10, 1 << 10, 0, 1),
}


def measure(size: str) -> dict[str, Any]:
    """Draws a second of each, medians of rounds taken in turn; JAX in a process of its own."""
    ours, chunked, kept, jax, rounds = SIZES[size]
    book, draws = priors.load(), Draws()

    def suanli(threads: int) -> Callable[[], Any]:
        return lambda: sim.run(book, draws=ours, threads=threads, keep="none")

    jobs: dict[str, tuple[Callable[[], Any], int, int]] = {
        "suanli, one thread": (suanli(1), ours, rounds),
        "suanli, two threads": (suanli(2), ours, rounds),
        "NumPy in chunks": (lambda: numpy_engine.chunked(draws, chunked), chunked, rounds),
        "NumPy, draws kept": (lambda: numpy_engine.kept(draws, kept), kept, min(rounds, 2)),
    }
    sim.run(book, draws=1024, keep="none")  # compiles, or loads what is compiled
    samples: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds):
        for name, (job, n, most) in jobs.items():
            if turn < most:
                start = time.perf_counter()
                job()
                samples[name].append(n / (time.perf_counter() - start))
    content: dict[str, Any] = {name: _rate(found) | {"draws": jobs[name][1]} for name, found in samples.items()}
    content |= _jax(draws, jax, rounds) if jax else {}
    return content | {"floor": _floor(size)}


def _rate(samples: list[float]) -> dict[str, Any]:
    timing = bench.Timing.of(samples)
    return {"draws_per_second": timing.median, "low": timing.low, "high": timing.high}


def _floor(size: str) -> dict[str, Any]:
    """The floor of bare pieces, and what the engine reaches of it while it draws: start and end left out."""
    rounds = {"full": 25, "quick": 9, "tiny": 1}[size]
    bare = {name: bench.measured(name, rounds=rounds).bare.median for name in bench.pieces()}
    content: dict[str, Any] = {"pieces": bench.pieces(), "bare_ns": bare, "draws_per_second": bench.floor(bare)}
    if size != "tiny":
        steady = bench.market_rate(rounds=5 if size == "full" else 3)
        content |= {"steady": steady.median, "of_floor": steady.median / content["draws_per_second"]}
    return content | {"two_threads": _bare_on_two(0.2 if size == "full" else 0.002)}


def _bare_on_two(seconds: float) -> float:
    """How much faster two cores are than one at the bare pieces, which share nothing: what the machine lets them be.

    Two processes, as calls so short would wait for the interpreter of one.
    """
    alone = together = 0.0
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        for name, number in bench.pieces().items():
            samples: dict[int, list[float]] = {1: [], 2: []}
            for turn in range(2 * TURNS):
                cores = 1 + turn % 2
                started = [pool.submit(_bare_ns, name, seconds) for _ in range(cores)]
                samples[cores] += [job.result() for job in started]
            alone += number * statistics.median(samples[1])
            together += number * statistics.median(samples[2])
    return 2.0 * alone / together


def _bare_ns(name: str, seconds: float) -> float:
    """Nanoseconds a piece of a bare loop, over so many seconds."""
    trial, calls = _trial(name), 0
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        trial.bare()
        calls += 1
    return 1e9 * (time.perf_counter() - start) / (calls * trial.work)


@cache
def _trial(name: str) -> bench.Trial:
    trial = bench.FIGURES[name].trial()
    trial.bare()
    return trial


def _jax(draws: Draws, n: int, rounds: int) -> dict[str, Any]:
    told = json.dumps({"specs": draws.specs, "block": draws.block, "factor": draws.factor.tolist()})
    found: dict[str, Any] = {}
    for cores in (1, 2):
        name = f"JAX, {('one core', 'two cores')[cores - 1]}"
        try:
            command = [environments.python(JAX), "-m", "benchmarks.market_jax", str(n), str(min(rounds, 3)), str(cores)]
            one = environments.json_of(command, limit=300, told=told)
            rate = one["draws"] / statistics.median(one["seconds"])
            found[name] = {"draws_per_second": rate, "compile": one["compile"], "draws": n, "version": one["version"]}
        except environments.Failed as error:
            found[name] = {"failed": str(error)}
    return found


def rows(content: dict[str, Any]) -> list[Row]:
    """A line an engine, and how many times as fast suanli is on as many cores."""
    found = []
    one, two = (content[f"suanli, {name}"]["draws_per_second"] for name in ("one thread", "two threads"))
    floor = content["floor"]
    for name, figure in content.items():
        if "failed" in figure:
            found.append(Row(name, "–", figure["failed"]))
        elif name == "suanli, one thread":
            reached = f"{floor['of_floor']:.0%} of the floor while it draws" if "of_floor" in floor else ""
            found.append(Row(name, count(one), reached))
        elif name == "suanli, two threads":
            told = f"; the bare pieces {floor['two_threads']:.2f} ×" if "two_threads" in floor else ""
            found.append(Row(name, count(two), f"{two / one:.2f} × one thread{told}"))
        elif name == "floor":
            found.append(Row("floor of the bare pieces, one thread", count(floor["draws_per_second"]), ""))
        else:
            ours = two if name.endswith("two cores") else one
            compiled = f"; compiled in {figure['compile']:.0f} s, not counted" if "compile" in figure else ""
            rate = figure["draws_per_second"]
            found.append(Row(name, count(rate), f"suanli is {ours / rate:.3g} × as fast{compiled}"))
    return found
