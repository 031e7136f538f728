"""Who waits for whom where kernels are to be compiled."""

import threading

import pytest

from sim.cluster import compiling
from sim.kernels import source_digest

pytestmark = pytest.mark.skipif(compiling.fcntl is None, reason="processes do not wait for one another here")


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    monkeypatch.setenv("SUANLI_CACHE_DIR", str(tmp_path))
    (tmp_path / "kernels" / source_digest(above=False)).mkdir(parents=True)


def waits(kind):
    """Whether somebody with kernels of a kind waits while another compiles."""
    through = threading.Event()

    def another():
        with compiling.alone(kind):
            through.set()

    thread = threading.Thread(target=another)
    with compiling.alone(None):
        thread.start()
        waited = not through.wait(0.3)
    thread.join(10)
    assert through.is_set()
    return waited


def test_one_at_a_time_until_they_are_compiled(fresh):
    assert waits("market")
    compiling.done("market")
    assert not waits("market")
    assert waits("market with pairs")
    assert waits(None)


def test_where_kernels_are_not_kept_nothing_is_marked(tmp_path, monkeypatch):
    monkeypatch.setenv("SUANLI_CACHE_DIR", str(tmp_path))
    compiling.done("market")
    assert waits("market")


def test_without_a_folder_nobody_waits(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SUANLI_CACHE_DIR", str(tmp_path / "file" / "below"))
    assert not waits("market")
