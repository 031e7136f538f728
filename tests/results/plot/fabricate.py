"""A made-up market of two scenarios with the built-in model's names, its pictures' numbers known beforehand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim import pairs, reduce
from sim.model import Model, Output
from sim.results.parts import LEVELS, KeptDraws, ScenarioResult
from sim.results.tree import build

DRAWS = 4_096
SCENARIOS = ("baseline", "export_ban_2023q4", "stated")
QUARTERS = [f"{year}Q{q}" for year in (2023, 2024) for q in (1, 2, 3, 4)]
ABOUT = {
    "buy.baidu_2023": {"units": "card/yr", "long_name": "Baidu's purchases", "long_name_zh": "百度采购量", "basis": "claim"},
    "adopt.pilot_mid": {"units": "quarter", "long_name": "Half of the pilots", "long_name_zh": "试点过半", "basis": "assumption"},
    "race.baidu_ratio": {"units": "1", "long_name": "Baidu's lag", "long_name_zh": "百度差距", "basis": "mixed"},
}  # fmt: skip
MODEL = Model(
    inputs=list(ABOUT),
    outputs=[
        Output("market_domestic_share", ("quarter",), "1", "Domestic share of the market", "市场国产化率"),
        Output("buyer_purchases_year", ("buyer", "year"), "card", "Cards bought in the year", "年度采购量"),
        Output("market_purchases_year", ("accelerator", "year"), "card", "Market purchases in the year", "市场年度采购量"),
        Output("cloud_revenue_year", ("year",), "bn RMB", "Cloud revenue in the year", "云年度收入"),
        Output("market_spend_year", ("year",), "bn RMB", "Market's spending in the year", "市场年度支出", headline=False),
        Output("total", (), "module", "Modules in all", "光模块总量"),
    ],
    kernel=print,
    coords={
        "buyer": ["baidu", "tencent"],
        "accelerator": ["a800", "h800", "mlu370", "ascend910"],
        "quarter": QUARTERS,
        "year": [2023, 2024],
    },
    coord_attrs={"quarter": {"long_name": "Quarter", "long_name_zh": "季度"}},
    extra_coords={
        "buyer_zh": ("buyer", ["百度", "腾讯"], {"long_name": "Chinese label"}),
        "domestic": ("accelerator", [0, 0, 1, 1], {"long_name": "1 for a domestic chip"}),
    },
    reads={"cloud_revenue_year": ["race.baidu_ratio"]},
    name="made up",
)  # fmt: skip


@dataclass(frozen=True)
class Made:
    """A run: float64[scenarios, draws, cells], and the tree made of it."""

    values: np.ndarray
    tree: xr.DataTree

    def cells(self, output: str) -> np.ndarray:
        """Draws of an output, float64[scenarios, draws, cells]."""
        return self.values[..., MODEL.slices()[output]]


def make() -> Made:
    """Three scenarios on the same uniforms, the last of them without doubt."""
    # Ranks in a fixed shuffle, so that quantiles are the same with every version of NumPy's generators.
    ranks = np.array([(np.arange(DRAWS) * step + 17) % DRAWS for step in (1, 1_235, 2_477)])
    u = (ranks + 0.5) / DRAWS
    values = np.stack([_outcomes(u, 0.0), _outcomes(u, 0.25), _outcomes(np.full((3, DRAWS), 0.5), 0.0)])
    scale = np.array([[20_000.0, 8.0, 0.7]]).T
    inputs = np.stack([u * scale, u * scale, 0.5 * np.ones_like(u) * scale])
    kept = KeptDraws(
        {o.name: np.ascontiguousarray(values[..., MODEL.slices()[o.name]]) for o in MODEL.outputs if o.headline},
        {name: inputs[:, j] for j, name in enumerate(MODEL.inputs)},
        ABOUT,
    )
    paired = pairs.labelled(MODEL, pairs.DIFFERENCE, SCENARIOS[0])
    cells = np.concatenate([np.arange(MODEL.cells)[MODEL.slices()[o.name]] for o in MODEL.outputs if o.headline])
    apart = [summarised(values[s][:, cells] - values[0][:, cells], paired) for s in range(3)]
    results = [summarised(each, MODEL) for each in values]
    beside = {pairs.DIFFERENCE: (paired, apart)}
    return Made(values, build(MODEL, SCENARIOS, results, {"seed": 0, "sampler": "sobol", "scheme": 1}, kept, beside))


def _outcomes(u: np.ndarray, shift: float) -> np.ndarray:
    """Outcomes of uniforms, float64[3, draws], as float64[draws, cells]."""
    bought, mid, lag = u
    share = [
        np.clip((0.03 + 0.4 * q / 7 * mid**2 + 0.05 * bought) * (1 + 2 * shift * (q > 2)) + shift * (q > 2), 0, 1)
        for q in range(8)
    ]
    baidu = [40_000 + 20_000 * bought, (40_000 + 20_000 * bought) * (0.8 + 0.9 * lag) * (1 - shift)]
    tencent = [0.7 * baidu[0], 0.8 * baidu[1]]
    a800, h800 = [0.7 * b for b in baidu], [0.6 * b for b in baidu]
    mlu, ascend = [4_000 * (1 + mid)] * 2, [3_000 + 60_000 * mid * shift] * 2
    revenue = [100 + 10 * lag, 130 + 40 * lag]
    spend = [10 + 3 * bought, 14 + 8 * bought * lag]
    total = [2_000_000 * np.exp(1.5 * (lag - 0.5))]
    return np.stack([*share, *baidu, *tencent, *a800, *h800, *mlu, *ascend, *revenue, *spend, *total], axis=1)


def summarised(values: np.ndarray, model: Model) -> ScenarioResult:
    """Summaries of float64[draws, cells], with a sketch of every cell."""
    headline = np.concatenate(
        [np.full(at.stop - at.start, o.headline) for o, at in zip(model.outputs, model.slices().values(), strict=True)]
    )
    accumulator = reduce.Accumulator(model.cells, headline)
    accumulator.add(np.ascontiguousarray(values.T))
    counts = reduce.combine([accumulator.sketch])
    low, high, levels = values.min(axis=0), values.max(axis=0), np.array(LEVELS)
    replicate = values.reshape(-1, 16, model.cells).mean(axis=0)
    return ScenarioResult(
        count=len(values),
        mean=values.mean(axis=0),
        sd=values.std(axis=0, ddof=1),
        min=low,
        max=high,
        mcse=replicate.std(axis=0, ddof=1) / 4,
        quantile=reduce.quantiles(counts, levels, low, high).T,
        mcse_quantile=reduce.mcse_quantiles(counts, levels, low, high).T,
        nonfinite=np.zeros(model.cells, np.int64),
        sketch=counts,
    )
