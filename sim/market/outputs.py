"""Outputs of the market model: names, dimensions, units, labels and equations, in the order of the kernel's cells.

First all by quarter, then all without time, then all by year, so that kernels find each for any horizon (``spans.py``).
"""

from __future__ import annotations

from collections.abc import Sequence

from sim.model import Output

_BAQ, _BSQ, _BQ, _LQ = ("buyer", "accelerator"), ("buyer", "speed"), ("buyer",), ("lab",)


def _output(
    name: str, dims: Sequence[str], units: str, labels: tuple[str, str], equation: str, *, headline: bool = False
) -> Output:
    return Output(name, tuple(dims), units, labels[0], labels[1], equation, headline)


def _quarterly() -> tuple[Output, ...]:
    def by(
        name: str, dims: tuple[str, ...], units: str, labels: tuple[str, str], equation: str, *, headline: bool = False
    ) -> Output:
        return _output(name, (*dims, "quarter"), units, labels, equation, headline=headline)

    return (
        by(
            "purchases",
            _BAQ,
            "card",
            ("Accelerators delivered", "加速卡到货量"),
            "cards delivered: NVIDIA's after export control, domestic pilots and substitution within capacity, refused "
            "pilots sent back to NVIDIA, and the cloud's own PPU and MLU streams",
        ),
        by(
            "fleet", _BAQ, "card", ("Accelerators held", "加速卡保有量"), "stock at the start plus all purchases so far"
        ),
        by(
            "compute",
            _BQ,
            "A100",
            ("Compute held", "算力保有量"),
            "sum over accelerators of fleet times performance in A100 a card, no interconnect factor",
        ),
        by(
            "domestic_share",
            _BQ,
            "1",
            ("Domestic share of cards bought", "国产卡采购占比"),
            "domestic cards over all cards delivered to the buyer, 0 where none are",
        ),
        by(
            "unmet",
            _BQ,
            "A100",
            ("Need left unmet", "未满足需求"),
            "what a ban withholds, less what was pulled forward and what domestic chips substitute, plus what refused pilots "
            "cannot get from NVIDIA",
        ),
        by(
            "servers", _BQ, "server", ("Servers bought", "服务器采购量"), "cards delivered over 8 a server, 4 for br100"
        ),
        by(
            "spend",
            _BQ,
            "bn RMB",
            ("Spending on accelerators", "加速卡支出"),
            "sum of cards delivered times price in thousand RMB, times 1e-6; a800 at price.a100, domestic at price.domestic",
        ),
        by(
            "optical_modules",
            _BSQ,
            "module",
            ("New optical modules", "新增光模块"),
            "400: growth of the reference architecture's need with cumulative H800 servers; 100: 4 a server, drifting, on the "
            "Alibabas' own network and for domestic cards; 200: other NVIDIA servers elsewhere",
        ),
        by(
            "inference_need",
            _LQ,
            "A100",
            ("Compute needed for answers", "推理所需算力"),
            "answers a day times A100-seconds an answer, over efficiency gain, FP8 factor, 86,400 seconds and utilisation",
        ),
        by(
            "inference_load",
            _LQ,
            "1",
            ("Inference load", "推理负载率"),
            "inference_need over the compute of the lab's buyer (alibaba: cloud and group)",
        ),
        by(
            "market_domestic_share",
            (),
            "1",
            ("Domestic share of the market", "市场国产化率"),
            "domestic cards over all cards delivered to the six buyers, 0 where none are",
            headline=True,
        ),
        by(
            "cloud_ai_load",
            (),
            "1",
            ("Replicators' load on the cloud", "复刻客户占云上算力"),
            "replicating customers times cards each, over Alibaba Cloud's compute",
            headline=True,
        ),
        by(
            "cloud_revenue",
            (),
            "bn RMB",
            ("Alibaba Cloud's revenue", "阿里云收入"),
            "the quarter's share of revenue that grows from 2022's by r[k] = base rate times persistence^k a year",
        ),
        by(
            "overtake",
            (),
            "1",
            ("Baidu ahead of ByteDance", "百度算力超过字节"),
            "1 where Baidu's compute exceeds ByteDance's, else 0",
            headline=True,
        ),
    )


