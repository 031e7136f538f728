"""How much the process is allowed: by its control group (cgroup 2, or 1), by ulimit, and what memory there is."""

from __future__ import annotations

import os
from pathlib import Path

_UNLIMITED = 1 << 60  # cgroup 1 writes a number near 2^63 where there is no limit
_MEMORY = ("memory.max", "memory.limit_in_bytes")


def group_limits(
    root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")
) -> tuple[float | None, int | None]:
    """Cores and bytes that the control group allows, the least of all groups above it; None without a limit.

    Parameters
    ----------
    root: where control groups are mounted; own: the file that names this process's.
    """
    quotas: list[float] = []
    limits: list[int] = []
    for line in text_of(own).splitlines():
        _, controllers, name = line.split(":", 2)
        for base in (root,) if not controllers else [root / kind for kind in controllers.split(",")]:
            place = base / name.lstrip("/")
            for folder in (place, *place.parents):
                quotas += _quota(folder)
                limits += [int(text) for f in _MEMORY if (text := text_of(folder / f).strip()).isdigit()]
                if folder == base:
                    break
    quota, limit = min(quotas, default=None), min(limits, default=_UNLIMITED)
    return quota, limit if limit < _UNLIMITED else None


def _quota(folder: Path) -> list[float]:
    text = (
        text_of(folder / "cpu.max") or f"{text_of(folder / 'cpu.cfs_quota_us')} {text_of(folder / 'cpu.cfs_period_us')}"
    )
    found = text.split()
    return [int(found[0]) / int(found[1])] if len(found) == 2 and found[0].isdigit() and int(found[1]) else []


def text_of(path: Path) -> str:
    """What the file says; nothing where it is missing or may not be read."""
    try:
        return path.read_text("utf-8", "replace")
    except OSError:
        return ""


def memory() -> tuple[int | None, int | None]:
    """Bytes there are, and bytes free for a new process."""
    told = dict(line.partition(":")[::2] for line in text_of(Path("/proc/meminfo")).splitlines())
    found = [int(told[name].split()[0]) * 1024 if name in told else None for name in ("MemTotal", "MemAvailable")]
    if found[0] is None and hasattr(os, "sysconf"):
        found[0] = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return found[0], found[1]


def address_space() -> int | None:
    """Bytes that ``ulimit -v`` allows."""
    try:
        import resource
    except ImportError:  # Windows has none
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    return None if soft == resource.RLIM_INFINITY else soft
