"""How far a cluster goes: measured on worker processes of this machine, and a model of it on many machines.

    python -m benchmarks.cluster_scaling                     # 1, 2, 4, 8 workers, a batch of about a minute on one thread
    python -m benchmarks.cluster_scaling --write             # and keeps it, and writes the README's section; 8 minutes
    python -m benchmarks.cluster_scaling --draws 262144 --workers 1 2      # a small version
    python -m benchmarks.cluster_scaling --draws 8388608 --rounds 3 --checkpoint --write      # that part alone

Measured: wall time of the batch on this machine's threads and on as many worker processes, both warm; a shard's time on one
thread; an empty task through the scheduler; the bytes of a merged group; merging two of them; what a checkpoint folder adds.
With more workers than cores, workers share them and no more speed is to be had. :mod:`benchmarks.cluster_model` says what
follows for more machines.
"""

from __future__ import annotations

import argparse
import datetime
import json
import statistics
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

import priors
import sim
from benchmarks import cluster_model, cluster_report, dask_workers
from sim import batch, bench, cluster, inputs, market, shards
from sim.settings import Settings
from sim.threads import available_cores
from sim.tiles import LEAF, round_up

KEPT = Path(__file__).parent / "kept" / "cluster_scaling.json"
MOST = 75.0
WORKERS = (1, 2, 4, 8)
EMPTY = 1000


def laid_out(draws: int) -> batch.Batch:
    """The market's baseline."""
    book, names, model = priors.load(), ["baseline"], market.model()
    settings = Settings(draws, 0, "random", keep="none")
    return batch.lay_out(inputs.deck(book, names, model), model, settings, batch.about_book(book, names))


def on_threads(draws: int, threads: int) -> float:
    """Seconds of a run on this machine's threads."""
    start = time.perf_counter()
    sim.run(draws=draws, sampler="random", keep="none", threads=threads)
    return time.perf_counter() - start


