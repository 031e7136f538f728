"""A font that has Chinese characters, found among those installed; or labels in English, and a warning that says so."""

from __future__ import annotations

import warnings
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.results.errors import ResultError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

LANGUAGES = ("en", "zh")
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Hiragino Sans GB",
    "Heiti SC",
    "SimHei",
    "Noto Sans CJK JP",  # of a collection file matplotlib lists the first face alone; it has the same characters
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
    "Droid Sans Fallback",
    "Arial Unicode MS",
)
FILES = ("cjk", "notosanssc", "sourcehansans", "pingfang", "msyh", "wqy", "hiragino", "simhei", "fallback", "heiti")
"""Parts of the names of their files."""


class NoChineseFont(UserWarning):  # a warning, no error
    """No installed font has Chinese characters; labels are in English."""


def language(lang: str) -> str:
    """``lang``, or ``"en"`` with a warning where no font has Chinese characters.

    Raises
    ------
    ResultError: for a language that there are no labels in.
    """
    if lang not in LANGUAGES:
        raise ResultError(f'lang: found {lang!r}, expected "en" or "zh"')
    if lang == "zh" and chinese() is None:
        _tell()
        return "en"
    return lang


@cache
def chinese() -> str | None:
    """The first of :data:`CHINESE` that is installed; None if none is."""
    from matplotlib.font_manager import findSystemFonts, fontManager

    def first() -> str | None:
        installed = {font.name for font in fontManager.ttflist}
        return next((name for name in CHINESE if name in installed), None)

    if first() is None:
        # matplotlib keeps a list of fonts on disk and does not notice one that was installed since.
        known = {font.fname for font in fontManager.ttflist}
        for path in sorted(set(findSystemFonts()) - known):
            if any(part in Path(path).name.lower() for part in FILES):
                with suppress(OSError, RuntimeError):  # a file that is no font after all
                    fontManager.addfont(path)
    return first()


@cache
def _tell() -> None:
    message = "no font with Chinese characters is installed, so labels are in English; install fonts-noto-cjk"
    warnings.warn(message, NoChineseFont, stacklevel=4)


def dress(drawn: Axes | Figure | SubFigure, lang: str) -> None:
    """Take all texts of axes or of a figure as they are written, a dollar sign too, in a family that has ``lang``'s letters.

    English keeps the caller's family.
    """
    from matplotlib import rcParams
    from matplotlib.axes import Axes
    from matplotlib.text import Text

    for text in drawn.findobj(Text):
        text.set_parse_math(False)
    name = chinese() if lang == "zh" else None
    if name is None:
        return
    families = [name, *rcParams["font.family"]]
    for text in drawn.findobj(Text):
        text.set_fontfamily(families)
    # Ticks are made when they are needed, so the texts of those to come are told here.
    for ax in [drawn] if isinstance(drawn, Axes) else drawn.get_axes():
        ax.tick_params(labelfontfamily=families)
