"""What is wrong with a scenario: whom it extends, what it names, and whether its changes can be made."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from priors.apply import changed
from priors.chain import chain
from priors.families import ParameterError
from priors.problems import nearest
from priors.records import Quantity, Scenario

Found = tuple[str, str, str]
"""Where (``extends``, ``change``, or ``name`` of a change that names nothing), the quantity's name, and the message."""


def scenario_problems(
    scenario: Scenario,
    scenarios: Mapping[str, Scenario],
    quantities: Mapping[str, Quantity],
    refused: Collection[str] = (),
    refused_scenarios: Collection[str] = (),
) -> Iterator[Found]:
    """Every problem of a scenario; names in ``refused`` are known, and told of elsewhere."""
    if scenario.extends not in refused_scenarios:
        try:
            chain(scenario.name, scenarios)
        except ValueError as error:
            # A circle is told at each of its members, a missing parent only where it is named.
            if scenario.extends not in scenarios or "circle" in str(error):
                yield "extends", "", str(error)
    for name, change in scenario.changes.items():
        if name in refused:
            continue
        if name not in quantities:
            hint = nearest(name, [*quantities, *refused])
            yield "name", name, f'found an unknown quantity "{name}", expected one of the book{hint}'
            continue
        try:
            changed(quantities[name], change)
        except (ValueError, ArithmeticError) as error:
            yield "change", name, _worded(error)


def _worded(error: Exception) -> str:
    if isinstance(error, ArithmeticError):
        return "found a change that takes the values beyond doubles, expected a smaller one"
    if isinstance(error, ParameterError):
        return f"found {error.found}, expected {error.expected}"
    return str(error)
