"""A digest of what a model of one's own computes, as far as Python can tell: its code and all that this rests on.

Shards, checkpoints and extensions join draws made at different times and in different processes. Two models whose kernels
are written alike may still differ in a number that the code takes from elsewhere, so the digest follows every name that
the code uses, inner functions and the functions of its own package that it calls included. What it cannot see into (an
object of another library) is told by its type; a model that changes there should change its name.
"""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
from collections.abc import Mapping
from types import CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from sim.model import Model

_PLAIN = (str, bytes, bool, int, float, complex, type(None), type(...), np.generic)


def mark(model: Model) -> str:
    """The digest, 16 hex digits; equal in every process."""
    outputs = [[o.name, list(o.dims), o.units, o.headline] for o in model.outputs]
    coords = {name: [str(label) for label in labels] for name, labels in model.coords.items()}
    seen: set[int] = set()
    kernels = [_told(kernel, _package(kernel), seen) for kernel in (model.kernel, model.blocks)]
    order = [] if model.order is None else [int(row) for row in model.order]
    args = _told(model.args, "", seen)
    told = [list(model.inputs), outputs, coords, model.form, model.precision, kernels, order, args]
    return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()[:16]


def _package(kernel: Any) -> str:
    return _package_of(_plain(kernel))


def _package_of(value: Any) -> str:
    """The package that a function says it is of; none where it was made of a text."""
    return str(getattr(value, "__module__", None) or "").partition(".")[0]


def _plain(value: Any) -> Any:
    """The Python function that Numba compiled, and anything else itself."""
    return getattr(value, "py_func", value)


def _told(value: Any, package: str, seen: set[int]) -> Any:
    """``value`` in lists and text that are the same in every process; functions of ``package`` with all they rest on."""
    value = _plain(value)
    if isinstance(value, _PLAIN):
        return f"{type(value).__name__} {value!r}"
    if isinstance(value, ModuleType):
        return f"module {value.__name__}"
    if isinstance(value, np.ndarray):
        return [str(value.dtype), list(value.shape), hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()]
    if id(value) in seen:
        return "told above"
    seen.add(id(value))
    if isinstance(value, CodeType):
        return _code(value, package, seen)
    if isinstance(value, tuple | list):
        return [type(value).__name__, *(_told(each, package, seen) for each in value)]
    if isinstance(value, set | frozenset):  # whose order differs from process to process
        return ["set", *sorted(json.dumps(_told(each, package, seen)) for each in value)]
    if isinstance(value, Mapping):
        return ["mapping", *([_told(k, package, seen), _told(v, package, seen)] for k, v in value.items())]
    if isinstance(value, functools.partial):
        return ["partial", *(_told(each, package, seen) for each in (value.func, value.args, value.keywords))]
    if isinstance(value, FunctionType):
        return _function(value, package, seen)
    return _object(value, package, seen)


def _function(function: FunctionType, package: str, seen: set[int]) -> Any:
    name = f"{function.__module__}.{function.__qualname__}"
    if _package_of(function) != package:
        return name  # of a library, whose version is not ours to tell
    cells = [cell.cell_contents for cell in function.__closure__ or () if _filled(cell)]
    used = [function.__globals__[each] for each in _names(function.__code__) if each in function.__globals__]
    rests_on = (function.__code__, function.__defaults__, function.__kwdefaults__, cells, used)
    return [_told(each, package, seen) for each in rests_on]


def _object(value: Any, package: str, seen: set[int]) -> Any:
    """An object that is called as a kernel: its class's code and its own attributes; of others the type."""
    name = f"{type(value).__module__}.{type(value).__qualname__}"
    call = inspect.getattr_static(type(value), "__call__", None)
    if not isinstance(call, FunctionType):
        return [name, str(getattr(value, "__name__", ""))]
    return [name, _told(call, package, seen), _told(vars(value) if hasattr(value, "__dict__") else {}, package, seen)]


def _filled(cell: Any) -> bool:
    try:
        _ = cell.cell_contents
    except ValueError:
        return False
    return True


def _code(code: CodeType, package: str, seen: set[int]) -> list[Any]:
    """Bytecode, names and constants, and those of inner functions."""
    constants = [_told(constant, package, seen) for constant in code.co_consts]
    return [code.co_code.hex(), list(code.co_names), constants]


def _names(code: CodeType) -> list[str]:
    """Names that the code and its inner functions use, each once."""
    inner = [name for constant in code.co_consts if isinstance(constant, CodeType) for name in _names(constant)]
    return list(dict.fromkeys([*code.co_names, *inner]))
