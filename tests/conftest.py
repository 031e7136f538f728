"""How the tests are shared among processes, and that Ctrl-C is heard in them."""

from __future__ import annotations

import signal

import pytest

# Started with ``&`` or nohup it would be ignored, by children too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Each process begins with a part of its own, and takes from the others when it has done: so from a fresh clone one
    compiles the kernels while another tests the priors, which have none, instead of both compiling the same.
    """
    from xdist.scheduler import WorkStealingScheduling

    return WorkStealingScheduling(config, log) if config.getvalue("dist") == "load" else None
