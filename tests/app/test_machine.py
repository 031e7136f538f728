"""What the machine does to a command: Ctrl-C, a full disk, a folder without rights, a closed pipe, an old terminal."""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from priors import cache
from sim import cli
from sim.app import failures
from sim.results import atomic
from tests.app.conftest import ROOT

STOPPED = "suanli: stopped by Ctrl-C; nothing was written"
NOBODY = 65_534


def start(folder, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "sim", *arguments],
        cwd=folder,
        env=os.environ | {"COLUMNS": "100", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


@pytest.mark.parametrize(("seconds", "before"), [(0.0, {}), (0.7, {"result.nc": b"yesterday's"}), (2.7, {})])
def test_ctrl_c(seconds, before, tmp_path):
    """While libraries are imported, while kernels are loaded, among the draws: one line, status 130, what was there is there."""
    for name, content in before.items():
        (tmp_path / name).write_bytes(content)
    process = start(tmp_path, "run", "--draws", "1G", "-o", "result.nc")
    while "numpy" not in Path(f"/proc/{process.pid}/maps").read_text():  # our own code is running by then
        time.sleep(0.01)
    time.sleep(seconds)
    assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=300)
    assert (process.returncode, out, err.splitlines()) == (130, "", [STOPPED])
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_ctrl_c_is_not_heard_where_it_is_ignored(tmp_path):
    """As of what a shell started with ``nohup`` or, in a script, with ``&``: Ctrl-C is for others then."""
    process = start(tmp_path, "run", preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN))
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.1)
    out, err = process.communicate()
    assert (process.returncode, err) == (0, "")
    assert "Accelerators bought" in out


