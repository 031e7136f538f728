"""The data files of the built-in book say what the contract says.

A failure means that the two have parted: an input renamed or missing, a basis changed, a claim dropped, a scenario
that changes more or less than its table says. The files are read as plain TOML here, past the loader.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import priors
from tests.priors.contract import BUYERS, CLAIMS_PER_QUESTION, FOUR_HEDGES, LETTER, SCENARIOS, TABLE

FOLDER = Path(priors.__file__).parent


def raw(relative: str) -> dict[str, Any]:
    """A data file as plain TOML, past the loader."""
    return tomllib.loads((FOLDER / relative).read_text(encoding="utf-8"))


def flat(nested: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {f"{group}.{name}": record for group, records in nested.items() for name, record in records.items()}


@pytest.fixture(scope="module")
def claims() -> dict[str, Any]:
    return flat(raw("claims.toml"))


@pytest.fixture(scope="module")
def quantities() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for file in sorted((FOLDER / "quantities").glob("*.toml")):
        records = flat(raw(f"quantities/{file.name}"))
        assert not set(records) & set(found), file
        found |= records
    return found


# The ledger ---------------------------------------------------------------------------------------------------------


def test_the_ledger_holds_all_fifty_claims_under_their_questions(claims: dict[str, Any]) -> None:
    wanted = {f"Q{q:02d}.{n}" for q, last in enumerate(CLAIMS_PER_QUESTION, 1) for n in range(1, last + 1)}
    assert len(wanted) == 50
    assert set(claims) == wanted
    assert all(int(key[1:3]) == claim["question"] for key, claim in claims.items())


def test_hedges_named_by_claims_exist_and_the_table_holds_the_stated_widths(claims: dict[str, Any]) -> None:
    hedges = raw("hedges.toml")
    assert {h for claim in claims.values() for h in claim["hedges"]} <= set(hedges) - {"combine", "none"}
    assert {name: hedges[name]["half_width"] for name in FOUR_HEDGES} == FOUR_HEDGES
    assert hedges["none"]["half_width"] == 0.1
    assert (hedges["odd"]["low"], hedges["odd"]["mode"], hedges["odd"]["high"]) == (1.0, 1.125, 1.5)
    assert (hedges["at_least"]["median"], hedges["at_least"]["p95"]) == (0.15, 0.6)
    assert [hedges["and_up"][k] for k in ("median", "p95", "below")] == [0.8, 3.0, 10.0]
    assert (hedges["range"]["low_p"], hedges["range"]["high_p"]) == (0.05, 0.95)
    assert all(record["reason"] for record in hedges.values())
    words = [word for name, record in hedges.items() if name != "combine" for word in record["zh"]]
    assert len(words) == len(set(words)), "one hedge word under two rules"


def test_every_claim_that_can_carry_a_number_is_cited_or_says_that_it_is_ledger_only(
    claims: dict[str, Any], quantities: dict[str, Any]
) -> None:
    cited = {claim for record in quantities.values() for claim in record.get("claims", [])}
    assert cited <= set(claims)
    for key, claim in claims.items():
        kinds = {claim["kind"]} if isinstance(claim["kind"], str) else set(claim["kind"])
        assert kinds <= {"prior", "fact", "order", "event", "text"}
        if kinds - {"text"} and key not in cited:
            assert "ledger only" in claim["enters"], key
        if "ledger only:" in claim["enters"] and kinds - {"text"}:
            assert key not in cited, key


def test_every_quantity_that_a_claim_points_at_exists(claims: dict[str, Any], quantities: dict[str, Any]) -> None:
    groups = "|".join(sorted({name.split(".")[0] for name in quantities}))
    for key, claim in claims.items():
        for name in re.findall(rf"\b(?:{groups})\.[a-z0-9_]+\*?", claim["enters"]):
            found = [q for q in quantities if q.startswith(name.rstrip("*_"))]
            assert found if name.endswith(("_", "*")) else name in quantities, (key, name)


def test_claim_ids_in_prose_exist(claims: dict[str, Any], quantities: dict[str, Any]) -> None:
    for record in [*claims.values(), *quantities.values()]:
        assert set(re.findall(r"Q\d\d\.\d+", repr(record))) <= set(claims)


def test_the_arithmetic_of_the_interview_follows_from_the_claims(claims: dict[str, Any]) -> None:
    order, cluster, grown = (claims[key]["numbers"] for key in ("Q04.8", "Q13.3", "Q13.4"))
    assert order["servers"] * order["cards_per_server"] == claims["Q04.8"]["value"] == 24_000
    a_server = cluster["network_cards"] * cluster["modules_per_link"]
    assert a_server == 18
    assert cluster["servers"] * a_server == claims["Q13.3"]["value"] == 5_400
    assert grown["servers_to"] * a_server == 18_000
    assert round(grown["servers_to"] / grown["servers_from"], 2) == 3.33
    assert claims["Q13.3"]["value"] * claims["Q13.4"]["value"] == 16_200
    answer = claims["Q09.2"]
    assert answer["numbers"]["cards"] * answer["numbers"]["seconds"] == answer["value"] == 10
    nvidia, ppu, mlu = (claims[key]["value"] for key in ("Q04.11", "Q04.13", "Q05.3"))
    assert 3 * (ppu + mlu) == nvidia + ppu + mlu
    assert claims["Q04.10"]["value"] * claims["Q04.4"]["value"] == claims["Q04.3"]["value"] == 100_000


# The quantities, as written -----------------------------------------------------------------------------------------


def test_the_book_names_the_94_inputs_and_their_streams(quantities: dict[str, Any]) -> None:
    assert len(TABLE) == 94
    assert set(quantities) == set(TABLE)
    assert sorted(record["stream"] for record in quantities.values()) == list(range(1, 95))
    fixed = [r["stream"] for r in quantities.values() if r.get("prior", {}).get("family") == "fixed"]
    assert sorted(fixed) == [90, 91, 92, 93, 94], "an input that never varies takes none of the good dimensions"


@pytest.mark.parametrize("name", TABLE)
def test_a_quantity_has_the_unit_basis_claims_and_words_of_the_contract(name: str, quantities: dict[str, Any]) -> None:
    record = quantities[name]
    unit, basis, cited, _, _ = TABLE[name]
    assert record["unit"] == unit
    assert LETTER[record["basis"]] == basis
    assert set(cited.split()) <= set(record.get("claims", []))
    assert ("from" in record) == (basis == "c"), "a claim's figure is not typed twice"
    assert ("claims" in record) == (basis != "a")
    assert record["label"]
    assert len(record["rationale"]) > 30
    assert re.search("[\u4e00-\u9fff]", record["label_zh"])
    assert "\n" not in record["rationale"]


def test_no_text_quotes_the_interview(claims: dict[str, Any]) -> None:
    """The ledger is in our own words, hence in English; Chinese stands in labels and hedge words alone."""
    for key, claim in claims.items():
        assert not re.search("[\u4e00-\u9fff]", repr(claim)), key


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_changes_exactly_what_the_contract_says(name: str) -> None:
    record = raw(f"scenarios/{name}.toml")
    parent, change = SCENARIOS[name]
    assert record["name"] == name
    assert record.get("extends") == parent
    assert flat(record["change"]) == change
    assert record.get("all_stated", False) == (name == "stated")
    assert record["label"]
    assert record["label_zh"]
    assert record["description"]


def test_there_are_thirteen_scenarios() -> None:
    assert {file.stem for file in (FOLDER / "scenarios").glob("*.toml")} == set(SCENARIOS)
    assert len(SCENARIOS) == 13


def test_growth_rates_hang_together() -> None:
    (block,) = raw("correlations.toml")["correlation"]
    assert set(block["between"]) == {"growth.cloud", *(f"growth.{b}" for b in BUYERS)}
    assert (block["spearman"], block["basis"]) == (0.5, "assumption")


def test_every_file_points_editors_at_its_schema() -> None:
    for file in sorted(FOLDER.rglob("*.toml")):
        first = file.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("#:schema "), file
        assert (file.parent / first.removeprefix("#:schema ")).is_file(), file
