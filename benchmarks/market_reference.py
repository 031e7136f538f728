"""What the market's headline answers are, near enough to measure errors against: kept in ``market_reference.json``.

    python -m benchmarks.market_reference            # what is kept, and of which book
    python -m benchmarks.market_reference --write    # made anew, some minutes

Means and exact quantiles of kept Sobol draws, averaged over seeds that nothing else uses. Where a quantile falls between two
draws that lie further apart than a ten-thousandth of the cell's scale, as one between zero for half of the draws and some
purchases for the others, it has no one value, and no error of it is told.
"""

from __future__ import annotations

import argparse
import json
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import priors
import sim

PATH = Path(__file__).with_name("market_reference.json")
LEVELS = (0.05, 0.5, 0.95)
POWER, SEEDS, FIRST_SEED = 18, 64, 10_000
LEAST_GAP = 1e-4


class Reference(NamedTuple):
    """Answers of the headline cells.

    Attributes
    ----------
    answers: float64[cells, 4]: mean, p5, p50, p95.
    scale: float64[cells, 4], what errors are relative to: max(|value|, p95 − p5), 1 where that is 0.
    told: bool[cells, 4]: not of chances, whose quantiles are 0 or 1, nor of quantiles that fall into a gap.
    """

    answers: np.ndarray
    scale: np.ndarray
    told: np.ndarray


def headline() -> list[str]:
    """Names of the market's headline outputs."""
    return [output.name for output in sim.market.model().outputs if output.headline]


def reference_of(answers: np.ndarray, gaps: np.ndarray) -> Reference:
    """What is told of ``answers``, float64[cells, 4], whose quantiles lie in ``gaps``, float64[cells, 3], between two draws."""
    spread = np.abs(answers[:, 3] - answers[:, 1])
    scale = np.maximum(np.abs(answers), spread[:, None])
    chance = np.all(np.isin(answers[:, 1:], (0.0, 1.0)), axis=1) & (answers[:, 0] >= 0.0) & (answers[:, 0] <= 1.0)
    told = np.repeat(~chance[:, None], 4, axis=1)
    told[:, 1:] &= gaps <= LEAST_GAP * scale[:, 1:]
    scale[scale == 0.0] = 1.0
    return Reference(answers, scale, told)


def made(book: priors.Book, power: int, seeds: int) -> dict[str, Any]:
    """The reference of so many draws and seeds, as the file has it."""
    total: Any = np.zeros(1)
    for seed in range(FIRST_SEED, FIRST_SEED + seeds):
        tree = sim.run(book, draws=1 << power, seed=seed, outputs="headline", keep="headline", keep_draws=1 << power)
        total = total + np.concatenate([_of_draws(tree, name, power) for name in headline()])
    answers, gaps = np.split(total / seeds, [4], axis=1)
    return {
        "book_digest": book.digest,
        "draws": 1 << power,
        "seeds": seeds,
        "answers": answers.tolist(),
        "gaps": gaps.tolist(),
    }


def _of_draws(tree: Any, name: str, power: int) -> np.ndarray:
    """Mean, p5, p50, p95 of an output's cells, and how far apart the draws are that each quantile lies between."""
    kept = np.ascontiguousarray(tree["draws"][name][0].to_numpy().reshape(1 << power, -1).T)
    mean = tree["mean"][name][0].to_numpy().ravel()
    below, above = (np.quantile(kept, LEVELS, axis=1, method=method) for method in ("lower", "higher"))
    return np.column_stack([mean, *np.quantile(kept, LEVELS, axis=1), *(above - below)])


def kept(book: priors.Book) -> Reference:
    """The reference of the file.

    Raises
    ------
    ValueError: if it was made of another book.
    """
    content = json.loads(PATH.read_text("utf-8"))
    if content["book_digest"] != book.digest:
        raise ValueError(f"{PATH.name}: made of another book; run python -m benchmarks.market_reference --write")
    return reference_of(np.array(content["answers"]), np.array(content["gaps"]))


def main(arguments: Sequence[str] | None = None) -> None:
    """Tell what is kept, or make it anew."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.market_reference", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--write", action="store_true", help=f"make {PATH.name} anew, some minutes")
    warnings.simplefilter("ignore", sim.RoundedDraws)
    book = priors.load()
    if parser.parse_args(arguments).write:
        PATH.write_text(json.dumps(made(book, POWER, SEEDS)) + "\n", "utf-8")
    content, found = json.loads(PATH.read_text("utf-8")), kept(book)
    told = " / ".join(str(int(n)) for n in found.told.sum(axis=0))
    print(
        f"{content['draws']:,} draws of each of {content['seeds']} seeds; of {len(found.told)} cells errors are told of"
    )
    print(f"{told} (mean / p5 / p50 / p95)")


if __name__ == "__main__":
    main()
