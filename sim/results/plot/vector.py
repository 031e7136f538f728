"""A figure as SVG text: the same bytes for the same figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def svg(figure: Figure) -> str:
    """A figure as SVG to put into a page: text stays text, no date, no random ids, no XML declaration.

    Marks that stand for a number are groups ``<g class="tip" data-tip="2024Q4: median 10 %, …">`` whose first child is a
    ``<title>`` of the same text, so that a reader's pointer finds the value with no script, and a script can do better.

    Ids start with a hash of the figure's content, so that several figures can stand in one page.
    """
    raise NotImplementedError
