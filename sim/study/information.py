"""What it is worth to know something before deciding: EVPI and EVPPI, with their errors.

With y_d the payoff of option d, the best one without further knowledge has the payoff max_d E[y_d]. Who knew all inputs
would choose draw by draw: EVPI = E[max_d y_d] − max_d E[y_d]. Who knew x alone would choose by E[y_d | x]:
EVPPI(x) = E[max_d E[y_d | x]] − max_d E[y_d]. (Raiffa & Schlaifer 1961; Strong, Oakley & Brennan 2014, Medical Decision
Making 34: 311–326, for regression in place of nested simulation; Heath, Manolopoulou & Baio 2017, ibid. 37: 747–758.)

Here E[y_d | x] only decides: it is fitted to fifteen replicates, chooses in the sixteenth, and what counts is the payoff that the
chosen option really has there. The mean of the greatest fitted value, the usual estimate, takes noise of the fit for
knowledge; this one does not, and an error of the fit costs its square only, since near the boundary the options pay alike.
It is unbiased for the worth of the fitted rule, which is never more than that of the best one: an EVPPI leans low where the
fit misses something, mostly of several inputs known together (0.6 standard errors where the sign of a product of two decides,
93.8 of 100 intervals held, ``benchmarks/calibration/evppi.json``). The option that is best without
knowledge is taken from all draws: where two are level to within the noise, its payoff is seen too high by at most 0.4 standard
errors of their difference, which the intervals bear (simulated: they hold the truth 95 to 97 times of 100 whatever the gap),
while choosing it in other replicates as well would cost twice the error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sim.results.chance import T_15
from sim.sample import REPLICATES, standard_error
from sim.study import smooth
from sim.study.kept import LEAST


@dataclass(frozen=True)
class Worth:
    """An expected value with its standard error and 95 % interval (t with 15 degrees of freedom), in the payoff's unit."""

    value: float
    mcse: float

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval; its lower end may be below 0, which no value of information is."""
        return self.value - T_15 * self.mcse, self.value + T_15 * self.mcse


class Stakes:
    """Payoffs of a decision, ready for the questions put to it.

    Parameters
    ----------
    payoffs: float64[draws, options], draw d being of replicate d mod 16; draws beyond a multiple of 16 are left out.

    Raises
    ------
    ValueError: for fewer than 1,024 draws or 2 options.
    """

    def __init__(self, payoffs: np.ndarray) -> None:
        draws = len(payoffs) // REPLICATES * REPLICATES
        if draws < LEAST:
            raise ValueError(f"found {len(payoffs):,} kept draws, expected at least {LEAST:,}; keep more (keep_draws=)")
        if payoffs.shape[1] < 2:
            raise ValueError("found one option, expected two or more")
        self.draws = draws
        self.payoffs = payoffs[:draws]
        self.best = int(np.argmax(self.payoffs.mean(axis=0)))
        others = [d for d in range(payoffs.shape[1]) if d != self.best]
        self.gains = self.payoffs[:, others] - self.payoffs[:, [self.best]]

    def mean(self, option: int) -> Worth:
        """The expected payoff of an option."""
        return _worth(self.payoffs[:, option])

    def perfect(self) -> Worth:
        """EVPI."""
        return self._of(self.gains)

    def curves(self, values: np.ndarray) -> np.ndarray | None:
        """Expected gain of each other option over the best, by draw, given one input; None where it does not vary."""
        block = smooth.curve(values[: self.draws])
        return None if block is None else smooth.predicted([block], self.gains)

    def partial(self, inputs: Sequence[np.ndarray], curves: Sequence[np.ndarray]) -> Worth:
        """EVPPI of inputs known together, each float64[draws] and with its own :meth:`curves`."""
        if not inputs:
            return Worth(0.0, 0.0)
        if len(inputs) == 1:
            return self._of(curves[0])
        return self._of(smooth.together([values[: self.draws] for values in inputs], self.gains, curves))

    def _of(self, expected: np.ndarray) -> Worth:
        """The worth of choosing by ``expected``, float64[draws, options − 1], instead of always the best."""
        choice, rows = expected.argmax(axis=1), np.arange(self.draws)
        return _worth(np.where(expected[rows, choice] > 0.0, self.gains[rows, choice], 0.0))


def _worth(by_draw: np.ndarray) -> Worth:
    replicates = by_draw.reshape(-1, REPLICATES).mean(axis=0)
    return Worth(float(by_draw.mean()), float(standard_error(replicates)))
