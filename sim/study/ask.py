"""What to ask next: what it is worth, for a decision, to know each input or claim before deciding.

Method and sources: :mod:`sim.study.information` (what is estimated) and :mod:`sim.study.smooth` (how the means are fitted).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.results.errors import ResultError
from sim.results.names import nearest
from sim.study import kept, payoffs, questions
from sim.study.information import Stakes, Worth
from sim.study.kept import Setup

if TYPE_CHECKING:
    import xarray as xr

    import priors
    from sim.model import Model

UNIT = "unit of the payoff"


def ask(
    decision: str | Mapping[str, str],
    *,
    result: xr.DataTree | None = None,
    book: priors.Book | None = None,
    scenario: str = "baseline",
    by: questions.By = "question",
    loss: payoffs.Loss = "distance",
    unit: str = UNIT,
    draws: int = 65_536,
    seed: int = 0,
    model: Model | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.Dataset:
    """The expected value of perfect information for a decision: of all inputs together, and of each question.

    Parameters
    ----------
    decision: each option's payoff as an expression of outputs and inputs, higher being better, such as
        ``{"buy": "market_purchases_year[h800, 2024] * 0.01 - 300", "wait": "0"}``; or a comparison,
        ``"market_domestic_share[2024Q4] > 0.3"``, to be called true or false.
    result: a result whose kept draws and inputs to use; else a run is started.
    book: what is believed; the built-in interview unless given. With ``result``, for the words of the claims.
    scenario: which one.
    by: what is asked about: ``"question"`` (by claim, assumptions each by itself), ``"input"``, ``"claim"`` or ``"basis"``.
    loss: of a comparison, what a wrong call costs: ``"distance"``, |left − right|, or ``"call"``, 1.
    unit: the payoff's unit, for labels.
    draws, seed, model, threads, progress: of the run, as of :func:`sim.run`; every draw is kept.

    Returns
    -------
    xarray.Dataset
        by ``question``, the most valuable first: ``evppi`` with ``evppi_mcse``, ``evppi_lower``, ``evppi_upper`` (95 %) and
        ``evppi_share`` of the EVPI, ``text``, ``claims``, ``inputs``, ``basis``; by ``option``: ``payoff`` and
        ``payoff_mcse``; and ``evpi`` with the like. An EVPPI is the most that an answer, were it certain, is worth: the
        price below which the call pays. Noise may put one that is next to nothing below 0.

    Raises
    ------
    ExpressionError: for an option that cannot be read or is not there; where, and what is expected.
    ValueError, ResultError: for an unknown scenario, or fewer than 1,024 kept draws.
    """
    chosen = payoffs.decision(decision, loss)
    if result is None:
        result, book = _run(chosen, book, scenario, Setup(draws, seed, model, threads, progress))
    _require(result, scenario)
    stakes = Stakes(payoffs.paid(result, chosen, scenario))
    inputs = result["inputs"].to_dataset().sel(scenario=scenario)
    values = {str(name): np.asarray(array.values, float) for name, array in inputs.data_vars.items()}
    curves = {name: found for name, each in values.items() if (found := stakes.curves(each)) is not None}
    if not curves:
        raise ResultError(f'no input varies under "{scenario}", so there is nothing to ask')
    asked = questions.questions(inputs[list(curves)], by, book)
    worths = [stakes.partial([values[n] for n in q.inputs], [curves[n] for n in q.inputs]) for q in asked]
    return _labelled(chosen, stakes, asked, worths, {"units": unit, "scenario": scenario, **_about(result)})


def _run(
    chosen: payoffs.Decision, book: priors.Book | None, scenario: str, setup: Setup
) -> tuple[xr.DataTree, priors.Book]:
    import priors

    book = priors.load() if book is None else book
    outputs = kept.outputs_named(chosen.expressions(), setup.chosen)
    return kept.run(book, [scenario], outputs, setup), book


def _require(result: xr.DataTree, scenario: str) -> None:
    if "inputs" not in result.children or "draws" not in result.children:
        raise ResultError('ask: no draws were kept; run again with keep="headline" or keep="all"')
    known = [str(name) for name in result["inputs"].to_dataset()["scenario"].values]
    if scenario not in known:
        raise ResultError(nearest("scenario", scenario, known))
    if "condition" in result.attrs:
        raise ResultError(
            "ask: found a result conditioned by where, expected one of whole replicates; fix inputs instead"
        )


def _about(result: xr.DataTree) -> dict[str, Any]:
    told = ("seed", "draws", "sampler", "book", "book_digest", "version")
    return {name: result.attrs[name] for name in told if name in result.attrs}


def _labelled(
    chosen: payoffs.Decision,
    stakes: Stakes,
    asked: list[questions.Question],
    worths: list[Worth],
    about: dict[str, Any],
) -> xr.Dataset:
    import xarray as xr

    order = sorted(range(len(asked)), key=lambda i: (-worths[i].value, i))
    asked, worths = [asked[i] for i in order], [worths[i] for i in order]
    perfect = stakes.perfect()
    options = [stakes.mean(d) for d in range(len(chosen.options))]
    units = {"units": about["units"]}
    found = {
        **_worth("evppi", "question", worths, units, "expected value of perfect information on the question"),
        **_worth("evpi", None, [perfect], units, "expected value of perfect information on all inputs"),
        **_worth("payoff", "option", options, units, "expected payoff of the option"),
    }
    share = [each.value / perfect.value if perfect.value > 0 else 0.0 for each in worths]
    found["evppi_share"] = ("question", share, {"units": "1", "long_name": "share of the EVPI"})
    for name in ("text", "basis"):
        found[name] = ("question", [getattr(each, name) for each in asked], {"units": "1"})
    for name in ("claims", "inputs"):
        found[name] = ("question", [", ".join(getattr(each, name)) for each in asked], {"units": "1"})
    coords = {"question": [each.name for each in asked], "option": list(chosen.options)}
    attrs = {"decision": chosen.text, "best": list(chosen.options)[stakes.best], "kept_draws": stakes.draws, **about}
    return xr.Dataset(found, coords, attrs)


def _worth(name: str, dim: str | None, worths: list[Worth], units: dict[str, str], label: str) -> dict[str, Any]:
    """Variables of values with their errors and 95 % intervals."""
    parts = {
        name: [each.value for each in worths],
        f"{name}_mcse": [each.mcse for each in worths],
        f"{name}_lower": [each.interval[0] for each in worths],
        f"{name}_upper": [each.interval[1] for each in worths],
    }
    words = {"": label, "_mcse": "standard error", "_lower": "lower end, 95 %", "_upper": "upper end, 95 %"}
    return {
        key: ((dim,), values, units | {"long_name": words[key[len(name) :]]})
        if dim
        else ((), values[0], units | {"long_name": words[key[len(name) :]]})
        for key, values in parts.items()
    }
