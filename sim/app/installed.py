"""What is installed of what suanli asks for: its own dependencies, and those of each extra."""

from __future__ import annotations

import platform
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import Any

OLDEST, NEWEST = (3, 11), (3, 13)
EXTRAS = {
    "report": "suanli report, pictures",
    "app": "suanli serve",
    "cluster": "--cluster, results on shared storage",
    "zarr": "results as .zarr",
    "parquet": "export --format parquet",
    "arviz": "tree.sim.to_arviz()",
}


@dataclass(frozen=True)
class Package:
    """A distribution that suanli asks for.

    Attributes
    ----------
    name: on the index; wanted: the versions that will do, as pip writes them.
    found: the version that is installed, None if none is.
    """

    name: str
    wanted: str
    found: str | None

    @property
    def good(self) -> bool:
        """Whether it is there in a version that will do."""
        from packaging.specifiers import SpecifierSet  # comes with xarray

        return self.found is not None and SpecifierSet(self.wanted).contains(self.found, prereleases=True)


@dataclass(frozen=True)
class Extra:
    """An extra: what it is for, and which of its packages are there."""

    name: str
    what: str
    packages: tuple[Package, ...]

    @property
    def missing(self) -> list[str]:
        """Packages that are not there, or too old."""
        return [package.name for package in self.packages if not package.good]

    @property
    def install(self) -> str:
        """The line that brings it."""
        return f"pip install 'suanli[{self.name}]'"


@dataclass(frozen=True)
class Installed:
    """Python, suanli, and its packages."""

    version: str
    python: str
    executable: str
    packages: tuple[Package, ...]
    extras: tuple[Extra, ...]

    def as_json(self) -> dict[str, Any]:
        """All of it under stable keys."""
        return {
            "suanli": self.version,
            "python": {"version": self.python, "executable": self.executable},
            "packages": [{"name": p.name, "found": p.found, "wanted": p.wanted, "good": p.good} for p in self.packages],
            "extras": [
                {"name": e.name, "for": e.what, "installed": not e.missing, "missing": e.missing, "install": e.install}
                for e in self.extras
            ],
        }


def look(requirements: Sequence[str] | None = None) -> Installed:
    """What is installed; ``requirements`` are those of suanli's own metadata unless given, as PEP 508 writes them."""
    from packaging.requirements import Requirement

    asked = [
        Requirement(line) for line in (metadata.requires("suanli") or [] if requirements is None else requirements)
    ]
    own = [each for each in asked if each.marker is None or each.marker.evaluate({"extra": ""})]
    extras = tuple(
        Extra(name, what, tuple(_package(each) for each in asked if each not in own and _of(each, name)))
        for name, what in EXTRAS.items()
    )
    return Installed(
        _version("suanli") or "unknown",
        platform.python_version(),
        sys.executable,
        tuple(_package(each) for each in own),
        tuple(extra for extra in extras if extra.packages),
    )


def _of(requirement: Any, extra: str) -> bool:
    return bool(requirement.marker and requirement.marker.evaluate({"extra": extra}))


def _package(requirement: Any) -> Package:
    return Package(requirement.name, str(requirement.specifier), _version(requirement.name))


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
