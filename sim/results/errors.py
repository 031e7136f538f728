"""What may go wrong with a result, each said in one line with its remedy."""

from __future__ import annotations

import os


class ResultError(ValueError):
    """A result, a file of one, or a question put to one is not as it should be; the message says what to do."""


class ExpressionError(ResultError):
    """An expression cannot be read or does not fit the result; the message says where and what is expected."""


class WriteError(OSError, ResultError):
    """A file could not be written; nothing is left of it, and what stood under its name still does.

    Attributes
    ----------
    errno, strerror, filename: as in :class:`OSError`.
    """

    def __init__(self, code: int | None, reason: str, path: str | os.PathLike[str]) -> None:
        super().__init__(code, reason, os.fspath(path))

    def __str__(self) -> str:
        return f"cannot write {self.filename}: {self.strerror}"
