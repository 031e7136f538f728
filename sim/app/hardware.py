"""What this machine gives to the process: cores, memory, vector instructions.

A container or ulimit may allow less than the machine has, see :mod:`sim.app.limits`.
"""

from __future__ import annotations

import platform
from dataclasses import asdict, dataclass
from typing import Any

from sim.app import limits

VECTORS = {"SSE4.2": "sse4.2", "AVX": "avx", "AVX2": "avx2", "FMA": "fma", "AVX-512": "avx512f"}


@dataclass(frozen=True)
class Hardware:
    """What the process may use.

    Attributes
    ----------
    processor: its name; system: of which operating system.
    cores: how many the process may run on; quota: how many its control group pays for, None without a limit.
    memory, available: bytes the machine has, and has free; None where the system does not tell.
    limit: bytes that the control group or ulimit allows, None without a limit.
    host: LLVM's name of the processor; compiled_for: of the one that kernels are compiled for, ``NUMBA_CPU_NAME`` or the
        same; vectors: its vector instructions.
    numpy_vectors: what NumPy's own loops use.
    """

    processor: str
    system: str
    cores: int
    quota: float | None
    memory: int | None
    available: int | None
    limit: int | None
    host: str
    compiled_for: str
    vectors: tuple[str, ...]
    numpy_vectors: tuple[str, ...]

    @property
    def threads(self) -> int:
        """How many threads are worth starting."""
        return self.cores if self.quota is None else max(1, min(self.cores, round(self.quota)))

    @property
    def room(self) -> int | None:
        """Bytes that a run can have: what is free, and no more than is allowed."""
        known = [size for size in (self.available, self.limit) if size is not None]
        return min(known) if known else None

    def as_json(self) -> dict[str, Any]:
        """All of it under stable keys."""
        return asdict(self) | {"threads": self.threads}


def look() -> Hardware:
    """What this machine has."""
    from llvmlite.binding import get_host_cpu_name  # type: ignore[import-untyped]

    from sim.bench import machine  # Numba, 0.5 s
    from sim.threads import available_cores

    compiled_for, vectors = target()
    here = machine()
    quota, limit = limits.group_limits()
    allowed = [size for size in (limit, limits.address_space()) if size is not None]
    memory, available = limits.memory()
    return Hardware(
        here["processor"],
        f"{platform.system()} {platform.release()}, {platform.machine()}",
        available_cores(),
        quota,
        memory,
        available,
        min(allowed) if allowed else None,
        get_host_cpu_name(),
        compiled_for,
        vectors,
        _numpy_vectors(),
    )


def target() -> tuple[str, tuple[str, ...]]:
    """The processor that kernels are compiled for, which ``NUMBA_CPU_NAME`` may change, and its vector instructions.

    An x86-64 processor alone is looked at; elsewhere the second is empty.
    """
    from numba.core.registry import cpu_target

    _, name, features = cpu_target.target_context.codegen().magic_tuple()
    has = {feature[1:] for feature in features.split(",") if feature.startswith("+")}
    return name, tuple(label for label, feature in VECTORS.items() if feature in has)


def _numpy_vectors() -> tuple[str, ...]:
    """Names of NumPy's own, which ``NPY_DISABLE_CPU_FEATURES`` takes away from."""
    import numpy as np

    found: Any = np.show_config(mode="dicts") or {}
    extensions = found.get("SIMD Extensions", {})
    return tuple(extensions.get("baseline", ())) + tuple(extensions.get("found", ()))
