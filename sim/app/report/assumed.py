"""What was assumed and why: how much of the inputs is ours, the assumptions that matter, what goes together."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from sim.results.report import Block, Items, Paragraph, Part, Section

if TYPE_CHECKING:
    from sim.app.report.source import Source


def section(source: Source) -> Section:
    """Counts by basis, the assumptions that the answers rest on, correlations, and fixed readings of the book."""
    words = source.say.words
    title = words("section.assumed")
    labels = source.deck.get("labels", {})
    if not labels:
        return Section("assumed", title, (Paragraph(words("priors.no_deck"), "warn"),))
    count = Counter(label.get("basis", "") for label in labels.values())
    told = words(
        "assumed.count", n=len(labels), claim=count["claim"], mixed=count["mixed"], assumption=count["assumption"]
    )
    blocks: list[Block] = [Paragraph(told)]
    weighty = [name for name in _weighty(source) if labels.get(name, {}).get("basis") != "claim"]
    reasons = [_reason(source, name) for name in weighty if source.known(name) is not None]
    if reasons:
        blocks.append(Part(words("assumed.weighty"), (Items(tuple(reasons)),)))
    pairs = _correlations(source)
    if pairs:
        blocks.append(Part(words("assumed.correlated"), (Items(tuple(pairs)),)))
    blocks.append(Paragraph(words("assumed.rest"), "note"))
    return Section("assumed", title, tuple(blocks))


def _weighty(source: Source) -> list[str]:
    """Inputs that some answer rests on under some scenario, the first scenario's first."""
    found = (each for answers in source.answers.values() for each in answers)
    return list(dict.fromkeys(driver.name for each in found for driver in each.rests_on or ()))


def _reason(source: Source, name: str) -> str:
    known = source.known(name)
    reason = known.rationale + (f" ({known.source})" if known.source else "")
    return source.say.words("assumed.reason", input=source.input(name), name=name, reason=reason)


def _correlations(source: Source) -> list[str]:
    """Each correlated pair's reason once, with the pairs that share it."""
    by_reason: dict[tuple[float, str], list[str]] = {}
    for each in source.book.correlations:
        if set(each.between) <= set(source.deck["base"]):
            names = by_reason.setdefault((each.spearman, each.rationale), [])
            names += [name for name in each.between if name not in names]
    return [
        source.say.words("assumed.pair", inputs=source.say.listed(names), rho=f"{rho:g}", reason=reason)
        for (rho, reason), names in by_reason.items()
    ]
