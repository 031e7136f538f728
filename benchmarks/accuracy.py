"""Time to accuracy: the seconds that bring mean, p5, p50 and p95 within 0.1 % and 0.01 % of a reference.

Errors are root mean squares over seeds, relative to max(|value|, p95 − p5), at growing numbers of draws; the draws that an
error takes lie between those that were run, and the time of a run, measured beside, tells the seconds. What lies beyond the
draws that were run is extrapolated by a line in logarithms and marked so. Of the market's headline answers two errors are
told: that which half of the cells keep, and that which all keep; every tool sums up these alone. Chances are left out, and
quantiles that have no one value (:mod:`benchmarks.market_reference`).

The peers of the small model draw independently, so that NumPy's errors are theirs: what it takes of draws at their own
pace, as the part ``peers`` has measured it, is their time.
"""

from __future__ import annotations

import json
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

import priors
import sim
from benchmarks import market_reference, numpy_engine, small
from benchmarks.market_draws import Draws
from benchmarks.market_reference import LEVELS, Reference, reference_of
from benchmarks.report import Row, count, read, seconds

TITLE = "Time to accuracy, suanli's Sobol points: seconds to mean / p5 / p50 / p95"
FIGURES = ("mean", "p5", "p50", "p95")
TARGETS = (1e-3, 1e-4)
PLAIN = -0.5  # the slope of independent draws
PATIENCE = 60.0  # seconds after which a method is run with no more draws
Answers = np.ndarray  # float64[cells, 4]


class Size(NamedTuple):
    """Powers of two of draws by model and sampler, and seeds."""

    small: Sequence[int]
    market: Sequence[int]
    numpy: Sequence[int]
    seeds: int


class Method(NamedTuple):
    """A way to the answers.

    Attributes
    ----------
    run: answers from so many draws and a seed; timed: what is timed in its place.
    powers: powers of two of draws that it is run with.
    slope: of the error in draws, where theory has it.
    """

    run: Callable[[int, int], Answers]
    powers: Sequence[int]
    slope: float | None = None
    timed: Callable[[int, int], Any] | None = None


SIZES = {
    "full": Size(range(10, 21, 2), (*range(12, 20), 20, 22), (12, 13, 14, 15), 8),
    "quick": Size((10, 13, 16), (12, 14), (12, 13), 4),
    "tiny": Size((8, 9), (6, 7), (10,), 2),
}


def measure(size: str) -> dict[str, Any]:
    """Both models, each method: slopes, errors by draws, and seconds to each target; the peers' seconds."""
    warnings.simplefilter("ignore", sim.RoundedDraws)
    found = {"small": _small(SIZES[size]), "market": _market(SIZES[size])}
    timed = read().get("peers", {}).get("figures", {})
    return found | {"peers": peers(found["small"]["NumPy"]["to"]["all"], timed)}


def _small(size: Size) -> dict[str, Any]:
    """The small model against its reference, all answers."""
    expected = np.array(json.loads(small.REFERENCE.read_text("utf-8"))["answers"])
    ours, numpy = small.imported("suanli_"), small.imported("numpy_")

    def suanli(sampler: str) -> Callable[[int, int], Answers]:
        return lambda draws, seed: np.array(ours.answers_of(ours.tree(draws, seed, sampler)))

    methods = {
        "suanli, Sobol": Method(suanli("sobol"), size.small, None),
        "suanli, random": Method(suanli("random"), size.small, PLAIN),
        "NumPy": Method(lambda draws, seed: np.array(numpy.run(draws, seed)), size.small, PLAIN),
    }
    found = reference_of(expected, np.zeros((len(expected), len(LEVELS))))
    return {name: _measured(method, size.seeds, found) for name, method in methods.items()}


