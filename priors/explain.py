"""From the validation library's errors to messages that say what was found and what is expected."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from priors.positions import Path
from priors.problems import Problem, listed, nearest, shown
from priors.reading import Source

_EXPECTED = {
    "string_type": "text",
    "string_pattern_mismatch": "a text that is not empty",
    "float_type": "a number",
    "finite_number": "a finite number",
    "int_type": "a whole number",
    "int_parsing_size": "a whole number of fewer digits",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a table",
    "model_attributes_type": "a table",
    "date_type": "a date such as 2023-04-01",
    "is_instance_of": "a table",
}
_TAGS = ("family", "rule")
_BOUNDS = {
    "greater_than": ("gt", "a number above"),
    "greater_than_equal": ("ge", "a number of at least"),
    "less_than": ("lt", "a number below"),
    "less_than_equal": ("le", "a number of at most"),
    "too_short": ("min_length", "a list no shorter than"),
    "too_long": ("max_length", "a list no longer than"),
}


def explain(
    error: ValidationError, data: Any, source: Source, path: Path, name: str, adapter: TypeAdapter[Any]
) -> Iterable[Problem]:
    """The problems that a validation of ``data``, which stands at ``path`` of ``source``, found; one a place.

    A place that could hold one of several types is complained of once for each by the library, and once by us.
    """
    schema = _schema(adapter)
    grouped: dict[Path, list[dict[str, Any]]] = {}
    for found in error.errors(include_url=False):
        grouped.setdefault(_within(data, found), []).append(dict(found))
    for inner, errors in grouped.items():
        key = ".".join([name, *map(str, inner)])
        message, at_key = _message(errors, inner, data, schema)
        yield source.problem((*path, *inner), key, message, key=at_key)


@cache
def _schema(adapter: TypeAdapter[Any]) -> dict[str, Any]:
    return adapter.json_schema(by_alias=True)


def _within(data: Any, found: Any) -> Path:
    """The path in the data that an error speaks of: its location without the library's own tags of union members."""
    inner: list[str | int] = []
    location = found["loc"]
    for i, step in enumerate(location):
        if (isinstance(data, dict) and step in data) or (
            isinstance(data, list) and isinstance(step, int) and step < len(data)
        ):
            data = data[step]
            inner.append(step)
        elif i == len(location) - 1 and found["type"] == "missing":
            inner.append(step)
    if found["type"] == "union_tag_invalid":
        inner.append(found["ctx"]["discriminator"].strip("'"))
    return tuple(inner)


def _message(errors: list[dict[str, Any]], inner: Path, data: Any, schema: dict[str, Any]) -> tuple[str, bool]:
    """The message, and whether it is of the key rather than the value."""
    first = errors[0]
    kind, found = first["type"], shown(first["input"])
    if kind == "missing":
        described = _tables(schema, inner[:-1], data, "properties").get(inner[-1], {}).get("description", "")
        return f'found no "{inner[-1]}", expected {described or "one"}', True
    if kind == "extra_forbidden":
        known = sorted(map(str, _tables(schema, inner[:-1], data, "properties")))
        return f"found an unknown key, expected {listed(known, 20)}{nearest(inner[-1], known)}", True
    if kind in ("union_tag_invalid", "union_tag_not_found"):
        tag = first["ctx"]["discriminator"].strip("'")
        known = list(_tables(schema, inner if kind == "union_tag_not_found" else inner[:-1], {}, "mapping"))
        found = f'no "{tag}"' if kind == "union_tag_not_found" else shown(first["ctx"]["tag"])
        return f"found {found}, expected {listed(known, 20)}{nearest(first['ctx'].get('tag'), known)}", False
    expected = " or ".join(dict.fromkeys(_expected(one) for one in errors))
    options = [word for one in errors for word in _quoted(one)]
    return f"found {found}, expected {expected}{nearest(first['input'], options)}", False


def _expected(error: dict[str, Any]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        return str(context["expected"]).replace("'", '"')
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"{words} {context[key]:g}"
    if kind == "value_error":
        return str(context["error"])
    return _EXPECTED.get(kind, error["msg"][:1].lower() + error["msg"][1:])


def _quoted(error: dict[str, Any]) -> list[str]:
    return re.findall(r"'([^']*)'", str(error.get("ctx", {}).get("expected", "")))


def _tables(schema: dict[str, Any], inner: Path, data: Any, part: str) -> dict[Any, Any]:
    """What the schema has under ``part`` for the table at ``inner``, of the union members that fit ``data``."""
    branches = list(_branches(schema, schema, data))
    for step in inner:
        data = data.get(step) if isinstance(data, dict) else None
        below = [b["properties"][step] for b in branches if step in b.get("properties", {})]
        branches = [branch for b in below for branch in _branches(b, schema, data)]
    return {key: value for b in branches for key, value in {**b, **b.get("discriminator", {})}.get(part, {}).items()}


def _branches(schema: dict[str, Any], root: dict[str, Any], data: Any) -> Iterable[dict[str, Any]]:
    while "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    for key, inner in schema.get("properties", {}).items():
        options = [inner["const"]] if "const" in inner else inner.get("enum")
        if options and isinstance(data, dict) and key in data and data[key] not in options and key in _TAGS:
            return
    yield schema
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from _branches(one, root, data)
