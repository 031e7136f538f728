"""Every picture as it was when someone last looked at it; ``python -m tests.results.plot.test_pictures`` draws them anew."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import pytest
from matplotlib.testing.compare import compare_images
from packaging.version import Version

import priors
from sim.results import plot
from tests.results.plot.fabricate import make
from tests.results.plot.test_figures import PAIR, PICTURES

STORED = Path(__file__).with_name("pictures")
TOLERANCE = 12.0
"""Root mean square of 0 to 255: text that another version lays out by a pixel passes, a band elsewhere does not."""
STYLE = {"font.family": ["DejaVu Sans"], "font.size": 10.0, "text.hinting": "none"}


def draw(name: str, tree, book, path: Path) -> None:
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        figure = plot.figure(7, 3.5 if name != "overlay" else 4.5)
        if name == "overlay":
            plot.overlay(tree, "market_domestic_share", PAIR, figure=figure)
        else:
            PICTURES[name](tree, book, ax=figure.add_subplot())
        figure.savefig(path, dpi=60, metadata={"Software": None})


NAMES = [*PICTURES, "overlay"]

pytestmark = pytest.mark.skipif(
    Version(mpl.__version__) < Version("3.11"), reason="drawn by matplotlib 3.11, whose letters are shaped otherwise"
)


@pytest.mark.parametrize("name", NAMES)
def test_a_picture_looks_as_it_did(name, tree, book, tmp_path):
    draw(name, tree, book, tmp_path / f"{name}.png")
    told = compare_images(str(STORED / f"{name}.png"), str(tmp_path / f"{name}.png"), TOLERANCE)
    assert told is None, told


def test_another_picture_would_not_pass(tree, book, tmp_path):
    draw("fan", tree.sim.where("adopt.pilot_mid > 6"), book, tmp_path / "fan.png")
    assert compare_images(str(STORED / "fan.png"), str(tmp_path / "fan.png"), TOLERANCE) is not None


if __name__ == "__main__":
    STORED.mkdir(exist_ok=True)
    made, known = make().tree, priors.load()
    for each in NAMES:
        draw(each, made, known, STORED / f"{each}.png")
