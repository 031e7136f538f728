"""What the page knows from the start: every input with its sliders' ends, every headline output with its cells' labels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

import priors
from priors.families import NEVER
from priors.records import Quantity
from sim.live.stage import Stage
from sim.live.state import widened

CHAPTERS = {
    "stock": ("Stock at the start", "期初存量"),
    "buy": ("Purchases in 2022 and 2023", "2022与2023年采购"),
    "growth": ("Growth", "增长"),
    "spend": ("Spending discipline", "支出纪律"),
    "export": ("Export control", "出口管制"),
    "perf": ("Performance of chips", "芯片性能"),
    "avail": ("Availability of chips", "芯片上市"),
    "friction": ("Software friction", "软件迁移成本"),
    "entity": ("Entity list", "实体清单"),
    "capacity": ("Domestic capacity", "国产产能"),
    "adopt": ("Adoption of domestic chips", "国产采用"),
    "optics": ("Optical modules", "光模块"),
    "race": ("The large-model race", "大模型竞赛"),
    "infer": ("Inference", "推理"),
    "cloud": ("The cloud", "云业务"),
    "price": ("Prices", "价格"),
}
"""Labels of the groups that inputs are in, by the first part of their names."""

_LABELS = {
    "alibaba_cloud": "Alibaba Cloud",
    "alibaba_group": "Alibaba Group, the rest",
    "alibaba": "Alibaba",
    "baidu": "Baidu",
    "bytedance": "ByteDance",
    "tencent": "Tencent",
    "qihoo360": "360",
    "ascend910": "Ascend 910",
    "dcu": "Hygon DCU",
} | {name: name.upper() for name in ("v100", "a100", "a800", "h800", "mlu370", "mlu590", "ppu", "br100")}

CHANCES = frozenset({"overtake", "first_to_parity"})
_STEPS = 200
_TIMES = ("quarter", "month")


def catalogue(stage: Stage) -> dict[str, Any]:
    """All of it, in JSON's types."""
    book = stage.book
    return {
        "book": {"name": book.name, "title": book.about.title, "title_zh": book.about.title_zh},
        "scenarios": [
            {
                "name": name,
                "label": one.label or name,
                "label_zh": one.label_zh or one.label or name,
                "description": one.description,
                "changes": sorted(_changed(book, name)),
            }
            for name, one in book.scenarios.items()
        ],
        "chapters": _chapters(stage),
        "outputs": _outputs(stage),
    }


def _changed(book: priors.Book, scenario: str) -> list[str]:
    """Names of the quantities that a scenario changes."""
    found = book.resolve(scenario)
    return [name for name, quantity in book.quantities.items() if found[name].spec() != quantity.prior.spec()]


def _chapters(stage: Stage) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for name in stage.model.inputs:
        groups.setdefault(name.partition(".")[0], []).append(_input(stage.book.quantities[name], stage.quarters))
    return [
        {"name": key, **dict(zip(("label", "label_zh"), CHAPTERS.get(key, (key, key)), strict=True)), "inputs": inputs}
        for key, inputs in groups.items()
    ]


def _input(quantity: Quantity, quarters: int) -> dict[str, Any]:
    low, high = _ends(quantity, quarters)
    return {
        "name": quantity.name,
        "label": quantity.label or quantity.name,
        "label_zh": quantity.label_zh or quantity.label or quantity.name,
        "unit": quantity.unit,
        "basis": quantity.basis,
        "claims": list(quantity.claims),
        "rationale": quantity.rationale,
        "stated": _finite(quantity, quantity.stated),
        "quantiles": [_finite(quantity, float(quantity.prior.ppf(p))) for p in (0.05, 0.5, 0.95)],
        "low": low,
        "high": high,
        "step": _step(quantity, low, high),
        "switch": quantity.switch,
        "never": _is_time(quantity),
        "width": _has_width(quantity),
    }


def _ends(quantity: Quantity, quarters: int) -> tuple[float, float]:
    """Where the slider of a fixed value begins and ends: beyond what is likely, within the limits."""
    if quantity.switch:
        return 0.0, 1.0
    if quantity.prior.family == "hazard":
        return 0.0, float(quarters)
    low, high = (float(x) for x in quantity.prior.ppf(np.array([0.01, 0.99])))
    if low == high:
        low, high = (0.0, quarters) if _is_time(quantity) and low >= NEVER else (0.0, max(2.0 * low, 4.0))
    spread = 0.5 * (high - low)
    least, most = quantity.limits or (-math.inf, math.inf)
    ends = (
        max(low - spread, least if least > -math.inf else (0.0 if low >= 0.0 else -math.inf)),
        min(high + spread, most),
    )
    grain = _grain(ends[1] - ends[0])
    return _round(math.ceil(ends[0] / grain - 1e-9) * grain), _round(math.floor(ends[1] / grain + 1e-9) * grain)


def _step(quantity: Quantity, low: float, high: float) -> float:
    whole = (
        quantity.switch or quantity.prior.family == "hazard" or (quantity.unit == "quarter" and quantity.prior.discrete)
    )
    return 1.0 if whole else _grain(high - low)


def _grain(span: float) -> float:
    """The roundest step that makes about :data:`_STEPS` of a span."""
    step = max(span, 1e-12) / _STEPS
    power = 10.0 ** math.floor(math.log10(step))
    return _round(next(power * m for m in (1.0, 2.0, 5.0, 10.0) if power * m >= step * (1 - 1e-9)))


def _round(value: float) -> float:
    return float(f"{value:.10g}")


def _has_width(quantity: Quantity) -> bool:
    try:
        widened(quantity, 0.5)
    except (ValueError, ArithmeticError):
        return False
    return True


def _is_time(quantity: Quantity) -> bool:
    return quantity.unit in _TIMES or quantity.prior.family == "hazard"


def _finite(quantity: Quantity, value: float) -> float | None:
    """A value, None where it is never."""
    never = _is_time(quantity) and value >= NEVER
    return None if never or not math.isfinite(value) else _round(value)


def _outputs(stage: Stage) -> list[dict[str, Any]]:
    slices = stage.shown.slices()
    return [
        {
            "name": output.name,
            "label": output.long_name or output.name,
            "label_zh": output.long_name_zh or output.long_name or output.name,
            "unit": output.units,
            "description": output.description,
            "kind": "chance" if output.name in CHANCES else "month" if output.units == "month" else "number",
            "first": slices[output.name].start,
            "dims": [_dim(stage, dim) for dim in output.dims],
        }
        for output in stage.shown.outputs
    ]


def _dim(stage: Stage, dim: str) -> dict[str, Any]:
    model = stage.model
    names = [str(label) for label in model.coords[dim]]
    unit = f" {units}" if (units := model.coord_attrs.get(dim, {}).get("units")) else ""
    labels = [f"{_LABELS.get(name, name)}{unit}" for name in names]
    chinese = model.extra_coords.get(f"{dim}_zh", (dim, labels, {}))[1]
    return {"name": dim, "labels": labels, "labels_zh": [str(label) for label in chinese]}