def _market(size: Size) -> dict[str, Any]:
    """The market's headline answers against many Sobol draws that were kept."""
    book, draws = priors.load(), Draws()
    names = market_reference.headline()
    reference = market_reference.kept(book)

    def suanli(sampler: Any) -> Callable[[int, int], Answers]:
        how = {"sampler": sampler, "outputs": "headline", "keep": "none"}
        return lambda n, seed: _of_tree(sim.run(book, draws=n, seed=seed, **how), names)

    def plain(n: int, seed: int) -> Answers:
        found = numpy_engine.kept(draws, n, seed, names=names)
        return np.concatenate([np.stack([found[name][at] for at in (0, 2, 3, 4)], axis=1) for name in names])

    methods = {
        "suanli, Sobol": Method(suanli("sobol"), size.market, None),
        "suanli, random": Method(suanli("random"), size.market, PLAIN),
        # Errors are those of exact quantiles, the time is that of the faster way, which keeps no draws.
        "NumPy": Method(plain, size.numpy, PLAIN, lambda n, seed: numpy_engine.chunked(draws, n, seed, names=names)),
    }
    return {name: _measured(method, size.seeds, reference) for name, method in methods.items()}


def _of_tree(tree: Any, names: Sequence[str]) -> Answers:
    rows = []
    for name in names:
        mean = tree["mean"][name][0].to_numpy().ravel()
        quantile = tree["quantile"][name][0].transpose("quantile", ...).sel(quantile=list(LEVELS)).to_numpy()
        rows.append(np.column_stack([mean, *quantile.reshape(len(LEVELS), -1)]))
    return np.concatenate(rows)


def _measured(method: Method, seeds: int, reference: Reference) -> dict[str, Any]:
    """Errors and times of one method by draws, as many as :data:`PATIENCE` allows, and what follows for the targets."""
    began = time.monotonic()
    expected, scale, told = reference
    timed = method.timed or method.run
    timed(1 << method.powers[0], 0)
    half, worst, times = [], [], []
    for power in method.powers:
        if len(times) > 1 and time.monotonic() - began > PATIENCE:
            break
        squares, took = np.zeros_like(expected), []
        for seed in range(seeds):
            start = time.perf_counter()
            found = timed(1 << power, 100 + seed)
            took.append(time.perf_counter() - start)
            if method.timed:
                found = method.run(1 << power, 100 + seed)
            squares += ((found - expected) / scale) ** 2
        errors = np.where(told, np.sqrt(squares / seeds), np.nan)
        half.append(np.nanmedian(errors, axis=0).tolist())
        worst.append(np.nanmax(errors, axis=0).tolist())
        times.append(float(np.median(took)))
    draws = [1 << power for power in method.powers[: len(times)]]
    content: dict[str, Any] = {"draws": draws, "seconds": times, "half": half, "all": worst, "to": {}}
    for who in ("half", "all"):
        columns = zip(*content[who], strict=True)
        content["to"][who] = {
            figure: _seconds(draws, times, column, method.slope)
            for figure, column in zip(FIGURES, columns, strict=True)
        }
    return content


def _seconds(
    draws: Sequence[int], times: Sequence[float], errors: Sequence[float], slope: float | None
) -> dict[str, Any]:
    """The slope of the error in draws, and draws and seconds to each target."""
    slope, _ = line(draws, errors, slope)
    found: dict[str, Any] = {"slope": slope}
    for target in TARGETS:
        needed = draws_to(target, draws, errors, slope)
        found[f"{target:g}"] = {
            "draws": needed,
            "seconds": at(draws, times, needed),
            "extrapolated": needed > draws[-1],
        }
    return found


def draws_to(target: float, draws: Sequence[int], errors: Sequence[float], slope: float) -> float:
    """Draws from which on errors stay below ``target``, between those that were run.

    Beyond them by the line of that slope through the last half of the errors, before the first by that through all.
    """
    above = [i for i, error in enumerate(errors) if error > target]
    if above and above[-1] + 1 < len(draws):
        at = slice(above[-1], above[-1] + 2)
        x, y = np.log(draws[at]), np.log(np.maximum(errors[at], 1e-300))
        return float(np.exp(x[0] + (np.log(target) - y[0]) * (x[1] - x[0]) / (y[1] - y[0])))
    first = len(draws) // 2 if above else 0
    _, factor = line(draws[first:], errors[first:], slope)
    return float((target / factor) ** (1.0 / slope)) if slope < 0.0 and factor > 0.0 else 0.0


