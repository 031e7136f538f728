"""A prior beside what it rests on: the claim, its hedge, the stated value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.results.errors import ResultError
from sim.results.names import nearest
from sim.results.plot import bands, canvas, colours, fonts, inputs, numbers, tips, words
from sim.results.plot.scales import Scale, scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    import priors
    from priors.families import Distribution

HATCH = "///"
"""Of what a scenario makes of a prior: its colour may be that of a basis."""
MOST_BARS = 12
"""Values of a discrete law told by themselves; the rest, and never, are the last bar."""


def prior(
    book: priors.Book,
    name: str,
    *,
    scenario: str | None = None,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Density of a quantity, or chances of its values, with the stated value, the claim's paraphrase and its hedges.

    Parameters
    ----------
    book: a book.
    name: of one of its quantities.
    scenario: draws the prior that it has under this scenario over the book's own.
    lang: ``"en"`` or ``"zh"``; claims stay in the book's own words.
    ax: to draw on; a new figure unless given.

    Raises
    ------
    ResultError: for a name that is not in the book, with the nearest that is.
    """
    if name not in book.quantities:
        raise ResultError(nearest("quantity", name, book.quantities))
    if scenario is not None and scenario not in book.scenarios:
        raise ResultError(nearest("scenario", scenario, book.scenarios))
    quantity = book.quantities[name]
    lang = fonts.language(lang)
    ax = canvas.axes(ax)
    under = book.resolve(scenario)[name] if scenario is not None else None
    laws = [(quantity.prior, inputs.colour_of(quantity.basis), words.say(quantity.basis, lang))]
    if under is not None and under != quantity.prior:
        told = words.of_record(book.scenarios, str(scenario), lang)
        laws.append((under, colours.of("scenario", scenario), words.say("under", lang, told)))
    if all(law.atoms() is not None for law, *_ in laws):
        handles, how = _bars(ax, quantity, laws, lang)
    else:
        handles, how = _densities(ax, quantity, laws, lang)
    label = words.of_record(book.quantities, name, lang)
    canvas.label_x(ax, how.label(label))
    ax.set_ylim(bottom=0.0)
    canvas.bare(ax, "right", "top")
    if not ax.get_yticks().size:
        canvas.bare(ax, "left")
    canvas.head(ax, "\n".join(_reason(book, quantity, ax, lang)), handles, size=canvas.small())
    fonts.dress(ax, lang)
    return ax


def _reason(book: priors.Book, quantity: priors.Quantity, ax: Axes, lang: str) -> list[str]:
    """Each claim with its paraphrase and hedges, or that there is none; wrapped to the width of the axes."""
    letters = max(int(canvas.width(ax) * 72.0 / (0.52 * canvas.small())), 30)
    lines: list[str] = []
    for claim in (book.claims[each] for each in quantity.claims if each in book.claims):
        hedges = f" [{words.say('hedges', lang)}: {', '.join(claim.hedges).replace('_', ' ')}]" if claim.hedges else ""
        lines += words.wrapped(f"{claim.name}: {claim.text}{hedges}", letters)
    if not lines:
        lines = words.wrapped(f"{words.say('no_claim', lang)} {quantity.rationale}", letters)
    return lines


def _densities(
    ax: Axes, quantity: priors.Quantity, laws: list[tuple[Distribution, str, str]], lang: str
) -> tuple[list[Any], Scale]:
    ends = np.concatenate([law.ppf(np.array([0.002, 0.998])) for law, *_ in laws])
    low, high = float(min(ends.min(), quantity.stated)), float(max(ends.max(), quantity.stated))
    margin = 0.04 * (high - low)
    how = scale(quantity.name, quantity.unit, [low, high], lang)
    handles: list[Any] = []
    for law, colour, label in laws:
        handles.append(_body(ax, law, (low - margin, high + margin), colour, HATCH if handles else ""))
        handles[-1].set_label(label)
        _interval(ax, law.ppf(np.array([0.05, 0.5, 0.95])), colour, how)
    stated = ax.axvline(
        quantity.stated, color=canvas.ink(), linewidth=1.3, linestyle=(0, (4, 2)),
        label=f"{words.say('stated', lang)}: {how.write(quantity.stated)}",
    )  # fmt: skip
    how.on(ax.xaxis)
    ax.set_xlim(low - margin, high + margin)
    ax.set_yticks([])
    canvas.label_y(ax, words.say("density", lang))
    return [*handles, stated], how


