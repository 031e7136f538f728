"""The page's own words in each language, a TOML file a language: key -> text with places for values in braces."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Words:
    """The words of one language.

    Attributes
    ----------
    lang: ``en`` or ``zh``.
    """

    lang: str

    def __call__(self, key: str, **values: Any) -> str:
        """The text of ``key`` with ``values`` in their places.

        Raises
        ------
        KeyError: for a key that the language lacks; the tests hold all languages to the same keys and places.
        """
        return texts(self.lang)[key].format(**values)

    def has(self, key: str) -> bool:
        """Whether there is a text of that key."""
        return key in texts(self.lang)

    def pick(self, en: str | None, zh: str | None) -> str:
        """Of a name in two languages the one to say, the other where it is missing."""
        return (zh or en or "") if self.lang == "zh" else (en or zh or "")


@cache
def texts(lang: str) -> dict[str, str]:
    """All texts of a language, ``table.key`` -> text."""
    source = resources.files(__package__).joinpath("words", f"{lang}.toml").read_text(encoding="utf-8")
    return {f"{table}.{key}": text for table, keys in tomllib.loads(source).items() for key, text in keys.items()}
