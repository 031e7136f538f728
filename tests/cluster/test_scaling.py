"""The model of many machines, by hand; and the README's section that is made of it."""

import pytest

from benchmarks import cluster_model, cluster_report

COSTS = {
    "seconds_a_draw": 1e-5,
    "seconds_a_run": 0.1,
    "merge_on_a_worker": 0.2,
    "merge_at_home": 0.2,
    "merged_bytes": 2e7,
    "empty_task": 1e-3,
}


def test_a_batch_by_hand():
    """1e9 draws on 10 workers: 61,036 leaves in shards of 512, which take 84 s, so that no run is larger; groups of 4."""
    found = cluster_model.modelled(10, 10**9, COSTS)
    assert (found["shards"], found["runs"], found["groups"]) == (120, 120, 30)
    assert found["a_shard"] == pytest.approx(1e9 / 120 * 1e-5 + 0.1)
    assert found["seconds"] == pytest.approx((1e4 + 120 * 0.1 + 90 * 0.2) / 10 + found["a_shard"] / 2)
    assert found["busy"]["scheduler"] * found["seconds"] == pytest.approx((120 + 90) * 1e-3)
    assert found["busy"]["home"] * found["seconds"] == pytest.approx(30 * (0.2 + 2e7 / 200e6))
    assert found["next_to_break"] == "home"


def test_runs_of_several_shards_by_hand():
    """1e8 draws: 6,104 leaves in 96 shards of 64: ten runs of 4, ten of 2, the rest one by one."""
    found = cluster_model.modelled(10, 10**8, COSTS)
    assert (found["shards"], found["groups"]) == (96, 24)
    assert found["runs"] == 10 + 10 + 36
    assert found["busy"]["scheduler"] * found["seconds"] == pytest.approx((56 + 32) * 1e-3)


def test_more_workers_are_never_slower_until_something_else_is():
    for draws in cluster_model.DRAWS:
        before = None
        for power in range(12):
            found = cluster_model.modelled(1 << power, draws, COSTS)
            assert 0.0 < found["efficiency"] <= 1.0
            if found["busy"]["workers"] == 1.0 and before:
                assert found["seconds"] < before
            before = found["seconds"]


def test_the_section_has_all_that_was_found(tmp_path, monkeypatch):
    rows = {n: {"seconds": 60.0 / min(int(n), 2), "overhead_against_threads": 0.05, "efficiency": 0.95} for n in "1248"}
    found = {
        "machine": {"processor": "a processor"},
        "cores": 2,
        "date": "2026-11-28",
        "draws": 1 << 23,
        "threads": {"1": 57.0, "2": 28.5},
        "workers": rows,
        "checkpoint": {"overhead": 0.012, "seconds": 28.5, "shards": 3},
        "model": cluster_model.table(COSTS),
        "breaks": [cluster_model.breaks_at(draws, COSTS) for draws in cluster_model.DRAWS],
    }
    text = cluster_report.section(found)
    assert "| 2 worker processes | 30.0 | 0.95 | 0.95 |" in text
    assert "| 10,000 billion |" in text
    assert "`--checkpoint` costs 1.2 % of a run of 28.5 s (3 shards kept)." in text
    readme = tmp_path / "README.md"
    monkeypatch.setattr(cluster_report, "README", readme)
    readme.write_text("before\n")
    assert not cluster_report.write(found)
    readme.write_text("before\n<!-- cluster: x -->\nold\n<!-- end -->\nafter\n")
    assert cluster_report.write(found)
    assert text in readme.read_text()
    assert "old" not in readme.read_text()
    assert readme.read_text().endswith("after\n")
