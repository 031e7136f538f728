"""A result made by hand, with the names of the market model: what commands print of it is known beforehand."""

from __future__ import annotations

import math

import numpy as np
import xarray as xr

from sim.model import Model, Output
from sim.results.parts import LEVELS, Counts, KeptDraws, ScenarioResult
from sim.results.tree import build

DRAWS = 4_096
COORDS = {
    "buyer": ("baidu", "tencent"),
    "speed": (100, 400),
    "lab": ("alibaba", "baidu"),
    "quarter": tuple(f"{year}Q{q}" for year in (2023, 2024) for q in (1, 2, 3, 4)),
    "year": (2023, 2024),
}
OUTPUTS = (
    Output(
        "buyer_purchases_year", ("buyer", "year"), "card/yr", "accelerators bought", "购卡量", "sum over accelerators"
    ),
    Output("market_domestic_share", ("quarter",), "1", "domestic share"),
    Output("cloud_revenue_year", ("year",), "bn RMB/yr", "cloud revenue"),
    Output("market_optical_modules_year", ("speed", "year"), "module/yr", "optical modules"),
    Output("parity_month", ("lab",), "month", "month of parity"),
    Output("first_to_parity", ("lab",), "1", "first to parity"),
)
INPUTS = ("buy.baidu_2023", "cloud.revenue_2022", "growth.baidu", "stock.total")


def one_scenario(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Inputs float64[4, draws] and outputs float64[cells, draws], with effects that the tests know."""
    u = (np.random.default_rng(seed).permuted(np.tile(np.arange(DRAWS), (4, 1)), axis=1) + 0.5) / DRAWS
    baidu, base, growth, total = 40_000 + 20_000 * u[0], 70 + 10 * u[1], 0.2 + 0.2 * u[2], 100_000 + 50_000 * u[3]
    bought = [baidu, baidu * (1 + growth), 0.5 * baidu, 0.5 * baidu]
    share = [(0.1 + 0.1 * u[0]) * (1 + q / 8) for q in range(8)]
    revenue = [1.4 * base, 1.4 * 1.2 * base]
    modules = [16 * baidu, 20 * baidu, np.zeros(DRAWS), 9 * baidu]
    parity = [16 + 12 * u[3], 10 + 12 * u[0]]
    first = [(parity[0] <= parity[1]).astype(float), (parity[1] < parity[0]).astype(float)]
    inputs = np.stack([baidu, base, growth, total])
    return inputs, np.stack([*bought, *share, *revenue, *modules, *parity, *first])


def summary(outputs: np.ndarray) -> ScenarioResult:
    """Summaries of float64[cells, draws], with errors as independent draws would have them."""
    cells, sd = len(outputs), outputs.std(axis=1, ddof=1)
    levels = np.quantile(outputs, LEVELS, axis=1)
    rows = Counts(np.arange(cells + 1), np.zeros(cells, np.int32), np.full(cells, DRAWS))
    return ScenarioResult(
        count=DRAWS,
        mean=outputs.mean(axis=1),
        sd=sd,
        min=outputs.min(axis=1),
        max=outputs.max(axis=1),
        mcse=sd / math.sqrt(DRAWS),
        quantile=levels,
        mcse_quantile=np.tile(sd / math.sqrt(DRAWS), (len(LEVELS), 1)),
        nonfinite=np.zeros(cells, np.int64),
        sketch=rows,
    )


def result(scenarios: tuple[str, ...] = ("baseline",), *, kept: bool = True) -> xr.DataTree:
    """The labelled tree of it."""
    model = Model(INPUTS, OUTPUTS, lambda inputs, outputs: None, coords=COORDS, name="fabricated")
    runs = [one_scenario(seed) for seed in range(len(scenarios))]
    outputs = np.stack([found for _, found in runs])
    draws = KeptDraws(
        {name: np.moveaxis(outputs[:, cells], 1, 2).copy() for name, cells in model.slices().items()},
        {name: np.stack([inputs[j] for inputs, _ in runs]) for j, name in enumerate(INPUTS)},
    )
    about = {"seed": 0, "sampler": "sobol", "scheme": 1}
    return build(model, scenarios, [summary(found) for found in outputs], about, draws if kept else None)
