"""``suanli stress``: which answers and conclusions survive when the expert's hedges are taken wider or narrower."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.app import failures, options, refusals, study, terminal
from sim.app.numbers import exact, interval, percent, written

if TYPE_CHECKING:
    import xarray as xr

VERDICTS = {1: "holds", 0: "open", -1: "fails"}
MUCH_CUT, MOST_TOLD = 0.05, 8


class Width(click.ParamType):
    """A factor on widths."""

    name = "FACTOR"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The factor, above 0 and at most 100."""
        try:
            found = float(value)
        except ValueError:
            found = 0.0
        if not 0.0 < found <= 100.0:
            self.fail(f'found "{value}", expected a factor above 0 and up to 100, such as 0.5 or 2', param, ctx)
        return found


@click.command("stress", short_help="Which conclusions survive wider or narrower hedges.")
@click.option(
    "--width", "widths", multiple=True, type=Width(), help="0.5, 0.75, 1, 1.5, 2, 3 unless given; repeatable."
)
@click.option("--hedge", "hedges", multiple=True, help="Take only these words one by one; may be repeated.")
@click.option("--output", "outputs", multiple=True, metavar="EXPRESSION", help="Another answer; may be repeated.")
@click.option("--conclusion", "concluded", multiple=True, metavar="STATEMENT", help="Your own; may be repeated.")
@click.option("--assumptions", is_flag=True, help="Widen also the priors that no claim led to.")
@study.options_of(16_384)
@options.as_json
def command(
    widths: tuple[float, ...],
    hedges: tuple[str, ...],
    outputs: tuple[str, ...],
    concluded: tuple[str, ...],
    assumptions: bool,
    json: bool,
    **run: Any,
) -> None:
    """Scale the widths of all hedges, and of each hedge word alone, and tell which conclusions survive.

    A STATEMENT compares statistics of outputs: "chance(market_domestic_share[2024Q4] < 0.3) >= 0.8", or
    "median(parity_month[baidu]) < 16"; mean, median, sd, quantile(x, 0.9) and chance(condition) are known. The same draws
    serve every width, 16,384 unless told (sim.stress in Python: 65,536). Bounds, natural limits and the orders that they
    keep hold at every width. --assumptions adds two tables: of the priors that no claim led to, and of everything.
    """
    asked = study.Asked(**run)
    book, scenario = asked.opened()
    for hedge in hedges:
        failures.require(hedge, book.hedges, "hedge", "the book")
    from priors.widen import hedges_in_use
    from sim.study import stress

    runs = 1 + len(hedges or hedges_in_use(book)) + (3 if assumptions else 1)
    with refusals.told_with_progress(asked.draws * runs, quiet=json) as progress:
        found = stress.stress(
            book,
            scenario=scenario,
            widths=widths or stress.WIDTHS,
            hedges=hedges or None,
            outputs=outputs or None,
            concluded=concluded or None,
            assumptions=assumptions,
            **asked.run(progress),
        )
    if json:
        terminal.emit(as_json(found))
    else:
        _printed(found)


def as_json(found: xr.Dataset) -> dict[str, Any]:
    """All of it under stable keys."""
    widths = [float(width) for width in found["width"].values]
    return {
        "about": dict(found.attrs),
        "widths": widths,
        "hedges": [
            {
                "hedge": str(hedge),
                "conclusions": [_conclusion(found.sel(hedge=hedge, conclusion=c)) for c in found["conclusion"].values],
                "answers": [_answer(found.sel(hedge=hedge, answer=a)) for a in found["answer"].values],
                "cut": _cut(found["cut"].sel(hedge=hedge)),
            }
            for hedge in found["hedge"].values
        ],
    }


def _conclusion(one: xr.Dataset) -> dict[str, Any]:
    numbers = ("left", "left_mcse", "right", "right_mcse", "margin", "margin_mcse")
    verdicts = [VERDICTS[int(v)] for v in one["verdict"].values]
    return {"conclusion": str(one["conclusion"].item()), "verdict": verdicts, **{n: one[n].values for n in numbers}}


def _answer(one: xr.Dataset) -> dict[str, Any]:
    levels = {
        f"{float(level):g}": {key: one[f"value{key and '_'}{key}"].sel(quantile=level).values for key in _WORDS}
        for level in one["quantile"].values
    }
    means = {key: one[f"mean{key and '_'}{key}"].values for key in _WORDS}
    named = {"answer": str(one["answer"].item()), "units": str(one["units"].item())}
    return named | {"mean": _named(means), "quantiles": {level: _named(parts) for level, parts in levels.items()}}


_WORDS = ("", "mcse", "shift", "shift_mcse")


def _named(parts: dict[str, Any]) -> dict[str, Any]:
    return {key or "value": values for key, values in parts.items()}


