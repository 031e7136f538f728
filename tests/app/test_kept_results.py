"""``show`` and ``export``: what is printed of a file must be what the file holds."""

import csv
import io
import json
from pathlib import Path

import pytest

from sim.results import files
from tests.app import fabricate


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    path = tmp_path_factory.mktemp("kept") / "result.nc"
    files.write(fabricate.result(("baseline", "other")), path)
    return str(path)


def test_show(suanli, kept, snapshot):
    result = suanli("show", kept, "buyer_purchases_year", "--scenario", "baseline")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == snapshot


def test_show_narrowed(suanli, kept):
    """Labels chosen twice in one dimension are both kept; a dimension left with one label stands above the table."""
    line = ["show", kept, "market_domestic_share", "--where", "quarter=2023Q4", "--where", "quarter=2024Q4", "--json"]
    cells = json.loads(suanli(*line, "--scenario", "other", "--quantile", "0.9").stdout)["cells"]
    assert [(cell["scenario"], cell["quarter"]) for cell in cells] == [("other", "2023Q4"), ("other", "2024Q4")]
    assert set(cells[0]) == {"scenario", "quarter", "mean", "mcse", "sd", "q0.9"}
    told = suanli(*line[:-1], "--scenario", "other")
    assert "scenario other" in told.stdout.splitlines()[1]


def test_show_by_whole_numbers(suanli, kept):
    """Years are numbers in the file and words on the command line."""
    result = suanli("show", kept, "cloud_revenue_year", "--where", "year=2024", "--json")
    assert [cell["year"] for cell in json.loads(result.stdout)["cells"]] == ["2024", "2024"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["fleeet"], 'no output "fleeet" in'),
        (["parity_mnth"], 'did you mean "parity_month"?'),
        (["parity_month", "--scenario", "basline"], 'no scenario "basline" in'),
        (["parity_month", "--where", "lab=baido"], 'did you mean "baidu"?'),
        (["parity_month", "--where", "buyer=baidu"], 'no dimension "buyer"'),
    ],
)
def test_show_refused(words, message, suanli, kept):
    result = suanli("show", kept, *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_export_csv_holds_every_bit(suanli, kept):
    result = suanli("export", kept, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    means = fabricate.result(("baseline", "other"))["mean"].ds
    of_means = [row for row in rows if row["statistic"] == "mean"]
    assert (result.exit_code, len(of_means)) == (0, sum(variable.size for variable in means.data_vars.values()))
    for row in of_means:
        at = {dim: row[dim] for dim in means[row["output"]].dims}
        at = {dim: int(label) if dim in ("year", "speed") else label for dim, label in at.items()}
        assert float(row["value"]) == float(means[row["output"]].sel(at))


def test_export_to_a_file(suanli, kept, tmp_path):
    result = suanli("export", kept, "--format", "csv", "-o", "cells.csv")
    assert (result.exit_code, result.output) == (0, "")
    assert (tmp_path / "cells.csv").read_text(encoding="utf-8") == suanli("export", kept, "--format", "csv").stdout


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_export_does_not_write_over_its_result(suanli, kept, tmp_path, kind):
    """Under its own name, another way to it, or another name of it."""
    if kind == "parquet":
        pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    content = Path(kept).read_bytes()
    (tmp_path / "own.nc").write_bytes(content)
    (tmp_path / "linked.nc").symlink_to("own.nc")
    for output in ("own.nc", "./own.nc", str(tmp_path / "own.nc"), "linked.nc"):
        result = suanli("export", "own.nc", "--format", kind, "-o", output)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"suanli: -o {output}: found the result itself, expected another name\n"
    assert (tmp_path / "own.nc").read_bytes() == content


def test_a_full_disk_names_the_file(suanli, kept, monkeypatch):
    """The system names no file when a write fails, only when a file cannot be opened."""
    from sim.results import atomic

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "_sync", refuse)
    result = suanli("export", kept, "--format", "csv", "-o", "cells.csv")
    assert result.exit_code == 2
    assert "-o cells.csv: No space left on device; free some room" in result.stderr


def test_a_foreign_file_is_refused_in_one_line(shell, tmp_path):
    """HDF5 without names for its dimensions: xarray's warning of that is none of the user's business."""
    import h5py

    with h5py.File(tmp_path / "foreign.nc", "w") as file:
        file["x"] = [1.0, 2.0]
    result = shell("show", "foreign.nc", "fleet")
    assert (result.returncode, result.stdout) == (2, b"")
    assert result.stderr.decode().splitlines() == [
        "suanli: foreign.nc: not a result of suanli; expected a file that `suanli run -o` or `files.write` wrote"
    ]


def test_export_parquet(suanli, kept):
    pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")
    import pyarrow.parquet as parquet

    assert suanli("export", kept, "--format", "parquet", "-o", "cells.parquet").exit_code == 0
    table = parquet.read_table("cells.parquet")
    csv_rows = list(csv.DictReader(io.StringIO(suanli("export", kept, "--format", "csv").stdout)))
    assert table.num_rows == len(csv_rows)
    assert table["value"].to_pylist() == [float(row["value"]) for row in csv_rows]


def test_parquet_without_its_extra(suanli, kept, monkeypatch):
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    result = suanli("export", kept, "--format", "parquet", "-o", "cells.parquet")
    assert result.exit_code == 2
    assert 'pip install "suanli[parquet]"' in result.stderr


def test_a_damaged_file_is_refused(suanli, kept, tmp_path):
    content = bytearray(Path(kept).read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "damaged.nc").write_bytes(content)
    result = suanli("show", "damaged.nc", "parity_month")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "damaged" in result.stderr
