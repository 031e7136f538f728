"""``suanli check``: the stated claims against one another, against their priors, and against what the model makes of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import click

from sim.app import options, refusals, study, terminal
from sim.app.numbers import chance, exact, interval, percent, written

if TYPE_CHECKING:
    import xarray as xr


@click.command("check", short_help="How the claims fit one another, their priors and the model.")
@click.option("--without-model", is_flag=True, help="Only what needs no run.")
@study.options_of(65_536)
@options.as_json
def command(without_model: bool, json: bool, **run: Any) -> None:
    """Hold the stated claims against one another, against their own priors, and against what the model makes of them.

    What is compared is data: the book's relations (relations.toml; [relations.NAME] in a book of your own), each with the
    claims it ties, what is stated, and what follows from other claims or holds of inputs and outputs.
    """
    asked = study.Asked(**run)
    book, scenario = asked.opened()
    from sim.study import check

    with refusals.told_with_progress(asked.draws, quiet=json or without_model) as progress:
        found = check.check(book, scenario=scenario, run=not without_model, **asked.run(progress))
    if json:
        terminal.emit(as_json(found))
    else:
        _arithmetic(found)
        if not without_model:
            _against_model(found)
        _places(found)


def as_json(found: xr.Dataset) -> dict[str, Any]:
    """All of it under stable keys."""
    words = ("text", "sign", "verdict", "model_verdict", "comment")
    numbers = ("stated", "follows", "gap", "percentile", "chance", "chance_mcse", "chance_asked")
    levels = [f"{float(level):g}" for level in found["quantile"].values]
    relations = [
        {
            "relation": str(one["relation"].item()),
            "claims": str(one["claims"].item()).split(", "),
            **{name: str(one[name].item()) for name in words},
            **{name: float(one[name]) for name in numbers},
            "model": dict(zip(levels, one["model"].values.tolist(), strict=True)),
        }
        for one in _rows(found, "relation")
    ]
    quantities = [
        {
            "quantity": str(one["quantity"].item()),
            "follows_from": str(one["derived_from"].item()),
            "units": str(one["units"].item()),
            "flag": str(one["flag"].item()),
            **{name: float(one[name]) for name in ("said", "prior_percentile", "mode")},
        }
        for one in _rows(found, "quantity")
    ]
    return {"about": dict(found.attrs), "relations": relations, "quantities": quantities}


def _rows(found: xr.Dataset, dim: str) -> list[xr.Dataset]:
    return [found.isel({dim: i}) for i in range(found.sizes[dim])]


def _arithmetic(found: xr.Dataset) -> None:
    """What claims say of one another."""
    rows = [one for one in _rows(found, "relation") if one["verdict"].item()]
    body = [
        [str(one["claims"].item()), str(one["text"].item()), _side(one, "stated"), _follows(one), _verdict(one)]
        for one in rows
    ]
    if body:
        head = ["claims", "what is related", "stated", "follows", "verdict"]
        terminal.table(head, body, right=["stated", "follows"], keep=["stated", "follows"], title="The claims together")
    _comments([one for one in rows if one["verdict"].item() != "agrees"])


def _side(one: xr.Dataset, name: str) -> str:
    return exact(float(one[name]))


def _follows(one: xr.Dataset) -> str:
    sign = {"=": "=", "<=": "≤", ">=": "≥"}[str(one["sign"].item())]
    return f"{sign} {_side(one, 'follows')}"


def _verdict(one: xr.Dataset) -> str:
    verdict, gap, follows = str(one["verdict"].item()), float(one["gap"]), float(one["follows"])
    if verdict == "agrees":
        return verdict
    share = f" ({percent(gap / follows)})" if follows else ""
    return f"{verdict}: {exact(gap, digits=3)}{share}"


def _comments(rows: list[xr.Dataset]) -> None:
    for one in rows:
        if one["comment"].item():
            terminal.say(f"{one['relation'].item()}: {one['comment'].item()}.")
    terminal.say()


def _against_model(found: xr.Dataset) -> None:
    """What the model makes of the claims."""
    rows = [one for one in _rows(found, "relation") if one["model_verdict"].item()]
    body = []
    for one in rows:
        stated = float(one["stated"]) if not math.isnan(float(one["model"][0])) else math.nan
        low, middle, high = (written(float(x)) for x in one["model"].values)
        model = "" if math.isnan(stated) else interval(middle, low, high)
        said = "" if math.isnan(stated) else exact(stated)
        claims, text = str(one["claims"].item()), str(one["text"].item())
        body.append([claims, text, said, model, _how_often(one), str(one["model_verdict"].item())])
    if body:
        head = ["claims", "what is related", "stated", "model, median (5 %–95 %)", "how often", "verdict"]
        title = f"The claims and the model ({found.attrs['scenario']})"
        terminal.table(head, body, right=head[2:4], keep=["stated", "how often", "verdict"], title=title)
    _comments([one for one in rows if one["model_verdict"].item() != "agrees"])


def _how_often(one: xr.Dataset) -> str:
    """Percentile of the stated value, or the chance of a bound or condition."""
    value = float(one["chance"])
    if math.isnan(value):
        return f"above {percent(float(one['percentile']))}"
    if value == 1.0:
        return "always"
    return chance(value, float(one["chance_mcse"]))


def _places(found: xr.Dataset) -> None:
    """Where figures sit in their own priors."""
    body = []
    for one in _rows(found, "quantity"):
        name, said = str(one["quantity"].item()), exact(float(one["said"]))
        place = percent(float(one["prior_percentile"]))
        numbers = [said, exact(float(one["mode"]), digits=3), place]
        body.append([str(one["derived_from"].item()), name, *numbers, str(one["flag"].item())])
    if not body:
        return
    head = ["claim", "quantity", "stated", "likeliest", "lies above", ""]
    title = "Each claim within its own prior"
    terminal.table(head, body, right=head[2:5], keep=["quantity", *head[2:5]], title=title)
    flags = [str(flag) for flag in found["flag"].values]
    told = [f"{flags.count('floor')} are floors by their hedge"] if "floor" in flags else []
    told += [f"{flags.count(flag)} {word}" for flag, word in _FLAGS.items() if flag in flags]
    inside = flags.count("")
    terminal.say(
        f"{inside} of {len(flags)} lie inside, near the likeliest value"
        + ("; " + ", ".join(told) if told else "")
        + "."
    )


_FLAGS = {"tail": "in a tail (outside of 5 to 95 %)", "off the mode": "far off the likeliest value"}
