"""What a scenario's change makes of a quantity's prior, and what natural limits make of any."""

from __future__ import annotations

from dataclasses import replace

from priors.families import NEVER, Distribution, make
from priors.problems import shown
from priors.records import Change, Quantity

_TIMES = ("quarter", "month")


def fixed(value: float) -> Distribution:
    """The distribution of one value."""
    return make({"family": "fixed", "value": value})


def limited(prior: Distribution, limits: tuple[float, float] | None) -> Distribution:
    """A prior cut at natural limits.

    Raises
    ------
    ValueError: where the limits leave nothing, or cut away a value of a discrete prior, whose chances would change.
    """
    if limits is None:
        return prior
    (low, high), (least, most) = limits, prior.support
    if low <= least and most <= high:
        return prior
    within = f"within the limits {shown(list(limits))}"
    if prior.discrete or least > high or most < low:
        raise ValueError(f"found values from {least:.12g} to {most:.12g}, expected them {within}")
    if least == high or most == low:
        raise ValueError(
            f"found values that meet the limits {shown(list(limits))} in a point, expected more of them {within}"
        )
    return prior.truncated(low, high)


def changed(quantity: Quantity, change: Change) -> Distribution:
    """The prior of a quantity under a change.

    Raises
    ------
    ValueError: for a value outside the limits, one that is neither 0 nor 1 where only these are meant, or a fraction of
        a quarter for an event; says what was found and expected.
    """
    if isinstance(change.value, Distribution):
        prior = change.value
    elif change.action == "fix":
        return _at(quantity, never(quantity) if change.never else change.value)
    elif change.action == "scale":
        prior = quantity.prior if change.value == 1.0 else quantity.prior.scaled(change.value)
    else:
        prior = quantity.prior if change.value == 0.0 else quantity.prior.shifted(change.value)
    refuse_half_switches(quantity, prior)
    return limited(prior, quantity.limits)


def on_top(change: Change, quantity: Quantity, under: Distribution) -> Change:
    """The change that does to ``under``, what a scenario makes of the quantity, what ``change`` does to its own prior."""
    if change.action not in ("scale", "shift") or under is quantity.prior:
        return change
    bare = replace(quantity, prior=under, limits=None)
    return Change("prior", changed(bare, change))


def refuse_half_switches(quantity: Quantity, prior: Distribution) -> None:
    """Refuse a prior of a 0/1 quantity that has other values.

    Raises
    ------
    ValueError: says which.
    """
    if not quantity.switch:
        return
    atoms = prior.atoms()
    if atoms is None:
        raise ValueError(f"found values between 0 and 1 ({prior.family}), expected 0 and 1 only: a bernoulli, or fixed")
    for value in atoms[0]:
        if value not in (0.0, 1.0):
            raise ValueError(f"found the value {value:.12g}, expected 0 and 1 only, as the unit is 0/1")


def never(quantity: Quantity) -> float:
    """The value of an event that does not happen.

    Raises
    ------
    ValueError: if the quantity is no time.
    """
    if quantity.unit not in _TIMES and quantity.prior.family != "hazard":
        raise ValueError(
            f'found "never" for a quantity in {quantity.unit}, expected a number; only a time can be never'
        )
    return NEVER


def _at(quantity: Quantity, value: float) -> Distribution:
    if quantity.switch and value not in (0.0, 1.0):
        raise ValueError(f"found {value:.12g}, expected 0 or 1, as the unit is 0/1")
    if quantity.prior.family == "hazard" and value != int(value):
        raise ValueError(f"found {value:.12g}, expected a whole quarter index or never")
    if quantity.limits is not None and not quantity.limits[0] <= value <= quantity.limits[1]:
        raise ValueError(f"found {value:.12g}, expected a value within the limits {shown(list(quantity.limits))}")
    return fixed(value)
