"""A batch from its layout to what it comes to, by way of a cluster."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from sim import batch, shards
from sim.cluster import stored, tasks
from sim.cluster.connect import connected
from sim.cluster.cut import Cut, Node
from sim.cluster.dask_pool import DaskPool
from sim.cluster.drive import Drive
from sim.cluster.pool import Note, Patience, Told
from sim.outcome import Outcome
from sim.shards.whole import outcome
from sim.tiles import LEAF

_log = logging.getLogger("suanli.cluster")


def run_on(
    laid: batch.Batch,
    cluster: Any,
    *,
    store: str | os.PathLike[str] | None = None,
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
    store: the Zarr store to write the result to, on a disk that all workers share; each writes the kept draws of its shards
        there, so that neither this process nor the scheduler holds them. It is the store of a run on one machine.
    progress: told the number of draws done so far, runs of them in any order.
    note: told in a line what a person may want to know: where the cluster is, which worker is refused.
    patience: how long is waited for what.
    tell: told in the end what happened, and how the batch was cut.

    Raises
    ------
    ClusterError: if there is no cluster, or it does not come back with all shards.
    ValueError: for a batch that no other machine can be told of, or a ``store`` that is no Zarr store's name.
    WriteError: in one line why the disk refused the store; what stood there before still does.
    """
    hearer = _Hearer(progress, note, patience or Patience(), tell)
    if store is None:
        return outcome(_driven(laid, cluster, hearer), laid)
    from sim.results import files  # xarray, 0.3 s

    path = Path(store).absolute()
    if not laid.keep_draws:
        found = outcome(_driven(laid, cluster, hearer), laid)
        files.write(found.tree(), path)
        return found
    with stored.begun(laid, path) as fresh:
        found = outcome(_driven(laid, cluster, hearer, fresh), laid, laid.room(0))
        stored.finish(found.tree(), laid, fresh, path)
    return replace(found, labelled=files.unchecked(path))


@dataclass(frozen=True)
class _Hearer:
    """What the caller wants to be told, and how long it waits; see :func:`run_on`."""

    progress: Callable[[int], Any] | None
    note: Note
    patience: Patience
    tell: Callable[[Told, Cut], Any] | None


def _driven(laid: batch.Batch, cluster: Any, hearer: _Hearer, store: Path | None = None) -> shards.Shard:
    """What all shards of a batch come to; without its kept draws if those go to the folder ``store``."""
    spec, patience, note = shards.spec_of(laid), hearer.patience, hearer.note
    leaf = tasks.warm(laid, spec.job)  # before any worker starts, so that no two of them compile at a time
    own = None if laid.model.built_in else laid.model
    token = "" if own is None else uuid4().hex
    plan = tasks.Plan(spec.job, tasks.identity(), own, None if store is None else str(store), token)
    with connected(cluster, note=note) as client:
        pool = DaskPool(client, note)
        if not (isinstance(cluster, str) and cluster.startswith("local:")):
            pool.vet(plan, patience.first)
        cut = Cut.of(spec.last, max(pool.slots(), 1), 1 if store is None else stored.least(laid), leaf)
        done = _Done(cut, laid.draws, hearer.progress)
        kept = 0 if store else -(-laid.keep_draws // LEAF)
        drive = Drive(pool, plan, cut, kept=kept, progress=done, patience=patience)
        whole = drive.run()
    if hearer.tell:
        hearer.tell(drive.told, cut)
    return whole


class _Done:
    """Draws done so far, told run by run."""

    def __init__(self, cut: Cut, draws: int, progress: Callable[[int], Any] | None) -> None:
        self._cut, self._most, self._progress, self._draws = cut, draws, progress, 0

    def __call__(self, node: Node) -> None:
        self._draws += self._cut.draws(node, self._most)
        if self._progress:
            self._progress(self._draws)
