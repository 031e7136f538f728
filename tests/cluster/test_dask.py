"""On real worker processes: byte for byte the result of one machine, whatever happens to the workers on the way."""

import hashlib
import os
import signal
import threading
import time

import numpy as np
import pytest

import priors
import sim
from benchmarks.dask_workers import workers
from sim import batch, cluster, inputs, market, shards
from sim.cluster import tasks
from sim.settings import Settings
from tests.cluster import own_model

distributed = pytest.importorskip("distributed", reason="the extra cluster is not installed")
# Sockets and streams that dask leaves to the collector are no fault of the tests.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

LEAF = 16_384
QUICK = cluster.Patience(first=60.0, least=2.0, times=4.0, silence=90.0, glance=0.1)


def laid_out(draws, *, scenarios=("baseline",), own=False, **more):
    book = own_model.book() if own else priors.load()
    model = own_model.model() if own else market.model()
    settings = Settings(draws, 7, **{"keep_draws": 1024} | more)
    return batch.lay_out(inputs.deck(book, list(scenarios), model), model, settings, batch.about_book(book, scenarios))


def told(tree):
    """All that is in a result: every variable's bytes, every group's attributes."""
    found = {}
    for node in tree.subtree:
        dataset = node.to_dataset(inherit=False)
        found[node.path] = {str(k): repr(v) for k, v in dataset.attrs.items()}
        for name, variable in dataset.variables.items():
            content = hashlib.sha256(np.ascontiguousarray(variable.values).tobytes()).hexdigest()
            found[node.path, name] = variable.dims, variable.dtype, repr(variable.attrs), content
    return found


def alone(draws, *, scenarios=("baseline",), own=False, **more):
    """The same of the same run on one machine."""
    book, model = (own_model.book(), own_model.model()) if own else (None, None)
    return told(sim.run(book, model=model, scenarios=scenarios, draws=draws, seed=7, **{"keep_draws": 1024} | more))


@pytest.fixture(scope="module")
def two():
    with workers(2) as (client, _):
        yield client


@pytest.mark.parametrize(
    "how",
    [
        pytest.param({"scenarios": ("baseline", "export_ban_2023q4"), "pairs": True}, marks=pytest.mark.slow),
        pytest.param({"sampler": "random", "keep": "all", "keep_draws": LEAF + 160}, marks=pytest.mark.slow),
        {"keep": "none"},
        {"own": True},
    ],
    ids=["pairs", "random", "nothing kept", "own model"],
)
def test_the_bytes_of_one_machine(how, two):
    draws = 8 * LEAF if how.get("own") else 4 * LEAF
    done = []
    tree = cluster.run_on(laid_out(draws, **how), two, progress=done.append).tree()
    assert told(tree) == alone(draws, **how)
    assert done == sorted(done)
    assert done[-1] == draws


def test_less_than_a_leaf(two):
    tree = cluster.run_on(laid_out(4096), two).tree()
    assert told(tree) == alone(4096)


def test_a_worker_of_another_version_gets_no_work(two, monkeypatch):
    """All are strangers here, as their code is this one; it is what this side asks for that differs."""
    monkeypatch.setattr(tasks, "identity", lambda: (("suanli", "9.9.9"), ("scheme", "2"), ("engine", "x")))
    notes = []
    with pytest.raises(
        cluster.ClusterError, match=r"no worker would come to the same bits: suanli 0\.\S+ on the worker"
    ):
        cluster.run_on(laid_out(4096), two, note=notes.append)
    assert len(notes) == 2
    assert all("gets no work: suanli" in note for note in notes)


def test_until_an_error_is_reached_is_for_one_machine(two):
    with pytest.raises(ValueError, match="give draws= instead of until="):
        cluster.run_on(laid_out(4096, until=0.01), two)


def in_the_middle(act, progress):
    """Something to be told of progress that acts once, in a thread of its own, after the first shard."""
    acted = threading.Event()

    def tell(draws):
        progress.append(draws)
        if not acted.is_set():
            acted.set()
            threading.Thread(target=act, daemon=True).start()

    return tell


