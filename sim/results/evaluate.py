"""Expressions over kept draws: names found, labels picked, and the truth of each draw."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

import numpy as np
import xarray as xr

from sim.results.errors import ExpressionError, ResultError
from sim.results.names import nearest
from sim.results.syntax import Arithmetic, Call, Comparison, Logic, Name, Node, Number, names

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
Labels = Iterable[tuple[str, str]]


def truth(tree: xr.DataTree, node: Node, selection: Selection) -> tuple[xr.DataArray, xr.DataArray]:
    """Whether ``node`` holds, and whether it can be told: bool, dims scenario, draw and what is left of the outputs' own.

    A draw in which a value that the condition names is not a finite number tells nothing, however the condition is put.

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
    variables = _picked(tree, found, selection)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        holds: xr.DataArray = _value(node, variables)
    told: Any = reduce(operator.and_, (np.isfinite(array) for array in variables.values()))
    summed = [dim for dim in told.dims if dim not in holds.dims]
    told = told.all(summed).broadcast_like(holds)
    return holds & told, told


def number(tree: xr.DataTree, node: Node) -> Any:
    """The value of ``node`` in each draw: dims scenario, draw and what is left of the outputs' own; constants are floats.

    Outcomes that were kept in single precision are reckoned with in double.

    Raises
    ------
    ExpressionError: as :func:`truth` does.
    """
    picked = _picked(tree, names(node), {})
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return _value(node, {key: array.astype(float) for key, array in picked.items()})


def _picked(tree: xr.DataTree, found: Iterable[Name], selection: Selection) -> dict[int, xr.DataArray]:
    """The kept draws that each name stands for, by its identity."""
    whole = {id(name): variable(tree, name) for name in found}
    check_selection(selection, [dim for array in whole.values() for dim in array.dims])
    return {id(name): pick(whole[id(name)], name.labels, selection, name.name) for name in found}


def variable(tree: xr.DataTree, name: Name) -> xr.DataArray:
    """Kept draws of an output, or of an input where no output has that name."""
    for group in ("draws", "inputs"):
        if group in tree.children and name.name in tree[group].data_vars:
            return array(tree, group, name.name)
    raise unknown(tree, name.name)


def array(tree: xr.DataTree, group: str, name: str) -> xr.DataArray:
    """One variable of a group."""
    return tree[group].to_dataset()[name]


def pick(array: xr.DataArray, labels: Labels, selection: Selection, name: str) -> xr.DataArray:
    """``array`` at its own ``labels``, then at those of ``selection`` along dimensions that are left."""
    own = _dimensions(array, labels, name)
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


def _dimensions(array: xr.DataArray, labels: Labels, name: str) -> dict[str, str]:
    """Labels by dimension; one written alone is of the only dimension that has it."""
    own = {dim: label for dim, label in labels if dim}
    for label in (label for dim, label in labels if not dim):
        free = [str(dim) for dim in array.dims if dim not in own and dim not in ("draw", "scenario")]
        known = {dim: [str(value) for value in array[dim].values] for dim in free}
        having = [dim for dim in free if label in known[dim]]
        if not having:
            raise ExpressionError(
                f"{name}: {nearest('label', label, [one for each in known.values() for one in each])}"
            )
        if len(having) > 1:
            raise ExpressionError(f'{name}: "{label}" is a label of {" and ".join(having)}; write {having[0]}={label}')
        own[having[0]] = label
    return own


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
        case Call(function, arguments):
            return _called(function, [_array(each, variables) for each in arguments])
        case Logic("not", inner):
            return ~_value(inner, variables)
        case Logic(word, left, right):
            a, b = _value(left, variables), _value(right, variables)
            return (a & b) if word == "and" else (a | b)
    raise AssertionError(node)


def _called(function: str, values: list[Any]) -> Any:
    """A function of each draw at its values."""
    if function == "sum":
        dims = [dim for dim in getattr(values[0], "dims", ()) if dim not in ("scenario", "draw")]
        return values[0].sum(dims, skipna=False) if dims else values[0]
    if function == "abs":
        return abs(values[0])
    if function == "when":
        return xr.where(*values)
    found = values[0]
    for value in values[1:]:
        found = (np.minimum if function == "min" else np.maximum)(found, value)
    return found


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
