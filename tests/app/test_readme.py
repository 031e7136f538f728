"""What the README shows is what happens."""

import re
import warnings
from pathlib import Path

import pytest
from click.testing import CliRunner

import priors
from sim.cli import main
from sim.results.plot.fonts import NoChineseFont

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("block", BLOCKS, ids=["from python", "pictures", "a model of one's own"])
def test_python_runs_as_printed(block, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NoChineseFont)  # said where there is none, which is no mistake of the README's
        exec(block, {})


def test_the_book_of_one_s_own_loads(tmp_path):
    (tmp_path / "my.toml").write_text(re.search(r"```toml\n(.*?)```", README, re.DOTALL)[1], "utf-8")
    book = priors.load(tmp_path / "my.toml")
    assert book.resolve("slow")["growth.cloud"].support == (0.10, 0.35)


def test_the_first_screen_is_the_command_s_own():
    shown = re.search(r"<!-- output: suanli run -->\n```text\n(.*?)```", README, re.DOTALL)[1]
    printed = CliRunner(env={"COLUMNS": "100"}).invoke(main, ["run"]).stdout
    timeless = [re.sub(r", in [\d.]+ m?s;", ", in", text) for text in (shown, printed)]
    assert timeless[0].split() == timeless[1].split()
