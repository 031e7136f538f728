"""Expressions over kept draws: names found, labels picked, and the truth of each draw."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
import xarray as xr

from sim.results.errors import ExpressionError, ResultError
from sim.results.names import nearest
from sim.results.syntax import Arithmetic, Comparison, Logic, Name, Node, Number, names

_ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_COMPARISON: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}

Selection = Mapping[str, Any]


def truth(tree: xr.DataTree, node: Node, selection: Selection) -> xr.DataArray:
    """Whether ``node`` holds: bool, dims scenario, draw and what is left of the outputs' own.

    Parameters
    ----------
    tree: a result with kept draws.
    node: a condition.
    selection: dimension -> label or list of labels, for every name that has the dimension and no label of its own.

    Raises
    ------
    ExpressionError: for a name, a dimension or a label that the result lacks; says the nearest there is.
    """
    found = names(node)
    if not found:
        raise ExpressionError("expression: found no name in it, expected an output or an input of the result")
    whole = {id(name): variable(tree, name) for name in found}
    check_selection(selection, [dim for array in whole.values() for dim in array.dims])
    variables = {id(name): pick(whole[id(name)], dict(name.labels), selection, name.name) for name in found}
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return _value(node, variables)


def variable(tree: xr.DataTree, name: Name) -> xr.DataArray:
    """Kept draws of an output, or of an input where no output has that name."""
    for group in ("draws", "inputs"):
        if group in tree.children and name.name in tree[group].data_vars:
            return array(tree, group, name.name)
    raise unknown(tree, name.name)


def array(tree: xr.DataTree, group: str, name: str) -> xr.DataArray:
    """One variable of a group."""
    return tree[group].to_dataset()[name]


def pick(array: xr.DataArray, own: Mapping[str, str], selection: Selection, name: str) -> xr.DataArray:
    """``array`` at its own labels, then at those of ``selection`` along dimensions that are left."""
    for dim in own:
        if dim not in array.dims or dim == "draw":
            raise ExpressionError(f"{name}: {nearest('dimension', dim, [str(d) for d in array.dims if d != 'draw'])}")
    wanted: dict[str, Any] = {**{k: v for k, v in selection.items() if k in array.dims and k not in own}, **own}
    for dim, label in wanted.items():
        several = isinstance(label, list | tuple | np.ndarray)
        at = [_position(array, dim, each, name) for each in (label if several else [label])]
        array = array.isel({dim: at if several else at[0]})
    # Coordinates left over by a label would clash between two names at different labels.
    return array.drop_vars([c for c in array.coords if c not in array.dims], errors="ignore")


def check_selection(selection: Selection, dims: Iterable[object]) -> None:
    """Refuse a dimension that no variable of the expression has.

    Raises
    ------
    ExpressionError: naming it, and the nearest there is.
    """
    known = [dim for dim in dict.fromkeys(str(dim) for dim in dims) if dim != "draw"]
    for dim in selection:
        if dim not in known:
            raise ExpressionError(nearest("dimension", dim, known))


def _position(array: xr.DataArray, dim: str, label: Any, name: str) -> int:
    known = [str(value) for value in array[dim].values]
    if str(label) not in known:
        raise ExpressionError(f"{name}: {nearest(dim, str(label), known)}")
    return known.index(str(label))


def _value(node: Node, variables: Mapping[int, xr.DataArray]) -> Any:
    match node:
        case Number(value):
            return value
        case Name():
            return variables[id(node)]
        case Arithmetic(sign, left, right):
            return _ARITHMETIC[sign](_array(left, variables), _array(right, variables))
        case Comparison(sign, left, right):
            a, b = _array(left, variables), _array(right, variables)
            # What is no number is neither below nor above, nor equal or unequal, to anything.
            holds = _COMPARISON[sign](a, b)
            return holds & ~(np.isnan(a) | np.isnan(b)) if sign == "!=" else holds
        case Logic("not", inner):
            return ~_value(inner, variables)
        case Logic(word, left, right):
            a, b = _value(left, variables), _value(right, variables)
            return (a & b) if word == "and" else (a | b)
    raise AssertionError(node)


def _array(node: Node, variables: Mapping[int, xr.DataArray]) -> Any:
    value = _value(node, variables)
    return np.float64(value) if isinstance(value, float) else value


def unknown(tree: xr.DataTree, name: str) -> ResultError:
    """Why ``name`` cannot be used: not kept, or not there, with the nearest name that is."""
    outputs = [str(v) for v in tree["mean"].data_vars] if "mean" in tree.children else []
    kept = [str(v) for g in ("draws", "inputs") if g in tree.children for v in tree[g].data_vars]
    if not kept and name in outputs:
        return ExpressionError(f'"{name}": no draws were kept; run again with keep="headline" or keep="all"')
    if name in outputs:
        remedy = 'compare it alone with a number, or run again with keep="all"'
        return ExpressionError(f'"{name}" was not kept draw by draw; {remedy}')
    return ExpressionError(nearest("output or input", name, dict.fromkeys(outputs + kept)))
