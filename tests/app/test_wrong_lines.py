"""A wrong command line is answered in one readable message, status 2, and leaves nothing behind."""

import os
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.app.failures import Mistake
from sim.app.run import chosen

BAD_BOOK = "[quantities.mine.x]\nunit = 'card'\nbasis = 'assumption'\n"

# The line, and what its message must say.
WRONG = [
    ("rnu", 'no command "rnu" in suanli; did you mean "run"?'),
    ("run baselin", 'no scenario "baselin" in the book; did you mean "baseline"?'),
    ("run export_ban", 'did you mean "export_ban_2023q4"?'),
    ("run baseline baseline", 'scenario "baseline" is named 2 times, expected once'),
    ("run --draws 0", 'found "0", expected a whole number from 1'),
    ("run --draws -5", 'found "-5"'),
    ("run --draws 1.5", 'found "1.5"'),
    ("run --draws many", 'found "many"'),
    ("run --draws 1e99", 'found "1e99"'),
    ("run --draws", "suanli run: Option '--draws' requires an argument. (see suanli run --help)"),
    ("run -o pipe.nc", "-o pipe.nc: found a device or a pipe of that name, expected a file or nothing"),
    ("run -o pipe.zarr", "no Zarr store"),
    (
        "run --part 1/2 -o pipe.shard",
        "-o pipe.shard: found a device or a pipe of that name, expected a file or nothing",
    ),
    ("merge one.shard -o pipe.shard", "found a device or a pipe"),
    ("export some.nc --format csv -o pipe.nc", "found a device or a pipe"),
    ("report some.nc -o pipe.md", "found a device or a pipe"),
    ("run --cluster locl:2", 'found "locl:2", expected local:N with N workers'),
    ("run --seed -1", 'found "-1"'),
    ("run --seed 9223372036854775808", "expected a whole number from 0"),
    ("run --seed x", 'found "x"'),
    ("run --sampler halton", 'found "halton", expected sobol or random'),
    ("run --quarters 0", 'found "0"'),
    ("run --quarters 1000", 'found "1000", expected a whole number from 1 to 400 (see'),
    ("run --draws 0.5", "to 1,099,511,627,776, such as 65536, 1_048_576, 1e6 or 1M (see"),
    ("serve --port 99999", 'found "99999", expected a whole number from 0 to 65,535 (see'),
    ("run nope", 'no scenario "nope" in the book; expected '),
    ("run --set export.ban=3", 'did you mean "export.ban_quarter"?'),
    ("run --keep some", 'found "some", expected headline, all or none'),
    ("run --keep-draws -1", 'found "-1"'),
    ("run --threads 0", 'found "0"'),
    ("run --set growth.cloud", "expected NAME=VALUE"),
    ("run --set growth.clod=0.4", 'no quantity "growth.clod" in the book; did you mean "growth.cloud"?'),
    ("run --set growth.cloud=fast", "fast"),
    ("run --set growth.cloud=-3", "growth.cloud"),
    ("run --set growth.cloud=pert(1,2)", "growth.cloud"),
    ("run --set growth.cloud=nan", "growth.cloud"),
    ("run -o result", "found suffix none, expected .nc (NetCDF4) or .zarr"),
    ("run -o result.csv", 'found suffix ".csv"'),
    ("run -o nowhere/result.nc", 'no folder "nowhere"'),
    ("run -o folder.nc", "found a folder of that name"),
    ("run -o folder.zarr", "no Zarr store"),
    ("run -o /proc/result.nc", "/proc takes no files"),
    ("run -o", "'-o' requires an argument"),
    ("run --alone", "expected a book to take alone"),
    ("run --priors nobook.toml", 'no file or folder "nobook.toml"'),
    ("run --priors bok.toml", 'did you mean "book.toml"?'),
    ("run --priors book.toml", "book.toml:1"),
    ("run --priors broken.toml", "broken.toml:1"),
    ("run --drws 5", "No such option"),
    ("claims Q04.66", 'no claim "Q04.66" in the book; did you mean "Q04.6"?'),
    ("claims Q99", 'no claim "Q99"'),
    ("claims Q04.6 Q04.7", "unexpected extra argument"),
    ("priors growth.clod", 'did you mean "growth.cloud"?'),
    ("priors --priors book.toml", "book.toml:1"),
    ("priors --assign nobook.toml", 'no file or folder "nobook.toml"'),
    ("priors --schema nowhere/x", 'no folder "nowhere"'),
    ("scenarios baselin", 'did you mean "baseline"?'),
    ("outputs fleat", 'no output "fleat" in the market model; did you mean "fleet"?'),
    ("show", "Missing argument 'FILE'"),
    ("show nofile.nc fleet", 'no file "nofile.nc"'),
    ("show rubbish.nc fleet", "rubbish.nc"),
    ("show folder.zarr fleet", "folder.zarr"),
    ("show book.toml fleet", "book.toml"),
    ("show rubbish.nc fleet --quantile 2", 'found "2", expected a probability'),
    ("show rubbish.nc fleet --where buyer", "expected dim=label"),
    ("export rubbish.nc", "Missing option '--format'"),
    ("export rubbish.nc --format xlsx", 'found "xlsx", expected csv or parquet'),
    ("export rubbish.nc --format parquet", "expected a file to write"),
    ("export nofile.nc --format csv", 'no file "nofile.nc"'),
    ("export rubbish.nc --format csv -o nowhere/x.csv", 'no folder "nowhere"'),
]


@pytest.fixture
def furnished(tmp_path):
    (tmp_path / "folder.nc").mkdir()
    (tmp_path / "folder.zarr").mkdir()
    for name in ("pipe.nc", "pipe.zarr", "pipe.shard", "pipe.md"):
        os.mkfifo(tmp_path / name)
    (tmp_path / "book.toml").write_text(BAD_BOOK)
    (tmp_path / "broken.toml").write_text("[quantities\n")
    (tmp_path / "rubbish.nc").write_bytes(b"\x89HDF\r\n\x1a\nnot quite")
    return tmp_path


@pytest.mark.parametrize(("line", "message"), WRONG, ids=[line for line, _ in WRONG])
def test_wrong_line(line, message, suanli, furnished):
    before = sorted(path.name for path in furnished.rglob("*"))
    result = suanli(*line.split(" "))
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("suanli")
    assert len(result.stderr.splitlines()) == 1 or "book.toml" in line
    assert sorted(path.name for path in furnished.rglob("*")) == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=12), min_size=1, max_size=4))
def test_any_words_after_run(suanli, words):
    """Whatever stands there, the answer is help or a message, never a traceback."""
    result = suanli("run", "--draws", "0", *words)
    assert result.exit_code in (0, 2)
    assert "Traceback" not in result.output


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=30))
def test_any_value_after_set(value):
    """A value is read, or refused as the user's mistake; nothing else comes out of it."""
    import priors

    asked = SimpleNamespace(scenarios=(), changes=(f"growth.cloud={value}",))
    try:
        book, names = chosen(asked, priors.load())
    except Mistake as error:
        message = error.message
    else:
        message = "growth.cloud" if names == ["baseline+set"] and "baseline+set" in book.scenarios else ""
    assert "growth.cloud" in message
