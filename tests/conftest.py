"""How the tests are shared among processes."""

from __future__ import annotations

import pytest


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Each process begins with a part of its own, and takes from the others when it has done: so from a fresh clone one
    compiles the kernels while another tests the priors, which have none, instead of both compiling the same.
    """
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getvalue("dist") == "load" else None
