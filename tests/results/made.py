"""A small model and a made-up run of it: summaries, sketches and kept draws, all from one array of draws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim import reduce
from sim.model import Model, Output
from sim.results.parts import LEVELS, KeptDraws, ScenarioResult
from sim.results.tree import build

DRAWS = 4_096
SCENARIOS = ("baseline", "停售")
RUN = {
    "seed": 0,
    "sampler": "sobol",
    "scheme": 1,
    "version": "0.1.0",
    "book_digest": "ab" * 32,
    "scenario_definitions": {"baseline": {}, "停售": {"export.ban_quarter": 3}},
    "none": None,
    "flag": True,
}
MODEL = Model(
    inputs=["growth.cloud", "export.ban_quarter"],
    outputs=[
        Output("share", ("quarter",), "1", "domestic share", "国产份额", "domestic cards over all cards"),
        Output("sales", ("buyer", "quarter"), "card", "cards sold", "销量", "cards delivered", headline=False),
        Output("first", ("buyer",), "1", "who is first"),
        Output("total", (), "bn RMB", "total", "总额", "all of it"),
    ],
    kernel=print,
    coords={"quarter": ["2023Q1", "2023Q2", "2023Q3"], "buyer": ["baidu", "腾讯"], "unused": [1, 2]},
    coord_attrs={"quarter": {"long_name": "quarter", "long_name_zh": "季度"}},
    extra_coords={"quarter_start": ("quarter", ["2023-01-01", "2023-04-01", "2023-07-01"], {"long_name": "first day"})},
    name="made up",
)


@dataclass(frozen=True)
class Made:
    """A run: float64[scenarios, draws, cells] and [scenarios, draws, inputs], and the tree made of them."""

    values: np.ndarray
    inputs: np.ndarray
    kept: KeptDraws
    tree: xr.DataTree


def make(seed: int = 1, draws: int = DRAWS, keep: int | None = DRAWS, nodes: bool = True) -> Made:
    """Lognormal and other draws of every cell; one scenario shifts them."""
    rng = np.random.default_rng(seed)
    ban = np.broadcast_to(rng.geometric(0.2, draws).astype(float), (2, draws)).copy()
    ban[1] = 3.0
    growth = np.broadcast_to(rng.uniform(0.3, 0.5, draws), (2, draws))
    inputs = np.stack([growth, ban], axis=2)
    z = rng.normal(size=(2, draws, MODEL.cells))
    values = np.empty_like(z)
    where = MODEL.slices()
    values[..., where["share"]] = 1 / (1 + np.exp(-z[..., where["share"]])) / np.sqrt(ban)[..., None]
    values[..., where["sales"]] = np.maximum(0, 1e4 * np.exp(z[..., where["sales"]]) - 5e3)
    values[..., where["first"]] = np.eye(2)[(z[..., where["first"].start] > 0.5).astype(int)]
    values[..., where["total"]] = z[..., where["total"]] * 3 + growth[..., None]
    results = [_summarised(values[s], nodes) for s in range(2)]
    kept = None
    if keep:
        names = [output.name for output in MODEL.outputs if output.headline]
        kept = KeptDraws(
            {name: np.ascontiguousarray(values[:, :keep, where[name]]) for name in names},
            {name: inputs[:, :keep, j] for j, name in enumerate(MODEL.inputs)},
            {"growth.cloud": {"units": "1/yr", "long_name": "cloud growth", "long_name_zh": "云增速"}},
        )
    return Made(values, inputs, kept, build(MODEL, SCENARIOS, results, RUN, kept))


def little(seed: int) -> xr.DataTree:
    """A few groups of a made-up run: each variable of a file takes its time, and most tests need not have all."""
    tree = make(seed, 64, 64).tree
    return xr.DataTree.from_dict({"/": tree.to_dataset(), **{g: tree[g].to_dataset() for g in ("mean", "draws")}})


def headline() -> np.ndarray:
    """bool[cells]."""
    return np.concatenate(
        [np.full(at.stop - at.start, o.headline) for o, at in zip(MODEL.outputs, MODEL.slices().values(), strict=True)]
    )


def _summarised(values: np.ndarray, nodes: bool) -> ScenarioResult:
    accumulator = reduce.Accumulator(MODEL.cells, headline())
    accumulator.add(np.ascontiguousarray(values.T))
    counts = reduce.combine([accumulator.sketch])
    low, high, levels = values.min(axis=0), values.max(axis=0), np.array(LEVELS)
    replicate = values.reshape(-1, 16, MODEL.cells).mean(axis=0)
    return ScenarioResult(
        count=len(values),
        mean=values.mean(axis=0),
        sd=values.std(axis=0, ddof=1),
        min=low,
        max=high,
        mcse=replicate.std(axis=0, ddof=1) / 4,
        quantile=reduce.quantiles(counts, levels, low, high).T,
        mcse_quantile=reduce.mcse_quantiles(counts, levels, low, high).T,
        nonfinite=np.zeros(MODEL.cells, np.int64),
        sketch=counts,
        nodes={"mean": (("node", "cell", "replicate"), replicate.T[None])} if nodes else {},
    )
