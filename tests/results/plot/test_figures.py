"""What holds for every picture: on the axes given, without pyplot, in the caller's theme, the same bytes, hostile text."""

from __future__ import annotations

import subprocess
import sys
from xml.etree import ElementTree

import matplotlib as mpl
import pytest
import xarray as xr

from sim import market
from sim.results import plot
from sim.results.plot import canvas, tips
from tests.results.plot.test_drivers import attribution, sensitivity

ONE = {"quarter": "2024Q4"}
PAIR = ("baseline", "export_ban_2023q4")
PICTURES = {
    "fan": lambda tree, book, **on: plot.fan(tree, "market_domestic_share", **on),
    "dotplot": lambda tree, book, **on: plot.dotplot(tree, "market_domestic_share", ONE, **on),
    "cdf": lambda tree, book, **on: plot.cdf(tree, "market_domestic_share", ONE, scenarios=PAIR, **on),
    "ridge": lambda tree, book, **on: plot.ridge(tree, "market_domestic_share", ONE, **on),
    "tornado": lambda tree, book, **on: plot.tornado(tree, "market_domestic_share", ONE, **on),
    "sobol": lambda tree, book, **on: plot.sobol_over_time(sensitivity(), book=book, **on),
    "waterfall": lambda tree, book, **on: plot.waterfall(attribution(), book=book, **on),
    "shares": lambda tree, book, **on: plot.shares(tree, "market_purchases_year", **on),
    "prior": lambda tree, book, **on: plot.prior(book, "buy.alibaba_cloud_2023", scenario="austerity", **on),
    "graph": lambda tree, book, **on: plot.graph(book, market.model(), "race", **on),
}


@pytest.fixture(params=PICTURES)
def picture(request):
    return PICTURES[request.param]


def test_the_axes_given_are_used_and_nothing_else_is_touched(picture, tree, book):
    before = dict(mpl.rcParams)
    ax = plot.figure(7, 3.5).add_subplot()
    assert picture(tree, book, ax=ax) is ax
    plt = sys.modules.get("matplotlib.pyplot")
    assert plt is None or plt.get_fignums() == []
    assert dict(mpl.rcParams) == before
    ax.figure.draw_without_rendering()
    box = ax.figure.get_tightbbox()  # nothing runs out of the figure
    assert box.x0 >= -0.02
    assert box.y0 >= -0.02
    assert box.x1 <= 7.02
    assert box.y1 <= 3.52


def test_the_same_figure_has_the_same_svg_that_is_well_formed(picture, tree, book):
    first, second = (plot.svg(picture(tree, book).figure) for _ in range(2))
    assert first == second
    root = ElementTree.fromstring(first)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "<dc:date>" not in first
    assert first.startswith("<svg")
    assert 3_000 < len(first) < 150_000


def test_an_svg_leaves_the_figure_as_it_was(tree, book, picture):
    figure = picture(tree, book).figure
    marks = [(id(each), each.get_gid()) for each in figure.axes[0].get_children()]
    plot.svg(figure)
    assert [(id(each), each.get_gid()) for each in figure.axes[0].get_children()] == marks


def test_the_callers_theme_is_followed(tree):
    with mpl.rc_context({"font.size": 20.0, "axes.facecolor": "#123456", "figure.figsize": (4.0, 2.0)}):
        ax = plot.fan(tree, "market_domestic_share")
        assert ax.figure.get_size_inches().tolist() == [4, 2]
        assert mpl.colors.to_hex(ax.get_facecolor()) == "#123456"
        assert ax.yaxis.label.get_fontsize() == 20.0
    with mpl.rc_context({"text.color": "#eeeeee", "axes.facecolor": "#000000"}):
        stated = plot.fan(tree, "market_domestic_share").lines[1]
        assert (stated.get_label(), stated.get_color()) == ("as stated", "#eeeeee")


def test_every_number_of_bars_and_dots_can_be_pointed_at(tree, book):
    assert len(tips.texts(plot.dotplot(tree, "market_domestic_share", ONE).figure)) == 20
    assert len(tips.texts(plot.shares(tree, "market_purchases_year").figure)) == 8
    assert "First quarter in which A800 and H800 are barred (export.ban_quarter): −31,000 ± 400 cards" in tips.texts(
        plot.waterfall(attribution(), book=book).figure
    )


@pytest.mark.parametrize("name", ["fan", "dotplot", "cdf", "ridge", "tornado", "shares"])
def test_a_result_under_a_condition_can_be_drawn_too(name, tree, book):
    some = tree.sim.where("adopt.pilot_mid > 2")
    svg = plot.svg(PICTURES[name](some, book).figure)
    assert svg != plot.svg(PICTURES[name](tree, book).figure)
    assert "nan" not in svg.lower().replace("nano", "")


