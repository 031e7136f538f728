"""Conclusions that one might draw from the built-in interview, each a sentence and the statement that it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.model import Model
from sim.results import expression
from sim.results.errors import ExpressionError
from sim.results.syntax import Node, names

DEFAULTS: Mapping[str, str] = {
    "domestic share of the market in 2023Q4 is below 0.3, 8 times of 10": (
        "chance(market_domestic_share[2023Q4] < 0.3) >= 0.8"
    ),
    "domestic share of the market in 2024Q4 is below 0.3 more often than not": (
        "chance(market_domestic_share[2024Q4] < 0.3) > 0.5"
    ),
    "Baidu is first to parity more often than any other": (
        "mean(first_to_parity[baidu]) > max(mean(first_to_parity[alibaba]), mean(first_to_parity[bytedance]),"
        " mean(first_to_parity[tencent]))"
    ),
    "Baidu is first to parity, 8 times of 10": "chance(first_to_parity[baidu] > 0) >= 0.8",
    "the buyers take more accelerators in 2024 than in 2023 more often than not": (
        "chance(sum(buyer_purchases_year[2024]) > sum(buyer_purchases_year[2023])) > 0.5"
    ),
    "Alibaba Cloud's purchases of 2023 are a third below 2022, 9 times of 10": (
        "chance(cloud_purchase_change < -1/3) >= 0.9"
    ),
    "Alibaba Cloud's revenue of 2023 passes 100 bn RMB, 8 times of 10": "chance(cloud_revenue_year[2023] > 100) >= 0.8",
    "Baidu's compute stays below ByteDance's through 2025Q4, 8 times of 10": "chance(overtake[2025Q4] == 0) >= 0.8",
}


def fitting(model: Model) -> dict[str, str]:
    """Those whose outputs and labels a model has; a short horizon has fewer."""
    labels = {output.name: {str(x) for dim in output.dims for x in model.coords[dim]} for output in model.outputs}
    return {
        name: text
        for name, text in DEFAULTS.items()
        if all(
            each.name in labels and {label for _, label in each.labels} <= labels[each.name]
            for each in names(expression.condition(text, statement=True))
        )
    }


def read(given: Mapping[str, str] | Iterable[str]) -> dict[str, Node]:
    """Statements by what they are called; one without a name is called by its text.

    Raises
    ------
    ExpressionError: for one that cannot be read: which, where, and what is expected.
    """
    given = [given] if isinstance(given, str) else given
    texts = dict(given) if isinstance(given, Mapping) else {text: text for text in given}
    found = {}
    for name, text in texts.items():
        try:
            found[name] = expression.condition(text, statement=True)
        except ExpressionError as error:
            raise ExpressionError(f"conclusion: {error}") from None
    return found
