"""The market run in JAX on the CPU: draws, model and sketch in one compiled function; a process of its own.

``python -m benchmarks.market_jax DRAWS REPEATS CORES`` in JAX's environment, the inputs' families on its standard input as
JSON; prints one line of JSON. In single precision, JAX's default.
"""

from __future__ import annotations

import functools
import json
import os
import sys
import time
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from benchmarks.market_numpy import market

CHUNK = 1024
BINS = 2048
SHIFT = 16  # 128 bins an octave, as in NumPy's sketch
REDRAWN = 4  # a static number of times for what is cut


def _pert(key: Any, p: dict[str, Any], shape: tuple[int, int]) -> Any:
    low, mode, high = p["low"], p["mode"], p["high"]
    width = high - low
    return low + width * jax.random.beta(key, 1 + 4 * (mode - low) / width, 1 + 4 * (high - mode) / width, shape)


def _lognormal(key: Any, p: dict[str, Any], shape: tuple[int, int]) -> Any:
    sigma = jnp.log(p["p95"] / p["median"]) / 1.6448536269514722
    return p["shift"] + p["median"] * jnp.exp(sigma * jax.random.normal(key, shape))


def _hazard(key: Any, p: dict[str, Any], shape: tuple[int, int]) -> Any:
    return jnp.minimum(p["from"] - 1.0 + jax.random.geometric(key, p["rate"], shape).astype(float), 9999.0)


# All inputs of a family at once, [inputs, draws] from parameters [inputs, 1]: one kernel to compile for each family.
FAMILIES = {
    "fixed": lambda key, p, shape: jnp.broadcast_to(p["value"], shape),
    "normal": lambda key, p, shape: p["mean"] + p["sd"] * jax.random.normal(key, shape),
    "lognormal": _lognormal,
    "pert": _pert,
    "uniform": lambda key, p, shape: p["low"] + (p["high"] - p["low"]) * jax.random.uniform(key, shape),
    "bernoulli": lambda key, p, shape: (jax.random.uniform(key, shape) < p["p"]).astype(float),
    "hazard": _hazard,
    "choice": lambda key, p, shape: jnp.where(jax.random.uniform(key, shape) < p["p"], p["first"], p["second"]),
}


def _numbers(spec: dict[str, Any]) -> dict[str, float]:
    """A family's parameters as numbers, with what is left out."""
    if spec["family"] == "choice":
        (first, second), (p, _) = spec["values"], spec["probabilities"]
        return {"first": first, "second": second, "p": p}
    return {"shift": 0.0} | {name: float(value) for name, value in spec.items() if name not in ("family", "truncate")}


def draw(key: Any, told: dict[str, Any], n: int) -> dict[str, Any]:
    """Inputs of ``n`` draws; what is cut is drawn :data:`REDRAWN` times more."""
    x: dict[str, Any] = {}
    alone = {name: spec for name, spec in told["specs"].items() if name not in told["block"]}
    for number, (family, sample) in enumerate(FAMILIES.items()):
        names = [name for name, spec in alone.items() if spec["family"] == family]
        if not names:
            continue
        specs = [_numbers(alone[name]) for name in names]
        parameters = {key: jnp.array([[spec[key]] for spec in specs]) for key in specs[0]}
        own = jax.random.fold_in(key, number)
        found = sample(own, parameters, (len(names), n))
        for place, name in enumerate(names):
            x[name] = found[place]
            if "truncate" in alone[name]:
                low, high = map(float, alone[name]["truncate"])
                mine = {key: value[place : place + 1] for key, value in parameters.items()}
                again = sample(jax.random.fold_in(own, place + 1), mine, (REDRAWN, n))
                for row in again:
                    x[name] = jnp.where((x[name] < low) | (x[name] > high), row, x[name])
                x[name] = jnp.clip(x[name], low, high)
    z = jnp.array(told["factor"]) @ jax.random.normal(jax.random.fold_in(key, 99), (len(told["block"]), n))
    for name, row in zip(told["block"], z, strict=True):
        spec = told["specs"][name]
        low, high = ((float(end) - spec["mean"]) / spec["sd"] for end in spec["truncate"])
        ends = jax.scipy.special.ndtr(jnp.array([low, high]))
        p = ends[0] + jax.scipy.special.ndtr(row) * (ends[1] - ends[0])
        x[name] = spec["mean"] + spec["sd"] * jax.scipy.special.ndtri(p)
    return x


def cells(key: Any, told: dict[str, Any], n: int) -> Any:
    """Every cell, [cells, n]."""
    outputs = market(draw(key, told, n), xp=jnp)
    return jnp.concatenate([values.reshape(-1, n) for values in outputs.values()])


def keys_of(values: Any) -> Any:
    """Whole numbers that sort as the values do."""
    bits = lax.bitcast_convert_type(values.astype(jnp.float32), jnp.int32)
    return (bits ^ ((bits >> 31) & 0x7FFFFFFF)) >> SHIFT


def runner(told: dict[str, Any]) -> Any:
    """``run(key, base, chunks)``: counts, sums and squares of every cell after ``chunks`` chunks."""

    @functools.partial(jax.jit, static_argnums=2)
    def run(key: Any, base: Any, chunks: int) -> Any:
        count = len(base)
        row = (jnp.arange(count, dtype=jnp.int32) * BINS)[:, None]

        def step(i: int, state: Any) -> Any:
            counts, total, squares = state
            values = cells(jax.random.fold_in(key, i), told, CHUNK)
            places = jnp.clip(keys_of(values) - base[:, None], 0, BINS - 1) + row
            counts = counts.at[places.ravel()].add(1)
            return counts, total + values.sum(1), squares + (values * values).sum(1)

        start = (jnp.zeros(count * BINS, jnp.int32), jnp.zeros(count), jnp.zeros(count))
        return lax.fori_loop(0, chunks, step, start)

    return run


def main() -> None:
    """Compile, then time each repeat."""
    draws, repeats, cores = (int(text) for text in sys.argv[1:])
    told = json.load(sys.stdin)
    start = time.perf_counter()
    pilot = jax.jit(lambda key: cells(key, told, CHUNK))(jax.random.key(0))
    base = keys_of(pilot).max(1) - (BINS - 64)
    run, chunks = runner(told), max(1, draws // CHUNK)
    jax.block_until_ready(run(jax.random.key(1), base, chunks))
    compiled = time.perf_counter() - start
    seconds = []
    for repeat in range(repeats):
        start = time.perf_counter()
        _, total, _ = jax.block_until_ready(run(jax.random.key(2 + repeat), base, chunks))
        seconds.append(time.perf_counter() - start)
    mean = float(np.asarray(total, float).sum() / (chunks * CHUNK))
    content = {"seconds": seconds, "draws": chunks * CHUNK, "compile": compiled, "cores": cores, "mean": mean}
    print(json.dumps(content | {"version": jax.__version__}))


if __name__ == "__main__":
    # On some cores: before the first computation starts JAX's threads.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: int(sys.argv[3])])
    main()
