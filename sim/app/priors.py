"""``suanli priors``: every uncertain quantity, how wide it is taken, and on what that rests."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.app import claims, failures, options, target, terminal
from sim.app.numbers import NEVER, exact
from sim.app.scenarios import distribution

if TYPE_CHECKING:
    import priors


@click.command("priors", short_help="List the uncertain quantities.")
@click.argument("name", required=False)
@options.own_book
@click.option("--schema", metavar="DIR", help="Write the JSON Schema of each kind of file into DIR, for editors.")
@click.option("--assign", metavar="FILE", help="Give the quantities of FILE their stream numbers where they have none.")
@options.as_json
def command(
    name: str | None, book: str | None, alone: bool, schema: str | None, assign: str | None, json: bool
) -> None:
    """List the quantities with unit, stated value, 5 %, 50 % and 95 %; or tell everything about NAME.

    NAME may also be the first word of several, such as growth.
    """
    if schema is not None or assign is not None:
        _write(schema, assign)
        return
    found = options.load_book(book, alone)
    chosen = list(found.quantities) if name is None else _chosen(name, list(found.quantities))
    content = [described(found, quantity) for quantity in chosen]
    if json:
        terminal.emit({"book": found.name, "digest": found.digest, "quantities": content})
    elif name in chosen:
        _in_full(found, content[0])
    else:
        _listed(content)


def _chosen(wanted: str, known: list[str]) -> list[str]:
    group = [name for name in known if name.partition(".")[0] == wanted]
    if group and wanted not in known:
        return group
    failures.require(wanted, known, "quantity", "the book")
    return [wanted]


def described(book: priors.Book, name: str) -> dict[str, Any]:
    """All that the book says of a quantity, under stable keys."""
    from sim.sample import LEVELS  # NumPy, 0.1 s

    quantity = book.quantities[name]
    levels = {f"{level:g}": float(quantity.prior.ppf(level)) for level in LEVELS}
    return {
        "name": name,
        "unit": quantity.unit,
        "label": quantity.label,
        "label_zh": quantity.label_zh,
        "stated": quantity.stated,
        "quantiles": levels,
        "mean": float(quantity.prior.mean()),
        "prior": quantity.prior.spec(),
        "misfit": [{"level": p, "asked": x, "found": found} for p, x, found in quantity.misfit],
        "derived_from": quantity.derived_from,
        "hedges": list(quantity.hedges),
        "limits": quantity.limits,
        "limits_reason": quantity.limits_reason,
        "stream": quantity.stream,
        "basis": quantity.basis,
        "claims": list(quantity.claims),
        "rationale": quantity.rationale,
        "source": quantity.source,
        "note": quantity.note,
    }


def value(number: float) -> str:
    """A quantity's value in a table; an event that never comes is told as such."""
    return "never" if number == NEVER else exact(number, digits=4)


def _listed(quantities: list[dict[str, Any]]) -> None:
    from sim.sample import LEVELS

    levels = [f"{level * 100:.0f} %" for level in LEVELS]
    rows = [
        [q["name"], q["unit"], value(q["stated"]), *(value(x) for x in q["quantiles"].values()), _basis(q)]
        for q in quantities
    ]
    head = ["quantity", "unit", "stated", *levels, "rests on"]
    terminal.table(head, rows, right=["stated", *levels], keep=["quantity", "unit", "stated", *levels])


def _basis(quantity: dict[str, Any]) -> str:
    """The claims that a quantity rests on, and whether anything of it is ours."""
    mark = {"assumption": "assumed", "mixed": "in part assumed"}.get(quantity["basis"], "")
    claims = [] if quantity["basis"] == "assumption" else quantity["claims"]
    return ", ".join([*claims, mark] if mark else claims)


def _in_full(book: priors.Book, quantity: dict[str, Any]) -> None:
    limits = quantity["limits"]
    levels = ", ".join(f"{float(level) * 100:g} % {value(x)}" for level, x in quantity["quantiles"].items())
    touched = [name for name in book.scenarios if _touched(book, name, quantity)]
    terminal.record(
        [
            (quantity["name"], quantity["label"] or ""),
            ("", quantity["label_zh"] or ""),
            ("unit", quantity["unit"]),
            ("stated", value(quantity["stated"])),
            ("prior", distribution(quantity["prior"])),
            ("quantiles", levels),
            ("mean", value(quantity["mean"])),
            ("asked for", "; ".join(_asked(each) for each in quantity["misfit"])),
            ("follows from", quantity["derived_from"]),
            ("hedges", ", ".join(quantity["hedges"])),
            ("limits", "{} to {}".format(*map(value, limits)) if limits else ""),
            ("", quantity["limits_reason"]),
            ("stream", str(quantity["stream"])),
            ("basis", quantity["basis"]),
            ("rationale", quantity["rationale"] or ""),
            ("source", quantity["source"] or ""),
            ("note", quantity["note"] or ""),
            ("changed in", ", ".join(touched)),
        ]
    )
    if quantity["claims"]:
        terminal.say()
        said = [claims.described(book, name) for name in quantity["claims"]]
        terminal.record([(claim["id"], claim["text"]) for claim in said])


def _asked(misfit: dict[str, float]) -> str:
    """A quantile that the prior was made from, and what it came to if that is something else."""
    asked, found = value(misfit["asked"]), value(misfit["found"])
    return f"{misfit['level'] * 100:g} % {asked}" + (f", came to {found}" if found != asked else "")


def _touched(book: priors.Book, scenario: str, quantity: dict[str, Any]) -> bool:
    return bool(book.resolve(scenario)[quantity["name"]].spec() != quantity["prior"])


def _write(schema: str | None, assign: str | None) -> None:
    """Write schemas, or stream numbers into a book, and say what was written.

    Raises
    ------
    Mistake: for a folder or a file that is not there or cannot be written.
    """
    import priors  # pydantic, 0.2 s

    if schema is not None:
        from priors.json_schemas import write

        folder = Path(schema)
        target.writable(folder if folder.exists() else folder.parent, f"--schema {schema}")
        folder.mkdir(exist_ok=True)
        for path in write(folder):
            terminal.say(str(path))
    if assign is not None:
        options.existing(assign, "--assign")
        given = priors.assign(assign)
        for name, number in given.items():
            terminal.say(f"{name}: stream {number}")
        if not given:
            terminal.say("every quantity has its stream number already")
