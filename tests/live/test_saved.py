"""What the page saves, ``suanli run`` runs: the same bytes."""

from __future__ import annotations

import tomllib

import numpy as np
import pytest
from click.testing import CliRunner

import priors
from sim.cli import main
from sim.live import saved
from sim.live.figures import LEVELS
from sim.live.stage import Stage
from sim.live.state import Refused, State, View, to_query, with_scenarios
from sim.results import files
from tests.live.conftest import ask

MOVED = State.of(
    "gpt_boom",
    {"growth.cloud": "width(0.5)", "capacity.mlu": "*3", "export.ban_quarter": "never", "growth.baidu": "width(1.5)",
     "adopt.commercial": "0", "price.a100": "pert(50, 60, 90)", "race.alibaba_lag": "+2"},
)  # fmt: skip
PINNED = State.of("stated", {"growth.cloud": "0.35"})


def run(folder, toml, name, command):
    (folder / f"{name}.toml").write_bytes(toml)
    words = command.split()[1:]
    assert words[0] == "run"
    done = CliRunner().invoke(main, [*words, "--draws", "65536"], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return (folder / f"{name}.nc").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("pinned", [None, PINNED], ids=["against the baseline", "against a pinned state"])
def test_the_saved_scenario_run_by_the_command_gives_the_page_s_bytes(running, tmp_path, monkeypatch, pinned):
    monkeypatch.chdir(tmp_path)
    view = View(MOVED, pinned)
    answers = [running.get(f"/download/{kind}?.name=moved&{to_query(view)}") for kind in ("toml", "nc")]
    assert [status for status, _, _ in answers] == [200, 200]
    assert answers[0][1]["Content-Disposition"] == "attachment; filename*=UTF-8''moved.toml"
    toml, nc = (body for _, _, body in answers)
    command = toml.decode().splitlines()[1].removeprefix("#").strip()
    assert run(tmp_path, toml, "moved", command) == nc
    found = running.talk([ask(to_query(view))], lambda answer: answer.get("draws") == 65_536)[-1]
    tree = files.open(tmp_path / "moved.nc")
    first = running.served.stage.outputs["market_domestic_share"].start
    for level in LEVELS:
        whole = tree["quantile"].ds["market_domestic_share"].sel(scenario="moved", quantile=level).values
        mine = np.array(found["state"]["q"][LEVELS.index(level)][first : first + 12])
        np.testing.assert_allclose(mine, whole, rtol=5e-6)


@pytest.mark.parametrize("pinned", [None, PINNED], ids=["against the baseline", "against a pinned state"])
def test_the_saved_file_loads_as_the_book_that_the_page_runs(running, tmp_path, pinned):
    """Books of equal digests and settings give equal bytes; the slow tests run them."""
    view = View(MOVED, pinned)
    (tmp_path / "moved.toml").write_bytes(running.get(f"/download/toml?.name=moved&{to_query(view)}")[2])
    book = running.served.stage.book
    made = saved.saving(view, book, "moved")
    assert made.names == ("baseline" if pinned is None else "moved_pinned", "moved")
    loaded, mine = priors.load(tmp_path / "moved.toml"), with_scenarios(book, made.made)
    assert (loaded.digest, loaded.name) == (mine.digest, mine.name)
    assert loaded.definitions(made.names) == mine.definitions(made.names)


@pytest.mark.slow
def test_a_book_of_one_s_own_is_saved_whole(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    own = tmp_path / "own.toml"
    own.write_text('[scenarios.slow]\nlabel = "slow"\n[scenarios.slow.change]\ngrowth.cloud = { fix = 0.1 }', "utf-8")
    book = priors.load(own)
    source = saved.Source(own)
    made = saved.saving(View(State.of("slow", {"capacity.mlu": "*2"})), book, "mine")
    stage = Stage(book)
    bytes_ = run(tmp_path, saved.toml(made, source).encode(), "mine", saved.command(made, saved.Source()))
    assert bytes_ == saved.result(made, stage, "nc")


def test_a_folder_s_scenario_is_a_file_of_it(tmp_path):
    (tmp_path / "book" / "scenarios").mkdir(parents=True)
    first = 'name = "slow"\n[change]\ngrowth.cloud = { fix = 0.1 }\n'
    (tmp_path / "book" / "scenarios" / "slow.toml").write_text(first, "utf-8")
    book = priors.load(tmp_path / "book")
    made = saved.saving(View(State.of("slow", {"capacity.mlu": "*2"})), book, "mine")
    text = saved.toml(made, saved.Source(tmp_path / "book"))
    (tmp_path / "book" / "scenarios" / "mine.toml").write_text(text, "utf-8")
    again = priors.load(tmp_path / "book")
    assert again.scenarios["mine"] == made.made[0]


def test_the_command_says_another_horizon():
    made = saved.saving(View(), priors.load(), "mine")
    assert saved.command(made, saved.Source(), 8) == (
        "suanli run baseline mine --pairs --keep none --quarters 8 --priors mine.toml -o mine.nc"
    )
    assert "--quarters" not in saved.command(made, saved.Source())


def test_every_change_survives_the_file():
    book = priors.load()
    changes = {name: "width(0.7)" for name, q in book.quantities.items() if q.prior.atoms() is None}
    changes |= {name: str(q.stated) for name, q in book.quantities.items() if name not in changes and q.stated < 9999}
    made = saved.saving(View(State.of("baseline", changes)), book, "all")
    content = tomllib.loads(saved.toml(made, saved.Source()))
    assert content["scenarios"]["all"]["extends"] == "baseline"
    assert made.made[0].label == content["scenarios"]["all"]["label"]


@pytest.mark.parametrize("name", ["", "a b", "../x", "baseline", "9x", "x" * 61, "a.", 'a"', "a\n"])
def test_a_name_that_is_none_or_taken_is_refused(name):
    with pytest.raises(Refused, match="the scenario's name"):
        saved.saving(View(), priors.load(), name)


@pytest.mark.slow
def test_the_table(running):
    status, _, body = running.get("/download/csv?.name=moved&.scenario=baseline&growth.cloud=0.4")
    head, *rows = body.decode().splitlines()
    assert (status, head.split(",")[:2]) == (200, ["scenario", "output"])
    assert {row.partition(",")[0] for row in rows} == {"baseline", "moved"}


@pytest.mark.parametrize("name", ["plain", "a.b", "情景", "a-b"])
def test_every_name_that_the_page_takes_is_read_back(tmp_path, name):
    book = priors.load()
    of = saved.saving(View(MOVED), book, name)
    (tmp_path / "saved.toml").write_text(saved.toml(of, saved.Source()), "utf-8")
    assert name in priors.load(tmp_path / "saved.toml").scenarios
