"""``suanli claims``: what the speaker said, in our words, and which quantities rest on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.app import failures, options, terminal
from sim.app.numbers import exact

if TYPE_CHECKING:
    import priors


@click.command("claims", short_help="List what the speaker said.")
@click.argument("claim", required=False, metavar="[Qnn.m]")
@options.own_book
@options.as_json
def command(claim: str | None, book: str | None, alone: bool, json: bool) -> None:
    """List the claims, or tell everything about one: Qnn.m is statement m of question nn; Q04 lists a question's."""
    found = options.load_book(book, alone)
    chosen = list(found.claims) if claim is None else _chosen(claim, list(found.claims))
    content = [described(found, name) for name in chosen]
    if json:
        terminal.emit({"book": found.name, "claims": content})
    elif claim in chosen:
        _in_full(content[0])
    else:
        _listed(content)


def _chosen(wanted: str, known: list[str]) -> list[str]:
    """Ids that ``wanted`` names: one claim, or all of a question (``Q04``)."""
    of_question = [name for name in known if name.partition(".")[0] == wanted]
    if of_question:
        return of_question
    failures.require(wanted, known, "claim", "the book")
    return [wanted]


def described(book: priors.Book, name: str) -> dict[str, Any]:
    """All that the book says of a claim, under stable keys."""
    claim = book.claims[name]
    return {
        "id": name,
        "question": claim.question,
        "text": claim.text,
        "kind": [claim.kind] if isinstance(claim.kind, str) else list(claim.kind),
        "value": claim.value,
        "range": claim.range,
        "choices": claim.choices,
        "window": claim.window,
        "numbers": dict(claim.numbers or {}),
        "unit": claim.unit,
        "hedges": list(claim.hedges),
        "enters": claim.enters,
        "note": claim.note,
        "cited_by": [quantity.name for quantity in book.quantities.values() if name in quantity.claims],
    }


def figure(claim: dict[str, Any]) -> str:
    """The figure of a claim with its unit, as written."""
    text = ""
    if claim["value"] is not None:
        text = exact(float(claim["value"]))
    elif claim["range"] is not None:
        text = "–".join(exact(float(x)) for x in claim["range"])
    elif claim["choices"] is not None:
        text = " or ".join(exact(float(x)) for x in claim["choices"])
    elif claim["window"] is not None:
        text = "from month {} until {}".format(*(exact(float(x)) for x in claim["window"]))
    unit = claim["unit"] or ""
    return f"{text} {unit}" if text and unit not in ("", "1") and not text.startswith("from") else text


def _listed(claims: list[dict[str, Any]]) -> None:
    for claim in claims:
        hedges = f"({', '.join(claim['hedges'])})" if claim["hedges"] else ""
        cited = f"→ {', '.join(claim['cited_by'])}" if claim["cited_by"] else ""
        terminal.entry(claim["id"], " ".join(part for part in (figure(claim), hedges, cited) if part), claim["text"])


def _in_full(claim: dict[str, Any]) -> None:
    terminal.record(
        [
            (claim["id"], claim["text"]),
            ("question", str(claim["question"])),
            ("kind", ", ".join(claim["kind"])),
            ("figure", figure(claim)),
            ("numbers", ", ".join(f"{name} {exact(float(x))}" for name, x in claim["numbers"].items())),
            ("hedges", ", ".join(claim["hedges"])),
            ("enters", claim["enters"] or ""),
            ("note", claim["note"] or ""),
            ("cited by", ", ".join(claim["cited_by"]) or "no quantity"),
        ]
    )