def _cut(cut: xr.DataArray) -> dict[str, Any]:
    return {str(name): cut.sel(input=name).values for name in cut["input"].values if (cut.sel(input=name) > 0).any()}


def _printed(found: xr.Dataset) -> None:
    together = [str(h) for h in found["hedge"].values if "hedges" in str(h) or str(h) == "assumptions"]
    if found.sizes["conclusion"]:
        for hedge in together:
            _survival(found.sel(hedge=hedge), hedge)
        _words(found, [str(h) for h in found["hedge"].values if str(h) not in together])
    _answers(found.sel(hedge=together[0]), together[0])
    _limits(found["cut"].sel(hedge=together))


def _heads(one: xr.Dataset) -> list[str]:
    return [f"× {exact(float(width))}" for width in one["width"].values]


def _survival(one: xr.Dataset, hedge: str) -> None:
    """A table of the conclusions at each width, and how many survive."""
    rows, survivors = [], 0
    for i, name in enumerate(one["conclusion"].values):
        at = one.isel(conclusion=i)
        verdicts = at["verdict"].values
        survivors += bool((verdicts == 1).all())
        cells = []
        for k, verdict in enumerate(verdicts):
            text = written(float(at["left"][k]), float(at["margin_mcse"][k]))
            cells.append(text if verdict == 1 else f"{text} {VERDICTS[int(verdict)]}")
        rows.append([str(i + 1), str(name), *cells])
    heads = _heads(one)
    title = f"Which conclusions survive? Widths of {hedge} scaled"
    terminal.table(["", "conclusion", *heads], rows, right=heads, keep=["", *heads], title=title)
    terminal.say(f"{survivors} of {len(rows)} hold at every width.")
    terminal.say()


def _words(found: xr.Dataset, words: list[str]) -> None:
    """Which conclusions each word alone turns, and at which width."""
    as_said = found["verdict"].sel(width=1.0)
    turned = []
    for word in words:
        verdicts = found["verdict"].sel(hedge=word)
        told = []
        for i in range(found.sizes["conclusion"]):
            other = verdicts.isel(conclusion=i) != as_said.sel(hedge=word).isel(conclusion=i)
            if bool(other.any()):
                at = ", ".join(f"× {exact(float(w))}" for w in found["width"].values[other.values])
                told.append(f"{i + 1} (at {at})")
        turned.append((word, "; ".join(told)))
    quiet = [word for word, text in turned if not text]
    for word, text in turned:
        if text:
            terminal.say(f"{word} alone turns conclusion {text}.")
    if quiet:
        terminal.say(f"Alone none of these turns any: {', '.join(quiet)}.")
    terminal.say()


def _answers(one: xr.Dataset, hedge: str) -> None:
    """Answers at the narrowest width, as said, and at the widest: median with 5 % and 95 %, a chance as such."""
    widths = [float(width) for width in one["width"].values]
    shown = sorted({0, widths.index(1.0), len(widths) - 1})
    figures = {k: [_figure(one.isel(answer=i, width=k)) for i in range(one.sizes["answer"])] for k in shown}
    heads = [_heads(one)[k] for k in shown]
    tables: dict[str, list[list[str]]] = {}
    for i, name in enumerate(one["answer"].values):
        output, _, cell = str(name).partition("[")
        unit = str(one["units"].values[i])
        title = f"{output}, {unit}" if unit not in ("", "1") else output
        tables.setdefault(title, []).append([cell.removesuffix("]"), *(figures[k][i] for k in shown)])
    terminal.say(f"Answers, median (5 %–95 %), widths of {hedge} scaled", bold=True)
    for title, rows in tables.items():
        terminal.table(["", *heads], rows, right=heads, keep=heads, title=title)
        terminal.say()


def _figure(one: xr.Dataset) -> str:
    values, errors = one["value"].values, one["value_mcse"].values
    if set(values.tolist()) <= {0.0, 1.0}:
        return percent(float(one["mean"]), float(one["mean_mcse"]))
    low, middle, high = (written(float(x), float(e)) for x, e in zip(values, errors, strict=True))
    return interval(middle, low, high)


def _limits(cut: xr.DataArray) -> None:
    """Priors of which the limits cut much away."""
    widest = cut.isel(width=-1).max("hedge")
    shares = {str(name): float(widest.sel(input=name)) for name in cut["input"].values}
    much = sorted((name for name in shares if shares[name] > MUCH_CUT), key=lambda name: -shares[name])
    if much:
        told = ", ".join(f"{name} {percent(shares[name])}" for name in much[:MOST_TOLD])
        more = f" and {len(much) - MOST_TOLD} others" if len(much) > MOST_TOLD else ""
        factor = exact(float(cut["width"].values[-1]))
        terminal.say(f"At × {factor} natural limits cut part of the widened priors away: of {told}{more}.")
