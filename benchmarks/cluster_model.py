"""What a batch takes on so many workers, from measured costs and the cut that the code itself would make."""

from __future__ import annotations

from typing import Any

from sim.cluster import Cut
from sim.tiles import LEAF

NETWORK = 200e6
"""Bytes a second of a network of 2 Gbit/s, assumed: the one figure here that is not measured."""

WORKERS, DRAWS = (10, 100, 1000), (10**9, 10**11, 10**13)
HOME, SCHEDULER = "the process that asked for the batch, merging what comes home", "the scheduler"
WORDS = {"home": HOME, "scheduler": SCHEDULER}


def modelled(workers: int, draws: int, costs: dict[str, float]) -> dict[str, Any]:
    """Seconds of a batch on so many workers of one thread, and what takes them.

    The scheduler handles one task at a time, this process one group at a time; workers share runs and merges evenly, and
    wait for half a shard, the smallest run, at the end. The slowest of the three is what the batch takes.
    """
    cut = Cut.of(-(-draws // LEAF), workers, leaf=costs["seconds_a_draw"] * LEAF)
    groups = -(-cut.shards // cut.group)
    merges = cut.number - groups
    a_shard = draws / cut.shards * costs["seconds_a_draw"] + costs["seconds_a_run"]
    run = draws * costs["seconds_a_draw"] + cut.number * costs["seconds_a_run"]
    on = {
        "workers": (run + merges * costs["merge_on_a_worker"]) / workers + a_shard / 2,
        "scheduler": (cut.number + merges) * costs["empty_task"],
        "home": groups * (costs["merge_at_home"] + costs["merged_bytes"] / NETWORK),
    }
    seconds = max(on.values())
    return {
        "workers": workers,
        "draws": draws,
        "shards": cut.shards,
        "runs": cut.number,
        "a_shard": a_shard,
        "groups": groups,
        "seconds": seconds,
        "efficiency": draws * costs["seconds_a_draw"] / workers / seconds,
        "busy": {name: part / seconds for name, part in on.items()},
        "next_to_break": max((part, name) for name, part in on.items() if name != "workers")[1],
    }


def breaks_at(draws: int, costs: dict[str, float]) -> dict[str, Any]:
    """The number of workers, doubled from one, at which something else than workers takes the time."""
    for power in range(20):
        found = modelled(1 << power, draws, costs)
        if found["busy"]["workers"] < 1.0:
            return {"draws": draws, "workers": 1 << power, "by": found["next_to_break"], "seconds": found["seconds"]}
    return {"draws": draws, "workers": None, "by": None}


def table(costs: dict[str, float]) -> list[dict[str, Any]]:
    """The model for all numbers of workers and draws."""
    return [modelled(workers, draws, costs) for draws in DRAWS for workers in WORKERS]
