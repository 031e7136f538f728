"""What an output is said to read: nothing else may change it, for scenarios that touch nothing else share its figures."""

import numpy as np
import pytest

import sim
from sim import market
from sim.market.reads import READS

MODEL = market.model()


@pytest.fixture(scope="module")
def worlds():
    """float64[94, draws] of two independent seeds, each over four scenarios that switch on what the baseline rarely has."""
    found = []
    for seed in (1, 2):
        scenarios = ["baseline", "gpt_boom", "export_ban_strong_domestic", "fp8_early"]
        inputs = sim.run(scenarios=scenarios, draws=2048, seed=seed, threads=1)["inputs"].to_dataset()
        found.append(np.stack([inputs[name].to_numpy().ravel() for name in MODEL.inputs]))
    return found


def computed(inputs):
    outputs = np.empty((MODEL.cells, inputs.shape[1]), np.float32)
    market.evaluate(np.ascontiguousarray(inputs), outputs, 12)
    return outputs


@pytest.mark.parametrize("reads", sorted(set(READS.values()), key=sorted), ids=len)
def test_no_input_that_is_not_read_changes_a_bit(worlds, reads):
    first, second = worlds
    unread = [name not in reads for name in MODEL.inputs]
    whole, other = computed(first), computed(np.where(np.array(unread)[:, None], second, first))
    for name, cells in MODEL.slices().items():
        if READS[name] == reads:
            assert whole[cells].tobytes() == other[cells].tobytes(), name
        elif not READS[name] <= reads:
            assert whole[cells].tobytes() != other[cells].tobytes(), f"{name} would have shown a change"


def test_a_batch_shares_what_scenarios_leave_alone():
    """fp8_early touches the inference chapter: all else is the baseline's, and not summed up again."""
    import priors
    from sim import batch, draw, inputs, tiles

    book = priors.load()
    plan = inputs.deck(book, ["baseline", "fp8_early"], MODEL)
    laid = inputs.dense(plan, MODEL)
    drawer = draw.prepare(laid.columns, laid.blocks, seed=0, sampler=batch.SAMPLERS["sobol"])
    engine = tiles.Engine(drawer, laid, MODEL, MODEL.kernel, np.zeros(MODEL.cells, bool), 64)
    every, own = engine.own
    assert len(every) == len(set(MODEL.same))  # one zero stands for all, one of equals for the others
    assert 0 < len(own) < len(every) // 4
    assert set(own) < set(every)
