"""What fuzzing found once, each with the smallest input that showed it."""

import hashlib
import sys

import h5py
import pytest

from benchmarks.fuzzing.results import _little
from sim.results import files
from sim.results.errors import ResultError
from sim.results.netcdf import MARK, TRAILER
from tests.results import made


def sealed(path, change):
    """A file of ours after ``change``, with a digest that fits."""
    path.write_bytes(_little()[:-TRAILER])
    with h5py.File(path, "r+") as file:
        change(file)
    content = path.read_bytes()
    path.write_bytes(content + MARK + hashlib.sha256(content).hexdigest().encode() + b"\n")


def set_of(attribute, value, where="mean/scenario"):
    def change(file):
        holder = file[where] if where else file
        if attribute in holder.attrs:
            del holder.attrs[attribute]
        holder.attrs[attribute] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        set_of("NAME", 0),  # AttributeError
        set_of("coordinates", True),  # TypeError
        set_of("DIMENSION_LIST", [1, 2], "mean/share"),  # TypeError
        set_of("format_version", "x", ""),  # ValueError of int()
        set_of("format_version", b"\xff", ""),
    ],
)
def test_a_sound_file_of_strange_content_is_refused_in_one_line(tmp_path, change):
    path = tmp_path / "strange.nc"
    sealed(path, change)
    with pytest.raises(ResultError, match="strange") as caught:
        files.open(path).close()
    assert "\n" not in str(caught.value)


def test_a_damaged_file_of_another_program_murmurs_nothing(tmp_path, monkeypatch):
    """Without a digest and with a broken root: h5netcdf's destructor printed a traceback."""
    path, heard = tmp_path / "damaged.nc", []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)
    content = bytearray(_little()[:-TRAILER])
    at = content.index(b"OHDR")
    content[at : at + 6] = b"\0" * 6
    path.write_bytes(content)
    with pytest.raises(ResultError, match="damaged"):
        files.open(path)
    assert not heard


@pytest.mark.parametrize("metadata", ["true", "[]", "3", '{"zarr_format": 3, "node_type": "group", "attributes": 1}'])
def test_a_store_of_strange_metadata_is_refused_in_one_line(tmp_path, metadata):
    path = tmp_path / "strange.zarr"
    files.write(made.little(1), path)
    manifest, file = path / "suanli-manifest.json", path / "zarr.json"
    right = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_text(metadata)
    manifest.write_text(manifest.read_text().replace(right, hashlib.sha256(metadata.encode()).hexdigest()))
    with pytest.raises(ResultError, match="not a result") as caught:
        files.open(path)
    assert "\n" not in str(caught.value)
