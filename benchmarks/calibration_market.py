"""Answers of the market model, smooth, kinked and discrete, beside those of a long run of another seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import xarray as xr

import sim
from benchmarks.calibration_answers import Answer, Case, chance, differences, figures, quantiles
from sim import market
from sim.study.narrow import narrowed

SCENARIOS = ("baseline", "export_ban_2023q4")
TRUTH_SEED, TRUTH_DRAWS = 987_654_321, 1 << 19
# Smooth, kinked and discrete outputs of the market, each by one cell; dimension -> label.
CELLS: dict[str, Mapping[str, Any]] = {
    "cloud_revenue": {"quarter": "2025Q4"},
    "market_domestic_share": {"quarter": "2024Q4"},
    "cloud_ai_load": {"quarter": "2024Q4"},
    "module_spend_year": {"year": 2024, "speed": 400},
    "market_spend_year": {"year": 2024},
    "market_purchases_year": {"year": 2024, "accelerator": "h800"},
    "cloud_purchase_change": {},
    "parity_month": {"lab": "baidu"},
    "first_to_parity": {"lab": "baidu"},
    "overtake": {"quarter": "2024Q4"},
}


def of_market(sampler: str) -> Case:
    """The market model under two scenarios against a run of 2^19 draws of another seed."""

    def run(seed: int, draws: int) -> Iterator[Answer]:
        long, tree = _long_run(), _market_run(seed, draws, sampler)
        for name, labels in CELLS.items():
            of = {"scenario": SCENARIOS[0], **labels}
            truth = (float(long["mean"][name].sel(of)), tuple(float(q) for q in quantiles(long, name, of)))
            yield from figures(tree, name, labels, False, truth)
        for text, where in (
            ("market_domestic_share > 0.3", {"quarter": "2024Q4"}),
            ("overtake > 0.5", {"quarter": "2024Q4"}),
        ):
            yield from chance(
                tree, text, where, float(long.sim.prob(text, **where).sel(scenario="baseline")), wide=False
            )
        yield from differences(tree, _market_differences(), CELLS)

    return run


@cache
def _long_run() -> xr.DataTree:
    return _market_run(TRUTH_SEED, TRUTH_DRAWS, "sobol")


@cache
def _market_differences() -> dict[str, dict[str, float]]:
    compared = sim.compare(_long_run(), outputs=list(CELLS), quantiles=[0.95])
    found = {}
    for name, labels in CELLS.items():
        if name in ("market_domestic_share", "market_spend_year", "overtake", "module_spend_year"):
            at = compared[name].to_dataset().sel(scenario=SCENARIOS[1], **labels)
            found[name] = {key: float(at[key].squeeze()) for key in ("difference_mean", "quantile_shift")}
    return found


@cache
def _market_model() -> sim.Model:
    return narrowed(market.model(), list(CELLS))


def _market_run(seed: int, draws: int, sampler: str) -> xr.DataTree:
    options: dict[str, Any] = {"draws": draws, "seed": seed, "sampler": sampler, "pairs": True, "keep": "none"}
    return sim.run(scenarios=SCENARIOS, model=_market_model(), threads=1, **options)
