"""Statements about a distribution, such as ``chance(x > 0.3) >= 0.8``: their values under each scenario, and whether they hold.

Every statistic is computed from all draws and from each of the 16 replicates, and whatever is made of it likewise, so that
the error of a margin is the spread of sixteen margins. A comparison is open where 0 lies in the margin's 95 % interval (t with
15 degrees of freedom), and where a chance with fewer than ten hits or misses would decide it otherwise at one end of its
interval of Clopper and Pearson than at the other; ``and``, ``or`` and ``not`` treat what is open as Kleene (1952) does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.reduce import chance_bounds
from sim.results import evaluate
from sim.results.chance import FEW, T_15
from sim.results.errors import ExpressionError
from sim.results.syntax import Arithmetic, Call, Comparison, Logic, Node, Number
from sim.sample import REPLICATES, quantiles, standard_error

if TYPE_CHECKING:
    import xarray as xr

FAILS, OPEN, HOLDS = -1, 0, 1
_STATISTICS: Mapping[str, Callable[[np.ndarray, int], np.ndarray]] = {
    "mean": lambda x, axis: x.mean(axis=axis),
    "chance": lambda x, axis: x.mean(axis=axis),
    "median": lambda x, axis: quantiles(x, 0.5, axis),
    "sd": lambda x, axis: x.std(axis=axis, ddof=1),
}
_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}


@dataclass(frozen=True, eq=False)
class Found:
    """A statement under several scenarios, float64[scenarios, 17]: from all draws, then from each replicate.

    Attributes
    ----------
    verdict: 1 holds, 0 open, −1 fails, by scenario.
    left, right: the sides of a single comparison; of several joined, those of the one that decides.
    operator: 1 where it holds for left above right, −1 for left below.
    """

    verdict: np.ndarray
    left: np.ndarray
    right: np.ndarray
    operator: np.ndarray

    @property
    def margin(self) -> np.ndarray:
        """By how much the statement holds, above 0 where it does, float64[scenarios]; see :attr:`error`."""
        return self._margins[:, 0]

    @property
    def error(self) -> np.ndarray:
        """Standard error of the margin."""
        return spread(self._margins)

    @property
    def _margins(self) -> np.ndarray:
        return np.where(self.operator[:, None] > 0, self.left - self.right, self.right - self.left)


def spread(values: np.ndarray) -> np.ndarray:
    """Standard error of values float64[…, 17] from their last sixteen."""
    return standard_error(values[..., 1:])


def judged(tree: xr.DataTree, node: Node) -> Found:
    """A statement, as :func:`sim.results.expression.condition` reads it, under each scenario of a result.

    Raises
    ------
    ExpressionError: for a name or a label that is not there, or a statistic of several cells at once.
    """
    if isinstance(node, Logic):
        first = judged(tree, node.left)
        if node.operator == "not":
            return Found(-first.verdict, first.left, first.right, -first.operator)
        return _joined(first, judged(tree, node.right), node.operator)
    if not isinstance(node, Comparison):
        raise AssertionError(node)
    if node.operator in ("==", "!="):
        raise ExpressionError(f'found "{node.operator}" between statistics, which carry errors; expected < or >')
    left, right = (_values(tree, side) for side in (node.left, node.right))
    left, right = np.broadcast_arrays(left, right)
    up = 1 if node.operator[0] == ">" else -1
    margins = up * (left - right)
    margin, error = margins[:, 0], spread(margins)
    level = (np.abs(margin) <= T_15 * error) & (error > 0)
    draws = tree["inputs"].sizes["draw"]
    for sign, side, own, other in ((1, node.left, left, right), (-1, node.right, right, left)):
        if isinstance(side, Call) and side.function == "chance":
            ends = (_sure(sign * up * (end - other[:, 0]), node.operator) for end in _bounds(own[:, 0], draws))
            level |= np.not_equal(*ends)
    return Found(np.where(level, OPEN, _sure(margin, node.operator)), left, right, np.full(len(left), up))


def _sure(margin: np.ndarray, operator: str) -> np.ndarray:
    """Whether a comparison holds, were its margin known exactly."""
    return np.where(margin == 0, HOLDS if "=" in operator else FAILS, np.sign(margin).astype(int))


def _bounds(chance: np.ndarray, draws: int) -> tuple[np.ndarray, np.ndarray]:
    """95 % interval of a chance that so few draws hit or miss that its spread says little; the chance itself elsewhere."""
    hits = np.round(chance * draws)
    few = np.minimum(hits, draws - hits) < FEW
    low, high = chance_bounds(hits, np.full(len(hits), draws))
    return np.where(few, low, chance), np.where(few, high, chance)


def _joined(a: Found, b: Found, word: str) -> Found:
    """Of two statements what decides: for ``and`` the worse, for ``or`` the better; of two alike the one nearer to turning."""
    verdict = (np.minimum if word == "and" else np.maximum)(a.verdict, b.verdict)
    near_a, near_b = (np.abs(each.margin) / np.maximum(each.error, 1e-300) for each in (a, b))
    take = (a.verdict == verdict) & ((b.verdict != verdict) | (near_a <= near_b))
    left, right = (np.where(take[:, None], x, y) for x, y in ((a.left, b.left), (a.right, b.right)))
    return Found(verdict, left, right, np.where(take, a.operator, b.operator))


def _values(tree: xr.DataTree, node: Node) -> np.ndarray:
    """A number of a statement, float64[scenarios, 17]."""
    match node:
        case Number(value):
            return np.full((tree["inputs"].sizes["scenario"], 1 + REPLICATES), value)
        case Arithmetic(sign, left, right):
            with np.errstate(divide="ignore", invalid="ignore"):
                return np.asarray(_ARITHMETIC[sign](_values(tree, left), _values(tree, right)))
        case Call("min" | "max" as word, arguments):
            found = [_values(tree, each) for each in arguments]
            return np.asarray((np.minimum if word == "min" else np.maximum).reduce(found))
        case Call("abs", (inner,)):
            return np.abs(_values(tree, inner))
        case Call(word, arguments) if word in _STATISTICS or word == "quantile":
            return _statistic(tree, word, arguments)
    raise ExpressionError(f"found {type(node).__name__.lower()} outside of a statistic, expected it within one")


def _statistic(tree: xr.DataTree, word: str, arguments: tuple[Node, ...]) -> np.ndarray:
    by_draw = of_draws(tree, arguments[0])
    if word == "quantile":
        level = arguments[1].value if isinstance(arguments[1], Number) else float("nan")
        return with_replicates(by_draw, lambda x, axis: quantiles(x, level, axis))
    return with_replicates(by_draw, _STATISTICS[word])


def of_draws(tree: xr.DataTree, node: Node) -> np.ndarray:
    """A number or a truth of each draw, float64[scenarios, draws].

    Raises
    ------
    ExpressionError: for one that has several cells.
    """
    found = evaluate.number(tree, node)
    sizes = tree["inputs"].sizes
    left = [str(dim) for dim in getattr(found, "dims", ()) if dim not in ("scenario", "draw")]
    if left:
        label = found[left[0]].values[0]
        raise ExpressionError(
            f"found a value for each {left[0]}, expected one; name one, [{left[0]}={label}], or take sum(…)"
        )
    if not getattr(found, "dims", ()):
        return np.full((sizes["scenario"], sizes["draw"]), float(found))
    return np.asarray(found.transpose("scenario", "draw").values, float)


def with_replicates(by_draw: np.ndarray, statistic: Callable[[np.ndarray, int], np.ndarray]) -> np.ndarray:
    """A statistic of float64[scenarios, draws]: of all draws, then of each replicate, float64[…, scenarios, 17]."""
    parts = by_draw.reshape(len(by_draw), -1, REPLICATES)
    pooled, each = statistic(by_draw, 1), statistic(parts, 1)
    return np.concatenate([np.asarray(pooled)[..., None], each], axis=-1)
