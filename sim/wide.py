"""Let LLVM use the widest vector registers there are.

For many processors of Intel's it keeps to 256 bits even where 512 are at hand, out of care for the clock of the first
ones that had them. A kernel that is nothing but loops over rows gains by the full width: 0.56 → 0.30 ns a Sobol
coordinate, 2.0 → 1.5 ns an outcome taken into moments and counts (Emerald Rapids). How wide a vector is changes no bit.
"""

from __future__ import annotations

from typing import Any

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


class WideCompiler(CompilerBase):
    """Numba's own passes, but that functions are marked as preferring 512 bits; a ``pipeline_class`` of ``njit``."""

    def define_pipelines(self) -> list[Any]:
        """The passes of nopython mode."""
        passes = DefaultPassBuilder.define_nopython_pipeline(self.state)
        passes.passes = [(_WideLowering if each is NativeLowering else each, why) for each, why in passes.passes]
        passes.finalize()
        return [passes]
