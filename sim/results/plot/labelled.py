"""A book's names of scenarios put onto a result, for pictures to take them from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import xarray as xr

from sim.results.plot import words

if TYPE_CHECKING:
    import priors


def with_labels(tree: xr.DataTree, book: priors.Book) -> xr.DataTree:
    """``tree`` with the book's names of its scenarios as coordinates ``scenario_label`` and ``scenario_zh``.

    A result by itself knows only what a scenario is called in code. Nothing is copied; scenarios that the book does not
    have keep that name.
    """
    return xr.DataTree.from_dict({node.path: _named(node.to_dataset(inherit=False), book) for node in tree.subtree})


def _named(dataset: xr.Dataset, book: priors.Book) -> xr.Dataset:
    if "scenario" not in dataset.dims:
        return dataset
    label: list[str] = []
    chinese: list[str] = []
    for name in (str(each) for each in dataset["scenario"].values):
        for names, lang in ((label, "en"), (chinese, "zh")):
            found = words.of_record(book.scenarios, name, lang)
            names.append(name.replace("_", " ") if found == name else found)
    return dataset.assign_coords(
        scenario_label=("scenario", label, {"long_name": "label of the scenario"}),
        scenario_zh=("scenario", chinese, {"long_name": "Chinese label of the scenario"}),
    )
