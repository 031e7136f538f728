"""The README's picture, drawn anew: ``python -m benchmarks.readme_picture``; needs matplotlib, of the extra ``report``."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import xarray as xr
from matplotlib.axes import Axes

import priors
import sim
from sim.results import plot
from sim.results.plot import bands, canvas, colours
from sim.results.plot.place import row
from sim.results.plot.spread import OfTree

PATH = Path(__file__).parent / "pictures" / "readme.svg"
BAN = "export_ban_2023q4"
DRAWS = 65_536
STYLE = {
    "font.family": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.titlesize": 10.0,
    "axes.titleweight": "bold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.hashsalt": "suanli",
    "svg.fonttype": "path",  # the same letters on every reader's screen
}


def main() -> None:
    """Run two scenarios, draw three answers, and write them."""
    tree = sim.run(priors.load(), scenarios=["baseline", BAN], draws=DRAWS, seed=0, pairs=True, keep_draws=DRAWS)
    tree = plot.with_labels(tree, priors.load())
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(STYLE)
        figure = plot.figure(12.0, 3.6)
        over_time, one, drivers = figure.subplots(1, 3, width_ratios=[1.3, 0.9, 1.3])
        _fans(over_time, tree)
        plot.tornado(tree, "market_spend_year", {"year": 2024}, rows=7, ax=drivers)
        drivers.set_title("… and what it hangs on", loc="left", pad=mpl.rcParams["axes.titlepad"])
        handles = drivers.get_legend().legend_handles
        drivers.legend(handles=handles, loc="lower left", frameon=False, fontsize=canvas.small())  # where no bar is
        # Dots are as large as the axes have room for, so these come last.
        plot.dotplot(tree, "market_spend_year", {"year": 2024}, ax=one)
        one.set_title("Spending in 2024: what to expect", loc="left")
        PATH.parent.mkdir(exist_ok=True)
        figure.savefig(PATH, metadata={"Date": None, "Creator": None})
    print(f"{PATH.relative_to(Path.cwd()) if PATH.is_relative_to(Path.cwd()) else PATH}: {PATH.stat().st_size:,} bytes")


def _fans(ax: Axes, tree: xr.DataTree) -> None:
    """Domestic shares of both scenarios over one another, each told by its own line."""
    output = "market_domestic_share"
    for scenario, at in (("baseline", (4.9, 0.15)), (BAN, (4.2, 0.84))):
        place = row(tree, output, {"scenario": scenario})
        colour = colours.of("scenario", scenario)
        bands.draw(ax, OfTree(tree, output, place).quantile(bands.LEVELS), colour, inner=False)
        ax.annotate(place.name("scenario", "en"), at, color=colour, fontweight="bold")
    bands.time_axis(ax, place, "en")
    place.scale([0.0, 1.0], "en").on(ax.yaxis)
    ax.set_ylim(0.0, 1.0)
    ax.set_ylabel("median, and 5–95 % of the draws")
    ax.set_title("Domestic share of accelerators bought", loc="left")


if __name__ == "__main__":
    main()
