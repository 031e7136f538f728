"""Families of distributions: one interface, one family or tight kin a file, SciPy's special functions below.

`make` builds one from a table, `from_quantiles` from stated quantiles, `wrap` from somebody else's object; `FAMILIES`
says what each takes.
"""

from priors.families.base import NEVER, Distribution
from priors.families.beta import Beta, Pert
from priors.families.checks import ParameterError
from priors.families.discrete import Bernoulli, Choice, Fixed
from priors.families.empirical import Lines, Steps, empirical
from priors.families.gamma import Gamma
from priors.families.hazard import Hazard
from priors.families.lognormal import Lognormal
from priors.families.metalog import Metalog
from priors.families.normal import Normal
from priors.families.registry import FAMILIES, Family, from_quantiles, make, make_told
from priors.families.transforms import Affine, Truncated
from priors.families.triangular import Triangular
from priors.families.uniform import Uniform
from priors.families.wrapped import Wrapped, wrap

__all__ = [
    "FAMILIES",
    "NEVER",
    "Affine",
    "Bernoulli",
    "Beta",
    "Choice",
    "Distribution",
    "Family",
    "Fixed",
    "Gamma",
    "Hazard",
    "Lines",
    "Lognormal",
    "Metalog",
    "Normal",
    "ParameterError",
    "Pert",
    "Steps",
    "Triangular",
    "Truncated",
    "Uniform",
    "Wrapped",
    "empirical",
    "from_quantiles",
    "make",
    "make_told",
    "wrap",
]
