"""Processes of one thread each on this machine, and a client of theirs: a dask cluster that stands before a run begins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def workers(count: int) -> Iterator[tuple[Any, Any]]:
    """The client, and the ``LocalCluster`` itself; gone at the end."""
    from distributed import Client, LocalCluster

    with (
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
