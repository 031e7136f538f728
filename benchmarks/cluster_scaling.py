"""How far a cluster goes: measured on worker processes of this machine, and a model of it on many machines.

    python -m benchmarks.cluster_scaling                     # 1, 2, 4, 8 workers, a batch of about a minute; prints JSON
    python -m benchmarks.cluster_scaling --write             # and keeps it in benchmarks/kept/cluster_scaling.json
    python -m benchmarks.cluster_scaling --draws 262144 --workers 1 2      # a small version

Measured: wall time of the batch on this machine's threads and on so many worker processes, both warm; a shard's time on one
thread; an empty task through the scheduler; the bytes of a merged group; merging two of them. The batch takes about a minute
on one thread; with more workers than cores, workers share them and no more speed is to be had.

Modelled: time(W) = max(scheduler, home, W workers) for W workers and any number of draws, from those figures and the cut that
the code itself would make; each of the three is told, and the largest is what breaks first.
"""

from __future__ import annotations

import argparse
import datetime
import json
import statistics
import time
from pathlib import Path
from typing import Any

import priors
import sim
from benchmarks import dask_workers
from sim import batch, bench, cluster, inputs, market, shards
from sim.settings import Settings
from sim.tiles import LEAF, available_cores, round_up

KEPT = Path(__file__).parent / "kept" / "cluster_scaling.json"
DRAWS = 1 << 23
WORKERS = (1, 2, 4, 8)
EMPTY = 1000
MODELLED = [(w, d) for w in (2, 10, 100, 1000) for d in (10**9, 10**11, 10**13)]


def laid_out(draws: int) -> batch.Batch:
    """The market's baseline."""
    book, names, model = priors.load(), ["baseline"], market.model()
    settings = Settings(draws, 0, "random", keep="none")
    return batch.lay_out(inputs.deck(book, names, model), model, settings, batch.about_book(book, names))