@pytest.mark.slow
def test_workers_killed_slow_and_joining():
    """One after the other on one cluster: a killed worker, a stopped one, one more than at the start."""
    expected = alone(16 * LEAF)
    with workers(2) as (client, started):
        for accident in ("killed", "stopped", "joined"):
            client.wait_for_workers(2, timeout=120)
            numbers = client.run(os.getpid)
            victim = next(iter(numbers.values()))
            act = {
                "killed": lambda pid=victim: os.kill(pid, signal.SIGKILL),
                "stopped": lambda pid=victim: os.kill(pid, signal.SIGSTOP),
                "joined": lambda: started.scale(3),
            }[accident]
            progress, happened = [], []
            try:
                tree = cluster.run_on(
                    laid_out(16 * LEAF),
                    client,
                    progress=in_the_middle(act, progress),
                    patience=QUICK,
                    tell=lambda what, cut, happened=happened: happened.append(what),
                ).tree()
            finally:
                if accident == "stopped":
                    os.kill(victim, signal.SIGCONT)
            assert told(tree) == expected, accident
            assert progress[-1] == 16 * LEAF
            if accident == "stopped":
                assert happened[0].copies + happened[0].again > 0
            if accident == "joined":
                client.wait_for_workers(3, timeout=120)


def test_a_worker_that_takes_its_time_to_come_back_does():
    """Dask would give its nanny up if no worker were there so long after the death, and no other would ever come."""
    import dask

    with (
        dask.config.set({"distributed.deploy.lost-worker-timeout": "100ms"}),
        cluster.connected("local:1", note=lambda line: None) as client,
    ):
        # A quick machine has the worker back within the tenth of a second, so the patience itself is looked at as well.
        assert dask.config.get("distributed.deploy.lost-worker-timeout") == "1 day"
        ((address, number),) = client.run(os.getpid).items()
        os.kill(number, signal.SIGKILL)
        there, until = [address], time.monotonic() + 30
        while there in ([address], []) and time.monotonic() < until:
            time.sleep(0.1)
            there = list(client.scheduler_info(n_workers=-1)["workers"])
        assert len(there) == 1
        assert there != [address]


def test_workers_keep_what_they_let_go_of(two):
    """A leaf of the market took 20,000 page faults under dask's own settings, which are in force here."""
    plan = tasks.Plan(shards.job_of(laid_out(4 * LEAF, keep="none")), tasks.identity())
    for _ in range(2):
        spent = two.gather(two.map(faults, [plan], workers=[next(iter(two.nthreads()))], pure=False))[0]
    assert spent < 20_000


def faults(plan):
    """Page faults of four leaves on a worker."""
    import resource

    assert os.environ["MALLOC_TRIM_THRESHOLD_"] == "65536"
    assert not tasks.check(plan)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    tasks.shard(plan, 0, 4)
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before


@pytest.mark.slow
@pytest.mark.parametrize("count", [1, 3])
def test_other_numbers_of_workers(count):
    with workers(count) as (client, _):
        tree = cluster.run_on(laid_out(8 * LEAF), client).tree()
    assert told(tree) == alone(8 * LEAF)


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_told():
    with workers(1) as (client, started):

        def act():
            started.scheduler.stop()
            started.sync(started.scheduler.close)

        start = time.monotonic()
        with pytest.raises(cluster.ClusterError, match=r"scheduler has gone|nothing was heard"):
            cluster.run_on(
                laid_out(64 * LEAF), client, progress=in_the_middle(act, []), patience=cluster.Patience(silence=60.0)
            )
        assert time.monotonic() - start < 120


@pytest.mark.parametrize("text", ["local", "local:0", "local:x", "10.0.0.5", "tcp://", "http://a:1 b", "", "a:b:c"])
def test_what_is_no_cluster_is_told(text):
    with pytest.raises(ValueError, match=r"expected local:N with N workers, .* or the address of a dask scheduler"):
        cluster.checked(text)


@pytest.mark.parametrize(
    "text", ["local:4", "10.0.0.5:8786", "tcp://10.0.0.5:8786", "tls://scheduler.lab:8786", "tcp://[::1]:8786"]
)
def test_what_is_one_is_taken(text):
    assert cluster.checked(text) == text


def test_nobody_there(monkeypatch):
    monkeypatch.setattr("sim.cluster.connect.ARRIVAL", 0.5)
    with (
        pytest.raises(cluster.ClusterError, match=r"no scheduler answers at tcp://127\.0\.0\.1:9"),
        cluster.connected("tcp://127.0.0.1:9", note=print),
    ):
        pass


def test_without_dask(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with (
        pytest.raises(cluster.ClusterError, match=r"pip install 'suanli\[cluster\]'"),
        cluster.connected("local:1", note=print),
    ):
        pass