def test_ctrl_c_that_a_library_swallowed_is_heeded_in_the_end(tmp_path, monkeypatch, capfd):
    """And what had been written by then is told."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(failures, "_pressed", threading.Event())

    def swallowing(path):
        def command(**given):
            failures._pressed.set()
            atomic.last = path

        return command

    atomic.last = Path("of an earlier command.nc")
    monkeypatch.setattr("sim.app.scenarios.command.callback", swallowing(None))
    with pytest.raises(SystemExit) as ended:
        cli.main(["scenarios"], prog_name="suanli")
    assert ended.value.code == 130
    assert capfd.readouterr().err.splitlines() == [STOPPED]
    monkeypatch.setattr("sim.app.scenarios.command.callback", swallowing(Path("there.nc")))
    with pytest.raises(SystemExit):
        cli.main(["scenarios"], prog_name="suanli")
    assert capfd.readouterr().err.splitlines() == ["suanli: stopped by Ctrl-C; there.nc had been written by then"]


def test_a_closed_output_is_no_fault(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import sys; sys.stdout = None; from sim.cli import main; main(['scenarios'])"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_run_says_that_nothing_can_be_cached(suanli, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("priors.cache.cache_root", lambda: tmp_path / "file" / "cache")
    said = suanli("run", "--draws", "64")
    assert said.exit_code == 0
    (line,) = said.stderr.splitlines()
    assert line.startswith(f"suanli: nothing can be kept in {tmp_path / 'file' / 'cache'} (Not a directory): every run")
    assert line.endswith("set SUANLI_CACHE_DIR to a folder of your own on a local disk")


def test_a_user_without_a_home_has_a_cache_of_their_own(monkeypatch, tmp_path):
    def homeless(*arguments, **options):
        raise RuntimeError("could not determine the home directory")

    monkeypatch.delenv("SUANLI_CACHE_DIR", raising=False)
    monkeypatch.setattr("platformdirs.user_cache_dir", homeless)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    own = tmp_path / f"suanli-{os.getuid()}"
    assert cache.cache_root() == cache.cache_root() == own
    assert own.stat().st_mode & 0o777 == 0o700
    cache._homeless.cache_clear()
    own.chmod(0o777)  # others may have put something there
    other = cache.cache_root()
    assert other != own
    assert (other.parent, other.stat().st_mode & 0o777) == (tmp_path, 0o700)
    assert cache.cache_root() == other
    cache._homeless.cache_clear()


@pytest.mark.slow
def test_no_room_for_the_file(shell, tmp_path):
    """A file that may not grow, as on a full disk: the answers are still told, and nothing is left."""
    assert shell("run", "--draws", "4096").returncode == 0  # compiled and cached without the limit

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

    done = shell("run", "--draws", "4096", "-o", "result.nc", preexec_fn=limit)
    assert done.returncode == 2
    assert b"Accelerators bought" in done.stdout
    message = done.stderr.decode().splitlines()
    assert len(message) == 1
    assert "result.nc: File too large" in message[0]
    assert list(tmp_path.iterdir()) == []


def test_folder_without_rights(tmp_path):
    """Root may write anywhere, so a test that is run by root becomes nobody first."""
    with tempfile.TemporaryDirectory() as name:
        locked = Path(name, "locked")
        locked.mkdir()
        locked.chmod(0o555)
        locked.parent.chmod(0o755)
        become = f"os.geteuid() or os.seteuid({NOBODY})"
        code = f"import os, sys, tempfile, sim.app.run; from sim.cli import main; {become}; main(sys.argv[1:])"
        line = [sys.executable, "-c", code, "run", "-o", f"{locked}/result.nc"]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)
        left = list(locked.iterdir())
    assert (done.returncode, done.stdout, left) == (2, "", [])
    assert done.stderr.splitlines() == [
        f"suanli: -o {locked}/result.nc: {locked} takes no files: Permission denied; name another"
    ]


@pytest.mark.slow
def test_a_home_that_cannot_be_written_changes_no_byte(shell, tmp_path):
    """Nothing can be kept, and nothing says where else: kernels and tables are made anew, to the same file, and that is said."""
    (tmp_path / "home").write_text("")
    words = ("run", "--draws", "1024", "--quarters", "4", "-o")
    kept = shell(*words, "kept.nc")
    done = shell(
        *words, "homeless.nc", env={"HOME": str(tmp_path / "home"), "SUANLI_CACHE_DIR": "", "XDG_CACHE_HOME": ""}
    )
    assert (kept.returncode, done.returncode, kept.stderr) == (0, 0, b"")
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith(f"suanli: nothing can be kept in {tmp_path / 'home'}")
    assert (tmp_path / "homeless.nc").read_bytes() == (tmp_path / "kept.nc").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "homeless.nc", "kept.nc"]


def test_reader_that_leaves(tmp_path):
    """``suanli claims | head -1`` ends well and silently."""
    with start(tmp_path, "claims", "--json") as process:
        process.stdout.readline()
        process.stdout.close()
        assert (process.stderr.read(), process.wait(timeout=60)) == ("", 0)


def test_reader_that_leaves_still_gets_the_file(tmp_path):
    with start(tmp_path, "run", "--draws", "1024", "--outputs", "parity_month", "-o", "result.nc") as process:
        process.stdout.close()
        assert (process.stderr.read(), process.wait(timeout=300)) == ("", 0)
    assert [path.name for path in tmp_path.iterdir()] == ["result.nc"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has /dev/full")  # noqa: PTH110 - no path of ours
def test_output_that_does_not_fit(tmp_path):
    with open("/dev/full", "w") as full:  # noqa: PTH123
        done = subprocess.run(
            [sys.executable, "-m", "sim", "claims"],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["suanli: No space left on device; free some room or name another folder"]


@pytest.mark.parametrize(
    ("encoding", "line"),
    [("ascii", "claims"), ("gbk", "scenarios"), ("cp1252", "priors growth.cloud"), ("latin-1", "outputs parity_month")],
)
def test_old_terminals(encoding, line, shell):
    """What the terminal cannot show is written in plain characters."""
    done = shell(*line.split(" "), env={"PYTHONIOENCODING": encoding})
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode(encoding)


def test_json_on_an_old_terminal(shell):
    done = shell("priors", "growth.cloud", "--json", env={"PYTHONIOENCODING": "ascii"})
    assert json.loads(done.stdout.decode("ascii"))["quantities"][0]["label_zh"]


def test_progress_on_a_terminal_and_silence_in_a_pipe(tmp_path):
    pty = pytest.importorskip("pty", reason="needs a Unix terminal")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "run", "--draws", "64k"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # Linux's way to say that the other side has closed
            break
        if not piece:
            break
        seen += piece
    out, _ = process.communicate(timeout=300)
    assert process.returncode == 0
    assert b"65536" in seen.replace(b",", b"")
    assert b"\x1b" not in out


HALF_BUILT = """
import os, signal, sys
import sim.app.run as run

class Half:
    def __del__(self):
        self.pointer  # as a library's object that Ctrl-C met before it was built

def chosen(asked, book):
    half = Half()
    os.kill(os.getpid(), signal.SIGINT)
    signal.sigwait([signal.SIGUSR1])

run.chosen = chosen
sys.argv = ["suanli", "run"]
from sim.cli import main
main()
"""


def test_ctrl_c_says_nothing_of_what_it_leaves_half_built(tmp_path):
    """Ctrl-C inside a library may leave objects whose destructors fail; Python would print each on stderr."""
    done = subprocess.run([sys.executable, "-c", HALF_BUILT], capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.splitlines()) == (130, "", [STOPPED])
