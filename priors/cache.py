"""Files of the user's cache: each begins with a digest of the rest, is written in one step, and may be missing."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path

import platformdirs

_HEADER = 32


def cache_root() -> Path:
    """Folder of everything suanli caches: ``$SUANLI_CACHE_DIR``, or the user's cache folder.

    A user whom the system knows no home of, as in a container under any number, has one among temporary files.
    """
    try:
        return Path(os.environ.get("SUANLI_CACHE_DIR") or platformdirs.user_cache_dir("suanli", appauthor=False))
    except RuntimeError:
        return Path(tempfile.gettempdir()) / f"suanli-{os.getuid()}"


def read(path: Path) -> bytes | None:
    """What :func:`write` was given; None where there is no such file, or it is not what it says."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    payload = content[_HEADER:]
    return payload if hashlib.sha256(payload).digest() == content[:_HEADER] else None


def write(path: Path, payload: bytes) -> None:
    """Keep ``payload`` at ``path``; what cannot be written is not kept."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(payload).digest() + payload)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
