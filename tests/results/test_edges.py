"""Errors of sixteen replicates take Student's t with 15 degrees of freedom, wherever an interval is told."""

import pytest
from scipy import stats

from sim.results import estimate


def test_t_is_students_with_15_degrees_of_freedom():
    assert pytest.approx(stats.t.ppf(0.975, 15), rel=1e-14) == estimate.T_15
