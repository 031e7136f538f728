"""The kernels against the contract: the plain twin over every scenario, conservation, and the interview's arithmetic."""

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


def test_no_cell_is_left_unwritten_whatever_the_tile():
    draws = sampled("baseline", 5, seed=1)
    together = run(draws)
    for d, draw in enumerate(draws):
        alone = run([draw])
        for name, values in together.items():
            assert np.isfinite(values).all(), name
            np.testing.assert_array_equal(alone[name][0], values[d], err_msg=name)


def test_a_short_run_is_the_prefix_of_a_long_one():
    draws = sampled("export_ban_2023q4", 8, seed=2)
    short, long = run(draws, 12), run(draws, 16)
    model = market.model(12)
    for output in model.outputs:
        if "quarter" in output.dims or "year" in output.dims:
            axis = 1 + output.dims.index("quarter" if "quarter" in output.dims else "year")
            first = np.take(long[output.name], range(short[output.name].shape[axis]), axis)
            np.testing.assert_array_equal(short[output.name], first, err_msg=output.name)


def test_cards_are_conserved_and_orders_hold():
    draws = sampled("export_ban_strong_domestic", 200, seed=3)
    outputs = run(draws)
    b, a = market.BUYERS.index, market.ACCELERATORS.index
    purchases, fleet = outputs["purchases"], outputs["fleet"]
    np.testing.assert_allclose(np.diff(fleet, axis=-1), purchases[..., 1:], rtol=0, atol=1e-7)
    assert (purchases >= 0).all()
    for name in ("domestic_share", "market_domestic_share"):
        assert ((outputs[name] >= 0) & (outputs[name] <= 1)).all()
    a100 = fleet[:, :, a("a100"), 0]
    group = a100[:, b("alibaba_cloud")] + a100[:, b("alibaba_group")]
    ranked = [group, a100[:, b("bytedance")], a100[:, b("baidu")], a100[:, b("tencent")]]
    for above, below in itertools.pairwise(ranked):
        assert (above > below).all()  # Q04.1
    assert (a100[:, b("alibaba_cloud")] > 10_000).all()  # Q04.2
    quarter = np.arange(12)
    others = [i for i in range(6) if i != b("alibaba_cloud")]
    for chip, capacity in (("ascend910", "ascend"), ("dcu", "dcu"), ("br100", "br")):
        for d, draw in enumerate(draws):
            room = draw[f"capacity.{capacity}"] * (1 + draw["capacity.growth"]) ** quarter
            assert (purchases[d, :, a(chip)].sum(axis=0) <= room * (1 + 1e-12)).all()
            assert (purchases[d][others][:, a("ppu")] <= room.max() + draw["capacity.ppu"] * 20).all()


def test_an_earlier_ban_never_raises_nvidia_deliveries_after_it():
    base = sampled("baseline", 40, seed=4)
    nvidia = [market.ACCELERATORS.index("a800"), market.ACCELERATORS.index("h800")]
    never = run([draw | {"export.ban_quarter": 9999.0} for draw in base])["purchases"][:, :, nvidia].sum(axis=2)
    for ban in range(1, 12):
        with_ban = run([draw | {"export.ban_quarter": float(ban)} for draw in base])["purchases"][:, :, nvidia].sum(
            axis=2
        )
        assert (with_ban[..., ban:] <= never[..., ban:] * (1 + 1e-12) + 1e-9).all()
        np.testing.assert_array_equal(with_ban[..., : ban - 1], never[..., : ban - 1])


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


@pytest.mark.parametrize(
    ("multiple", "nodes", "modules"), [(10 / 3, 300, 5_400), (10 / 3, 1_000, 18_000), (3.0, 1_000, 16_200)]
)
def test_optical_modules_of_the_reference_architecture(multiple, nodes, modules):
    """Baidu alone buys, H800 only, its firm order aside: 18 modules a server up to 300, then the multiple to 1,000."""
    stated = {name: prior.mean() for name, prior in priors.load().resolve("stated").items()}
    stated |= {
        "optics.ref_baidu": 1.0,
        "optics.scale_out": multiple,
        "buy.baidu_h800_share": 1.0,
        "adopt.pilot_max": 0.0,
    }
    stated["buy.baidu_2023"] = 24_000 + 8.0 * nodes
    outputs = run([stated], 4)
    at = outputs["optical_modules_year"][0][market.BUYERS.index("baidu"), market.SPEEDS.index(400), 0]
    assert at == pytest.approx(modules, rel=1e-12)
