"""The JSON Schema of each kind of TOML file, for editors.

:func:`write` puts them into ``priors/schema/``; a first line ``#:schema PATH`` in a TOML file points an editor there.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, create_model

from priors import schema


def _named(model: Any) -> Any:
    """Tables by name, or one level down, by group and name."""
    return dict[str, model | dict[str, model]]


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON Schema of each kind of file: book, claims, hedges, quantities, correlations, relations, scenario, own."""
    claims, quantities = _named(schema.ClaimTable), _named(schema.QuantityTable)
    hedges = dict[str, schema.HedgeTable | schema.CombineTable]
    many = (list[schema.CorrelationTable], ...)
    scenario = create_model("ScenarioFile", __base__=schema.ScenarioTable, change=(_named(schema.ChangeTable), {}))
    parts: dict[str, Any] = {
        "book": (schema.BookTable | None, None),
        "claims": (claims, {}),
        "hedges": (hedges, {}),
        "quantities": (quantities, {}),
        "correlation": (list[schema.CorrelationTable], []),
        "relations": (dict[str, schema.RelationTable], {}),
        "scenarios": (dict[str, scenario], {}),  # type: ignore[valid-type]
    }
    kinds = {
        "book": schema.BookTable,
        "claims": claims,
        "hedges": hedges,
        "quantities": quantities,
        "correlations": create_model("CorrelationsFile", __base__=schema.Table, correlation=many),
        "relations": dict[str, schema.RelationTable],
        "scenario": scenario,
        "own": create_model("OwnFile", __base__=schema.Table, **parts),
    }
    return {kind: _schema(kind, model) for kind, model in kinds.items()}


def _schema(kind: str, model: Any) -> dict[str, Any]:
    found = TypeAdapter(model).json_schema(by_alias=True)
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"suanli: a file of {kind}"}
    return {**found, **head}


def write(folder: Path = Path(__file__).parent / "schema") -> list[Path]:
    """Write every schema to ``folder``; returns the files."""
    files = []
    for kind, content in schemas().items():
        files.append(folder / f"{kind}.json")
        files[-1].write_text(json.dumps(content, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    return files
