"""The kernels under the book's own priors: the plain twin over every scenario, the stated orders and arithmetic."""

import itertools

import numpy as np
import pytest

import priors
from sim import market
from tests.market import twin


def run(draws, quarters=12):
    """Outputs of several dictionaries of inputs, name -> array[draws, …]."""
    model = market.model(quarters)
    inputs = np.array([[draw[name] for draw in draws] for name in model.inputs], float)
    outputs = np.full((model.cells, len(draws)), np.nan)
    model.kernel(inputs, outputs, *model.args)
    shape = {output.name: model.shape(output) for output in model.outputs}
    return {name: outputs[at].T.reshape(len(draws), *shape[name]) for name, at in model.slices().items()}


def sampled(scenario, count, seed):
    """Draws of a scenario by plain inverse CDF, without ``sim.draw``."""
    rng = np.random.default_rng(seed)
    resolved = priors.load().resolve(scenario)
    columns = {name: np.asarray(prior.ppf(rng.random(count)), float) for name, prior in resolved.items()}
    return [{name: float(values[d]) for name, values in columns.items()} for d in range(count)]


def close(found, wanted, largest, room=1e-11):
    wanted = np.asarray(wanted, float)
    assert found.shape == wanted.shape
    return (np.abs(found - wanted) <= room * np.maximum(np.abs(wanted), largest)).all()


@pytest.mark.parametrize("scenario", list(priors.load().scenarios))
@pytest.mark.parametrize("quarters", [12, 16, 7])
def test_the_plain_twin_agrees(scenario, quarters):
    draws = sampled(scenario, 12, seed=quarters)
    draws += [
        draw | {"export.ban_quarter": float(ban)}
        for draw, ban in zip(draws, (0, 1, 2, quarters - 1, quarters), strict=False)
    ]
    outputs = run(draws, quarters)
    largest = {name: np.abs(values).max(axis=0) for name, values in outputs.items()}
    for d, draw in enumerate(draws):
        for name, wanted in twin.run(draw, quarters).items():
            assert close(outputs[name][d], wanted, largest[name]), (scenario, d, name)


def test_the_stated_orders_hold_in_the_book_s_own_draws():
    outputs = run(sampled("export_ban_strong_domestic", 200, seed=3))
    b, a = market.BUYERS.index, market.ACCELERATORS.index
    a100 = outputs["fleet"][:, :, a("a100"), 0]
    group = a100[:, b("alibaba_cloud")] + a100[:, b("alibaba_group")]
    ranked = [group, a100[:, b("bytedance")], a100[:, b("baidu")], a100[:, b("tencent")]]
    for above, below in itertools.pairwise(ranked):
        assert (above > below).all()  # Q04.1
    assert (a100[:, b("alibaba_cloud")] > 10_000).all()  # Q04.2


def test_the_arithmetic_of_the_interview():
    stated = {name: prior.mean() for name, prior in priors.load().resolve("stated").items()}
    outputs = run([stated])
    b, a = market.BUYERS.index, market.ACCELERATORS.index
    purchases, year = outputs["purchases"][0], outputs["purchases_year"][0]
    first = purchases[b("baidu"), :, 0]
    assert first[a("a800")] == pytest.approx(24_000, rel=1e-12)
    assert first.sum() == pytest.approx(24_000, rel=1e-12)
    assert year[b("baidu"), :, 0][[a("a800"), a("h800")]].sum() <= 50_000 * (1 + 1e-12)
    cloud = year[b("alibaba_cloud"), :, 0]
    assert cloud[4:].sum() / cloud.sum() == pytest.approx(1 / 3, rel=1e-12)
    assert cloud[a("h800")] == pytest.approx(6_000, rel=1e-12)
    assert stated["infer.a100s_per_answer"] == 10
    held = outputs["fleet"][0, :, a("a100"), 0]
    assert held[b("alibaba_cloud")] * 5 == pytest.approx(100_000, rel=1e-12)
