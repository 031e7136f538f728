"""What makes the gap between two scenarios: the one thing on the page that takes runs, so a few and small ones."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from sim.app.report.fans import kind_of
from sim.app.report.pictures import WIDTH, Studio
from sim.results.report import Block, Cell, Paragraph, Picture, Table, row

if TYPE_CHECKING:
    import xarray as xr

    from sim.app.report.source import Key, Source
    from sim.batch import Recalled

DRAWS = 4_096
MOST = 8
"""Overrides of which all subsets are run: 256 times :data:`DRAWS` draws."""
LEAST = 0.02
TOLD = 3


@dataclass(frozen=True)
class Gap:
    """Blocks that tell a gap, and pictures of it."""

    blocks: list[Block]
    pictures: list[Picture] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Gaps:
    """Attributes gaps, as far as it is asked to and the result can be run again.

    Attributes
    ----------
    asked: whether to run anything.
    threads: as of :func:`sim.run`.
    """

    source: Source
    studio: Studio
    asked: bool
    threads: int | None = None

    @cached_property
    def run(self) -> Recalled | str:
        """The run to be repeated in part, or why it cannot be."""
        from sim import batch

        if not self.source.built_in or "deck" not in self.source.tree.attrs:
            return self.source.say.words("gaps.own_model")
        try:
            return batch.recall({str(name): value for name, value in self.source.tree.attrs.items()})
        except (KeyError, ValueError) as error:
            return str(error)

    def of(self, scenario: str, sizes: Mapping[str, float]) -> Gap | None:
        """The gap of the cell that differs most, by ``sizes`` of :attr:`Key.words`; None where nothing differs."""
        words = self.source.say.words
        if not self.asked:
            return Gap([Paragraph(words("gaps.not_asked"), "note")])
        if isinstance(self.run, str):
            return Gap([Paragraph(words("gaps.cannot", reason=self.run), "note")])
        largest = max(self.source.keys, key=lambda key: sizes.get(key.words, -1.0), default=None)
        if largest is None or not sizes.get(largest.words, 0.0) > 0.0:
            return None
        return self._found(self.run, scenario, largest)

    def _found(self, run: Recalled, scenario: str, key: Key) -> Gap:
        from sim.study import attribution
        from sim.study.figures import Mean

        words, pair = self.source.say.words, (self.source.scenarios[0], scenario)
        number = attribution.subsets(run, pair, key.output)
        if number > 1 << MOST or not number:
            line = _command(self.source, pair, key)
            return Gap([Paragraph(words("gaps.too_many", most=MOST, command=line), "note")])
        found = attribution.split(run, pair, (key.output, key.at), Mean(), DRAWS, threads=self.threads)
        if number == 2:  # one change makes all of it
            return Gap([self._sentence(found, key)])
        return Gap([self._sentence(found, key), self._table(found, key)], [self._waterfall(found, key, scenario)])

    def _sentence(self, found: xr.Dataset, key: Key) -> Paragraph:
        say, gap = self.source.say, float(found["gap"])
        kind = _kind(self.source, key)
        told: list[str] = []
        for name, share, error in _shares(found):
            if len(told) < TOLD and abs(share) >= LEAST * abs(gap) and abs(share) > 2 * error:
                way = "makes" if share * gap > 0 else "against"
                told.append(
                    say.words(f"gaps.{way}", input=self.source.input(name), share=say.number(abs(share), error, kind))
                )
        size = say.number(abs(gap), float(found["gap_mcse"]), kind)
        direction = say.words("gaps.more" if gap > 0 else "gaps.less")
        parts = say.words("phrase.semicolon").join(told) or say.words("gaps.none_alone")
        return Paragraph(
            say.words("gaps.sentence", gap=size, direction=direction, name=self.source.key(key), parts=parts)
        )

    def _table(self, found: xr.Dataset, key: Key) -> Table:
        say, kind = self.source.say, _kind(self.source, key)
        gap, rows = float(found["gap"]), []
        for name, share, error in _shares(found):
            if share != 0.0:
                text = say.number(share, error, kind) + say.error(error, kind)
                part = Cell(say.number(share / gap, error / abs(gap), "share") if gap else "–")
                rows.append(row(self.source.input(name), name, Cell(text, share), part))
        head = ("", say.words("table.input"), say.words("gaps.share"), say.words("gaps.part"))
        caption = say.words("gaps.caption", name=self.source.key(key), draws=f"{int(found.attrs['draws']):,}")
        return Table(caption, head, tuple(rows), (1,))

    def _waterfall(self, found: xr.Dataset, key: Key, scenario: str) -> Picture:
        from sim.results import plot

        words = self.source.say.words
        title = words("gaps.title", name=self.source.key(key))
        alt = words("gaps.alt", name=self.source.key(key), base=self.source.scenarios[0], scenario=scenario)

        def draw() -> partial[Any]:
            return partial(plot.waterfall, found, book=self.source.book, lang=self.source.say.lang)

        return self.studio.axes(f"gap-{key.words}-{scenario}", (title, alt), draw, (WIDTH, 4.2))


def _shares(found: xr.Dataset) -> list[tuple[str, float, float]]:
    """Name, share and error of each override, the largest first."""
    columns = found["override"].values.tolist(), found["share"].values.tolist(), found["share_mcse"].values.tolist()
    return list(zip(*columns, strict=True))


def _kind(source: Source, key: Key) -> str:
    """How differences of a cell are written."""
    kind = kind_of(source, key.output)
    return {"month": "number", "share": "points"}.get(kind, kind)


def _command(source: Source, pair: tuple[str, str], key: Key) -> str:
    at = [part for dim, label in key.at.items() for part in ("--at", f"{dim}={label}")]
    return shlex.join(["suanli", "attribute", source.file, *pair, key.output, *at])
