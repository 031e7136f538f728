"""What pyproject.toml says of versions is what CI tests: lower bounds, locked versions, interpreters."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from sim.app import installed
from tests.app.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def pinned(name):
    """Versions of a file of pins by canonical name; a list of pairs, so that a name that stands twice is seen."""
    lines = (ROOT / ".ci" / name).read_text("utf-8").splitlines()
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return [(canonicalize_name(package), Version(version)) for package, version in pairs]


def asked(*extras):
    """What is asked for by the package and some of its extras, but for itself."""
    lines = [*PROJECT["dependencies"], *(line for extra in extras for line in PROJECT["optional-dependencies"][extra])]
    found = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): each.specifier for each in found if each.name != "suanli"}


@pytest.mark.parametrize("name", ["oldest.txt", "constraints.txt"])
def test_each_package_is_pinned_once(name):
    packages = [package for package, _ in pinned(name)]
    assert packages == sorted(set(packages))


def test_lower_bounds_are_the_oldest_versions_tried():
    """A bound that is lowered, or raised, without a run of the tests at it is a guess."""
    tried = dict(pinned("oldest.txt"))
    bounds = asked("zarr", "parquet", "report", "app", "cluster", "test")
    assert {name: str(bound) for name, bound in bounds.items() if bound != SpecifierSet(f">={tried[name]}")} == {}


def test_locked_versions_are_among_those_allowed():
    locked = dict(pinned("constraints.txt"))
    extras = PROJECT["optional-dependencies"].keys() - {"arviz"}  # not installed by CI
    assert [name for name, bound in asked(*extras).items() if locked[name] not in bound] == []


def test_interpreters_are_told_alike():
    """Of the index's page, of pip's refusal and of ``suanli doctor``."""
    named = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    first, last = installed.OLDEST, installed.NEWEST
    assert named == [f"3.{minor}" for minor in range(first[1], last[1] + 1)]
    assert PROJECT["requires-python"] == f">=3.{first[1]}"
