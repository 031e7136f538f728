"""Pictures of a result, of a prior and of the model: matplotlib figures, each function one picture.

``tree.sim.plot.<name>(…)`` is the same with the tree filled in. Needs matplotlib (``pip install 'suanli[report]'``), which
is imported when a picture is asked for and not before.

What holds for all of them:

- ``at`` narrows an output: dimension -> label, ``scenario`` among them; the first scenario unless given.
- ``ax`` is drawn on if given, else a new figure that pyplot knows nothing of; the Axes come back, ``.figure`` is theirs.
  What has several axes takes ``figure`` (a Figure or SubFigure) instead and returns it.
- Fonts, sizes, grid and background follow the caller's rcParams; a colour means the same thing in every picture
  (:mod:`~sim.results.plot.colours`), and is safe for colour-blind readers.
- ``lang`` is ``"en"`` or ``"zh"``. Big numbers are written as people write them: 12,300, 1.2 million, 12 万.
- What is wrong with a question is a :class:`~sim.results.ResultError` of one line; a missing matplotlib a
  :class:`~sim.results.plot.canvas.MissingMatplotlibError`, which is an ImportError that says what to install.

For a page: ``figure(7, 3.5)`` makes a figure to draw on (``ax=figure(7, 3.5).add_subplot()``), ``svg(figure)`` its text.
``with_labels(tree, book)`` gives scenarios the book's names; without, they are called as in code.
"""

from sim.results.plot.canvas import MissingMatplotlibError, figure
from sim.results.plot.cdf import cdf
from sim.results.plot.dotplot import dotplot
from sim.results.plot.fan import fan
from sim.results.plot.fonts import NoChineseFont
from sim.results.plot.graph import graph
from sim.results.plot.labelled import with_labels
from sim.results.plot.overlay import overlay
from sim.results.plot.prior import prior
from sim.results.plot.ridge import ridge
from sim.results.plot.shares import shares
from sim.results.plot.sobol_over_time import sobol_over_time
from sim.results.plot.tornado import tornado
from sim.results.plot.vector import svg
from sim.results.plot.waterfall import waterfall

__all__ = [
    "MissingMatplotlibError",
    "NoChineseFont",
    "cdf",
    "dotplot",
    "fan",
    "figure",
    "graph",
    "overlay",
    "prior",
    "ridge",
    "shares",
    "sobol_over_time",
    "svg",
    "tornado",
    "waterfall",
    "with_labels",
]
