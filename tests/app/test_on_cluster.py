"""``suanli run --cluster``: the same file, one line for whatever is wrong, nothing left behind by Ctrl-C."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.app.conftest import ROOT

pytest.importorskip("distributed", reason="the extra cluster is not installed")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("--cluster local:0", '--cluster: found "local:0", expected local:N with N workers'),
        ("--cluster 10.0.0.5", '--cluster: found "10.0.0.5", expected local:N with N workers'),
        ("--cluster local:2 --until 0.01", "--cluster and --until: found both, expected one of them"),
        ("--cluster local:2 --threads 2", "--cluster and --threads: found both, expected one of them"),
        ("--cluster local:2 --checkpoint x", "--cluster and --checkpoint: found both, expected one of them"),
    ],
)
def test_wrong_lines(line, message, suanli):
    done = suanli("run", *line.split(" "))
    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_nobody_there_is_told_in_a_line(suanli, monkeypatch):
    monkeypatch.setattr("sim.cluster.connect.ARRIVAL", 0.5)
    done = suanli("run", "--draws", "4096", "--cluster", "tcp://127.0.0.1:9")
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1].startswith("suanli: cluster: no scheduler answers at tcp://127.0.0.1:9")


@pytest.mark.slow
def test_the_file_of_one_machine(shell, tmp_path):
    for name, more in ("alone", []), ("cluster", ["--cluster", "local:2"]):
        done = shell("run", "--draws", "65536", "--keep-draws", "100", "-o", f"{name}.nc", *more)
        assert done.returncode == 0, done.stderr
    assert done.stderr.decode().splitlines() == ["suanli: cluster local:2: 2 workers"]
    assert (tmp_path / "alone.nc").read_bytes() == (tmp_path / "cluster.nc").read_bytes()


@pytest.mark.slow
def test_ctrl_c_ends_the_workers_too(tmp_path):
    """Pressed on a terminal it reaches every process of the command at once."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "run", "--draws", "1G", "--cluster", "local:2", "-o", "result.nc"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert "cluster local:2: 2 workers" in process.stderr.readline()
    time.sleep(2.0)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert told.splitlines()[-1] == "suanli: stopped by Ctrl-C; nothing was written"
    assert "Traceback" not in told
    assert list(tmp_path.iterdir()) == []
    until = time.monotonic() + 60
    while time.monotonic() < until and left(process.pid):
        time.sleep(0.2)
    assert left(process.pid) == []


def left(session):
    """Processes of a session that are still there."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getsid(int(entry.name)) == session:
                found.append(entry.name)
        except ProcessLookupError:
            continue
    return found
