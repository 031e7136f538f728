"""Damage to what is kept: flipped bits, cuts, missing and swapped chunks; how many go unnoticed.

    python -m benchmarks.damage                # 1,000 of each kind, of each form; some minutes
    python -m benchmarks.damage --count 50
    python -m benchmarks.damage --write        # and keeps the figures in benchmarks/kept/damage.json

A result of a small model is written as NetCDF and as Zarr, and a part of its run as a shard. One place of a copy is
changed, at random, and the copy opened and read to its end. *Noticed*: it is refused. *Harmless*: it is read, and every
figure is the original's (a bit of the mark that the digest follows, say). *Silent*: it is read, and something differs.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

import priors
import sim
from sim import bench, shards
from sim.results import files
from sim.shards import files as parts
from sim.shards.packed import MARK

KEPT = Path(__file__).parent / "kept" / "damage.json"
KINDS = ("flipped bit", "cut short", "missing chunk", "swapped chunks")
GUESS = {"basis": "assumption", "rationale": "a model to be damaged"}
Range = tuple[Path, int, int]


def kernel(x, y):
    """A sum, and a product in two parts."""
    y[0], y[1], y[2] = x[0] + x[1], x[0] * x[1], np.maximum(x[1], 1.0)


MODEL = sim.Model(
    ["own.a", "own.b"],
    [sim.Output("total"), sim.Output("part", ("k",))],
    kernel,
    coords={"k": ["one", "two"]},
    name="damaged",
)


def make(folder: Path) -> dict[str, Path]:
    """The three forms, name -> path."""
    book = priors.book(
        quantities=[
            priors.quantity("own.a", priors.make({"family": "lognormal", "mu": 0, "sigma": 0.5}), **GUESS),
            priors.quantity("own.b", priors.make({"family": "uniform", "low": 0, "high": 2}), **GUESS),
        ]
    ).with_set("more", ["own.a=*2"])
    batch = {"model": MODEL, "scenarios": ["baseline", "more"], "keep_draws": 512}
    tree = sim.run(book, draws=4_096, **batch)
    found = {"NetCDF": folder / "result.nc", "Zarr": folder / "result.zarr", "shard": folder / "part.shard"}
    files.write(tree, found["NetCDF"])
    files.write(tree, found["Zarr"])
    parts.write(sim.run_part(1, 2, book, draws=32_768, **batch), found["shard"])
    return found


def content(path: Path) -> Any:
    """All that is in it, to compare; whatever is wrong is raised."""
    if path.suffix == parts.SUFFIX:
        return shards.to_bytes(parts.read(path))
    with files.open(path) as tree:
        return tree.load()


def chunks(path: Path) -> list[Range]:
    """Where its chunks lie: file, first byte, length."""
    if path.is_dir():
        # Files called "c", or in folders of that name, are chunks; the rest is JSON.
        files_of = (file for file in sorted(path.rglob("*")) if file.is_file() and "c" in file.relative_to(path).parts)
        return [(file, 0, file.stat().st_size) for file in files_of]
    return list(_of_shard(path) if path.suffix == parts.SUFFIX else _of_netcdf(path))


def _of_netcdf(path: Path) -> Iterator[Range]:
    found: list[h5py.Dataset] = []
    with h5py.File(path) as file:
        file.visititems(lambda _, item: found.append(item) if isinstance(item, h5py.Dataset) and item.chunks else None)
        for item in found:
            for number in range(item.id.get_num_chunks()):
                about = item.id.get_chunk_info(number)
                yield path, about.byte_offset, about.size


def _of_shard(path: Path) -> Iterator[Range]:
    data = path.read_bytes()
    start = len(MARK) + 8
    at = start + int.from_bytes(data[start - 8 : start], "little")
    for _, kind, shape, one in json.loads(data[start:at])["arrays"]:
        size = np.dtype(kind).itemsize * (1 if one else int(np.prod(shape)))
        if size:
            yield path, at, size
        at += size


def damage(every: list[Path], there: list[Range], kind: str, rng: random.Random) -> list[Path]:
    """Change one place of the files ``every``, or of the chunks ``there``; the files that were changed."""
    if kind not in ("flipped bit", "cut short"):
        return _change_chunks(there, kind, rng)
    file = rng.choices(every, [each.stat().st_size for each in every])[0]
    data = bytearray(file.read_bytes())
    at = rng.randrange(len(data))
    if kind == "cut short":
        del data[at:]
    else:
        data[at] ^= 1 << rng.randrange(8)
    file.write_bytes(data)
    return [file]


def _change_chunks(there: list[Range], kind: str, rng: random.Random) -> list[Path]:
    """Take one out, leave zeros in its place, or put two of different bytes in each other's."""
    one = rng.choice(there)
    if kind == "missing chunk":
        _take_out(one, rng)
        return [one[0]]
    while not (others := [each for each in there if each[2] == one[2] and _bytes(each) != _bytes(one)]):
        one = rng.choice(there)
    other = rng.choice(others)
    mine, theirs = _bytes(one), _bytes(other)
    _put(one, theirs)
    _put(other, mine)
    return sorted({one[0], other[0]})


