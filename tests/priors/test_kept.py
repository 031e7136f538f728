"""The built-in book from the cache is the checked one, and damage or a foreign file costs a check, never a wrong book."""

import pickle
import subprocess
import sys

import pytest

import priors
from priors import cache, kept


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SUANLI_CACHE_DIR", str(tmp_path))
    return tmp_path


def made(book):
    calls = []

    def make():
        calls.append(1)
        return book

    return make, calls


def test_is_checked_once_and_the_same_afterwards(folder):
    book = priors.load()
    make, calls = made(book)
    assert kept.kept(make) is book
    again = kept.kept(make)
    assert len(calls) == 1
    assert again is not book
    assert again.digest == book.digest
    assert again.definitions(["austerity"]) == book.definitions(["austerity"])
    assert [q.prior.spec() for q in again.quantities.values()] == [q.prior.spec() for q in book.quantities.values()]


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "other"])
def test_damage_costs_a_check(folder, damage):
    book = priors.load()
    make, calls = made(book)
    kept.kept(make)
    (file,) = (folder / "books").iterdir()
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    if damage == "other":  # a whole file, of something that is no book
        cache.write(file, pickle.dumps({"no": "book"}))
    else:
        file.write_bytes({"flip": bytes(content), "cut": bytes(content[:1000]), "empty": b""}[damage])
    assert kept.kept(make).digest == book.digest
    assert len(calls) == 2


def test_another_edition_of_the_package_has_another_file(folder, monkeypatch, tmp_path):
    before = kept._digest()
    home = tmp_path / "edition"
    home.mkdir()
    (home / "claims.toml").write_text("changed")
    monkeypatch.setattr(kept, "_HOME", home)
    assert kept._digest() != before


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(folder, monkeypatch):
    (folder / "books").write_text("in the way")
    make, calls = made(priors.load())
    kept.kept(make)
    kept.kept(make)
    assert len(calls) == 2


def test_a_kept_book_needs_no_checker(folder):
    """What a warm run imports: neither pydantic nor SciPy's special functions, 0.3 s together."""
    script = "import sys, priors; priors.load(); print([m for m in ('pydantic', 'scipy.special') if m in sys.modules])"
    told = [
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True) for _ in range(2)
    ]
    assert told[0].stdout.strip() == "['pydantic', 'scipy.special']"
    assert told[1].stdout.strip() == "[]"
