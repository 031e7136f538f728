"""The priors table: every input with its range, each row unfolding to claim, hedge, reason and distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app.report import density
from sim.app.report.pictures import Studio
from sim.app.scenarios import distribution
from sim.results.report import Block, Cell, Items, Paragraph, Picture, Row, Section, Table, row
from sim.sample import LEVELS

if TYPE_CHECKING:
    import priors
    from priors.families import Distribution
    from sim.app.report.source import Source


def section(source: Source, studio: Studio) -> Section:
    """The inputs as the first scenario drew them, in the order of the book."""
    words = source.say.words
    title = words("section.priors")
    if not source.deck:
        return Section("priors", title, (Paragraph(words("priors.no_deck"), "warn"),))
    blocks: list[Block] = [Paragraph(words("priors.read", scenario=source.scenario(source.scenarios[0])), "note")]
    if source.strangers:
        told = words("priors.strangers", n=len(source.strangers), book=str(source.tree.attrs.get("book", "")))
        blocks.append(Paragraph(told, "warn"))
    rows = tuple(_row(source, studio, name) for name in source.deck["base"])
    head = ("", words("priors.unit"), words("priors.stated"), *(f"{100 * level:.0f} %" for level in LEVELS))
    blocks.append(Table(words("priors.caption", n=len(rows)), head, rows, (1,)))
    return Section("priors", title, tuple(blocks))


def prior_of(source: Source, name: str) -> Distribution | None:
    """An input's prior under the first scenario; None where it was an object of Python's, which no file carries."""
    import priors

    changed = source.deck.get("scenarios", {}).get(source.scenarios[0], {})
    try:
        return priors.make(changed.get(name, source.deck["base"][name]))
    except ValueError:
        return None


def _row(source: Source, studio: Studio, name: str) -> Row:
    say, known, prior = source.say, source.known(name), prior_of(source, name)
    label = source.deck.get("labels", {}).get(name, {})
    stated = Cell(say.value(known.stated), known.stated) if known is not None else Cell("–")
    levels = [Cell("–")] * len(LEVELS)
    if prior is not None:
        levels = [Cell(say.value(x), x) for x in map(float, prior.ppf(LEVELS))]
    basis, claims = label.get("basis", ""), label.get("claims", "").split()
    rests = say.words(f"sensitivity.rests_{basis or 'none'}", claims=", ".join(claims))
    summary = say.words("priors.summary", label=source.input(name), rests=rests)
    unit = say.unit(label.get("units", "1"))
    more = _more(source, studio, name, prior)
    return row(name, unit, stated, *levels, summary=summary, more=more)


def _more(source: Source, studio: Studio, name: str, prior: Distribution | None) -> list[Block]:
    """What a row unfolds to."""
    words, known = source.say.words, source.known(name)
    blocks: list[Block] = []
    if known is not None:
        said = [_claim(source.book, source, each) for each in known.claims if each in source.book.claims]
        hedges = [_hedge(source.book, source, each) for each in known.hedges if each in source.book.hedges]
        if said or hedges:
            blocks.append(Items((*said, *hedges)))
        blocks += [Paragraph(words(f"priors.{key}", text=text)) for key, text in _reasons(source, known) if text]
    if prior is not None:
        blocks.append(Paragraph(words("priors.distribution", text=distribution(prior.spec()))))
        blocks.append(_drawn(source, studio, name, prior))
    changed = [each for each in source.scenarios if name in source.deck.get("scenarios", {}).get(each, {})]
    if changed:
        blocks.append(Paragraph(words("priors.changed", scenarios=source.say.listed(changed))))
    return blocks


def _claim(book: priors.Book, source: Source, claim: str) -> str:
    return source.say.words("priors.claim", id=claim, text=book.claims[claim].text)


def _hedge(book: priors.Book, source: Source, hedge: str) -> str:
    record = book.hedges[hedge]
    spoken = record.zh if source.say.lang == "zh" else record.en
    said = source.say.listed(list(spoken)) or hedge
    return source.say.words("priors.hedge", words=said, reason=record.reason)


def _reasons(source: Source, known: Any) -> list[tuple[str, str]]:
    limits = ""
    if known.limits:
        low, high = (source.say.value(x) if abs(x) != float("inf") else ("∞" if x > 0 else "−∞") for x in known.limits)
        limits = source.say.words("priors.limits_text", low=low, high=high, reason=known.limits_reason).strip()
    return [("rationale", known.rationale), ("source", known.source), ("limits", limits), ("note", known.note)]


def _drawn(source: Source, studio: Studio, name: str, prior: Distribution) -> Picture:
    known = source.known(name)
    low, high = density.ends(prior)
    svg = density.drawing(
        prior, known.stated if known is not None else None, source.say.value(low), source.say.value(high)
    )
    alt = source.say.words(
        "priors.alt", label=source.input(name), low=source.say.value(low), high=source.say.value(high)
    )
    return studio.ready(f"prior-{name}", alt, svg)
