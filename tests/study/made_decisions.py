"""Decisions whose value of information is known, and one that nested simulation can find."""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

import priors
import sim

REPLICATES = 16


def unit_normal_loss(mean: float, sd: float) -> float:
    """E max(mean + sd Z, 0) − max(mean, 0): EVPPI of a two-action decision that is linear in a normal.

    Raiffa & Schlaifer (1961), Applied Statistical Decision Theory, 5.4: sd (φ(z) − |z| Φ(−|z|)), z = mean / sd.
    """
    z = abs(mean) / sd
    return float(sd * (norm.pdf(z) - z * norm.cdf(-z)))


def linear(seed: int, draws: int, mean: float, noise: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """An input and the payoffs of doing, mean + input + noise, and of leaving, 0."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=draws)
    return x, np.column_stack([mean + x + noise * rng.normal(size=draws), np.zeros(draws)])


def _shop(x, y):
    """Profit of two products; the second needs the switch."""
    price, volume, works, cost = x
    y[0] = price * volume - 10.0
    y[1] = np.where(works > 0.5, 2.0 * volume, 0.0) - cost


MODEL = sim.Model(
    ["shop.price", "shop.volume", "shop.works", "shop.cost"],
    [sim.Output("profit", ("product",), "RMB", "profit"), sim.Output("spare", headline=False)],
    lambda x, y: (_shop(x, y), y[2:].fill(1.0))[1],
    coords={"product": ["old", "new"]},
    name="shop",
)


def book() -> priors.Book:
    claims = [
        priors.Claim("S1.1", "Price is about two and volume about five", ("prior",)),
        priors.Claim("S1.2", "Volume is about five", ("prior",)),
    ]
    guess = {"basis": "assumption", "rationale": "a test"}
    said = {"basis": "mixed", "rationale": "a test"}
    laws = {name: priors.make(spec) for name, spec in SPECS.items()}
    return priors.book(
        [
            priors.quantity("shop.price", laws["price"], claims=["S1.1"], label="price", **said),
            priors.quantity("shop.volume", laws["volume"], claims=["S1.1", "S1.2"], label="volume", **said),
            priors.quantity("shop.works", laws["works"], label="whether it works", unit="0/1", **guess),
            priors.quantity("shop.cost", laws["cost"], label="cost", **guess),
        ],
        claims=claims,
    )


SPECS = {
    "price": {"family": "normal", "mean": 2.0, "sd": 0.5},
    "volume": {"family": "lognormal", "median": 5.0, "p95": 10.0},
    "works": {"family": "bernoulli", "p": 0.6},
    "cost": {"family": "uniform", "low": 4.0, "high": 8.0},
}
OPTIONS = {"old": "profit[old]", "new": "profit[product=new]", "neither": "0"}


def sampled(rng: np.random.Generator, size: int) -> np.ndarray:
    """Inputs drawn by NumPy alone, float64[4, size]."""
    sigma = np.log(2.0) / norm.ppf(0.95)
    return np.stack(
        [
            rng.normal(2.0, 0.5, size),
            5.0 * np.exp(sigma * rng.normal(size=size)),
            (rng.random(size) < 0.6).astype(float),
            rng.uniform(4.0, 8.0, size),
        ]
    )


def shop_payoffs(x: np.ndarray) -> np.ndarray:
    """Payoffs of :data:`OPTIONS`, float64[draws, 3]."""
    y = np.empty((2, x.shape[1]))
    _shop(x, y)
    return np.column_stack([*y, np.zeros(x.shape[1])])


def nested(known: list[int], seed: int, outer: int = 1_000, inner: int = 2_000) -> tuple[float, float]:
    """EVPPI by two loops, and its standard error: no regression, no draws shared with the estimator under test."""
    rng = np.random.default_rng(seed)
    fixed, paid = sampled(rng, outer), np.empty(outer)
    for i in range(outer):
        x = sampled(rng, inner)
        x[known] = fixed[known, i][:, None]
        y = shop_payoffs(x)
        # One half chooses and the other is paid, or the greatest of noisy means would look too good.
        paid[i] = y[1::2, y[::2].mean(axis=0).argmax()].mean()
    unaware = shop_payoffs(sampled(rng, 1_000_000)).mean(axis=0).max()
    return float(paid.mean() - unaware), float(paid.std() / np.sqrt(outer))
