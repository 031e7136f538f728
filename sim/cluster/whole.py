"""A batch from its layout to what it comes to, by way of a cluster."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from sim import batch, market, shards
from sim.cluster import tasks
from sim.cluster.connect import DaskPool, Note, connected
from sim.cluster.cut import Cut
from sim.cluster.drive import Drive
from sim.cluster.pool import Patience, Told
from sim.outcome import Outcome
from sim.shards.whole import outcome
from sim.tiles import LEAF

_log = logging.getLogger("suanli.cluster")


def run_on(
    laid: batch.Batch,
    cluster: Any,
    *,
    progress: Callable[[int], Any] | None = None,
    note: Note = _log.info,
    patience: Patience | None = None,
    tell: Callable[[Told, Cut], Any] | None = None,
) -> Outcome:
    """Run a batch on a cluster: byte for byte what :func:`sim.run` gives on one machine.

    Parameters
    ----------
    laid: the batch, laid out.
    cluster: as of :func:`sim.cluster.connected`.
    progress: told the number of draws done so far, shards in any order.
    note: told in a line what a person may want to know: where the cluster is, which worker is refused.
    patience: how long is waited for what.
    tell: told in the end what happened, and how the batch was cut.

    Raises
    ------
    ClusterError: if there is no cluster, or it does not come back with all shards.
    ValueError: for a batch that no other machine can be told of.
    """
    spec = shards.spec_of(laid)
    tasks.warm(laid, spec.job)  # before any worker starts, so that no two of them compile at a time
    own = None if laid.model.name == market.model().name and laid.model.kernel is market.model().kernel else laid.model
    plan = tasks.Plan(spec.job, tasks.identity(), own)
    patience = patience or Patience()
    with connected(cluster, note=note) as client:
        pool = DaskPool(client, note)
        if not (isinstance(cluster, str) and cluster.startswith("local:")):
            pool.vet(plan, patience.first)
        cut = Cut.of(spec.last, max(pool.slots(), 1))
        done = _Done(cut, laid.draws, progress)
        drive = Drive(pool, plan, cut, kept=-(-laid.keep_draws // LEAF), progress=done, patience=patience)
        whole = drive.run()
    if tell:
        tell(drive.told, cut)
    return outcome(whole, laid)


class _Done:
    """Draws done so far, told shard by shard."""

    def __init__(self, cut: Cut, draws: int, progress: Callable[[int], Any] | None) -> None:
        self._cut, self._most, self._progress, self._draws = cut, draws, progress, 0

    def __call__(self, index: int) -> None:
        self._draws += self._cut.draws(index, self._most)
        if self._progress:
            self._progress(self._draws)
