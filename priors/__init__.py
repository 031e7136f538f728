"""What is believed, and why: claims, hedges, quantities, correlations and scenarios, with their checker.

``load`` reads the built-in interview or a user's own files; ``book``, ``quantity``, ``scenario`` and ``correlation``
make one in Python. Whatever is wrong is told in one :class:`BookError`, which lists every problem, its place and cure.

The flow through the files, each one step: ``reading`` (bytes to TOML) → ``entries`` (tables validated by ``schema``,
told by ``explain``, placed by ``positions``) → ``check`` (tables to ``records``; ``elicit`` makes a distribution of a
figure and its hedges) → ``books``. Nothing here knows of the simulator.
"""

from priors.assign import assign
from priors.books import About, Book
from priors.build import book, correlation, quantity, scenario
from priors.coherence import check_coherence
from priors.families import NEVER, Distribution, make
from priors.load import load
from priors.problems import BookError, Problem
from priors.records import Change, Claim, Correlation, Hedge, Quantity, Relation, Scenario
from priors.schema import schemas

__all__ = [
    "NEVER",
    "About",
    "Book",
    "BookError",
    "Change",
    "Claim",
    "Correlation",
    "Distribution",
    "Hedge",
    "Problem",
    "Quantity",
    "Relation",
    "Scenario",
    "assign",
    "book",
    "check_coherence",
    "correlation",
    "load",
    "make",
    "quantity",
    "scenario",
    "schemas",
]
