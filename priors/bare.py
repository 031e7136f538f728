"""Values where the table of a change should stand, such as ``growth.cloud = 0.3`` for ``growth.cloud = { fix = 0.3 }``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from priors.nearness import closest

Bare = tuple[tuple[str, ...], Any]
"""The parts of a dotted name, and what stands there."""


def without_bare(content: Mapping[str, Any], keys: Collection[str]) -> tuple[dict[str, Any], list[Bare]]:
    """The tables of ``content``, and the bare values beside them.

    ``keys`` are those of a change. A table that has none of them, but tables, or nothing like them, is taken for a group:
    TOML reads ``growth.cloud = 0.3`` as ``growth = { cloud = 0.3 }``.
    """
    kept, bare = {}, list[Bare]()
    for name, value in content.items():
        if not isinstance(value, dict):
            bare.append(((name,), value))
            continue
        tables = {key: inner for key, inner in value.items() if isinstance(inner, dict)}
        group = value and not any(key in keys or (not tables and closest(key, keys)) for key in value)
        if group:
            bare += [((name, key), inner) for key, inner in value.items() if key not in tables]
        if not group or tables:
            kept[name] = tables if group else value
    return kept, bare
