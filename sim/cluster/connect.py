"""Dask's side: a client of a cluster, started here or somewhere else.

A scheduler that is started by hand listens on every address without a secret, and whoever reaches it can run what they like
on its workers: use TLS (``tls://`` and dask's own settings) on a network that is not yours alone. ``local:N`` listens on
127.0.0.1, which everyone with an account on the machine can reach.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any

from priors.nearness import closest
from sim.cluster.pool import ClusterError, Note

if TYPE_CHECKING:
    from distributed import Client

LOCAL = re.compile(r"local:(\d{1,3})(:dashboard)?")
ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss|ucx)://)?[\w.\-\[\]:]+:\d{1,5}")
ARRIVAL = 60.0  # seconds in which a scheduler answers and has a worker
OWN = {
    # Dask looks once, 15 s after a worker died, and ends its nanny if no other is there just then: for good.
    "distributed.deploy.lost-worker-timeout": "1 day",
    # Watching a worker takes 3.6 % of a core as dask does it, and as much the scheduler; 0.7 % and 1.4 % are left.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "200ms",
    "distributed.admin.system-monitor.gil.enabled": False,
}
"""Dask's settings for a cluster that is started here."""


def checked(cluster: str) -> str:
    """The text of ``--cluster`` if it is one.

    Raises
    ------
    ValueError: if it is neither ``local:N`` nor an address.
    """
    local = LOCAL.fullmatch(cluster)
    if local and int(local[1]) > 0:
        return cluster
    host = cluster.partition(":")[0]
    meant = host not in ("local", "localhost") and closest(host, ["local"]) is not None
    if host == "local" or meant or not ADDRESS.fullmatch(cluster):
        raise ValueError(
            f'cluster: found "{cluster}", expected local:N with N workers, such as local:4, or the address of a dask '
            "scheduler, such as tcp://10.0.0.5:8786"
        )
    return cluster


@contextmanager
def connected(cluster: Any, *, note: Note) -> Iterator[Client]:
    """A client of ``cluster`` while the block runs; what was started for it is ended after it.

    Parameters
    ----------
    cluster: ``"local:N"`` for N processes of one thread each on this machine, ``"local:N:dashboard"`` for a dashboard besides,
        a scheduler's address, a dask ``Client``, or anything that a ``Client`` can be made of.
    note: told in a line where the cluster is, and where its dashboard, if it has one.

    Raises
    ------
    ValueError: for a text that is neither.
    ClusterError: if dask is not installed, or nobody answers.
    """
    try:
        import distributed
    except ImportError as error:
        raise ClusterError("cluster: dask.distributed is not installed; pip install 'suanli[cluster]'") from error

    if isinstance(cluster, distributed.Client):
        yield cluster
        return
    local = LOCAL.fullmatch(checked(cluster)) if isinstance(cluster, str) else None
    with _started(int(local[1]), bool(local[2])) if local else nullcontext() as started:
        client = _client(cluster if started is None else started)
        try:
            note(_where(client, cluster, local is None or bool(local[2])))
            yield client
        finally:
            if started is not None:
                _kill(started)
            client.close(timeout=10)


def _kill(started: Any) -> None:
    """End workers at once: they hold nothing that is still wanted, and would take seconds to say good-bye."""
    for nanny in started.workers.values():
        nanny.close_gracefully()  # so that it starts no other
        if nanny.pid:
            with suppress(ProcessLookupError):
                os.kill(nanny.pid, signal.SIGKILL)


@contextmanager
def _started(workers: int, dashboard: bool) -> Iterator[Any]:
    """Processes of one thread each while the block runs; a nanny starts another where one dies."""
    import dask
    from distributed import LocalCluster

    if dashboard and importlib.util.find_spec("bokeh") is None:
        raise ClusterError("cluster: a dashboard needs bokeh, which is not installed; pip install bokeh")
    # LocalCluster silences what its processes log until it is closed, and then tells of every line that broke.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with dask.config.set(OWN | {"distributed.worker.profile.enabled": dashboard}):
        started = LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",  # None would take a port of its own all the same, and always the same one
            scheduler_kwargs={"dashboard": dashboard},
            silence_logs=logging.CRITICAL,
            memory_limit=None,
        )
        try:
            yield started
        finally:
            started.close(timeout=10)


def _client(cluster: Any) -> Client:
    from distributed import Client

    try:
        client = Client(cluster, timeout=ARRIVAL, direct_to_workers=True, set_as_default=False)
    except (OSError, TimeoutError) as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise ClusterError(f"cluster: no scheduler answers at {cluster} ({reason})") from error
    try:
        client.wait_for_workers(1, timeout=ARRIVAL)
    except TimeoutError as error:
        client.close(timeout=5)
        address = cluster if isinstance(cluster, str) else "the cluster"
        raise ClusterError(
            f"cluster: no worker came to {address} in {ARRIVAL:.0f} s; start one with: dask worker {address}"
        ) from error
    return client


def _where(client: Client, cluster: Any, dashboard: bool) -> str:
    count = len(client.nthreads())
    name = cluster if isinstance(cluster, str) else client.scheduler.address
    link = f", dashboard {client.dashboard_link}" if dashboard and client.dashboard_link else ""
    return f"cluster {name}: {count} worker{'s' if count != 1 else ''}{link}"