def _timeless() -> tuple[Output, ...]:
    return (
        _output(
            "parity_month",
            _LQ,
            "month",
            ("Month of parity with GPT-3.5", "追平GPT-3.5的月份"),
            "the later of April 2023 plus the lab's lag and its release month; January 2023 is 1",
            headline=True,
        ),
        _output(
            "first_to_parity",
            _LQ,
            "1",
            ("First to parity", "率先追平"),
            "1 for the lab with the smallest parity_month, ties to the first in order, else 0",
            headline=True,
        ),
        _output(
            "cloud_purchase_change",
            (),
            "1",
            ("Change of Alibaba Cloud's purchases, 2023 on 2022", "阿里云2023年采购同比"),
            "buy.alibaba_cloud_2023 over buy.alibaba_cloud_2022, less 1",
            headline=True,
        ),
    )


def _yearly() -> tuple[Output, ...]:
    def by(
        name: str, dims: tuple[str, ...], units: str, labels: tuple[str, str], of: str, *, headline: bool = True
    ) -> Output:
        return _output(
            name, (*dims, "year"), units, labels, f"{of}; a last year cut short as far as it goes", headline=headline
        )

    total = "sum over the year's quarters of"
    end = "at the year's last quarter within the horizon,"
    chips, speeds = ("accelerator",), ("speed",)
    return (
        by(
            "purchases_year",
            _BAQ,
            "card",
            ("Accelerators delivered in the year", "年度加速卡到货量"),
            f"{total} purchases",
            headline=False,
        ),
        by(
            "buyer_purchases_year",
            _BQ,
            "card",
            ("Cards bought in the year", "年度采购量"),
            f"{total} purchases, all accelerators",
        ),
        by(
            "market_purchases_year",
            chips,
            "card",
            ("Market purchases in the year", "市场年度采购量"),
            f"{total} purchases, all buyers",
        ),
        by(
            "optical_modules_year",
            _BSQ,
            "module",
            ("Optical modules in the year", "年度光模块"),
            f"{total} optical_modules",
            headline=False,
        ),
        by(
            "market_optical_modules_year",
            speeds,
            "module",
            ("Market's optical modules in the year", "市场年度光模块"),
            f"{total} optical_modules, all buyers",
        ),
        by(
            "module_spend_year",
            speeds,
            "million USD",
            ("Spending on optical modules", "年度光模块支出"),
            f"{total} optical_modules of all buyers times price.module_<speed> times (1 - module_erosion)^(q/4) times 1e-6",
        ),
        by(
            "spend_year",
            _BQ,
            "bn RMB",
            ("Spending on accelerators in the year", "年度加速卡支出"),
            f"{total} spend",
            headline=False,
        ),
        by(
            "market_spend_year",
            (),
            "bn RMB",
            ("Market's spending in the year", "市场年度支出"),
            f"{total} spend, all buyers",
        ),
        by(
            "cloud_revenue_year",
            (),
            "bn RMB",
            ("Alibaba Cloud's revenue in the year", "阿里云年度收入"),
            f"{total} cloud_revenue",
        ),
        by("compute_year_end", _BQ, "A100", ("Compute at the year's end", "年末算力保有量"), f"{end} compute"),
        by(
            "inference_load_year_end",
            _LQ,
            "1",
            ("Inference load at the year's end", "年末推理负载率"),
            f"{end} inference_load",
        ),
    )


QUARTERLY, TIMELESS, YEARLY = _quarterly(), _timeless(), _yearly()
OUTPUTS = QUARTERLY + TIMELESS + YEARLY