def _body(ax: Axes, law: Distribution, ends: tuple[float, float], colour: str, hatch: str) -> Any:
    """The density, or of a law that takes single values only upright lines at them; for a legend."""
    atoms = law.atoms()
    if atoms is not None:
        return ax.vlines(atoms[0], 0.0, 0.9 * atoms[1], color=colour, linewidth=2.4, transform=ax.get_xaxis_transform())
    edges = np.linspace(*ends, 401)
    y = np.diff(law.cdf(edges)) / np.diff(edges)
    x = (edges[1:] + edges[:-1]) / 2
    ax.plot(x, y, color=colour, linewidth=1.6)
    return ax.fill_between(x, 0.0, y, facecolor=colour, edgecolor=colour, alpha=0.35, linewidth=0, hatch=hatch)


def _interval(ax: Axes, quantiles: np.ndarray, colour: str, how: Scale) -> None:
    """5–95 % and the median as a line at the foot of the density."""
    foot = {"transform": ax.get_xaxis_transform()}
    (line,) = ax.plot(quantiles[[0, 2]], [0.02, 0.02], color=colour, linewidth=3.0, zorder=4, **foot)
    low, middle, high = (how.write(float(each)) for each in quantiles)
    tips.tie(line, f"{middle} ({low} – {high}) {how.unit}".rstrip())
    ax.plot(quantiles[1], 0.02, "o", color=canvas.paper(), markeredgecolor=colour, zorder=5, **foot)


def _bars(
    ax: Axes, quantity: priors.Quantity, laws: list[tuple[Distribution, str, str]], lang: str
) -> tuple[list[Any], Scale]:
    """Chances of the values of discrete laws, side by side, and a mark above the stated one."""
    values, masses = _masses([law for law, *_ in laws])
    shown = values[:MOST_BARS]
    how = scale(quantity.name, quantity.unit, [0.0, 2.0], lang)
    width = 0.8 / len(laws)
    handles: list[Any] = []
    for k, ((_, colour, label), mass) in enumerate(zip(laws, masses, strict=True)):
        heights = np.append(mass[:MOST_BARS], mass[MOST_BARS:].sum()) if len(values) > MOST_BARS else mass
        x = np.arange(len(heights)) + (k - (len(laws) - 1) / 2) * width
        made = ax.bar(
            x, heights, width=0.94 * width, color=colour, alpha=0.75, linewidth=0, label=label, hatch=HATCH if k else ""
        )
        for bar, height in zip(made, heights, strict=True):
            tips.tie(bar, f"{numbers.percent(float(height))}")
        handles.append(made)
    at = np.flatnonzero(shown == quantity.stated)
    place = float(at[0]) if at.size else float(len(shown))
    top = max(float(bar.get_y() + bar.get_height()) for made in handles for bar in made)
    handles += ax.plot(
        place, 1.06 * top, "v", color=canvas.ink(), markersize=6, linestyle="none",
        label=f"{words.say('stated', lang)}: {how.write(quantity.stated)}",
    )  # fmt: skip
    ticks = bands.times([how.write(float(each)) for each in shown])
    if len(values) > MOST_BARS:
        ticks.append({"en": "later\nor never", "zh": "更晚\n或从不"}[lang])
    ax.set_xticks(range(len(ticks)), ticks)
    ax.yaxis.set_major_formatter(lambda value, _: numbers.percent(value))
    canvas.label_y(ax, words.say("chance", lang))
    return handles, how


def _masses(laws: list[Distribution]) -> tuple[np.ndarray, list[np.ndarray]]:
    """All values that any of the laws takes, rising, and each law's chance of each."""
    found = [law.atoms() for law in laws]
    values = np.unique(np.concatenate([atoms[0] for atoms in found if atoms is not None]))
    return values, [law.cdf(values) - law.cdf(np.nextafter(values, -np.inf)) for law in laws]
