"""Scenarios that extend one another: what is changed in the end, and what each input then is."""

from __future__ import annotations

from collections.abc import Mapping

from priors.apply import changed, fixed
from priors.families import Distribution
from priors.problems import nearest
from priors.records import Change, Quantity, Scenario


def chain(name: str, scenarios: Mapping[str, Scenario]) -> list[Scenario]:
    """A scenario and all that it rests on, the first of them first.

    Raises
    ------
    ValueError: where one extends an unknown scenario, or itself in the end; says which.
    """
    found = [scenarios[name]]
    seen = {name}
    while (parent := found[-1].extends) is not None:
        if parent not in scenarios:
            raise ValueError(
                f'found an unknown scenario "{parent}", expected one of the book{nearest(parent, scenarios)}'
            )
        if parent in seen:
            circle = " extends ".join([*(one.name for one in found), parent])
            raise ValueError(f"found a circle ({circle}), expected a chain that ends")
        seen.add(parent)
        found.append(scenarios[parent])
    return found[::-1]


def merged(name: str, scenarios: Mapping[str, Scenario]) -> tuple[dict[str, Change], bool]:
    """All changes of a scenario, the later of a chain replacing the earlier, and whether all else stands as stated."""
    links = chain(name, scenarios)
    changes = {quantity: change for link in links for quantity, change in link.changes.items()}
    return changes, any(link.all_stated for link in links)


def resolve(
    name: str, scenarios: Mapping[str, Scenario], quantities: Mapping[str, Quantity]
) -> dict[str, Distribution]:
    """Every input's distribution under a scenario, in the order of ``quantities``."""
    changes, stated = merged(name, scenarios)
    return {
        key: changed(quantity, changes[key]) if key in changes else fixed(quantity.stated) if stated else quantity.prior
        for key, quantity in quantities.items()
    }
