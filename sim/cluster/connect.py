"""Dask's side: a client of a cluster, started here or somewhere else, as the pool that the loop runs on.

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
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from sim.cluster import tasks
from sim.cluster.pool import ClusterError, Job

if TYPE_CHECKING:
    from distributed import Client, Future

LOCAL = re.compile(r"local:(\d{1,3})(:dashboard)?")
ADDRESS = re.compile(r"(?:(?:tcp|tls|ws|wss|ucx)://)?[\w.\-\[\]:]+:\d{1,5}")
ARRIVAL = 60.0  # seconds in which a scheduler answers and has a worker
_NO_SCHEDULER = "cluster: the scheduler has gone; start it again, then the run"
_GLANCE = 2.0  # seconds for which the number of workers is taken as known
_GONE = ("KilledWorker", "CommClosedError", "NoValidWorkerError", "WorkerStartTimeoutError")

Note = Callable[[str], Any]


def checked(cluster: str) -> str:
    """The text of ``--cluster`` if it is one.

    Raises
    ------
    ValueError: if it is neither ``local:N`` nor an address.
    """
    local = LOCAL.fullmatch(cluster)
    if local and int(local[1]) > 0:
        return cluster
    if cluster.startswith("local:") or not ADDRESS.fullmatch(cluster):
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
    started = _started(int(local[1]), bool(local[2])) if local else None
    try:
        client = _client(cluster if started is None else started)
        try:
            note(_where(client, cluster, local is None or bool(local[2])))
            yield client
        finally:
            if started is not None:
                _kill(started)
            client.close(timeout=10)
    finally:
        if started is not None:
            started.close(timeout=10)


def _kill(started: Any) -> None:
    """End workers at once: they hold nothing that is still wanted, and would take seconds to say good-bye."""
    for nanny in started.workers.values():
        nanny.close_gracefully()  # so that it starts no other
        if nanny.pid:
            with suppress(ProcessLookupError):
                os.kill(nanny.pid, signal.SIGKILL)


def _started(workers: int, dashboard: bool) -> Any:
    """Processes of one thread each; a nanny starts another where one dies."""
    from distributed import LocalCluster

    if dashboard and importlib.util.find_spec("bokeh") is None:
        raise ClusterError("cluster: a dashboard needs bokeh, which is not installed; pip install bokeh")
    # LocalCluster silences what its processes log until it is closed, and then tells of every line that broke.
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    return LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",  # None would take a port of its own all the same, and always the same one
        scheduler_kwargs={"dashboard": dashboard},
        silence_logs=logging.CRITICAL,
        memory_limit=None,
    )


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


class DaskJob:
    """A future of dask's."""

    def __init__(self, future: Future) -> None:
        self.future = future

    def outcome(self) -> str | BaseException:
        """``"done"``, or why it failed; only after it ended."""
        if self.future.status == "finished":
            return "done"
        if self.future.status == "error":
            error = self.future.exception()
            return error if isinstance(error, BaseException) else RuntimeError(str(error))
        return CancelledError(f"{self.future.key} is {self.future.status}")

    def fetch(self) -> bytes:
        """What it came to; waits for it."""
        found: bytes = self.future.result()
        return found


class DaskPool:
    """The workers of a client, less those that would not come to the same bits."""

    def __init__(self, client: Client, note: Note) -> None:
        self._client, self._note = client, note
        self._refused: dict[str, str] = {}
        self._looked, self._threads = 0.0, dict[str, int]()

    def submit(self, name: tuple[Any, ...], function: Callable[..., Any], *arguments: Any) -> Job:
        """Start ``function`` under a name of its own; what merges goes before what is still to be run."""
        self._alive()
        return DaskJob(
            self._client.submit(
                on_worker,
                function,
                *(each.future if isinstance(each, DaskJob) else each for each in arguments),
                key=name if len(name) > 1 else name[0],
                priority=10 if function is tasks.merged else 0,
                workers=self._allowed() if self._refused else None,
            )
        )

    def when_done(self, job: Job, call: Callable[[], None]) -> None:
        """Call ``call``, in dask's thread, when the job ended."""
        assert isinstance(job, DaskJob)
        job.future.add_done_callback(lambda future: call())

    def slots(self) -> int:
        """How many tasks run at a time."""
        self._alive()
        return sum(count for address, count in self._known().items() if address not in self._refused)

    def refuse(self, error: BaseException) -> bool:
        """Keep tasks from the worker that ``error`` tells to be a stranger, and say so in a line.

        Raises
        ------
        ClusterError: if there is no other worker.
        """
        if not isinstance(error, tasks.Stranger) or error.where is None:
            return False
        if error.where not in self._refused:
            self._refused[error.where] = str(error)
            self._note(f"cluster: worker {error.where} gets no work: {error}")
        self._looked = 0.0
        if not self._allowed():
            raise ClusterError(f"cluster: no worker would come to the same bits: {error}")
        return True

    def lost(self, error: BaseException) -> bool:
        """Whether ``error`` is of a worker that went away, rather than of the task."""
        names = {kind.__name__ for kind in type(error).__mro__}
        return isinstance(error, CancelledError | TimeoutError | OSError) or not names.isdisjoint(_GONE)

    def vet(self, plan: tasks.Plan, patience: float) -> None:
        """Have every worker lay the plan out, so that strangers are known before the first shard.

        Raises
        ------
        ClusterError: if all of them are strangers.
        """
        key = f"check-{plan.digest}"
        asked = {
            address: self._client.submit(tasks.check, plan, key=(key, address), workers=[address])
            for address in self._known()
        }
        until = time.monotonic() + patience
        while time.monotonic() < until and not all(future.done() for future in asked.values()):
            time.sleep(0.02)
        for address, future in asked.items():
            if future.status == "error" and not self.lost(future.exception()):
                error = future.exception()
                self.refuse(tasks.Stranger(f"{type(error).__name__}: {' '.join(str(error).split())[:160]}", address))
            elif future.status == "finished" and (reason := future.result()):
                self.refuse(tasks.Stranger(reason, address))

    def _known(self) -> dict[str, int]:
        now = time.monotonic()
        if now - self._looked > _GLANCE:
            try:
                self._looked, self._threads = now, self._client.nthreads()
            except OSError as error:  # distributed's CommClosedError is one
                raise ClusterError(_NO_SCHEDULER) from error
        return self._threads

    def _allowed(self) -> list[str]:
        return [address for address in self._known() if address not in self._refused]

    def _alive(self) -> None:
        """Refuse to go on without a scheduler.

        Raises
        ------
        ClusterError: if the connection is gone.
        """
        if self._client.status not in ("running", "connecting"):
            raise ClusterError(_NO_SCHEDULER)


def on_worker(function: Callable[..., Any], *arguments: Any) -> Any:
    """Run a task, and tell where if it finds itself on a stranger."""
    try:
        return function(*arguments)
    except tasks.Stranger as error:
        from distributed import get_worker

        raise tasks.Stranger(str(error), get_worker().address) from error
