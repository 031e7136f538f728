"""A battery of our own for 32-bit words: small enough for CI, each test a p-value that is uniform where words are random.

Sources: Knuth, *The Art of Computer Programming* 2, section 3.3.2, for runs, gaps, serial pairs and correlation; Marsaglia,
"A current view of random number generators" (1985), for birthdays and ranks; L'Ecuyer, Simard, "TestU01", ACM TOMS 33
(2007) 22, for how many birthdays to take.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special, stats

LAGS = (1, 2, 3, 4, 8, 16, 64, 1024)
_BIRTHDAYS = 4_096
_GAP, _LONGEST = 1 << 28, 64  # words below a sixteenth
_RANKS = (0.2887880950866024, 0.5775761901732048, 0.13363571474019282)  # of 32 by 32: full, one less, the rest


def battery(words: np.ndarray) -> dict[str, float]:
    """p-values of all tests by name, each two-sided; ``words`` are uint32[n], n a multiple of 4,096 and at least 2^18."""
    found = {f"byte {k}": p for k, p in enumerate(bytes_of(words))}
    found |= {"runs of bits": runs(words), "gaps": gaps(words), "pairs": pairs(words), "ranks": ranks(words)}
    found |= {"birthdays": birthdays(words), "flips between neighbours": flips(words)}
    return found | {f"correlation at lag {lag}": correlation(words, lag) for lag in LAGS}


def bytes_of(words: np.ndarray) -> list[float]:
    """Chi-square of each of a word's four bytes over its 256 values."""
    return [_even(np.bincount(words.view(np.uint8)[k::4], minlength=256)) for k in range(4)]


def runs(words: np.ndarray) -> float:
    """Changes from a bit to the next within words, of which 31 are as likely as not in each."""
    changes = int(np.bitwise_count((words ^ (words >> np.uint32(1))) & np.uint32(0x7FFFFFFF)).sum(dtype=np.int64))
    return _normal((changes - 15.5 * words.size) / math.sqrt(31 * words.size / 4))


def gaps(words: np.ndarray) -> float:
    """Chi-square of how many words lie between two that are below a sixteenth: a geometric law, cut at 64."""
    between = np.diff(np.flatnonzero(words < _GAP)) - 1
    p = _GAP / 2.0**32
    chances = np.append(p * (1 - p) ** np.arange(_LONGEST), (1 - p) ** _LONGEST)
    return _chi_square(np.bincount(np.minimum(between, _LONGEST), minlength=_LONGEST + 1), chances)


def pairs(words: np.ndarray) -> float:
    """Chi-square of the leading bytes of words 2 i and 2 i + 1, together, over 65,536 boxes."""
    top = (words >> np.uint32(24)).astype(np.int64)
    return _even(np.bincount(top[0::2] << 8 | top[1::2], minlength=1 << 16))


def ranks(words: np.ndarray) -> float:
    """Chi-square of the ranks of 32 by 32 matrices of bits."""
    matrix = words[: len(words) // 32 * 32].reshape(-1, 32).copy()
    count, rank = len(matrix), np.zeros(len(matrix), np.int64)
    rows = np.arange(32)
    for column in range(32):
        bit = np.uint32(1 << column)
        able = ((matrix & bit) != 0) & (rows >= rank[:, None])
        pivot, has = able.argmax(axis=1), able.any(axis=1)
        at = np.flatnonzero(has)
        chosen = matrix[at, pivot[at]].copy()
        matrix[at, pivot[at]] = matrix[at, rank[at]]
        matrix[at, rank[at]] = chosen
        below = ((matrix[at] & bit) != 0) & (rows > rank[at, None])
        matrix[at] ^= np.where(below, chosen[:, None], np.uint32(0))
        rank[at] += 1
    lacking = np.minimum(32 - rank, 2)
    assert len(lacking) == count
    return _chi_square(np.bincount(lacking, minlength=3), np.array(_RANKS))


def birthdays(words: np.ndarray) -> float:
    """Equal spacings among 4,096 birthdays in a year of 2^32 days: 4 of a year on average, Poisson's law."""
    years = np.sort(words[: len(words) // _BIRTHDAYS * _BIRTHDAYS].reshape(-1, _BIRTHDAYS), axis=1)
    spacings = np.sort(np.diff(years, axis=1), axis=1)
    equal = int((spacings[:, 1:] == spacings[:, :-1]).sum())
    mean = len(years) * _BIRTHDAYS**3 / 2.0**34
    return float(min(1.0, 2 * min(stats.poisson.cdf(equal, mean), stats.poisson.sf(equal - 1, mean))))


def flips(words: np.ndarray) -> float:
    """Chi-square of how many bits a word and the next differ in: 16 on average, a binomial law."""
    differ = np.bitwise_count(words[0::2] ^ words[1::2])
    kept = np.arange(6, 27)
    chances = stats.binom.pmf(np.arange(33), 32, 0.5)
    folded = np.concatenate([[chances[:6].sum()], chances[kept], [chances[27:].sum()]])
    return _chi_square(np.bincount(np.clip(differ, 5, 27) - 5, minlength=23), folded)


def correlation(words: np.ndarray, lag: int) -> float:
    """Correlation of words with those ``lag`` later."""
    u = words.astype(np.float64) / 2.0**32 - 0.5
    n = len(u) - lag
    return _normal(float(u[:-lag] @ u[lag:]) * 12.0 / math.sqrt(n))


def _even(counts: np.ndarray) -> float:
    return _chi_square(counts, np.full(len(counts), 1.0 / len(counts)))


def _chi_square(counts: np.ndarray, chances: np.ndarray) -> float:
    """Both tails: too even is as wrong as too uneven."""
    expected = counts.sum() * chances
    statistic = float(((counts - expected) ** 2 / expected).sum())
    half = (len(counts) - 1) / 2.0
    return float(min(1.0, 2 * min(special.gammainc(half, statistic / 2), special.gammaincc(half, statistic / 2))))


def _normal(z: float) -> float:
    return float(special.erfc(abs(z) / math.sqrt(2.0)))
