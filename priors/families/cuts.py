"""What an interval leaves of a support."""

from priors.families.base import Distribution
from priors.families.checks import ParameterError, bound, shown


def cut(law: Distribution, lo: object, hi: object) -> tuple[float, float]:
    """Return [lo, hi] met with the support, or refuse where nothing or one point is left."""
    low, high = bound(law.family, "truncate", lo), bound(law.family, "truncate", hi)
    if not low < high:
        raise ParameterError(law.family, "truncate", f"[{shown(low)}, {shown(high)}]", "a lower end below the upper")
    left, right = max(low, law.support[0]), min(high, law.support[1])
    if not left < right:
        ends = f"[{shown(law.support[0])}, {shown(law.support[1])}]"
        raise ParameterError(
            law.family, "truncate", f"[{shown(low)}, {shown(high)}]", f"an interval that meets the support {ends}"
        )
    return left, right
