"""How Numba compiles kernels: with the widest vector registers there are, and parts of others no further than these need.

For many processors of Intel's it keeps to 256 bits even where 512 are at hand, out of care for the clock of the first
ones that had them. A kernel that is nothing but loops over rows gains by the full width: 0.56 → 0.30 ns a Sobol
coordinate, 2.0 → 1.5 ns an outcome taken into moments and counts (Emerald Rapids). How wide a vector is changes no bit.

A kernel that others call is compiled with each of them, optimised and all. Numba does both for it alone as well, machine code
that nobody runs; left out, the first run takes 22 s of CPU time, not 27: medians of nine in turn on a busy machine.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.lowering import Lower
from numba.core.typed_passes import BaseNativeLowering, NativeLowering

_WIDTH = '"prefer-vector-width"="512"'


class _WideLower(Lower):
    def setup_function(self, fndesc: Any) -> None:
        super().setup_function(fndesc)
        # llvmlite lets a list of names through, and this is LLVM's own text for an attribute that has a value.
        set.add(self.function.attributes, _WIDTH)


@register_pass(mutates_CFG=True, analysis_only=False)
class _WideLowering(BaseNativeLowering):
    _name: Any = "wide_native_lowering"

    @property
    def lowering_class(self) -> Any:
        return _WideLower


class _NoEnvironments:
    """A code generator that writes down no environment: that of a part is where its callers' code is, which has none to set."""

    def __init__(self, codegen: Any) -> None:
        self._codegen = codegen

    def __getattr__(self, name: str) -> Any:
        return getattr(self._codegen, name)

    def set_env(self, name: str, env: Any) -> None:
        """Nothing."""


class _PartLibrary(JITCodeLibrary):
    """Code to be linked into other code: LLVM's, not the machine's."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Of none: 0."""
        return 0

    @property
    def codegen(self) -> Any:
        """What :meth:`get_pointer_to_function` is followed by."""
        return _NoEnvironments(self._codegen)


@register_pass(mutates_CFG=True, analysis_only=False)
class _PartLowering(_WideLowering):
    _name: Any = "part_native_lowering"

    def run_pass(self, state: Any) -> Any:
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        return super().run_pass(state)


class WideCompiler(CompilerBase):
    """Numba's own passes, but that functions are marked as preferring 512 bits; a ``pipeline_class`` of ``njit``."""

    _lowering: Any = _WideLowering

    def define_pipelines(self) -> list[Any]:
        """The passes of nopython mode."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes = [(self._lowering if each is NativeLowering else each, why) for each, why in passes.passes]
        passes.finalize()
        return [passes]


class PartCompiler(WideCompiler):
    """The same for what other kernels call and Python does not."""

    _lowering: Any = _PartLowering
