"""Workers killed at random moments while a cluster runs: every result must have the bytes of one machine, and none may hang.

    python -m benchmarks.cluster_deaths                        # 10 deaths
    python -m benchmarks.cluster_deaths --count 100 --write    # and keeps them in benchmarks/kept/cluster_deaths.json

Batches run one after the other on the same cluster of nannied processes, one a core. While one runs, workers get SIGKILL at
moments drawn uniformly, or, each ``STOPPED``-th time, SIGSTOP, so that they are not dead but silent, and SIGKILL later; what
each was doing is told. A nanny starts another in a dead one's place, forked from a process that has imported and compiled what
it needs, as else most of the time would go into that. A batch that takes longer than ``LIMIT`` seconds counts as hung; one
that is given up says what was known when nothing more was heard. A death takes 1.1 s, the average of ``--gap``, and a batch
some seconds beside its deaths.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime
import hashlib
import json
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import priors
import sim
from benchmarks import dask_workers
from sim import batch, bench, cluster, inputs, market
from sim.settings import Settings
from sim.threads import available_cores
from sim.tiles import LEAF

KEPT = Path(__file__).parent / "kept" / "cluster_deaths.json"
LIMIT = 900.0
STOPPED = 10
LEAVES, SEED, GAP = 64, 1, (0.2, 2.0)
LEAVES_A_WORKER = 32  # so that a batch goes on for some deaths of its workers
MOST = 10  # deaths in a batch, which then is left to end
PATIENCE = cluster.Patience(first=60.0, least=3.0, times=6.0, silence=240.0, glance=0.1)
COMING_BACK = 120.0  # seconds in which all workers are there again after a batch


def laid_out(leaves: int, seed: int) -> batch.Batch:
    """A batch of so many leaves of the market, its headline outputs alone."""
    book, names, model = priors.load(), ["baseline"], market.model()
    headline = tuple(output.name for output in model.outputs if output.headline)
    settings = Settings(leaves * LEAF, seed, keep_draws=4096, outputs=headline)
    return batch.lay_out(inputs.deck(book, names, model), model, settings, batch.about_book(book, names))


def digest(tree: Any, folder: Path) -> str:
    """SHA-256 of the result's file."""
    sim.write(tree, folder / "result.nc")
    return hashlib.sha256((folder / "result.nc").read_bytes()).hexdigest()


class Reaper(threading.Thread):
    """Kills workers of ``started`` at random moments from a batch's first task on until told to stop.

    ``gaps`` are the seconds between two deaths, ``most`` how many there are at most.
    """

    def __init__(self, started: Any, chance: random.Random, gaps: tuple[float, float], most: int) -> None:
        super().__init__(daemon=True)
        self.deaths: list[str] = []
        self._cluster, self._chance, self._gaps, self._most = started, chance, gaps, most
        self.over = threading.Event()

    def run(self) -> None:
        """Kill, wait, kill."""
        while not self._cluster.scheduler.tasks and not self.over.wait(0.05):
            pass  # the batch is being laid out
        while len(self.deaths) < self._most and not self.over.wait(self._chance.uniform(*self._gaps)):
            there = self._cluster.scheduler.workers  # a process that is still starting is left to arrive
            victims = [nanny for nanny in list(self._cluster.workers.values()) if nanny.worker_address in there]
            if not victims:
                continue
            victim = self._chance.choice(victims)
            pid, doing = victim.pid, self._doing(victim.worker_address)
            if pid is None:  # its nanny has not told yet that it is gone
                continue
            with contextlib.suppress(ProcessLookupError):
                if len(self.deaths) % STOPPED == STOPPED - 1:
                    os.kill(pid, signal.SIGSTOP)
                    self.over.wait(self._chance.uniform(*self._gaps))
                    doing = f"stopped first, {doing}"
                os.kill(pid, signal.SIGKILL)
                self.deaths.append(doing)

    def _doing(self, address: str | None) -> str:
        """What the scheduler knows a worker to be about."""
        known = self._cluster.scheduler.workers.get(address)
        if known is None:
            return "gone already"
        return "at work" if known.processing else "holding results" if known.has_what else "idle"


