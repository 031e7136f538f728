"""``suanli bench``: what the engine's pieces cost on this machine, beside their bare limits and the shipped table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.app import failures, options, terminal

if TYPE_CHECKING:
    from sim.bench import Measured, Timing

ROUNDS = 11
MARKET = "market"


@click.command("bench", short_help="Measure the engine on this machine.")
@click.argument("names", metavar="[FIGURE]...", nargs=-1)
@options.as_json
def command(names: tuple[str, ...], json: bool) -> None:
    """Measure what the engine's pieces cost here, each beside the bare limit of this machine; some 20 seconds.

    FIGURE is one or more of the names printed, or market for the whole model; all of them unless given. The first run
    after an install compiles kernels first.
    """
    from sim import bench  # Numba, 0.5 s

    for name in names:
        failures.require(name, [*bench.FIGURES, MARKET], "figure", "suanli bench")
    whole = not names
    shipped = bench.reference() or {}
    busy = bench.load()
    found = {name: bench.measured(name, rounds=ROUNDS) for name in bench.FIGURES if whole or name in names}
    market = market_of(found) if whole or MARKET in names else None
    if json:
        content = {name: figure.as_json() for name, figure in found.items()}
        terminal.emit({**bench.table(content, market or {}), "load": busy, "reference": shipped or None})
        return
    _shown(found, shipped.get("figures", {}))
    if market:
        terminal.say()
        terminal.say(_told(market, shipped.get("market", {})))
    terminal.say()
    for line in _remarks(found, shipped, busy):
        terminal.say(line)


def market_of(found: dict[str, Measured]) -> dict[str, Any]:
    """The market's draws a second on one thread, and how much of the floor of bare pieces that is where they are known."""
    from sim import bench

    rate: Timing = bench.market_rate()
    content: dict[str, Any] = {"draws_per_second": rate.median, "spread": rate.spread}
    if found.keys() >= bench.pieces().keys():
        floor = bench.floor({name: figure.bare.median for name, figure in found.items()})
        content |= {"floor": floor, "of_floor": rate.median / floor}
    return content


def _shown(found: dict[str, Measured], shipped: dict[str, Any]) -> None:
    from sim.bench import FIGURES

    rows = []
    for name, figure in found.items():
        before = shipped.get(name, {}).get("ns")
        rows.append(
            [
                name,
                FIGURES[name].what,
                f"{figure.engine.median:.2f}",
                f"{figure.bare.median:.2f}",
                f"{figure.of_limit:.0%}",
                f"{before:.2f}" if before else "–",
                f"{figure.engine.median / before:.2f}" if before else "–",
            ]
        )
    if rows:
        head = ["figure", "what", "ns", "bare limit", "of limit", "table", "here / table"]
        terminal.table(head, rows, right=head[2:], keep=["figure", "what"], title="Nanoseconds a piece, one thread")


def _told(market: dict[str, Any], shipped: dict[str, Any]) -> str:
    text = f"The whole market on one thread: {market['draws_per_second']:,.0f} draws a second"
    if "floor" in market:
        text += f", {market['of_floor']:.0%} of the {market['floor']:,.0f} that its bare pieces would allow"
    if "draws_per_second" in shipped:
        text += f"; the table has {shipped['draws_per_second']:,.0f}"
    return text + "."


def _remarks(found: dict[str, Measured], shipped: dict[str, Any], busy: float | None) -> list[str]:
    from sim.bench import machine

    here = machine()
    lines = [f"Here: {_machine(here)}."]
    if shipped:
        lines.append(f"Table: {_machine(shipped['machine'])}, {shipped['date']}.")
    else:
        lines.append("This build has no reference table (benchmarks write it), so there is nothing to stand against.")
    if found:
        widest = max(found, key=lambda name: found[name].spread)
        spread = found[widest].spread
        lines.append(
            f"Medians of {ROUNDS} rounds in CPU time; the widest half of a figure's rounds spans ±{spread:.0%} ({widest}). "
            f"A difference under {max(0.1, 3 * spread):.0%} may be noise."
        )
    if busy is not None and busy > 0.5:
        lines.append(
            f"The machine was not idle (load {busy:.1f} on {here['cores']} cores): caches and clock were shared, and "
            "figures may be too high. Run it again when it is quiet."
        )
    return lines


def _machine(told: dict[str, Any]) -> str:
    return f"{told['processor']}, {told['cores']} cores, Python {told['python']}, Numba {told['numba']}"
