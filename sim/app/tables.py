"""How wide the columns of a table are, and which of them stand side by side: no figure is ever cut.

A column of figures, or one that is to be kept whole, has the width of its cells; others are wrapped between words. What is
wider than the terminal comes in several blocks of columns, the row labels repeated in each. Where the labels and one column
are wider still, they are wrapped too, between words; what is wider even then runs over the edge.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_WORD, LONGEST_HEAD = 40, 24
# An indent belongs to its word; scripts that are written without blanks may be broken anywhere.
_WORD = re.compile(r"(?:^ +)?[^\s\u2e80-\U0010ffff]+")


@dataclass(frozen=True)
class Column:
    """A column: its heading, its cells, whether they stand to the right, and whether they are kept whole."""

    head: str
    cells: Sequence[str]
    right: bool = False
    whole: bool = False

    @property
    def natural(self) -> int:
        """Terminal columns that it takes where there is room."""
        return max((_length(line) for text in (self.head, *self.cells) for line in text.split("\n")), default=0)

    @property
    def least(self) -> int:
        """Terminal columns below which a figure or a word of its would be cut."""
        if self.whole and _length(self.head) <= LONGEST_HEAD:
            return self.natural
        if not self.whole:
            return max(min(self.longest_word, LONGEST_WORD), 1)
        cells = max((_length(line) for text in self.cells for line in text.split("\n")), default=0)
        return max(cells, *(_length(word) for word in _WORD.findall(self.head)))

    @property
    def longest_word(self) -> int:
        """Terminal columns of its longest word; no figure has a blank within, but a figure with its interval has."""
        return max((_length(word) for text in (self.head, *self.cells) for word in _WORD.findall(text)), default=0)


def _length(text: str) -> int:
    from rich.cells import cell_len  # 60 ms, only where something is printed

    return cell_len(text)


def wrapped(text: str, width: int) -> str:
    """``text`` in lines of ``width``, broken at blanks; a longer word stands whole in a line of its own."""
    from rich.cells import chop_cells

    lines = []
    for paragraph in text.split("\n"):
        line, started = "", False
        for word in paragraph.split(" "):
            longer = f"{line} {word}" if started else word
            if _length(longer) <= width:
                line, started = longer, True
                continue
            if not word:
                continue
            if started:
                lines.append(line)
            whole = max(map(_length, _WORD.findall(word)), default=0) > width
            *full, line = [word] if whole else chop_cells(word, width)
            lines += full
            started = True
        lines.append(line)
    return "\n".join(line.rstrip(" ") for line in lines)


def blocks(columns: Sequence[Column], width: int, gap: int) -> list[list[int]]:
    """Indices of the columns that stand side by side: all of them, or, in several blocks, the labels with some others.

    Labels are the columns before the first of figures, or the first where there are none.
    """
    least = [column.least for column in columns]
    every = list(range(len(columns)))
    if _total(least, gap) <= width:
        return [every]
    first = next((i for i, column in enumerate(columns) if column.right), 1)
    labels = every[: max(first, 1)]
    made: list[list[int]] = []
    for i in every[len(labels) :]:
        if not made or _total([least[j] for j in (*made[-1], i)], gap) > width:
            made.append([*labels])
        made[-1].append(i)
    return made or [every]


def widths(columns: Sequence[Column], width: int, gap: int) -> list[int]:
    """Width of each column of a block: as it comes, the widest of them narrower where that is more than there is.

    Where columns that are to be kept whole are still too wide, they too are wrapped, between words.
    """
    found = [column.natural for column in columns]
    for least in [column.least for column in columns], [column.longest_word for column in columns]:
        while _total(found, gap) > width:
            wider = [i for i in range(len(found)) if found[i] > least[i]]
            if not wider:
                break
            found[max(wider, key=found.__getitem__)] -= 1
    return found


def _total(found: Sequence[int], gap: int) -> int:
    return sum(found) + gap * (len(found) - 1)
