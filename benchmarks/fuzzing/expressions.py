"""Readers of questions: expressions parsed, and put to a small result."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from sim.results.errors import ExpressionError, ResultError
from sim.results.expression import condition, number, parse
from tests.results import made

DECLARED = (ResultError,)
WORDS = (
    *"+-*/()<>[],=\"' ._", "<=", ">=", "==", "!=", " and ", " or ", " not ", "sum(", "abs(", "min(", "max(", "when(", "mean(",
    "median(", "sd(", "quantile(", "chance(", "share", "total", "sales", "first", "growth.cloud", "export.ban_quarter",
    "quarter=", "buyer=", "2023Q1", "baidu", "腾讯", "[2023Q1]", "[buyer=baidu, quarter=2023Q2]",
)  # fmt: skip


def parsed(folder: Path) -> Callable[[str], None]:
    """The text alone, as an expression and as a statement."""

    def check(text: str) -> None:
        with contextlib.suppress(ExpressionError):
            parse(text)
        parse(text, statement=True)

    return check


def asked(folder: Path) -> Callable[[str], None]:
    """A condition put to a small result: its chance, the draws that meet it; a number: its worth in each draw."""
    from sim.results import accessor, evaluate

    assert accessor
    tree = made.make(1, 64, 64).tree

    def check(text: str) -> None:
        try:
            node = condition(text)
        except ExpressionError:
            evaluate.number(tree, number(text))
            return
        assert node
        tree.sim.prob(text)
        tree.sim.where(text)

    return check


def seeds() -> list[str]:
    """Conditions, numbers and statements."""
    return [
        "share > 0.3", "share[2023Q1] > 0.3 and total < 5", "not (total >= 1 or growth.cloud == 0.4)",
        "sales[buyer=baidu, quarter=2023Q2] / 2 > 1e3", "sum(sales) > 1e4", "when(total > 0, total, -total) + 1 < 3",
        "0.1 < share[2023Q2] <= 0.9", "max(total, growth.cloud, 1) != 2", "chance(total > 0) > 0.5",
        "quantile(total, 0.9) - median(total) > sd(total)", "total", "abs(total) * 2 - growth.cloud",
    ]  # fmt: skip
