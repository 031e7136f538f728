"""A run that is stopped lets go after the tile under way, whatever else its thread had before it."""

import threading

import pytest

import priors
import sim
from sim import batch, tiles
from sim.asked import planned
from sim.settings import Settings

GUESS = {"basis": "assumption", "rationale": "a test", "unit": "1"}
BOOK = priors.book([priors.quantity("own.x", priors.make({"family": "uniform", "low": 0, "high": 1}), **GUESS)])


@pytest.mark.parametrize("scenarios", [1, 3])
def test_no_tile_more_is_run_once_it_is_told(scenarios):
    stop, calls = threading.Event(), []

    def kernel(x, y):
        calls.append(x.shape[1])
        if len(calls) == 2:
            stop.set()
        y[:] = x[:1]

    book, names = BOOK, ["baseline", *(f"other{k}" for k in range(1, scenarios))]
    for number in range(1, scenarios):
        book = book.with_set(f"other{number}", [f"own.x=*{number + 1}"])
    model = sim.Model(["own.x"], [sim.Output("y", ("p",))], kernel, coords={"p": list(range(100))})
    laid = batch.lay_out(*planned(book, names, model, Settings(1 << 15), "all"))
    worker = tiles.Worker(laid.engine)
    with pytest.raises(tiles.Stopped):
        worker.leaves(0, tiles.LEAF, laid.room(0), stop)
    assert len(calls) == 2
    assert sum(calls) < tiles.LEAF
