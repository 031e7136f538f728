"""Bit counts and bit order as single machine instructions, which Numba does not offer by itself."""

from __future__ import annotations

from typing import Any

from numba import types
from numba.extending import intrinsic


@intrinsic
def reverse_bits(typingctx: Any, x: Any) -> Any:  # noqa: ARG001
    """Bits of a uint32 in the opposite order."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.bitreverse(args[0])

    return types.uint32(types.uint32), codegen


@intrinsic
def leading_zeros(typingctx: Any, x: Any) -> Any:  # noqa: ARG001
    """Zero bits above the highest set bit of a uint32; 32 of zero."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.ctlz(args[0], context.get_constant(types.boolean, False))

    return types.uint32(types.uint32), codegen


@intrinsic
def trailing_zeros(typingctx: Any, x: Any) -> Any:  # noqa: ARG001
    """Zero bits below the lowest set bit of a uint64; 64 of zero."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001
        return builder.cttz(args[0], context.get_constant(types.boolean, False))

    return types.uint64(types.uint64), codegen
