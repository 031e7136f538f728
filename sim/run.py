"""The front door: what is asked of a run becomes a labelled result.

Numba and xarray are met behind the door alone, so that a command that only prints its help starts at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Literal

from sim.asked import found, planned
from sim.model import Model
from sim.settings import DRAWS, MAX_DRAWS, Keep, Settings

if TYPE_CHECKING:
    import xarray as xr

    import priors
    from sim import shards


def run(
    book: priors.Book | None = None,
    *,
    scenarios: Sequence[str] = ("baseline",),
    draws: int | None = None,
    seed: int = 0,
    sampler: Literal["sobol", "random"] = "sobol",
    model: Model | None = None,
    keep: Keep = "headline",
    keep_draws: int = 65_536,
    until: float | None = None,
    until_outputs: Sequence[str] = (),
    max_draws: int = MAX_DRAWS,
    pairs: bool = False,
    checkpoint: str | os.PathLike[str] | None = None,
    outputs: Sequence[str] | Literal["all", "headline"] = "all",
    cluster: Any = None,
    store: str | os.PathLike[str] | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.DataTree:
    """Draw every uncertain input, run the model on each draw, and aggregate the outcomes.

    Parameters
    ----------
    book: what is believed; the built-in interview unless given. Quantities of one's own that the built-in model does not
        read are told in a :class:`sim.UnreadQuantities` warning.
    scenarios: names of scenarios of the book. They share their draws: an input that a scenario does not touch has the
        same value in all of them, draw by draw.
    draws: draws of each scenario, 65,536 unless given; rounded up to 16 · 2^m with a :class:`sim.RoundedDraws` warning.
    seed: 0 ≤ seed < 2^63; the same seed gives the same bytes, whatever else is in the batch, on any number of threads.
    sampler: ``"sobol"``, 16 independently scrambled Sobol nets, or ``"random"``, independent draws.
    model: the built-in market over 12 quarters unless given; ``sim.market.model(quarters)`` for another horizon.
    keep: which outputs are kept draw by draw, with all inputs.
    keep_draws: how many of the first draws are kept.
    until: instead of ``draws``, the Monte Carlo error to run for, such as 0.001: the smallest net is run at which the errors
        of means and of 5 %, 50 % and 95 % quantiles are all below it, relative to max(|value|, p95 − p5), for chances as
        they are. The attributes ``until_error``, ``until_answer`` and ``until_stopped`` say what was reached, where it is
        largest, and why the run stopped.
    until_outputs: names of the outputs that ``until`` looks at; the headline outputs unless given.
    max_draws: draws of each scenario that ``until`` does not go beyond, rounded down to 16 · 2^m.
    pairs: sum up the headline outputs' differences from, and ratios to, the first scenario as well, draw by draw, into
        the groups ``difference`` and ``ratio``; :func:`sim.compare` reads them, or runs what it lacks.
    checkpoint: a folder that finished work is kept in as the run goes, about every 10 seconds; made if it is not there. The
        same call goes on from it after a kill, a power cut or a full disk, and gives the same bytes as an unbroken run.
        Not with ``until``, nor for priors that are objects of Python's.
    outputs: names of the outputs to sum up and tell, or ``"headline"``; all of them unless given. Their figures are the
        same to the bit; of the market's, half of the time goes into summing up the 2,381 cells that are not headline.
    cluster: a dask ``Client``, the address of a scheduler, or ``"local:4"`` for four processes here: shards of the run go to
        its workers and come back as sums, and the bytes are those of one machine. Not with ``until`` or ``checkpoint``.
    store: with ``cluster``, the Zarr store to write, on a disk that all workers share: each writes the kept draws of its own
        shards, and nobody else ever holds them. It is the store that one machine writes, and is returned opened, so that
        draws are read when they are asked for.
    threads: all cores that this process may use unless given.
    progress: told the number of draws done so far, in this thread.

    Returns
    -------
    xarray.DataTree
        groups ``mean, sd, min, max, quantile, mcse, mcse_quantile, sketch``, ``nodes`` (the sums that a longer run goes
        on from) and, if kept, ``draws`` (in the model's precision) and ``inputs``; one variable an output, dims
        ``scenario`` and the output's own. ``tree.sim`` answers what needs no further run.

    Raises
    ------
    ValueError, TypeError: for a name that is not in the book (the nearest one is told), or an argument out of range; for a
        ``checkpoint`` of another run, or one that another process writes to.
    sim.cluster.ClusterError: if the cluster is not there, or does not come back with all shards; says why.
    OSError: if ``checkpoint`` or ``store`` cannot be written to; what was there stays.
    """
    if draws is not None and until is not None:
        raise ValueError("draws and until: found both, expected one; max_draws= limits what until may take")
    draws, stopping = DRAWS if draws is None else draws, tuple(until_outputs)
    settings = Settings(draws, seed, sampler, keep, keep_draws, until, stopping, max_draws, pairs)
    beside = {"checkpoint": checkpoint, "cluster": cluster, "store": store}
    outcome = found(
        book, scenarios, model, settings, outputs, **beside, threads=threads, progress=progress, labels=True
    )
    return outcome.tree()


def run_part(
    number: int,
    of: int,
    book: priors.Book | None = None,
    *,
    scenarios: Sequence[str] = ("baseline",),
    draws: int | None = None,
    seed: int = 0,
    sampler: Literal["sobol", "random"] = "sobol",
    model: Model | None = None,
    keep: Keep = "headline",
    keep_draws: int = 65_536,
    pairs: bool = False,
    outputs: Sequence[str] | Literal["all", "headline"] = "all",
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> shards.Shard:
    """Run one of several parts of what :func:`run` would run, here, for :func:`sim.merge` to join with the others.

    Parameters
    ----------
    number, of: which part, from 1 on, of how many; parts are whole leaves of 16,384 draws, as even as they go.
    book, scenarios, draws, seed, sampler, model, keep, keep_draws, pairs, outputs, threads, progress: as of :func:`run`, the
        same in all parts.

    Returns
    -------
    Shard
        arrays of a few megabytes a scenario, and the kept draws if they fall into this part.

    Raises
    ------
    ValueError, TypeError: as of :func:`run`; for a part that there is not.
    """
    settings = Settings(DRAWS if draws is None else draws, seed, sampler, keep, keep_draws, pairs=pairs)
    plan = planned(book, scenarios, model, settings, outputs)
    from sim import batch, shards
    from sim.tiles import LEAF, round_up

    laid = batch.lay_out(*plan)
    whole = shards.spec_of(laid)
    if not 1 <= number <= of:
        raise ValueError(f"part: found {number} of {of}, expected a part from 1 to how many there are")
    if of > whole.last:
        fewer = "1" if whole.last == 1 else f"{whole.last:,} or fewer"
        needed, leaves = round_up(of * LEAF), f"{whole.last:,} {'leaf' if whole.last == 1 else 'leaves'} of {LEAF:,}"
        raise ValueError(
            f"part: found {number} of {of}, expected {fewer}, since {laid.draws:,} draws are {leaves}; "
            f"{of:,} parts take {needed:,} draws"
        )
    return shards.run_laid(laid, shards.split(whole, of)[number - 1], threads, progress)


def rerun(
    tree: xr.DataTree,
    *,
    model: Model | None = None,
    threads: int | None = None,
    progress: Callable[[int], Any] | None = None,
) -> xr.DataTree:
    """Run again what made ``tree``, from its attributes alone: the same bits.

    Parameters
    ----------
    tree: a result of :func:`run`, fresh or read back.
    model: needed where ``tree`` came from a model of one's own, whose kernel no file can carry.
    threads, progress: as of :func:`run`.

    Raises
    ------
    ValueError: if the model is missing, or the result was drawn under another scheme than this version's.
    """
    from sim import batch

    return batch.again(
        {str(name): value for name, value in tree.attrs.items()}, model, threads=threads, progress=progress
    )
