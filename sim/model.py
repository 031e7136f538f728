"""What a model is to the engine: named inputs, labelled outputs, and a kernel that turns a tile of one into the other.

The market model of this package and a user's own are both a :class:`Model`; nothing downstream tells them apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

EVERY = -1
"""All outputs, of those that a kernel may spare; see :meth:`Model.told`."""

RESERVED = frozenset({"scenario", "draw", "quantile", "holds"})
# What tables and answers have beside the model's own dimensions.
_COLUMNS = frozenset({"output", "statistic", "units", "value", "input", "end", "chain", "x"})
Coordinate = Sequence[str] | Sequence[int] | Sequence[float]


@dataclass(frozen=True)
class Output:
    """One labelled output array of a model.

    Attributes
    ----------
    name: the variable's name in every group of the result.
    dims: its dimensions, each a key of :attr:`Model.coords`; none for a plain number.
    units: as written on axes, ``"1"`` for a pure number.
    long_name, long_name_zh: labels for people.
    description: the equation in words.
    headline: kept draw by draw by default, with quantile errors from the replicates.
    """

    name: str
    dims: tuple[str, ...] = ()
    units: str = "1"
    long_name: str = ""
    long_name_zh: str = ""
    description: str = ""
    headline: bool = True


@dataclass(frozen=True)
class Model:
    """A model: ``kernel(inputs, outputs, *args)`` fills ``outputs`` from ``inputs``.

    Attributes
    ----------
    inputs: names of the quantities that it reads; row j of the tile is ``inputs[j]``.
    outputs: what it computes; each takes the next ``prod(shape)`` cells, in C order of its dims.
    kernel: with ``form="tile"`` it gets ``float64[inputs, draws]`` and fills ``float64[cells, draws]`` (the fast way:
        a Numba function, or any callable on NumPy arrays); with ``form="scalar"`` one draw, ``float64[inputs]`` and
        ``float64[cells]``, which Numba compiles and loops over (about four times slower).
    coords: labels of every dimension that an output names.
    args: further arguments handed to the kernel unchanged.
    reads: inputs that an output follows from, by the output's name; all of them where it is not told. Scenarios that
        touch none of an output's inputs share one reckoning of it, so an input that is missing here makes it wrong.
    same: for each cell, the first cell that has the same bits in every draw (itself if none), -1 where it is always 0; what
        is the same is summed up once. A wrong one makes the cell wrong.
    blocks: the same as ``kernel``, for a multiple of 16 draws, into ``[draws / 16, cells, 16]``: what it writes draws after
        draws lies one behind the other in memory, which is faster for thousands of cells. Optional.
    spared: outputs that ``blocks`` need not fill where nobody reads them: it gets one argument more, an integer of whose bits
        number i is set where it has to fill ``spared[i]``.
    filled: all outputs that the kernel fills, in its order, where ``outputs`` are some of them; see :meth:`only`.
    precision: ``"single"`` lets a tile kernel fill ``float32[cells, draws]``, which halves the memory that outcomes pass
        through; sums, errors and counts are in double precision all the same.
    proportional: outputs that are an input times something that does not depend on it, the input by the output's name; what
        :func:`sim.integrated` rests on. A wrong one makes its figures wrong.
    coord_attrs: attributes of the coordinates; ``extra_coords``: further coordinates, name -> (dim, values, attributes).
    """

    inputs: Sequence[str]
    outputs: Sequence[Output]
    kernel: Callable[..., Any]
    form: Literal["tile", "scalar"] = "tile"
    coords: Mapping[str, Coordinate] = field(default_factory=dict)
    args: tuple[Any, ...] = ()
    name: str = "model"
    coord_attrs: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    extra_coords: Mapping[str, tuple[str, Sequence[Any], Mapping[str, str]]] = field(default_factory=dict)
    precision: Literal["double", "single"] = "double"
    reads: Mapping[str, Collection[str]] = field(default_factory=dict)
    same: Sequence[int] | None = None
    blocks: Callable[..., Any] | None = None
    order: Sequence[int] | None = None
    spared: Sequence[str] = ()
    filled: Sequence[Output] = ()
    proportional: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no result could be labelled with.

        Raises
        ------
        ValueError: in one line: what was found, what is expected.
        """
        if self.form not in ("tile", "scalar"):
            raise ValueError(f'form of model {self.name!r}: found {self.form!r}, expected "tile" or "scalar"')
        if self.precision not in ("double", "single"):
            found = f"precision of model {self.name!r}: found {self.precision!r}"
            raise ValueError(f'{found}, expected "double" or "single"')
        if self.form == "scalar" and self.precision == "single":
            raise ValueError(f'model {self.name!r}: a scalar kernel is run in double precision; write form="tile"')
        if not self.inputs or not self.outputs:
            raise ValueError(f"model {self.name!r}: expected at least one input and one output")
        for kind, names in (("input", list(self.inputs)), ("output", [output.name for output in self.outputs])):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise ValueError(f"model {self.name!r}: {kind} {twice[0]!r} is named twice")
        self._check_names()
        for output in self.outputs:
            missing = [dim for dim in output.dims if dim not in self.coords]
            if missing:
                raise ValueError(f"output {output.name!r}: dimension {missing[0]!r} has no labels; add it to coords=")
            if output.name in self.coords or output.name in RESERVED:
                raise ValueError(f"output {output.name!r} has the name of a dimension; give it another")
        for name, inputs in self.reads.items():
            if name not in [output.name for output in self.outputs]:
                raise ValueError(f"reads of model {self.name!r}: {name!r} is not one of its outputs")
            strange = sorted(set(inputs).difference(self.inputs))
            if strange:
                raise ValueError(f"reads of model {self.name!r}: {strange[0]!r} of {name!r} is not one of its inputs")
        for name, factor in self.proportional.items():
            if name not in [output.name for output in self.filled or self.outputs] or factor not in self.inputs:
                raise ValueError(
                    f"proportional of model {self.name!r}: {name!r} is not one of its outputs, or {factor!r} of its inputs"
                )
        self._check_same()
        for name in self.spared:
            if name not in [output.name for output in self.filled or self.outputs]:
                raise ValueError(f"spared of model {self.name!r}: {name!r} is not one of its outputs")
        if self.order is not None and sorted(self.order) != list(range(self.height)):
            raise ValueError(f"order of model {self.name!r}: expected each row from 0 to {self.height - 1} once")
        self._check_dimensions()

    def _check_names(self) -> None:
        for name in (output.name for output in self.outputs):
            if not name or "/" in name:
                raise ValueError(
                    f"output {name!r} of model {self.name!r}: expected a name without /, which files split at"
                )
        for name in self.inputs:
            if name in RESERVED:
                raise ValueError(f"input {name!r} of model {self.name!r} has the name of a dimension; give it another")

    def _check_dimensions(self) -> None:
        for dim, labels in self.coords.items():
            if dim in RESERVED:
                raise ValueError(f"dimension {dim!r} is a dimension of every result; give it another name")
            if dim in _COLUMNS:
                raise ValueError(f"dimension {dim!r} is a column of tables or of answers; give it another name")
            known = [str(label) for label in labels]
            if not known and any(dim in output.dims for output in self.outputs):
                raise ValueError(f"dimension {dim!r} has no label; give it one at least, or no output along it")
            twice = sorted({label for label in known if known.count(label) > 1})
            if twice:
                raise ValueError(f"dimension {dim!r} has the label {twice[0]!r} twice; give each its own")
        for output in self.outputs:
            if len(set(output.dims)) < len(output.dims):
                raise ValueError(f"output {output.name!r} names a dimension twice; give each its own")

    def _check_same(self) -> None:
        if self.same is None:
            return
        if len(self.same) != self.cells:
            raise ValueError(f"same of model {self.name!r}: found {len(self.same)} cells, expected {self.cells}")
        for cell, first in enumerate(self.same):
            if first != -1 and not (0 <= first <= cell and self.same[first] == first):
                raise ValueError(f"same of model {self.name!r}: cell {cell} cannot be the same as cell {first}")

    @property
    def built_in(self) -> bool:
        """Whether the kernel is one of this package's, not somebody's own."""
        return str(getattr(self.kernel, "__module__", "")).startswith("sim.")

    def shape(self, output: Output) -> tuple[int, ...]:
        """Lengths of the output's dimensions."""
        return tuple(len(self.coords[dim]) for dim in output.dims)

    def slices(self) -> dict[str, slice]:
        """Cells of each output, by name."""
        return self._slices(self.outputs)

    def rows(self) -> dict[str, slice]:
        """Rows of what the kernel fills that each output's cells are, by name."""
        return self._slices(self.filled or self.outputs)

    @property
    def places(self) -> list[int]:
        """Row of what the kernel fills that each cell is."""
        rows = self.rows()
        return [row for output in self.outputs for row in range(rows[output.name].start, rows[output.name].stop)]

    def told(self, wanted: Any) -> int:
        """Bits of the ``spared`` outputs that have to be filled; ``wanted``, bool[cells], are the cells that are read."""
        cells = self.slices()
        return sum(1 << i for i, name in enumerate(self.spared) if name in cells and wanted[cells[name]].any())

    @property
    def block_places(self) -> list[int]:
        """Row of what ``blocks`` fills that each cell is; of what the kernel fills, if there is no such."""
        if self.blocks is None or self.order is None:
            return self.places
        return [self.order[row] for row in self.places]

    def only(self, names: Collection[str]) -> Model:
        """The model with the outputs ``names`` alone, in its own order: the same numbers, and nothing summed up but these."""
        outputs = [output for output in self.outputs if output.name in names]
        model = replace(self, outputs=outputs, filled=self.filled or self.outputs, same=None, reads={})
        same = None if self.same is None else self._same_among(outputs)
        reads = {output.name: self.reads[output.name] for output in outputs if output.name in self.reads}
        return replace(model, same=same, reads=reads)

    def _same_among(self, outputs: Sequence[Output]) -> list[int]:
        """``same`` of the cells of ``outputs`` alone."""
        where, first, found = self.slices(), dict[int, int](), list[int]()
        same = [] if self.same is None else list(self.same)
        for output in outputs:
            for group in same[where[output.name]]:
                found.append(-1 if group == -1 else first.setdefault(group, len(found)))
        return found

    def _slices(self, outputs: Sequence[Output]) -> dict[str, slice]:
        found, start = {}, 0
        for output in outputs:
            stop = start + math.prod(self.shape(output))
            found[output.name] = slice(start, stop)
            start = stop
        return found

    @property
    def dtype(self) -> str:
        """What the kernel fills: ``"float64"`` or ``"float32"``."""
        return "float64" if self.precision == "double" else "float32"

    @property
    def cells(self) -> int:
        """Number of output cells of one draw."""
        return sum(math.prod(self.shape(output)) for output in self.outputs)

    @property
    def height(self) -> int:
        """Number of rows that the kernel fills: the cells, and those of outputs that are left out."""
        return sum(math.prod(self.shape(output)) for output in self.filled or self.outputs)