def on_threads(draws: int, threads: int, rounds: int) -> float:
    """Seconds of a run on this machine's threads, the median."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        sim.run(draws=draws, sampler="random", keep="none", threads=threads)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def on_workers(draws: int, workers: int, rounds: int) -> dict[str, Any]:
    """Seconds of a run on so many processes, which are there and warm, as on a cluster that stands."""
    started = time.perf_counter()
    with dask_workers.workers(workers) as (client, _):
        start_up = time.perf_counter() - started
        cluster.run_on(laid_out(2 * workers * LEAF), client)  # each worker loads its kernels
        times, told = [], list[Any]()
        for _ in range(rounds):
            laid, start = laid_out(draws), time.perf_counter()
            cluster.run_on(laid, client, tell=lambda what, cut: told.append((what, cut)))
            times.append(time.perf_counter() - start)
        empty = _empty(client)
    what, cut = told[-1]
    return {
        "seconds": statistics.median(times),
        "start_up": start_up,
        "shards": cut.shards,
        "groups": what.fetched,
        "bytes_home": what.bytes,
        "merging_at_home": what.merging,
        "empty_task": empty,
    }


def _empty(client: Any) -> float:
    """Seconds that the scheduler and the client take for a task that does nothing, many under way at a time."""
    start = time.perf_counter()
    client.gather([client.submit(abs, k, key=("empty", k, start)) for k in range(EMPTY)])
    return (time.perf_counter() - start) / EMPTY


def pieces(leaves: int = 8) -> dict[str, float]:
    """What a shard of so many leaves costs: to run, as bytes, to merge with its sibling; on this thread."""
    laid = laid_out(round_up(4 * leaves * LEAF))
    spec = shards.spec_of(laid)
    parts = [shards.Spec(spec.job, k * leaves, (k + 1) * leaves) for k in (0, 1)]
    times, made = [], []
    for part in parts:
        shards.run_laid(laid, shards.Spec(spec.job, 0, 1), threads=1)
        start = time.perf_counter()
        made.append(shards.run_laid(laid, part, threads=1))
        times.append(time.perf_counter() - start)
    packed = [shards.to_bytes(one) for one in made]
    start = time.perf_counter()
    whole = shards.to_bytes(shards.merge_pair(*map(shards.from_bytes, packed)))
    merge = time.perf_counter() - start
    start = time.perf_counter()
    shards.merge_pair(*made)
    at_home = time.perf_counter() - start
    return {
        "seconds_a_draw": min(times) / (leaves * LEAF),
        "shard_bytes": float(len(packed[0])),
        "merged_bytes": float(len(whole)),
        "merge_on_a_worker": merge,
        "merge_at_home": at_home,
    }


def modelled(workers: int, draws: int, costs: dict[str, float]) -> dict[str, Any]:
    """Seconds of a batch on so many workers of one thread, and what takes them.

    The scheduler handles one task at a time, this process one group at a time; workers share shards and merges evenly, and
    wait for half a shard at the end.
    """
    cut = cluster.Cut.of(-(-draws // LEAF), workers)
    groups = -(-cut.shards // cut.group)
    merges = cut.shards - groups
    a_shard = draws / cut.shards * costs["seconds_a_draw"]
    on = {
        "workers": (cut.shards * a_shard + merges * costs["merge_on_a_worker"]) / workers + a_shard / 2,
        "scheduler": (cut.shards + merges) * costs["empty_task"],
        "home": groups * (costs["merge_at_home"] + costs["merged_bytes"] / costs["bytes_a_second"]),
    }
    seconds = max(on.values())
    least = draws * costs["seconds_a_draw"] / workers
    return {
        "workers": workers,
        "draws": draws,
        "shards": cut.shards,
        "a_shard": a_shard,
        "groups": groups,
        "seconds": seconds,
        "efficiency": least / seconds,
        "busy": {name: part / seconds for name, part in on.items()},
        "first_to_break": max((part, name) for name, part in on.items() if name != "workers")[1],
    }


def breaks_at(draws: int, costs: dict[str, float]) -> dict[str, Any]:
    """The number of workers, doubled from one, at which something else than workers takes the time."""
    for power in range(20):
        found = modelled(1 << power, draws, costs)
        if found["busy"]["workers"] < 1.0:
            return {"draws": draws, "workers": 1 << power, "by": found["first_to_break"], "seconds": found["seconds"]}
    return {"draws": draws, "workers": None}


def measure(draws: int, workers: list[int], rounds: int) -> dict[str, Any]:
    """Everything."""
    cores = available_cores()
    sim.run(draws=LEAF, sampler="random", keep="none")
    threads = {str(n): on_threads(draws, n, rounds) for n in sorted({1, cores})}
    costs = pieces()
    rows = {}
    for count in workers:
        row = on_workers(draws, count, rounds)
        best = threads[str(min(count, cores))] if str(min(count, cores)) in threads else threads[str(cores)]
        row["overhead_against_threads"] = row["seconds"] / best - 1.0
        row["efficiency"] = threads["1"] / (row["seconds"] * min(count, cores))
        rows[str(count)] = row
    costs["empty_task"] = min(row["empty_task"] for row in rows.values())
    costs["bytes_a_second"] = 200e6  # a network of 2 Gbit/s, assumed
    return {
        "machine": bench.machine(),
        "date": datetime.date.today().isoformat(),
        "draws": draws,
        "sampler": "random",
        "threads": threads,
        "workers": rows,
        "costs": costs,
        "model": [modelled(w, d, costs) for w, d in MODELLED],
        "breaks": [breaks_at(d, costs) for d in (10**9, 10**11, 10**13)],
    }


def main() -> None:
    """Measure, model, print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--draws", type=int, default=DRAWS)
    asked.add_argument("--workers", type=int, nargs="+", default=list(WORKERS))
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--write", action="store_true", help=f"keep the result in {KEPT.name}")
    given = asked.parse_args()
    found = measure(round_up(given.draws), given.workers, given.rounds)
    if given.write:
        KEPT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
