"""Processes of one thread each on this machine, and a client of theirs: a dask cluster that stands before a run begins."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sim.cluster.connect import OWN


@contextmanager
def workers(count: int, forked: str | None = None) -> Iterator[tuple[Any, Any]]:
    """The client, and the ``LocalCluster`` itself, with the settings of ``--cluster local:N``; gone at the end.

    Parameters
    ----------
    count: of processes.
    forked: name of a module; if given, processes are forked from one that has imported it, rather than started anew.
    """
    import dask
    from distributed import Client, LocalCluster

    with (
        dask.config.set(OWN),
        _from_one(forked) if forked else contextlib.nullcontext(),
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            silence_logs=50,
            scheduler_kwargs={"dashboard": False},
            memory_limit=None,
        ) as started,
        Client(started, set_as_default=False) as client,
    ):
        client.wait_for_workers(count, timeout=120)
        yield client, started


@contextmanager
def _from_one(module: str) -> Iterator[None]:
    """Have nannies fork their processes, also those that take a dead one's place."""
    import dask
    from distributed.utils import get_mp_context

    with dask.config.set({"distributed.worker.multiprocessing-method": "forkserver"}):
        get_mp_context().set_forkserver_preload(["distributed", module])  # the first call sets dask's own list
        yield
