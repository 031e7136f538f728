"""Tables on disk: found again by content, built anew when damaged or changed, never fatal."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.draw import cache
from sim.draw.table import digest
from tests.draw.laws import SMOOTH, STEPS, Law, build


class Known(Law):
    """A law that says what it is, and counts how often it is asked."""

    asked = 0

    def spec(self) -> dict[str, Any]:
        return {"family": "known", "args": list(self.frozen.args)}

    def ppf(self, p: np.ndarray) -> np.ndarray:
        Known.asked += 1
        return super().ppf(p)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SUANLI_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(cache, "_memory", {})
    Known.asked = 0
    return tmp_path / "tables"


def forget() -> None:
    cache._memory.clear()
    Known.asked = 0


def known(name: str = "pert") -> Known:
    return Known(SMOOTH[name].frozen)


def test_a_table_is_read_back_with_the_same_bytes(folder: Path) -> None:
    built = cache.table_of(known())
    assert len(list(folder.iterdir())) == 1
    forget()
    read = cache.table_of(known())
    assert Known.asked == 0
    assert vars(read).keys() == vars(built).keys()
    assert digest(read) == digest(built)
    assert read.support == built.support


@pytest.mark.parametrize("name", ["uniform", "normal", "cauchy", "triangular", "poisson, not named"])
def test_every_kind_of_table_is_read_back(folder: Path, name: str) -> None:
    law = Known({**SMOOTH, **STEPS}[name].frozen)
    built = cache.table_of(law)
    forget()
    read = cache.table_of(law)
    assert Known.asked == 0
    assert type(read) is type(built)
    for part, expected in zip(vars(read).values(), vars(built).values(), strict=True):
        np.testing.assert_array_equal(part, expected)
        assert type(part) is type(expected)


def test_equal_specs_are_one_table_in_memory(folder: Path) -> None:
    assert cache.table_of(known()) is cache.table_of(known())
    assert cache.table_of(known()) is not cache.table_of(known("gamma"))
    assert len(list(folder.iterdir())) == 2


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "folder"])
def test_a_damaged_file_is_built_anew(folder: Path, damage: str) -> None:
    built = cache.table_of(known())
    (path,) = folder.iterdir()
    content = bytearray(path.read_bytes())
    if damage == "folder":
        path.unlink()
        path.mkdir()
    elif damage == "flip":
        content[len(content) // 2] ^= 4
        path.write_bytes(content)
    else:
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")
    forget()
    assert digest(cache.table_of(known())) == digest(built)
    assert Known.asked > 0


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SUANLI_CACHE_DIR", str(tmp_path / "file"))
    assert digest(cache.table_of(known())) == digest(build(known()))


def test_a_failed_write_leaves_no_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache.table_of(known())
    assert not list(folder.iterdir())


def test_another_source_is_another_table(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.table_of(known())
    forget()
    monkeypatch.setattr(cache, "_source", lambda package: "edited")
    cache.table_of(known())
    assert Known.asked > 0
    assert len(list(folder.iterdir())) == 2


def test_a_law_without_a_spec_stays_in_memory(folder: Path) -> None:
    law = SMOOTH["pert"]
    assert cache.table_of(law) is cache.table_of(law)
    assert not folder.exists()