def one(client: Any, reaper: Reaper, leaves: int, seed: int, expected: str, folder: Path) -> dict[str, Any]:
    """A batch while the reaper is about."""
    happened: list[Any] = []
    start = time.perf_counter()
    reaper.start()
    try:
        tree = cluster.run_on(
            laid_out(leaves, seed), client, patience=PATIENCE, tell=lambda what, cut: happened.append((what, cut))
        ).tree()
        reaper.over.set()
        outcome = "right" if digest(tree, folder) == expected else "wrong"
    except cluster.ClusterError as error:
        outcome = f"gave up: {error}"
    finally:
        reaper.over.set()
        reaper.join()
    seconds = time.perf_counter() - start
    if seconds > LIMIT:
        outcome = "hung"
    found = {"seed": seed, "outcome": outcome, "deaths": reaper.deaths, "seconds": round(seconds, 2)}
    if happened:
        what, cut = happened[0]
        found |= {"runs": cut.number, "handed out again": what.again, "copies": what.copies}
    return found


def campaign(
    count: int, workers: int, leaves: int, gaps: tuple[float, float], seed: int
) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Batches until ``count`` workers have died; after each, how many have, and what came of all batches so far."""
    chance, batches, deaths = random.Random(seed), list[dict[str, Any]](), 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = sim.run(draws=leaves * LEAF, seed=seed, keep_draws=4096, outputs="headline")
        expected = digest(whole, folder)
        with dask_workers.workers(workers, forked="benchmarks.market_warm") as (client, started):
            while deaths < count:
                reaper = Reaper(started, chance, gaps, min(count - deaths, MOST))
                batches.append(one(client, reaper, leaves, seed, expected, folder))
                deaths += len(reaper.deaths)
                print(f"{deaths:4} deaths: {batches[-1]}", file=sys.stderr, flush=True)
                yield deaths, batches
                try:
                    client.wait_for_workers(workers, timeout=COMING_BACK)
                except TimeoutError:
                    there = len(client.scheduler_info(n_workers=-1)["workers"])
                    batches[-1]["outcome"] = f"gave up: {there} of {workers} workers came back in {COMING_BACK:.0f} s"
                    yield deaths, batches
                    return


def told(given: argparse.Namespace, deaths: int, batches: list[dict[str, Any]]) -> dict[str, Any]:
    """What came of a campaign so far."""
    outcomes = Counter(each["outcome"].partition(":")[0] for each in batches)
    return {
        "command": f"python -m benchmarks.cluster_deaths --count {given.count} --workers {given.workers} "
        f"--leaves {given.leaves} --gap {given.gap[0]:g} {given.gap[1]:g} --seed {given.seed} --write",
        "machine": bench.machine(),
        "date": datetime.date.today().isoformat(),
        "workers": given.workers,
        "draws": given.leaves * LEAF,
        "deaths": deaths,
        "kinds": dict(Counter(kind for each in batches for kind in each["deaths"])),
        "batches": len(batches),
        "outcomes": dict(outcomes),
        "wrong": outcomes["wrong"],
        "hung": outcomes["hung"],
        "gave up": outcomes["gave up"],
        "each": batches,
    }


def main() -> None:
    """Run the campaign and print what came of it; status 1 if a result was wrong, or a batch hung or was given up."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=10, help="deaths")
    asked.add_argument(
        "--workers", type=int, default=max(available_cores(), 2), help="processes, one a core unless given"
    )
    asked.add_argument(
        "--leaves", type=int, help=f"of 16,384 draws, in a batch; {LEAVES_A_WORKER} a worker unless given"
    )
    asked.add_argument("--gap", type=float, nargs=2, default=GAP, help="seconds from one death to the next")
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--write", action="store_true", help=f"keep the result in {KEPT.name}")
    given = asked.parse_args()
    given.leaves = 1 << ((given.leaves or LEAVES_A_WORKER * given.workers) - 1).bit_length()
    found = told(given, 0, [])
    for deaths, batches in campaign(given.count, given.workers, given.leaves, tuple(given.gap), given.seed):
        found = told(given, deaths, batches)
        if given.write:  # each time, so that a campaign that is stopped keeps what it has
            KEPT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    print(json.dumps({name: value for name, value in found.items() if name != "each"}, indent=1))
    sys.exit(1 if found["wrong"] or found["hung"] or found["gave up"] else 0)


if __name__ == "__main__":
    main()