def line(draws: Sequence[int], errors: Sequence[float], slope: float | None = None) -> tuple[float, float]:
    """Slope and factor of a power law through the errors that are not 0; the slope may be given."""
    some = [(n, e) for n, e in zip(draws, errors, strict=True) if e > 0.0]
    if not some:
        return -1.0, 0.0
    x, y = np.log(some).T
    if slope is None:
        slope = float(np.polyfit(x, y, 1)[0]) if len(some) > 1 else -1.0
    return slope, float(np.exp(np.mean(y - slope * x)))


def at(draws: Sequence[int], times: Sequence[float], needed: float) -> float:
    """Seconds of a run of so many draws: between the runs that were timed, or the last ones' pace beyond them."""
    if needed <= draws[-1]:
        return float(np.interp(needed, draws, times))
    if len(draws) < 2:
        return times[-1] * needed / draws[-1]
    pace = max((times[-1] - times[-2]) / (draws[-1] - draws[-2]), 0.5 * times[-1] / draws[-1])
    return times[-1] + pace * (needed - draws[-1])


def peers(plain: dict[str, Any], timed: dict[str, Any]) -> dict[str, Any]:
    """Each peer's seconds to each target: the draws that independent draws take, at the pace at which it was timed.

    Parameters
    ----------
    plain: NumPy's way to each figure's targets, of the small model.
    timed: what the part ``peers`` measured, empty if it was not.
    """
    found = {}
    for name, peer in timed.items():
        runs = [(int(n), run["seconds"]) for n, run in peer.get("runs", {}).items() if "errors" in run]
        if name in ("suanli", "NumPy") or not runs:
            continue
        draws, times = zip(*runs, strict=True)
        found[name] = {
            figure: {f"{target:g}": _at_pace(plain[figure][f"{target:g}"]["draws"], draws, times) for target in TARGETS}
            for figure in FIGURES
        }
    return found


def _at_pace(needed: float, draws: Sequence[int], times: Sequence[float]) -> dict[str, Any]:
    """Seconds of so many draws; fewer than were timed are taken to need less in proportion, which no start-up would allow."""
    taken = min(needed / draws[0], 1.0) * at(draws, times, max(needed, draws[0]))
    return {"draws": needed, "seconds": taken, "extrapolated": not draws[0] <= needed <= draws[-1]}


def rows(content: dict[str, Any]) -> list[Row]:
    """A line for each model, share of its answers, and target, suanli's Sobol points and the others beside them; and peers."""
    found = []
    for name in ("small", "market"):
        methods = content[name]
        for who in ("all",) if name == "small" else ("half", "all"):
            for target in TARGETS:
                key = f"{target:g}"
                ours, *others = (
                    [results["to"][who][figure][key] for figure in FIGURES] for results in methods.values()
                )
                figure = " / ".join(map(_told, ours))
                beside = [f"draws {' / '.join(count(one['draws']) for one in ours)}"]
                for method, theirs in zip(list(methods)[1:], others, strict=True):
                    pairs = zip(theirs, ours, strict=True)
                    times = (
                        f"{one['seconds'] / mine['seconds']:.3g}" if mine["seconds"] else "–" for one, mine in pairs
                    )
                    beside.append(f"{method} {' / '.join(map(_told, theirs))}, {' / '.join(times)} × as long")
                found.append(Row(f"{name} model, {who} answers within {target:.2%}", figure, "; ".join(beside)))
    for name, figures in content["peers"].items():
        told = (" / ".join(_told(figures[figure][f"{target:g}"]) for figure in FIGURES) for target in TARGETS)
        first, second = told
        found.append(Row(f"small model, all answers within 0.10%: {name}", first, f"within 0.01%: {second}"))
    return found


def _told(one: dict[str, Any]) -> str:
    return ("~" if one["extrapolated"] else "") + seconds(one["seconds"])
