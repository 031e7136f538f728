"""What is believed, and why: claims, hedges, quantities, correlations and scenarios, with their checker.

``load`` reads the built-in interview or a user's own files; ``book``, ``quantity``, ``scenario`` and ``correlation``
make one in Python. Whatever is wrong is told in one :class:`BookError`, which lists every problem, its place and cure.

The flow through the files, each one step: ``reading`` (bytes to TOML) → ``entries`` (tables validated by ``schema``,
told by ``explain``, placed by ``positions``) → ``check`` (tables to ``records``; ``elicit`` makes a distribution of a
figure and its hedges) → ``books``. Nothing here knows of the simulator.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from priors.books import About as About
    from priors.books import Book as Book
    from priors.build import book as book
    from priors.build import correlation as correlation
    from priors.build import quantity as quantity
    from priors.build import scenario as scenario
    from priors.coherence import check_coherence as check_coherence
    from priors.families import NEVER as NEVER
    from priors.families import Distribution as Distribution
    from priors.families import make as make
    from priors.json_schemas import schemas as schemas
    from priors.loading import load as load
    from priors.numbering import assign as assign
    from priors.problems import BookError as BookError
    from priors.problems import Problem as Problem
    from priors.records import Change as Change
    from priors.records import Claim as Claim
    from priors.records import Correlation as Correlation
    from priors.records import Hedge as Hedge
    from priors.records import Quantity as Quantity
    from priors.records import Relation as Relation
    from priors.records import Scenario as Scenario

# Where each name comes from, imported when first asked for: a run of the built-in book needs no checker.
_HOMES = {
    "books": ("About", "Book"),
    "build": ("book", "correlation", "quantity", "scenario"),
    "coherence": ("check_coherence",),
    "families": ("NEVER", "Distribution", "make"),
    "loading": ("load",),
    "numbering": ("assign",),
    "problems": ("BookError", "Problem"),
    "records": ("Change", "Claim", "Correlation", "Hedge", "Quantity", "Relation", "Scenario"),
    "json_schemas": ("schemas",),
}

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


def __getattr__(name: str) -> Any:
    """What is public, imported when first asked for."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(f"priors.{home}"), name)
    raise AttributeError(f"module 'priors' has no attribute {name!r}")
