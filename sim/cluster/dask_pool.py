"""The workers of a dask client as the pool that the loop of :mod:`sim.cluster.drive` runs on."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

from sim.cluster import tasks
from sim.cluster.pool import ClusterError, Job, Note

if TYPE_CHECKING:
    from distributed import Client, Future

_NO_SCHEDULER = "cluster: the scheduler has gone; start it again, then the run"
_GLANCE = 2.0  # seconds for which the number of workers is taken as known
_GONE = ("KilledWorker", "CommClosedError", "NoValidWorkerError", "WorkerStartTimeoutError")


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

    def fetch(self) -> Any:
        """What it came to; waits for it."""
        return self.future.result()


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
        # A worker that has died will not answer; those that come later are told when they find themselves strangers.
        while time.monotonic() < until and not all(asked[address].done() for address in asked.keys() & self._known()):
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