def _take_out(one: Range, rng: random.Random) -> None:
    file, _, size = one
    if size == file.stat().st_size:
        file.unlink()  # a chunk of Zarr is a file
    else:
        _put(one, bytes(size) if rng.random() < 0.5 and any(_bytes(one)) else b"")


def _bytes(one: Range) -> bytes:
    file, at, size = one
    with file.open("rb") as stream:
        stream.seek(at)
        return stream.read(size)


def _put(one: Range, data: bytes) -> None:
    file, at, size = one
    whole = file.read_bytes()
    file.write_bytes(whole[:at] + data + whole[at + size :])


def campaign(
    count: int, seed: int = 0, tell: Callable[[str], Any] = lambda _: None
) -> dict[str, dict[str, dict[str, int]]]:
    """Form -> kind of damage -> how many were noticed, harmless and silent."""
    rng, found = random.Random(seed), dict[str, dict[str, dict[str, int]]]()
    with tempfile.TemporaryDirectory() as name, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(name)
        for form, path in make(folder).items():
            bad = folder / f"bad{path.suffix}"
            (shutil.copytree if path.is_dir() else shutil.copy)(path, bad)
            every = [file for file in sorted(bad.rglob("*")) if file.is_file()] if bad.is_dir() else [bad]
            whole, there = content(path), chunks(bad)
            for kind in KINDS:
                tally = {"noticed": 0, "harmless": 0, "silent": 0}
                for _ in range(count):
                    changed = damage(every, there, kind, rng)
                    tally[_outcome(bad, whole)] += 1
                    for file in changed:
                        shutil.copy(path / file.relative_to(bad) if path.is_dir() else path, file)
                found.setdefault(form, {})[kind] = tally
                tell(f"{form:8} {kind:16} {tally}")
    return found


def _outcome(bad: Path, whole: Any) -> str:
    try:
        found = content(bad)
    except ValueError:  # ResultError is one; anything else is a fault of ours
        return "noticed"
    same = found == whole if isinstance(whole, bytes) else found.identical(whole)
    return "harmless" if same else "silent"


def main() -> None:
    """Run the campaign, print it, keep it where asked; status 1 if anything was silent."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.damage", description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=1_000, help="damages of each kind, of each form")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {KEPT.name}")
    options = parser.parse_args()
    start = time.perf_counter()
    found = campaign(options.count, options.seed, lambda line: print(line, flush=True))
    silent = sum(tally["silent"] for kinds in found.values() for tally in kinds.values())
    print(f"{silent} silent, in {time.perf_counter() - start:.0f} s")
    if options.write:
        command = f"python -m benchmarks.damage --count {options.count} --seed {options.seed} --write"
        kept = {"command": command, "date": datetime.date.today().isoformat(), "machine": bench.machine()}
        KEPT.write_text(json.dumps(kept | {"silent": silent, "found": found}, indent=1) + "\n", "utf-8")
    sys.exit(bool(silent))


if __name__ == "__main__":
    main()