def test_an_overlay_under_a_condition_pairs_draws_that_hold_in_both(made, tree):
    some = tree.sim.where("market_domestic_share > 0.2", quarter="2024Q4")
    ax = plot.overlay(some, "market_domestic_share", PAIR, ONE).get_axes()[1]
    line = ax.lines[0].get_ydata()
    assert (line >= 0).all()
    assert line.max() > 0


HOSTILE = '<script>alert("1")</script> & "x" \'y\' ]]> $\\frac{1}{0}$ --'


@pytest.mark.parametrize("name", ["fan", "ridge"])  # in labels of axes; in what a pointer finds
def test_hostile_labels_are_text_and_nothing_else(name, tree, book):
    groups = {node.path: node.to_dataset(inherit=False).copy(deep=True) for node in tree.subtree}
    for path in ("/mean", "/quantile", "/mcse_quantile"):
        groups[path]["market_domestic_share"].attrs["long_name"] = HOSTILE
        groups[path] = groups[path].assign_coords(scenario_label=("scenario", [HOSTILE] * 3))
    svg = plot.svg(PICTURES[name](xr.DataTree.from_dict(groups), book).figure)
    root = ElementTree.fromstring(svg)
    assert not [each for each in root.iter() if each.tag.endswith("script")]
    assert not [key for each in root.iter() for key in each.attrib if key.lower().startswith("on")]
    words = "".join(root.itertext())
    assert '<script>alert("1")</script>' in words
    assert "frac" in words  # a dollar is a dollar and starts no formula
    if name == "ridge":
        assert HOSTILE in "".join(each.attrib.get("data-tip", "") for each in root.iter())


def test_two_figures_of_a_page_share_no_id(tree):
    found = [plot.svg(plot.fan(tree, "market_domestic_share", {"scenario": s}).figure) for s in PAIR]
    ids = [{each.attrib["id"] for each in ElementTree.fromstring(svg).iter() if "id" in each.attrib} for svg in found]
    assert ids[0]
    assert not ids[0] & ids[1]
    for svg, known in zip(found, ids, strict=True):
        used = {part.split('"')[0].split(")")[0] for part in svg.split('"#')[1:] + svg.split("url(#")[1:]}
        assert used <= known


def test_matplotlib_comes_in_only_when_a_picture_is_asked_for():
    code = "import sys, sim, sim.results.plot.accessor; assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


def test_without_matplotlib_it_says_what_to_install(tree, monkeypatch):
    for name in [each for each in sys.modules if each.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(plot.MissingMatplotlibError, match=r"pip install 'suanli\[report\]'"):
        plot.fan(tree, "market_domestic_share")


def test_the_accessor_fills_in_the_tree_and_passes_labels_on(tree, monkeypatch):
    asked = {}
    for name in ("fan", "dotplot", "cdf", "ridge", "tornado", "shares", "overlay", "sobol_over_time"):
        monkeypatch.setattr(plot, name, lambda *given, _name=name, **options: asked.update({_name: (given, options)}))
    own = tree.sim.plot
    for name in ("fan", "dotplot", "cdf", "ridge", "tornado", "shares"):
        getattr(own, name)("total", lang="zh", quarter="2024Q4")
        (first, output, at), options = asked[name]
        assert first is tree
        assert (output, at, options["lang"]) == ("total", {"quarter": "2024Q4"}, "zh")
    own.overlay("total", *PAIR, quarter="2024Q4")
    assert asked["overlay"][0][1:] == ("total", PAIR, {"quarter": "2024Q4"})
    own.sobol_over_time("cloud_revenue_year", scenario="baseline")
    xr.testing.assert_identical(asked["sobol_over_time"][0][0], tree.sim.first_order("cloud_revenue_year"))


def test_an_overlay_takes_part_of_a_figure(tree):
    whole = plot.figure(9, 4)
    left, _ = whole.subfigures(1, 2)
    assert plot.overlay(tree, "market_domestic_share", PAIR, figure=left) is left
    assert len(left.get_axes()) == 2


def test_a_legend_has_as_many_columns_as_fit():
    from matplotlib.patches import Patch

    handles = [Patch(label="a label of some length") for _ in range(4)]
    for inches, columns in ((12, 4), (3, 1)):
        ax = plot.figure(inches, 3).add_subplot()
        canvas.head(ax, "title", handles)
        assert ax.get_legend()._ncols == columns
