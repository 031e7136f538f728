"""What several commands take from the command line, checked as it is read."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from priors.nearness import closest, unread
from sim.app import failures, terminal

if TYPE_CHECKING:
    import xarray as xr

    import priors

Command = TypeVar("Command", bound=Callable[..., Any])
# A comma only between thousands: elsewhere "1,5" means one and a half.
_COUNT = re.compile(
    r"(?P<digits>(?:\d{1,3}(?:,\d{3})+|\d[\d_]*)(?:\.\d*)?)(?:e(?P<power>\d{1,2}))?(?P<unit>[kmg]?)",
    re.IGNORECASE | re.ASCII,
)
EXAMPLES = ("65536", "1_048_576", "1e6", "1M")
"""Ways to write a number, told where they are within the limits."""
_UNITS = {"": 0, "k": 3, "m": 6, "g": 9}
SEEDS, MOST = (1 << 63) - 1, 1 << 40
"""The greatest seed, and the most draws."""


class Count(click.ParamType):
    """A whole number as people type it: ``65536``, ``1_048_576``, ``65,536``, ``1e6``, ``2.5M``."""

    name = "number"

    def __init__(self, low: int, high: int) -> None:
        self.low, self.high = low, high

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number.

        Raises
        ------
        click.BadParameter: for anything that is not a whole number within the limits; says what was found.
        """
        found = value if isinstance(value, int) else whole(str(value).strip())
        if found is None or not self.low <= found <= self.high:
            fitting = [text for text in EXAMPLES if self.low <= (whole(text) or 0) <= self.high]
            such = f", such as {failures.listed(fitting)}" if fitting else ""
            self.fail(f'found "{value}", expected a whole number from {self.low:,} to {self.high:,}{such}', param, ctx)
        return found


class Error(click.ParamType):
    """A relative error: ``0.001``, ``0.1%`` or ``1e-3``."""

    name = "error"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The error.

        Raises
        ------
        click.BadParameter: for anything that is not a number between 0 and 1.
        """
        text = str(value).strip()
        try:
            found = float(text.removesuffix("%")) / (100.0 if text.endswith("%") else 1.0)
        except ValueError:
            found = float("nan")
        if not 0.0 < found < 1.0:
            self.fail(f'found "{value}", expected an error between 0 and 1, such as 0.001 or 0.1%', param, ctx)
        return found


def whole(text: str) -> int | None:
    """The whole number that ``text`` writes, or None; without a detour through floats, which would round it."""
    match = _COUNT.fullmatch(text)
    if not match:
        return None
    digits, _, decimals = re.sub("[_,]", "", match["digits"]).partition(".")
    power = int(match["power"] or 0) + _UNITS[match["unit"].lower()]
    decimals = decimals.rstrip("0")
    if len(decimals) > power or len(digits) > 30:
        return None
    return int(digits + decimals) * 10 ** (power - len(decimals))


class PartOf(click.ParamType):
    """One of several parts: ``2/8``."""

    name = "K/N"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Its number, from 1 on, and how many there are."""
        match = re.fullmatch(r"(\d{1,9})\s*/\s*(\d{1,9})", str(value).strip(), re.ASCII)
        found = (int(match[1]), int(match[2])) if match else (0, 0)
        if not 1 <= found[0] <= found[1]:
            self.fail(f'found "{value}", expected a part of how many, such as 2/8', param, ctx)
        return found


class Choice(click.ParamType):
    """One of a few words; a typo is answered with the nearest."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.name = "|".join(words)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """The words, as --help shows them."""
        return f"[{self.name}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The word itself, in any case of letters."""
        found = str(value).lower()
        if found not in self.words:
            self.fail(f'found "{value}", expected {failures.listed(self.words)}', param, ctx)
        return found


class Assignment(click.ParamType):
    """``NAME=VALUE``, as ``--set`` takes it; the book itself reads the value."""

    name = "NAME=VALUE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text, which has a name and a value."""
        name, sign, setting = (part.strip() for part in str(value).partition("="))
        if not (name and sign and setting):
            self.fail(f'found "{value}", expected NAME=VALUE such as growth.cloud=0.4 or capacity.mlu=*3', param, ctx)
        return f"{name}={setting}"


draws = click.option("--draws", type=Count(1, MOST), default=None, help="Draws of each scenario; 65,536 unless given.")
seed = click.option("--seed", type=Count(0, SEEDS), default=0, show_default=True, help="Same seed, same bytes.")
quarters = click.option("--quarters", type=Count(1, 400), default=12, show_default=True, help="Horizon from 2023Q1 on.")
threads = click.option("--threads", type=Count(1, 1024), default=None, help="All cores unless given.")


def as_json(command: Command) -> Command:
    """Give ``command`` the option --json."""
    return click.option("--json", "json", is_flag=True, help="Print JSON instead of tables.")(command)


def own_book(command: Command) -> Command:
    """Give ``command`` the options --priors and --alone."""
    command = click.option("--alone", is_flag=True, help="Take --priors alone, not on top of the built-in book.")(
        command
    )
    return click.option("--priors", "book", metavar="FILE", help="A book of your own, a TOML file or a folder.")(
        command
    )


def load_book(path: str | None, alone: bool) -> priors.Book:
    """The built-in book, or that of ``path`` on top of it or alone.

    Raises
    ------
    Mistake: if there is no such file, or ``alone`` comes without one.
    priors.BookError: if the book has mistakes; lists them all.
    """
    import priors  # pydantic, 0.2 s

    if path is None:
        if alone:
            raise failures.Mistake(
                "--alone: found no --priors beside it, expected a book to take alone (--priors FILE)"
            )
        return priors.load()
    existing(path, "--priors")
    found = priors.load(path, alone=alone)
    _tell_unread(found, priors.load())
    return found


def _tell_unread(own: priors.Book, built_in: priors.Book) -> None:
    """Say in a line which quantities of a book of one's own the market does not read: a misspelt name, more often than not.

    The market reads all of the built-in book's, and no command runs another model. A book without them is for one.
    """
    if all(name in own.quantities for name in built_in.quantities):
        told = unread(own.quantities, built_in.quantities)
        if told:
            terminal.note(f"suanli: {told}")


def existing(path: str, option: str) -> None:
    """Refuse a file or folder that is not there, naming the nearest one.

    Raises
    ------
    Mistake: ``--priors: no file or folder "bok.toml"; did you mean "book.toml"?``
    """
    if not Path(path).exists():
        near = _neighbour(Path(path))
        raise failures.Mistake(f'{option}: no file or folder "{path}"' + (f'; did you mean "{near}"?' if near else ""))


def _neighbour(path: Path) -> str:
    """The nearest name in the folder where ``path`` should be, if that exists."""
    folder = path.parent
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    near = closest(path.name, names)
    return str(folder / near) if near else ""


def open_result(path: str) -> xr.DataTree:
    """The result that ``suanli run -o`` left in ``path``.

    Raises
    ------
    Mistake: if there is no such file, or it is no result, or damaged.
    """
    if not Path(path).exists():
        near = _neighbour(Path(path))
        raise failures.Mistake(f'no file "{path}"' + (f'; did you mean "{near}"?' if near else ""))
    from sim.results import files  # xarray and HDF5, 0.5 s
    from sim.results.errors import ResultError

    try:
        found = files.open(path)
    except ResultError as error:
        raise failures.Mistake(str(error)) from error
    failures.heed()
    return found
