"""A model's kernel as the engine calls it: one call a tile, whatever form its author wrote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np

from sim.model import Model


def tile_kernel(model: Model) -> Callable[[np.ndarray, np.ndarray], Any]:
    """``call(inputs, outputs)`` on float64[inputs, draws] and float64[cells, draws].

    Raises
    ------
    ValueError: for a scalar kernel that Numba cannot compile.
    """
    kernel, args = model.kernel, model.args
    if model.form == "tile":
        return _presetting(kernel, args, model.built_in)
    scalar = kernel if hasattr(kernel, "py_func") else numba.njit(nogil=True, error_model="numpy")(kernel)
    loop = _loop(scalar)
    tile = numba.float64[:, ::1]
    try:
        loop.compile((tile, tile, numba.typeof(args)))
    except numba.core.errors.NumbaError as error:
        line = str(error).strip().splitlines()[-1]
        raise ValueError(
            f"the scalar kernel of model {model.name!r} is not something that Numba compiles ({line}); "
            'write it with scalars and indices, or give a NumPy function with form="tile"'
        ) from error
    return lambda inputs, outputs: loop(inputs, outputs, args)


def block_kernel(model: Model) -> Callable[[np.ndarray, np.ndarray, int], Any] | None:
    """``call(inputs, outputs, told)`` on float64[inputs, draws] and [draws / 16, cells, 16]; None if there is no such kernel.

    ``told``: bits of the spared outputs to fill, see :meth:`~sim.model.Model.told`.
    """
    if model.blocks is None:
        return None
    call = _presetting(model.blocks, model.args, model.built_in)
    return call if model.spared else lambda inputs, outputs, told: call(inputs, outputs)


def _presetting(kernel: Callable[..., Any], args: tuple[Any, ...], fills_all: bool) -> Callable[..., Any]:
    """``kernel`` with its arguments; what it may leave unwritten is not a number, not what lay in memory."""
    if fills_all:
        return lambda inputs, outputs, *told: kernel(inputs, outputs, *args, *told)

    def call(inputs: np.ndarray, outputs: np.ndarray, *told: int) -> None:
        outputs.fill(np.nan)
        kernel(inputs, outputs, *args, *told)

    return call


def _loop(scalar: Callable[..., Any]) -> Any:
    # A closure over the user's function: compiled anew in each process, never cached (Numba cannot).
    @numba.njit(nogil=True)
    def loop(inputs, outputs, args):  # type: ignore[no-untyped-def]  # Numba infers
        x = np.empty(inputs.shape[0])
        y = np.empty(outputs.shape[0])
        for d in range(inputs.shape[1]):
            for j in range(x.size):
                x[j] = inputs[j, d]
            y[:] = np.nan  # a cell that the author forgets shows as not a number, not as the draw before
            scalar(x, y, *args)
            for c in range(y.size):
                outputs[c, d] = y[c]

    return loop
