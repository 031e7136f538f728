"""A figure as SVG text: the same bytes for the same figure."""

from __future__ import annotations

import hashlib
import io
import re
from html import escape
from typing import TYPE_CHECKING

from sim.results.plot import tips

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SETTINGS = {"svg.hashsalt": "suanli", "svg.fonttype": "none"}
_MARK = "suanli-tip-"


def svg(figure: Figure) -> str:
    """A figure as SVG to put into a page: text stays text, no date, no random ids, no XML declaration.

    Marks that stand for a number are groups ``<g class="tip" data-tip="2024Q4: median 10 %, …">`` whose first child is a
    ``<title>`` of the same text, so that a reader's pointer finds the value with no script, and a script can do better.

    Ids start with a hash of the figure's content, so that several figures can stand in one page.
    """
    from matplotlib import rc_context

    added, marked = tips.strips(figure), {}
    try:
        for number, artist in enumerate(figure.findobj(lambda each: tips.of(each) is not None)):
            marked[f"{_MARK}{number}"] = artist
            artist.set_gid(f"{_MARK}{number}")
        with rc_context(_SETTINGS):
            buffer = io.StringIO()
            figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    finally:
        for artist in marked.values():
            artist.set_gid(None)
        for patch in added:
            patch.remove()
    found = {gid: tips.of(artist) or "" for gid, artist in marked.items()}
    text = re.sub(rf'<g id="({_MARK}\d+)">', lambda match: _tipped(found[match[1]]), buffer.getvalue())
    return _own_ids(text[text.index("<svg") :])


def _tipped(text: str) -> str:
    safe = escape(text)
    return f'<g class="tip" data-tip="{safe}"><title>{safe}</title>'


def _own_ids(text: str) -> str:
    """The same with ids that no other figure of a page has."""
    prefix = "s" + hashlib.sha256(text.encode()).hexdigest()[:10]
    text = re.sub(r'(\sid=")', rf"\g<1>{prefix}-", text)
    return re.sub(r'(url\(#|xlink:href="#)', rf"\g<1>{prefix}-", text)
