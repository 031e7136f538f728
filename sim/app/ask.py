"""``suanli ask``: what is worth a call before a decision, and at which price."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.app import failures, options, refusals, study, terminal
from sim.app.numbers import percent, written

if TYPE_CHECKING:
    import xarray as xr

    import priors

LEAST = 0.005


class Option(click.ParamType):
    """``NAME=PAYOFF``, an option of the decision."""

    name = "NAME=PAYOFF"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """Its name and its payoff, which is read later."""
        if isinstance(value, tuple):
            return value
        name, sign, payoff = (part.strip() for part in str(value).partition("="))
        if not (name and sign and payoff) or not name.replace("_", "").replace("-", "").isalnum():
            self.fail(f'found "{value}", expected NAME=PAYOFF such as "buy=x - 300" or wait=0', param, ctx)
        return name, payoff


@click.command("ask", short_help="What to ask before a decision, and what the answer is worth.")
@click.argument("question", required=False)
@click.option("--option", "given", multiple=True, type=Option(), help="An option and its payoff; give two or more.")
@click.option("--loss", type=options.Choice("distance", "call"), default="distance", show_default=True)
@click.option("--unit", default="", help="The payoff's unit, for the table.")
@click.option("--by", type=options.Choice("question", "input", "claim", "basis"), default="question", show_default=True)
@click.option("--rows", type=options.Count(1, 10_000), default=10, show_default=True, help="How many to print.")
@click.option("--from", "file", metavar="FILE", help="Use the draws kept in FILE instead of a run.")
@study.options_of(65_536)
@options.as_json
def command(
    question: str | None,
    given: tuple[tuple[str, str], ...],
    loss: str,
    unit: str,
    by: str,
    rows: int,
    file: str | None,
    json: bool,
    **run: Any,
) -> None:
    """What each claim or input is worth to know before a decision: the price below which a call pays.

    QUESTION is a comparison to be called true or false, such as "market_domestic_share[2024Q4] > 0.3"; a wrong call costs
    the distance between the two sides, or 1 with --loss call. Or state the decision by its options, each with a payoff:

        suanli ask --option "buy=market_purchases_year[h800, 2024] * 0.01 - 300" --option wait=0

    The worth is that of certain knowledge (EVPPI), the most that an answer can be worth; an assumption is asked for by its
    label, a claim is sharpened.
    """
    decision = _decision(question, given)
    asked = study.Asked(**run)
    from sim.study import ask

    how = {"by": by, "loss": loss, "unit": unit}
    with refusals.told_with_progress(asked.draws, quiet=json or file is not None) as progress:
        if file is not None:
            result = _opened(file)
            book = _words(result, asked, file)
            found = ask.ask(decision, result=result, book=book, scenario=asked.scenario, **how)  # type: ignore[arg-type]
        else:
            book, scenario = asked.opened()
            found = ask.ask(decision, book=book, scenario=scenario, **how, **asked.run(progress))  # type: ignore[arg-type]
    if json:
        terminal.emit(as_json(found))
    else:
        _printed(found, rows)


def _decision(question: str | None, given: tuple[tuple[str, str], ...]) -> str | dict[str, str]:
    if question is not None and given:
        raise failures.Mistake("QUESTION and --option: found both, expected one of them")
    if question is not None:
        return question
    if not given:
        raise failures.Mistake(
            'found no decision, expected a question such as "market_domestic_share[2024Q4] > 0.3", or two --option'
        )
    names = [name for name, _ in given]
    for name in names:
        if names.count(name) > 1:
            raise failures.Mistake(f'--option: found "{name}" {names.count(name)} times, expected each option once')
    return dict(given)


def _opened(file: str) -> xr.DataTree:
    """The kept result, to which nothing of a run can be asked any more.

    Raises
    ------
    Mistake: for an option of a run beside --from.
    """
    context = click.get_current_context()
    for name, option in _OF_A_RUN.items():
        if context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE:
            raise failures.Mistake(f"--from and {option}: found both, expected one; {file} has been run already")
    return options.open_result(file)


_OF_A_RUN = {
    "draws": "--draws",
    "seed": "--seed",
    "quarters": "--quarters",
    "changes": "--set",
    "threads": "--threads",
}


def _words(result: xr.DataTree, asked: study.Asked, file: str) -> priors.Book | None:
    """The book whose claims the result's inputs cite, if it is the one at hand."""
    book = options.load_book(asked.book, asked.alone)
    if book.digest == result.attrs.get("book_digest"):
        return book
    terminal.note(f"suanli: {file} was made with another book, so claims are told by their ids (give it by --priors)")
    return None


def as_json(found: xr.Dataset) -> dict[str, Any]:
    """All of it under stable keys."""
    worth = ("", "_mcse", "_lower", "_upper")
    return {
        "about": dict(found.attrs),
        "options": [
            {"option": str(name), **{f"payoff{w}": float(found[f"payoff{w}"][i]) for w in worth}}
            for i, name in enumerate(found["option"].values)
        ],
        "evpi": {f"evpi{w}": float(found[f"evpi{w}"]) for w in worth},
        "questions": [_question(found.isel(question=i)) for i in range(found.sizes["question"])],
    }


def _question(one: xr.Dataset) -> dict[str, Any]:
    words = {name: str(one[name].item()) for name in ("text", "basis")}
    lists = {name: [x for x in str(one[name].item()).split(", ") if x] for name in ("claims", "inputs")}
    numbers = ("evppi", "evppi_mcse", "evppi_lower", "evppi_upper", "evppi_share")
    return {"question": str(one["question"].item()), **words, **lists, **{n: float(one[n]) for n in numbers}}


def _printed(found: xr.Dataset, rows: int) -> None:
    unit = str(found.attrs["units"])
    beside = f", {unit}" if unit else ""
    terminal.say(f"Decision: {found.attrs['decision']} ({found.attrs['scenario']}){beside}", bold=True)
    for i, option in enumerate(found["option"].values):
        mark = ", the best without asking" if option == found.attrs["best"] else ""
        terminal.say(f"{option}: {_with_error(found, 'payoff', option=i)} expected{mark}")
    terminal.say(f"Knowing everything first is worth {_with_error(found, 'evpi')} (EVPI).")
    terminal.say()
    body = []
    worth = int((found["evppi_share"] >= LEAST).sum())
    for i in range(min(rows, max(worth, 1))):
        one = found.isel(question=i)
        share = percent(max(float(one["evppi_share"]), 0.0)) if float(one["evppi"]) > 0 else ""
        body.append([str(one["question"].item()), _price(one), share, str(one["text"].item())])
    terminal.table(
        ["question", f"worth up to{beside}", "of all", "what to ask"], body, right=["of all"], keep=["of all"]
    )
    if worth > len(body):
        terminal.say(f"{worth - len(body)} more are worth up to as much as the last (--rows).")
    if found.sizes["question"] > worth:
        terminal.say(f"Of {found.sizes['question'] - worth} others each is worth less than {percent(LEAST)} of it all.")


def _price(one: xr.Dataset) -> str:
    """The worth with its error, or nothing that can be told from 0."""
    if float(one["evppi_lower"]) <= 0.0:
        high = max(float(one["evppi_upper"]), 0.0)
        return f"under {written(high, digits=2)}" if high > 0 else "nothing seen"
    return _with_error(one, "evppi")


def _with_error(found: xr.Dataset, name: str, **at: int) -> str:
    value, error = (float(found[key].isel(at)) for key in (name, f"{name}_mcse"))
    text = written(value, error, digits=4)
    return f"{text} ± {written(error, digits=1)}" if error > 0 else text
