from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from sim.cli import main

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
