"""A sample of the campaigns whose figures are kept: damage is noticed, and a killed run goes on to the same bytes."""

import pytest

from benchmarks import damage, kills
from sim.results import netcdf, zarr_store
from sim.shards import packed


def silent(found):
    return {(form, kind) for form, kinds in found.items() for kind, tally in kinds.items() if tally["silent"]}


def test_no_damage_is_silent():
    found = damage.campaign(5, seed=1)
    assert list(found) == ["NetCDF", "Zarr", "shard"]
    assert silent(found) == set()
    for kinds in found.values():
        assert list(kinds) == list(damage.KINDS)
        for kind, tally in kinds.items():
            assert sum(tally.values()) == 5
            assert tally["harmless"] <= (1 if kind == "flipped bit" else 0)


@pytest.mark.slow
def test_no_damage_of_many_is_silent():
    assert silent(damage.campaign(100, seed=2)) == set()


@pytest.mark.slow
def test_without_checks_the_campaign_would_tell(monkeypatch):
    """It damages what matters: unchecked, bytes that differ are read as if nothing were."""

    class Blind:
        def __init__(self, data=b""):
            pass

        def update(self, data):
            pass

        def digest(self):
            return bytes(32)

        def hexdigest(self):
            return 64 * "0"

    monkeypatch.setattr(netcdf, "check", lambda path: None)
    monkeypatch.setattr(zarr_store, "check", lambda path: None)
    monkeypatch.setattr(packed.hashlib, "sha256", Blind)
    seen = silent(damage.campaign(8, seed=3))
    assert ("shard", "flipped bit") in seen
    assert ("shard", "swapped chunks") in seen
    assert ("Zarr", "swapped chunks") in seen


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_killed_runs_go_on_to_the_same_bytes():
    found = kills.campaign(5, seed=3, each=0)
    assert found["wrong"] == []
    assert found["kills"] >= 5
    assert found["equal"] == found["trials"] >= 2
