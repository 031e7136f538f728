from __future__ import annotations

import functools
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sim.cli import main
from sim.results import files

ROOT = Path(__file__).parents[2]


@pytest.fixture
def suanli(tmp_path, monkeypatch):
    """Run a command line in an empty folder, in this process."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="suanli")

    return call


@pytest.fixture
def opened_once(monkeypatch):
    """Each file is opened once in all: opening has tests of its own, and takes longer than most of what is asked."""
    monkeypatch.setattr(files, "open", _open)


@functools.cache
def _open(path: str | os.PathLike[str], read: Any = files.open) -> Any:
    return read(path)


@pytest.fixture
def shell(tmp_path):
    """Run a command line in an empty folder, in a process of its own."""

    def call(*arguments: str, env: dict[str, str] | None = None, **options: Any) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-m", "sim", *map(str, arguments)],
            cwd=options.pop("cwd", tmp_path),
            env=os.environ | {"COLUMNS": "100", "PYTHONPATH": str(ROOT)} | (env or {}),
            capture_output=True,
            timeout=300,
            **options,
        )

    return call
