"""What is wrong with an installation or slows it down, each with what to do about it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from sim.app.caches import Cache
from sim.app.hardware import Hardware
from sim.app.installed import NEWEST, OLDEST, Installed

MIB, GIB = 1 << 20, 1 << 30
CACHE_NEEDS = 200 * MIB
MEMORY_NEEDS = GIB  # two scenarios take 0.8 GiB, however many draws


@dataclass(frozen=True)
class Finding:
    """Something to know.

    Attributes
    ----------
    level: ``"wrong"``, it does not work or may give wrong figures; ``"slow"``; or ``"note"``.
    what: in a sentence; remedy: what to do, empty where nothing can be done.
    """

    level: str
    what: str
    remedy: str = ""


ELSEWHERE = "set SUANLI_CACHE_DIR to a folder of your own on a local disk"


def uncached(folder: str, refused: str) -> str:
    """What it means that nothing can be kept in the cache."""
    return (
        f"nothing can be kept in {folder} ({refused}): every run compiles its kernels anew, which takes about half a "
        "minute; results are the same"
    )


def of(installed: Installed, hardware: Hardware, cache: Cache) -> list[Finding]:
    """All findings, the wrong ones first."""
    found = [*_packages(installed), *_cache(cache), *_hardware(hardware)]
    return sorted(found, key=lambda finding: ("wrong", "slow", "note").index(finding.level))


def _packages(installed: Installed) -> Iterator[Finding]:
    for package in installed.packages:
        if package.found is None:
            yield Finding("wrong", f"{package.name} is not installed", "pip install suanli")
        elif not package.good:
            what = f"{package.name} is {package.found}, expected {package.wanted}"
            yield Finding("wrong", what, f"pip install '{package.name}{package.wanted}'")
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        tried = " to ".join(".".join(map(str, version)) for version in (OLDEST, NEWEST))
        yield Finding("note", f"Python {installed.python} is not one that suanli is tested on, {tried}")


def _cache(cache: Cache) -> Iterator[Finding]:
    if cache.refused:
        yield Finding("slow", uncached(cache.folder, cache.refused), ELSEWHERE)
        return
    if cache.free is not None and cache.free < CACHE_NEEDS:
        what = f"{cache.free // MIB} MiB are free for the cache, and it takes some {CACHE_NEEDS // MIB}"
        yield Finding("slow", what, f"make room, or {ELSEWHERE}")
    if cache.network is not None:
        what = f"the cache is on a network disk ({cache.network}), where several machines can spoil it for one another"
        yield Finding("wrong", what, ELSEWHERE)
    if not cache.compiled:
        yield Finding("note", "no kernel is compiled yet; the first run takes about half a minute for it")


def _hardware(hardware: Hardware) -> Iterator[Finding]:
    if hardware.compiled_for != hardware.host:
        what = f"kernels are compiled for {hardware.compiled_for}, not for this processor, {hardware.host}"
        yield Finding("slow", what, "unset NUMBA_CPU_NAME and NUMBA_CPU_FEATURES")
    if "x86_64" in hardware.system or "AMD64" in hardware.system:
        if "AVX" not in hardware.vectors:
            yield Finding("slow", "kernels use no AVX: figures come to the same bits, several times as slowly")
        elif "AVX-512" not in hardware.vectors:
            yield Finding("note", "kernels use no AVX-512: figures come to the same bits, somewhat slower")
    if hardware.quota is not None and hardware.quota < hardware.cores:
        what = f"the process may use {hardware.quota:g} cores' time on {hardware.cores} cores"
        yield Finding("slow", what, f"give --threads {hardware.threads}")
    if hardware.room is not None and hardware.room < MEMORY_NEEDS:
        what = f"{hardware.room // MIB} MiB of memory are to be had; two scenarios take some 800"
        yield Finding("slow", what, "run one scenario at a time, with --keep none")
