"""What an impatient user meets first: help that takes a second, a traceback, or a cryptic character."""

import subprocess
import sys

import pytest

from sim.app import failures
from sim.app.failures import Mistake, answer, interrupted, require
from sim.app.terminal import clean, plain
from tests.app.conftest import ROOT

HEAVY = ("numba", "xarray", "scipy", "pydantic", "pandas", "numpy", "rich")
LIGHT_LINES = (["--help"], [], ["--version"], ["run", "--help"], ["show", "-h"], ["runn"], ["run", "--draws", "none"])


@pytest.mark.parametrize("line", LIGHT_LINES, ids=" ".join)
def test_help_and_typos_import_nothing_heavy(line):
    """Each of these costs 0.1 to 1 s; help shall not."""
    code = (
        "import sys\n"
        "from sim.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, *line], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("line", [("--draws", "4096"), ("--json", "--until", "0.01")], ids=["tables", "until"])
def test_a_run_that_keeps_no_file_labels_nothing(line):
    """Labels, and what Numba has imported for its ``searchsorted``, cost more than 65,536 draws."""
    seen = ("xarray", "pandas", "scipy.linalg", "scipy.special")
    code = (
        "import sys\n"
        "from sim.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit:\n    pass\n"
        f"print([name for name in {seen} if name in sys.modules], file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", code, "run", *line]
    for _ in range(2):  # the first may compile what is not kept yet, for which Numba imports more
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=600)
        if done.stderr.splitlines()[-1] == "[]":
            return
    raise AssertionError(done.stderr)


def test_every_command_explains_itself(suanli):
    from sim.cli import COMMANDS

    listing = suanli("--help")
    assert listing.exit_code == 0
    for name in COMMANDS:
        assert name in listing.stdout
        told = suanli(name, "--help")
        assert (told.exit_code, told.stderr) == (0, "")
        assert f"suanli {name}" in told.stdout


def test_no_command_shows_what_there_is(suanli):
    assert suanli().stdout == suanli("--help").stdout


def test_python_dash_m(shell):
    done = shell("--version")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"suanli 0.")


def test_require_names_the_nearest():
    with pytest.raises(Mistake, match='no lab "alibabba" in x; did you mean "alibaba"'):
        require("alibabba", ["alibaba", "baidu"], "lab", "x")
    with pytest.raises(Mistake, match='no lab "Q04" in x; expected alibaba or baidu'):
        require("Q04", ["alibaba", "baidu"], "lab", "x")


def test_ctrl_c_is_seen_through_what_a_library_made_of_it():
    """An extension module that is interrupted while it is imported tells of an ImportError."""
    told = ImportError("numpy failed to import")
    told.__cause__ = KeyboardInterrupt()
    assert interrupted(told)
    assert not interrupted(ValueError("x"))


def test_whose_fault():
    """Status 1 says: report it. A full disk or too little memory is not that."""
    assert answer(ZeroDivisionError("float division"))[0] == 1
    assert "report" in answer(ZeroDivisionError("float division"))[1]
    assert answer(MemoryError())[0] == 2
    assert answer(OSError(28, "No space left on device", "/tmp/x.nc")) == (
        2,
        "suanli: /tmp/x.nc: No space left on device; free some room or name another folder",
    )


def test_labels_move_no_cursor():
    """A label from someone's file could otherwise clear the screen or hide what follows."""
    assert clean("a\x1b[2Jb\u202ec\r") == "a\ufffd[2Jb\ufffdc\ufffd"
    assert clean("阿里云\n30 %") == "阿里云\n30 %"


def test_json_has_no_nan():
    import numpy as np

    assert plain({"a": [float("nan"), np.float64(2.5), np.arange(2)], 1: (float("-inf"),)}) == {
        "a": [None, 2.5, [0, 1]],
        "1": [None],
    }


def test_ctrl_c_that_a_library_swallowed_ends_the_run_all_the_same(tmp_path):
    """As when it meets an extension module that is being imported: the first leaf is the last."""
    script = (
        "import os, signal, sys\n"
        "from sim import cli\n"
        "from sim.app import failures\n"
        "real = failures.interrupt_quietly\n"
        "def swallowed():\n"
        "    real()\n"
        "    try:\n        os.kill(os.getpid(), signal.SIGINT)\n"
        "    except KeyboardInterrupt:\n        pass\n"
        "failures.interrupt_quietly = swallowed\n"
        "sys.argv = ['suanli', 'run', '--draws', '1G', '-o', 'result.nc']\n"
        "cli.main()\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (130, "", [failures.STOPPED_TEXT])
    assert list(tmp_path.iterdir()) == []
