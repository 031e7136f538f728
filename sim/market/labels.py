"""The market as a :class:`sim.model.Model`: kernel, outputs and coordinates with their dates and Chinese labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sim.market.copies import copies
from sim.market.evaluate import evaluate, evaluate_blocks
from sim.market.names import ACCELERATORS, BUYERS, INPUTS, LABS, SPEEDS, quarters_of, years_of
from sim.market.outputs import OUTPUTS
from sim.market.reads import PROPORTIONAL, READS
from sim.market.spans import SPARED, order
from sim.model import Model

_ZH = {
    "buyer": ("阿里云", "阿里集团（不含云）", "百度", "字节跳动", "腾讯", "奇虎360"),
    "accelerator": (
        "V100",
        "A100",
        "A800",
        "H800",
        "思元370",
        "思元590",
        "平头哥PPU",
        "昇腾910",
        "海光DCU",
        "壁仞BR100",
    ),
    "lab": ("阿里", "百度", "字节跳动", "腾讯"),
}
_QUARTER_ENDS = ("03-31", "06-30", "09-30", "12-31")

_Extra = tuple[str, Sequence[Any], Mapping[str, str]]


def model(quarters: int = 12) -> Model:
    """The market model over a horizon of ``quarters`` from 2023Q1.

    Parameters
    ----------
    quarters: at least 1; a shorter run is the exact prefix of a longer one.

    Raises
    ------
    ValueError: fewer than one quarter; ask for at least 1.
    """
    if quarters < 1:
        raise ValueError(f"quarters: found {quarters}, expected at least 1; leave it out for 12")
    return Model(
        inputs=INPUTS,
        outputs=OUTPUTS,
        kernel=evaluate,
        blocks=evaluate_blocks,
        order=order(quarters),
        spared=SPARED,
        coords={
            "buyer": BUYERS,
            "accelerator": ACCELERATORS,
            "speed": SPEEDS,
            "lab": LABS,
            "quarter": quarters_of(quarters),
            "year": years_of(quarters),
        },
        args=(quarters,),
        name="market",
        precision="single",
        reads=READS,
        proportional=PROPORTIONAL,
        same=_same(quarters),
        coord_attrs={
            "buyer": {"long_name": "Buyer", "long_name_zh": "采购方"},
            "accelerator": {"long_name": "Accelerator", "long_name_zh": "加速卡"},
            "speed": {"long_name": "Module speed", "long_name_zh": "光模块速率", "units": "Gb/s"},
            "lab": {"long_name": "Lab", "long_name_zh": "大模型团队"},
            "quarter": {"long_name": "Quarter", "long_name_zh": "季度"},
            "year": {"long_name": "Year", "long_name_zh": "年份"},
        },
        extra_coords=_dates(quarters) | _chinese() | {"domestic": _domestic()},
    )


@cache
def _same(quarters: int) -> tuple[int, ...]:
    return tuple(copies(quarters).tolist())


def _dates(quarters: int) -> dict[str, _Extra]:
    """First and last day of every quarter and year as ISO dates; a year cut short ends with the horizon."""
    starts = [f"{2023 + q // 4}-{3 * (q % 4) + 1:02d}-01" for q in range(quarters)]
    ends = [f"{2023 + q // 4}-{_QUARTER_ENDS[q % 4]}" for q in range(quarters)]
    last = [min(4 * k + 3, quarters - 1) for k in range(len(years_of(quarters)))]
    return {
        "quarter_start": ("quarter", starts, {"long_name": "First day of the quarter"}),
        "quarter_end": ("quarter", ends, {"long_name": "Last day of the quarter"}),
        "year_start": ("year", starts[::4], {"long_name": "First day of the year"}),
        "year_end": ("year", [ends[q] for q in last], {"long_name": "Last day of the year within the horizon"}),
    }


def _chinese() -> dict[str, _Extra]:
    return {
        f"{dim}_zh": (dim, list(labels), {"long_name": f"Chinese label of the {dim}"}) for dim, labels in _ZH.items()
    }


def _domestic() -> _Extra:
    flags = [int(index >= ACCELERATORS.index("mlu370")) for index in range(len(ACCELERATORS))]
    return ("accelerator", flags, {"long_name": "1 for a domestic chip", "long_name_zh": "国产"})
