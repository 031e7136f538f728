"""The list of planted faults fits the tree, and a few of them are planted."""

import pytest

from benchmarks import planted_faults
from benchmarks.planted_faults import ROOT, copied_tree, faults, plant

QUICK = ("hedges added straight", "normal for Student", "missing fsync")


def test_every_fault_has_its_place_and_its_tests():
    listed = faults()
    assert len({fault.name for fault in listed}) == len(listed) >= 25
    for fault in listed:
        assert (ROOT / fault.file).read_text("utf-8").count(fault.old) == 1, fault.name
        assert fault.new != fault.old
        assert all((ROOT / test.partition("::")[0]).is_file() for test in fault.tests), fault.name


def test_engine_faults_are_told_from_others():
    engine = {fault.name for fault in faults() if fault.in_engine}
    assert {"counter off by one", "wrong sign", "dropped leaf"} <= engine
    assert not engine & set(QUICK)


@pytest.mark.slow
@pytest.mark.parametrize("name", QUICK)
def test_a_planted_fault_is_caught(name):
    (fault,) = faults(name)
    with copied_tree() as tree:
        assert not planted_faults.failed(tree, fault.tests), "these tests fail without any fault"
        assert plant(fault, tree).caught_by
