"""What ``tree.sim`` shows in a notebook: the answers of the result, and no script of anyone's."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
import xarray as xr

HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "</td></table><iframe src=//x>",
    "&lt;script&gt;",
)
ALLOWED = {"div", "p", "b", "br", "table", "thead", "tbody", "tr", "th", "td", "code"}


class Reader(HTMLParser):
    """Tags with their attributes, and all text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.said.append(data)


def read(tree):
    reader = Reader()
    reader.feed(tree.sim._repr_html_())
    return reader


def test_it_shows_the_run_the_answers_and_how_to_go_on(tree):
    said = "".join(read(tree).said)
    assert "4,096 draws, sampler sobol, seed 0, version 0.1.0" in said
    assert "domestic share, 2023Q3" in said
    median = float(tree.sim.quantile(0.5, "share").sel(scenario="baseline", quarter="2023Q3"))
    assert f"{100 * median:.0f} % ±" in said
    total = float(tree.sim.quantile(0.5, "total")[0])
    assert " ± " in said.split("total (bn RMB)")[1]
    assert f"{total:.1f}"[:3] in said.split("total (bn RMB)")[1]
    assert 'tree.sim.plot.fan("share")' in said
    assert "cards sold" not in said  # not a headline output


def test_a_condition_is_told_with_its_draws(tree):
    some = tree.sim.where("growth.cloud > 0.4")
    said = "".join(read(some).said)
    number = int(some.sim.effective_number[0])
    assert f"given growth.cloud > 0.4: {number:,}, {number:,} draws" in said


@pytest.mark.parametrize("text", HOSTILE)
def test_strings_of_a_book_are_text_and_nothing_else(tree, text):
    groups = {node.path: node.to_dataset(inherit=False).copy(deep=True) for node in tree.subtree}
    for path, dataset in groups.items():
        for variable in dataset.data_vars.values():
            variable.attrs |= {"long_name": text, "units": text}
        if "scenario" in dataset.dims:
            named = dataset.assign_coords(scenario=[text, f"{text} again"])
            groups[path] = named.assign_coords(buyer=[text, "b"]) if "buyer" in dataset.dims else named
    groups["/"].attrs |= {"title": text, "version": text}
    reader = read(xr.DataTree.from_dict(groups))
    assert {tag for tag, _ in reader.tags} <= ALLOWED
    assert {name for _, attributes in reader.tags for name in attributes} <= {"style"}
    assert text in "".join(reader.said)


def test_a_tree_that_is_no_result_and_a_terminal(tree):
    assert "not a result of suanli" in xr.DataTree().sim._repr_html_()
    assert repr(tree.sim) == "<suanli result: 4 outputs; 4,096 draws, sampler sobol, seed 0, version 0.1.0>"
