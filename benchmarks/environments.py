"""Environments of the peers: a virtual environment or a Node folder for each, made once, outside the project's own.

They lie in ``benchmarks/.peers/`` (or ``$SUANLI_PEERS``), which Git ignores. What cannot be installed is told as such.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
PEERS = HERE / "peers"
INSTALL_LIMIT = 900


class Failed(Exception):  # noqa: N818 - told in a row, no fault of the benchmark
    """A peer could not be installed or did not run; the message is one line."""


class Peer(NamedTuple):
    """A tool to compare with.

    Attributes
    ----------
    title: its name in the table; package: on PyPI or npm.
    module: of ``peers/``; a file of JavaScript for Node.
    own: whether it needs an environment of its own; False runs in the project's.
    """

    title: str
    package: str
    module: str
    own: bool = True

    @property
    def node(self) -> bool:
        """Whether it runs under Node."""
        return self.module.endswith(".mjs")


def root() -> Path:
    """Where all environments are."""
    return Path(os.environ.get("SUANLI_PEERS") or HERE / ".peers")


def folder(peer: Peer) -> Path:
    """Where the peer's environment is or will be."""
    return root() / peer.title.lower().replace(" ", "_")


def python(peer: Peer) -> str:
    """The interpreter of the peer's environment, which is made if it is not there.

    Raises
    ------
    Failed: if it cannot be installed.
    """
    if not peer.own:
        return sys.executable
    place = folder(peer)
    interpreter = place / "bin" / "python"
    done = place / "installed"
    if not done.exists():
        _quietly([sys.executable, "-m", "venv", "--clear", str(place)])
        _quietly([str(interpreter), "-m", "pip", "install", "--quiet", peer.package])
        done.touch()
    return str(interpreter)


def node(peer: Peer) -> Path:
    """The folder whose ``node_modules`` has the peer, made if it is not there.

    Raises
    ------
    Failed: if there is no Node, or the peer cannot be installed.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Failed(f"no {program} on this machine")
    place = folder(peer)
    done = place / "installed"
    if not done.exists():
        place.mkdir(parents=True, exist_ok=True)
        (place / "package.json").write_text('{"private": true}', "utf-8")
        _quietly(["npm", "install", "--no-audit", "--no-fund", "--prefix", str(place), peer.package])
        done.touch()
    return place


def _quietly(command: list[str]) -> None:
    try:
        found = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_LIMIT, env=environment())
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failed(f"could not be installed: {error}") from error
    if found.returncode:
        raise Failed(f"could not be installed: {last_line(found.stderr)}")


def environment() -> dict[str, str]:
    """The surroundings as users have them, with the project on the path.

    Nothing forces a kernel on NumPy's linear algebra, or keeps Python from keeping the modules that it has compiled.
    """
    forced = "OPENBLAS_", "PYTHONDONTWRITEBYTECODE"
    kept = {name: value for name, value in os.environ.items() if not name.startswith(forced)}
    kept |= {"JAX_COMPILATION_CACHE_DIR": str(root() / "jax_cache")}  # a minute of compiling, once
    return kept | {"PYTHONPATH": f"{HERE.parent}{os.pathsep}{PEERS}"}


def json_of(
    command: list[str], *, limit: float, told: str = "", more: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """What ``command`` prints last, as JSON; ``told`` is its standard input, ``more`` joins its environment.

    Raises
    ------
    Failed: if it fails or takes longer than ``limit`` seconds.
    """
    try:
        found = subprocess.run(
            command,
            input=told,
            capture_output=True,
            text=True,
            timeout=limit,
            env=environment() | dict(more or {}),
            cwd=HERE.parent,
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"took longer than {limit:.0f} s") from error
    if found.returncode:
        raise Failed(last_line(found.stderr) or f"ended with status {found.returncode}")
    content: dict[str, Any] = json.loads(found.stdout.strip().splitlines()[-1])
    return content


def last_line(text: str) -> str:
    """The last line that says something, cut to what a table holds."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:160] if lines else ""
