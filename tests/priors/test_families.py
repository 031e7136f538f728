"""Families: round trips and identities that hold for every instance (battery in test_families_battery.py)."""

import json

import numpy as np

from priors.families import make


def test_a_spec_makes_an_equal_law_again() -> None:
    law = make({"family": "lognormal", "median": 15, "p95": 60, "shift": 100, "truncate": [0, 400]})
    assert make(json.loads(json.dumps(law.spec()))) == law
    assert law.support == (100.0, 400.0)
    p = np.linspace(0.0, 1.0, 101)
    np.testing.assert_allclose(law.cdf(law.ppf(p)), p, atol=1e-12)
