"""The gamma law above a bound."""

from dataclasses import dataclass
from math import inf
from typing import Any

from priors.families import special
from priors.families.base import Distribution, Floats
from priors.families.checks import nonzero, number, positive
from priors.families.transforms import Affine, Continuous


@dataclass(frozen=True)
class Gamma(Continuous):
    """shift + G, where G is gamma with a shape k and a scale: mean k * scale, variance k * scale²."""

    shape: float
    scale: float
    shift: float = 0.0
    family = "gamma"

    def __post_init__(self) -> None:
        object.__setattr__(self, "shape", positive(self.family, "shape", self.shape))
        object.__setattr__(self, "scale", positive(self.family, "scale", self.scale))
        object.__setattr__(self, "shift", number(self.family, "shift", self.shift))

    @property
    def support(self) -> tuple[float, float]:
        """From the shift upwards."""
        return self.shift, inf

    def spec(self) -> dict[str, Any]:
        """Return family, shape, scale, and shift where it is not 0."""
        base = {"family": self.family, "shape": self.shape, "scale": self.scale}
        return {**base, "shift": self.shift} if self.shift else base

    def _ppf(self, p: Floats) -> Floats:
        return self.shift + self.scale * special.gammaincinv(self.shape, p)

    def _isf(self, q: Floats) -> Floats:
        return self.shift + self.scale * special.gammainccinv(self.shape, q)

    def _cdf(self, x: Floats) -> Floats:
        return special.gammainc(self.shape, (x - self.shift) / self.scale)

    def _sf(self, x: Floats) -> Floats:
        return special.gammaincc(self.shape, (x - self.shift) / self.scale)

    def mean(self) -> float:
        """Return shift + shape * scale."""
        return self.shift + self.shape * self.scale

    def var(self) -> float:
        """Return shape * scale²."""
        return self.shape * self.scale**2

    def standard(self) -> tuple[Distribution, float, float]:
        """Return the gamma law of the same shape with scale 1."""
        return Gamma(self.shape, 1.0), self.shift, self.scale

    def scaled(self, factor: float) -> Distribution:
        """Return the law of factor * X, gamma where the factor is above 0."""
        factor = nonzero(self.family, factor)
        if factor < 0.0:
            return Affine(self, 0.0, factor)
        return Gamma(self.shape, self.scale * factor, self.shift * factor)

    def shifted(self, offset: float) -> Distribution:
        """Return the gamma law with its bound moved."""
        return Gamma(self.shape, self.scale, self.shift + number(self.family, "shift", offset))
