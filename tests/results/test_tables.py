"""Tables of a result: tidy, by draw, of one output; csv, parquet, ArviZ."""

from __future__ import annotations

import csv

import numpy as np
import pandas as pd
import pytest

from sim.results import frames
from sim.results.errors import ResultError
from tests.results.made import MODEL, make


def test_the_tidy_table_has_a_row_for_each_statistic_of_each_cell(tree):
    table = tree.sim.to_dataframe()
    assert table.columns.tolist() == ["scenario", "output", "quarter", "buyer", "units", "statistic", "value"]
    assert len(table) == 2 * MODEL.cells * (5 + 9 + 9)
    assert not table.isna().any().any()
    row = table.query("scenario == '停售' and output == 'sales' and buyer == '腾讯' and quarter == '2023Q3'")
    mean = float(tree["mean"]["sales"].sel(scenario="停售", buyer="腾讯", quarter="2023Q3"))
    assert row.set_index("statistic")["value"]["mean"] == mean
    q95 = float(tree["quantile"]["sales"].sel(scenario="停售", buyer="腾讯", quarter="2023Q3", quantile=0.95))
    assert row.set_index("statistic")["value"]["q0.95"] == q95
    assert set(table.query("output == 'total'")["quarter"]) == {""}


def test_one_output_one_group(tree):
    assert set(tree.sim.to_dataframe("share")["output"]) == {"share"}
    assert set(tree.sim.to_dataframe("mean")["statistic"]) == {"mean"}
    assert len(frames.tidy(tree, ["share"], ["mean"])) == 6
    with pytest.raises(ResultError, match='did you mean "draws"'):
        tree.sim.to_dataframe("drows")


def test_draws_are_rows_and_cells_columns(made, tree):
    table = tree.sim.to_dataframe("draws")
    assert table.index.names == ["scenario", "draw"]
    assert table.columns.tolist()[0] == "share[quarter=2023Q1]"
    assert table.loc[("停售", 17), "first[buyer=腾讯]"] == made.values[1, 17, MODEL.slices()["first"]][1]
    inputs = tree.sim.to_dataframe("inputs")
    assert inputs.loc[("baseline", 5), "growth.cloud"] == made.inputs[0, 5, 0]
    some = tree.sim.where("export.ban_quarter < 3").sim.to_dataframe("draws")
    assert set(some.index.get_level_values("scenario")) == {"baseline"}
    assert not some.isna().any().any()


def test_the_summary_is_that_of_the_groups(tree):
    table = tree.sim.summary("share")
    assert table.columns.tolist() == ["mean", "mcse", "sd", "5%", "mcse_5%", "50%", "mcse_50%", "95%", "mcse_95%"]
    assert table.index.names == ["scenario", "quarter"]
    at = {"scenario": "停售", "quarter": "2023Q2"}
    assert table.loc[tuple(at.values()), "95%"] == float(tree["quantile"]["share"].sel(quantile=0.95, **at))
    assert table.loc[tuple(at.values()), "mcse_95%"] == float(tree["mcse_quantile"]["share"].sel(quantile=0.95, **at))
    assert len(tree.sim.summary("total")) == 2


def test_csv_reads_back_to_the_same_bits(tree, tmp_path):
    path = tmp_path / "run.csv"
    tree.sim.to_csv(path)
    with path.open(newline="", encoding="utf-8") as file:
        back = [float(row["value"]) for row in csv.DictReader(file)]
    assert back == tree.sim.to_dataframe()["value"].tolist()
    first = path.read_bytes()
    tree.sim.to_csv(path)
    assert path.read_bytes() == first
    assert [entry.name for entry in tmp_path.iterdir()] == ["run.csv"]


def test_parquet_needs_its_extra(monkeypatch, tree, tmp_path):
    monkeypatch.setattr(frames.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ResultError, match=r"pip install 'suanli\[parquet\]'"):
        tree.sim.to_parquet(tmp_path / "run.parquet")
    assert list(tmp_path.iterdir()) == []


def test_parquet_reads_back(tree, tmp_path):
    pytest.importorskip("pyarrow", reason="the parquet extra is not installed")
    tree.sim.to_parquet(tmp_path / "run.parquet")
    back = pd.read_parquet(tmp_path / "run.parquet")
    np.testing.assert_array_equal(back["value"], tree.sim.to_dataframe()["value"])


def test_a_failing_export_leaves_nothing(monkeypatch, tree, tmp_path):
    def fail(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(pd.DataFrame, "to_csv", fail)
    with pytest.raises(KeyboardInterrupt):
        tree.sim.to_csv(tmp_path / "run.csv")
    assert list(tmp_path.iterdir()) == []


def test_arviz_gets_replicates_as_chains(made, tree):
    found = tree.sim.to_arviz()
    assert set(found.children) == {"prior", "prior_predictive"}
    share = found["prior_predictive"]["share"]
    assert share.dims == ("chain", "draw", "scenario", "quarter")
    assert share.shape[:2] == (16, 256)
    assert float(share.sel(chain=5, draw=9, scenario="停售", quarter="2023Q2")) == made.values[1, 9 * 16 + 5, 1]
    assert float(found["prior"]["growth.cloud"].sel(chain=3, draw=2, scenario="baseline")) == made.inputs[0, 35, 0]
    assert not any("time" in key or "created" in key for key in found.attrs)


def test_arviz_takes_whole_points_only():
    assert make(draws=64, keep=40).tree.sim.to_arviz()["prior"].sizes["draw"] == 2
    with pytest.raises(ResultError, match="expected at least 16"):
        make(draws=64, keep=8).tree.sim.to_arviz()
    with pytest.raises(ResultError, match="no draws were kept"):
        make(draws=64, keep=None).tree.sim.to_arviz()