def on_workers(draws: int, workers: int) -> dict[str, Any]:
    """Seconds of a run on so many processes, which are there and warm, as on a cluster that stands."""
    started = time.perf_counter()
    with dask_workers.workers(workers) as (client, _):
        start_up = time.perf_counter() - started
        cluster.run_on(laid_out(2 * workers * LEAF), client)  # each worker loads its kernels
        told = list[Any]()
        laid, start = laid_out(draws), time.perf_counter()
        cluster.run_on(laid, client, tell=lambda what, cut: told.append((what, cut)))
        seconds = time.perf_counter() - start
        empty = _empty(client)
    what, cut = told[-1]
    return {
        "seconds": seconds,
        "start_up": start_up,
        "shards": cut.shards,
        "runs": what.runs,
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
    """What a run of so many leaves costs: a draw of it, what comes to it beside them, as bytes, to merge with its sibling."""
    laid = laid_out(round_up(4 * leaves * LEAF))
    spec = shards.spec_of(laid)
    shards.run_laid(laid, shards.Spec(spec.job, 0, 1), threads=1)
    times: dict[int, list[float]] = {1: [], leaves: []}
    made = []
    for first in (0, leaves):
        for width in times:
            start = time.perf_counter()
            made.append(shards.run_laid(laid, shards.Spec(spec.job, first, first + width), threads=1))
            times[width].append(time.perf_counter() - start)
    made = made[1::2]
    a_leaf = (min(times[leaves]) - min(times[1])) / (leaves - 1)
    packed = shards.to_bytes(made[0])
    start = time.perf_counter()
    other = shards.from_bytes(shards.to_bytes(made[1]))
    on_its_way = time.perf_counter() - start
    start = time.perf_counter()
    whole = shards.merge_pair(made[0], other)
    merge = time.perf_counter() - start
    return {
        "seconds_a_draw": a_leaf / LEAF,
        "seconds_a_run": max(min(times[1]) - a_leaf, 0.0),
        "shard_bytes": float(len(packed)),
        "merged_bytes": float(len(shards.to_bytes(whole))),
        "merge_on_a_worker": merge + on_its_way,  # as if its halves always lay on two workers
        "merge_at_home": merge + on_its_way,
    }


def sized(most: float) -> int:
    """Draws that take no more than so many seconds on one thread, a power of two of leaves."""
    sim.run(draws=LEAF, sampler="random", keep="none", threads=1)  # kernels compiled
    start = time.perf_counter()
    sim.run(draws=16 * LEAF, sampler="random", keep="none", threads=1)
    rate = 16 * LEAF / (time.perf_counter() - start)
    return round_up(LEAF) << max(int(rate * most / LEAF).bit_length() - 1, 0)


def checkpoint(draws: int, threads: int, rounds: int) -> dict[str, Any]:
    """What keeping shards adds to a run: one without, one with, in turn; the medians."""
    batch_of = {"draws": draws, "sampler": "random", "keep": "none", "threads": threads}
    plain, kept, shards_kept = [], [], 0
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as name:
        warnings.simplefilter("ignore")
        for number in range(rounds):
            for times, folder in (plain, None), (kept, Path(name) / str(number)):
                start = time.perf_counter()
                sim.run(**batch_of, checkpoint=folder)
                times.append(time.perf_counter() - start)
            shards_kept = sum(1 for _ in folder.glob("*.shard")) if folder else 0
    without, beside = statistics.median(plain), statistics.median(kept)
    return {"draws": draws, "seconds": without, "overhead": beside / without - 1.0, "shards": shards_kept}


def measure(draws: int, workers: list[int], rounds: int) -> dict[str, Any]:
    """Everything: in each round all numbers of threads and workers up to that of cores in turn, more workers in the first."""
    cores = available_cores()
    sim.run(draws=LEAF, sampler="random", keep="none")
    times, samples = dict[str, list[float]](), dict[str, list[dict[str, Any]]]()
    for turn in range(rounds):
        for count in sorted({1, cores, *workers}):
            if count <= cores:
                times.setdefault(str(count), []).append(on_threads(draws, count))
                print(f"threads {count}: {times[str(count)][-1]:.1f} s", file=sys.stderr, flush=True)
            if count in workers and (count <= cores or turn == 0):
                samples.setdefault(str(count), []).append(on_workers(draws, count))
                print(f"workers {count}: {samples[str(count)][-1]}", file=sys.stderr, flush=True)
    threads = {name: statistics.median(each) for name, each in times.items()}
    rows = {
        name: each[-1] | {"seconds": statistics.median(one["seconds"] for one in each)}
        for name, each in samples.items()
    }
    for name, row in rows.items():
        used = min(int(name), cores)
        row["overhead_against_threads"] = row["seconds"] / threads[str(used)] - 1.0
        row["efficiency"] = threads["1"] / (row["seconds"] * used)
    costs = pieces() | {"empty_task": min(row["empty_task"] for row in rows.values())}
    return {
        "command": cluster_report.COMMAND,
        "machine": bench.machine(),
        "cores": cores,
        "date": datetime.date.today().isoformat(),
        "draws": draws,
        "sampler": "random",
        "rounds": rounds,
        "threads": threads,
        "workers": rows,
        "costs": costs,
        "checkpoint": checkpoint(draws, cores, rounds),
        "model": cluster_model.table(costs),
        "breaks": [cluster_model.breaks_at(draws, costs) for draws in cluster_model.DRAWS],
    }


def main() -> None:
    """Measure, model, print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--draws", type=int, help=f"as many as take up to {MOST:.0f} s on one thread unless given")
    asked.add_argument("--workers", type=int, nargs="+", default=list(WORKERS))
    asked.add_argument("--rounds", type=int, default=1)
    asked.add_argument("--checkpoint", action="store_true", help="what this adds anew, the rest as it is kept")
    asked.add_argument("--write", action="store_true", help=f"keep the result in {KEPT.name}")
    given = asked.parse_args()
    draws = sized(MOST) if given.draws is None else round_up(given.draws)
    if given.checkpoint:
        found = json.loads(KEPT.read_text("utf-8"))
        found["checkpoint"] = checkpoint(draws, available_cores(), given.rounds)
    else:
        found = measure(draws, given.workers, given.rounds)
    print(json.dumps(found, indent=1))
    print(cluster_report.section(found))
    if given.write:
        KEPT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
        if not cluster_report.write(found):
            sys.exit("README.md has no place for the section: <!-- cluster: … --> … <!-- end -->")


if __name__ == "__main__":
    main()
