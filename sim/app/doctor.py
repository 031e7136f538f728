"""``suanli doctor``: what this machine has, what is missing or wrong, and how fast it should be."""

from __future__ import annotations

import importlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.app import caches, failures, hardware, installed, options, terminal
from sim.app import findings as found_to_be

if TYPE_CHECKING:
    from sim.app.caches import Cache
    from sim.app.findings import Finding
    from sim.app.hardware import Hardware
    from sim.app.installed import Installed
    from sim.bench import Expected

ENGINE = ("numba", "llvmlite", "numpy", "xarray")


@click.command("doctor", short_help="What this machine has, what is missing, how fast it should be.")
@options.as_json
def command(json: bool) -> int:
    """Look at Python, packages, processor, memory and cache, and tell what is missing or slow and what to do about it.

    How fast the market should run is the shipped table, scaled by what a second of bare loops takes here; suanli bench
    measures the engine itself. Exit status 0, or 2 if something is found that keeps suanli from working well.
    """
    packages = installed.look()
    _importable()
    from sim import bench  # Numba, 0.5 s

    machine, cache = hardware.look(), caches.look()
    listed = found_to_be.of(packages, machine, cache)
    speed = bench.expected()
    if json:
        terminal.emit(as_json(packages, machine, cache, listed, speed))
    else:
        _printed(packages, machine, cache, listed, speed)
    return failures.MISTAKE if any(each.level == "wrong" for each in listed) else 0


def _importable() -> None:
    """Refuse to go on where a package that the engine stands on cannot be imported, or nothing can be compiled.

    Raises
    ------
    Mistake: naming the package and its own complaint.
    """
    if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
        raise failures.Mistake("NUMBA_DISABLE_JIT is set, so that no kernel can be compiled; unset it")
    for name in ENGINE:
        try:
            importlib.import_module(name)
        except Exception as error:  # whatever a broken install raises
            words = " ".join(str(error).split())[:200]
            raise failures.Mistake(
                f"{name} cannot be imported ({words}); pip install --force-reinstall {name}"
            ) from error


def as_json(
    packages: Installed, machine: Hardware, cache: Cache, listed: list[Finding], speed: Expected
) -> dict[str, Any]:
    """Everything under stable keys."""
    told = speed._asdict()
    if speed.draws_per_second is not None:
        told["draws_per_second_all_threads"] = speed.draws_per_second * machine.threads
    return {
        **packages.as_json(),
        "machine": machine.as_json(),
        "cache": cache.as_json(),
        "disk_free": {str(Path.cwd()): caches.free_disk(Path.cwd())},
        "speed": told,
        "findings": [{"level": each.level, "what": each.what, "remedy": each.remedy} for each in listed],
    }


def _printed(packages: Installed, machine: Hardware, cache: Cache, listed: list[Finding], speed: Expected) -> None:
    terminal.record(_lines(packages, machine, cache, speed))
    rows = [
        [each.name, each.what, "installed" if not each.missing else f"not installed: {each.install}"]
        for each in packages.extras
    ]
    terminal.say()
    terminal.table(["extra", "for", ""], rows, keep=["extra"])
    terminal.say()
    for each in listed:
        remedy = f" Remedy: {each.remedy}." if each.remedy else ""
        terminal.say(f"{each.level.capitalize()}: {each.what}.{remedy}")
    if all(each.level == "note" for each in listed):
        terminal.say("Nothing is wrong.")


def _lines(packages: Installed, machine: Hardware, cache: Cache, speed: Expected) -> list[tuple[str, str]]:
    """What there is, a line each."""
    versions = ", ".join(f"{each.name} {each.found or '(missing)'}" for each in packages.packages)
    allowed = "" if machine.quota is None else f", {machine.quota:g} cores' time allowed"
    here = Path.cwd()
    kept = f"{_size(cache.kernels)} of kernels, {_size(cache.tables)} of tables, {_size(cache.free)} free"
    return [
        ("suanli", f"{packages.version}, Python {packages.python} ({packages.executable})"),
        ("packages", versions),
        ("processor", f"{machine.processor}; {machine.system}"),
        ("kernels for", f"{machine.compiled_for}: {', '.join(machine.vectors) or 'no vector instructions of note'}"),
        ("numpy uses", ", ".join(machine.numpy_vectors)),
        (
            "cores",
            f"{machine.cores}{allowed}; worth {machine.threads} thread{'s' if machine.threads > 1 else ''}",
        ),
        ("memory", f"{_size(machine.memory)}, {_size(machine.available)} free{_limited(machine)}"),
        ("cache", f"{cache.folder}: {cache.refused or kept}"),
        ("disk", f"{_size(caches.free_disk(here))} free in {here}"),
        ("speed", _told(machine, speed)),
    ]


def _limited(machine: Hardware) -> str:
    return "" if machine.limit is None else f", {_size(machine.limit)} allowed"


def _told(machine: Hardware, speed: Expected) -> str:
    if speed.ratio is None or speed.draws_per_second is None:
        return "this build has no reference table to stand against"
    one = speed.draws_per_second
    return (
        f"{speed.ratio:.2f} times the reference machine: about {_round(one)} draws a second of the market on one thread, "
        f"{_round(one * machine.threads)} on {machine.threads}"
    )


def _round(rate: float) -> str:
    return f"{float(f'{rate:.2g}'):,.0f}"


def _size(size: int | None) -> str:
    """Bytes as people write them."""
    if size is None:
        return "unknown"
    return f"{size / found_to_be.GIB:.1f} GiB" if size >= found_to_be.GIB else f"{size / found_to_be.MIB:.0f} MiB"
