"""A prior as a small drawing: its density, or chances of its values, the middle nine tenths and the stated value.

Ninety such drawings stand on the page, so they are a few hundred bytes each and take no plotting library.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from priors.families import Distribution

WIDTH, HEIGHT, LEFT, TOP = 280.0, 70.0, 4.0, 4.0
TAIL, POINTS, MOST_ATOMS = 0.005, 61, 24
INK, FILL, STATED = "#57606a", "#9ecae1", "#b2182b"


def drawing(prior: Distribution, stated: float | None, low_text: str, high_text: str) -> str:
    """An SVG of the prior; the texts stand at the ends of its axis and are numbers, nobody's words."""
    atoms = prior.atoms()
    if atoms is not None and len(atoms[0]) <= MOST_ATOMS:
        low, high = float(atoms[0][0]), float(atoms[0][-1])
        parts = _bars(atoms[0], atoms[1], low, high)
    else:
        low, high = _reach(prior)
        parts = _area(prior, low, high)
    base = TOP + HEIGHT
    parts.append(f'<path d="M{LEFT:g} {base:g}h{WIDTH:g}" stroke="{INK}" fill="none"/>')
    if stated is not None and low <= stated <= high and high > low:
        x = _x(stated, low, high)
        parts.append(f'<path d="M{x:.1f} {TOP:g}V{base:g}" stroke="{STATED}" stroke-width="2" stroke-dasharray="4 3"/>')
    text = f'<text y="{base + 13:g}" font-size="11" fill="{INK}"'
    parts.append(
        f'{text} x="{LEFT:g}">{low_text}</text>{text} x="{LEFT + WIDTH:g}" text-anchor="end">{high_text}</text>'
    )
    return f'<svg viewBox="0 0 {WIDTH + 2 * LEFT:g} {base + 18:g}">{"".join(parts)}</svg>'


def ends(prior: Distribution) -> tuple[float, float]:
    """Where the drawing's axis begins and ends."""
    atoms = prior.atoms()
    if atoms is not None and len(atoms[0]) <= MOST_ATOMS:
        return float(atoms[0][0]), float(atoms[0][-1])
    return _reach(prior)


def _reach(prior: Distribution) -> tuple[float, float]:
    low, high = (float(x) for x in prior.ppf([TAIL, 1.0 - TAIL]))
    if prior.atoms() is not None and high > 1_000:  # an event that never comes would leave no room for those that do
        high = float(prior.ppf(0.9 * prior.cdf(1_000.0)))
    return low, high


def _x(value: float, low: float, high: float) -> float:
    return LEFT + WIDTH * ((value - low) / (high - low) if high > low else 0.5)


def _area(prior: Distribution, low: float, high: float) -> list[str]:
    """Density by differences of the cdf over equal steps; the part between 5 % and 95 % is filled."""
    if not high > low:
        return []
    edges = np.linspace(low, high, POINTS + 1)
    density = np.diff(np.asarray(prior.cdf(edges), float))
    top = float(density.max()) or 1.0
    xs = [_x((a + b) / 2, low, high) for a, b in itertools.pairwise(edges)]
    ys = [TOP + HEIGHT * (1.0 - d / top) for d in density]
    inner_low, inner_high = (_x(float(x), low, high) for x in prior.ppf([0.05, 0.95]))
    inside = [(x, y) for x, y in zip(xs, ys, strict=True) if inner_low <= x <= inner_high]
    parts = []
    if inside:
        base, line = TOP + HEIGHT, "L".join(f"{x:.1f} {y:.1f}" for x, y in inside)
        parts.append(f'<path d="M{inside[0][0]:.1f} {base:g}L{line}V{base:g}Z" fill="{FILL}"/>')
    outline = "L".join(f"{x:.1f} {y:.1f}" for x, y in zip(xs, ys, strict=True))
    parts.append(f'<path d="M{outline}" stroke="{INK}" fill="none"/>')
    return parts


def _bars(values: np.ndarray, chances: np.ndarray, low: float, high: float) -> list[str]:
    top, base = float(np.max(chances)), TOP + HEIGHT
    wide = min(24.0, 0.6 * WIDTH / len(values))
    found = []
    for value, chance in zip(values, chances, strict=True):
        x = min(max(_x(float(value), low, high) - wide / 2, LEFT), LEFT + WIDTH - wide)
        tall = HEIGHT * float(chance) / top
        found.append(f'<rect x="{x:.1f}" y="{base - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}" fill="{FILL}"/>')
    return found
