"""Bit counts and bit order as single machine instructions, which Numba does not offer by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numba import types
from numba.extending import intrinsic


def _instruction(name: str, kind: Any, build: Callable[[Any, Any, Any], Any]) -> Any:
    """Make a function of one unsigned number of ``kind``, compiled to what ``build(builder, x, false)`` emits."""

    def typed(typingctx: Any, x: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return build(builder, args[0], context.get_constant(types.boolean, False))

        return kind(kind), codegen

    typed.__name__ = name
    return intrinsic(typed)


leading_zeros = _instruction("leading_zeros", types.uint32, lambda builder, x, false: builder.ctlz(x, false))
"""Zero bits above the highest set bit of a uint32; 32 of zero."""

trailing_zeros = _instruction("trailing_zeros", types.uint64, lambda builder, x, false: builder.cttz(x, false))
"""Zero bits below the lowest set bit of a uint64; 64 of zero."""
