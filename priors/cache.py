"""Files of the user's cache: each begins with a digest of the rest, is written in one step, and may be missing."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from functools import cache
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
        return _homeless(tempfile.gettempdir())


@cache
def _homeless(temporary: str) -> Path:
    """A folder of this user's alone among ``temporary`` files; what is kept there is run, so nobody else's is taken for it."""
    folder = Path(temporary) / f"suanli-{os.getuid()}"
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o022:
            return folder
    return Path(tempfile.mkdtemp(prefix="suanli-", dir=temporary))


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
