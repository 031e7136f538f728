"""What each kind of TOML file may hold, as strict models; descriptions are what messages call "expected"."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, create_model
from pydantic.json_schema import JsonSchemaValue

from priors.families import FAMILIES, Family


def _no_nan(value: float) -> float:
    if math.isnan(value):
        raise ValueError("a number or inf")
    return value


Text = Annotated[str, Field(pattern=r"\S", description="some text")]
Finite = Annotated[float, Field(allow_inf_nan=False, description="a finite number")]
Bound = Annotated[float, AfterValidator(_no_nan), Field(description="a number or inf")]
Pair = Annotated[list[Finite], Field(min_length=2, max_length=2, description="a list of two numbers")]
Kind = Literal["prior", "fact", "order", "event", "text"]
Basis = Literal["claim", "mixed", "assumption"]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False, description="a number above 0")]
Chance = Annotated[float, Field(gt=0, lt=1, description="a chance inside (0, 1)")]


class Table(BaseModel):
    """A table of a TOML file: no key but its own, no value of another type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, populate_by_name=True)


class BookTable(Table):
    """book.toml: what the book is."""

    name: Annotated[str, Field(pattern=r"^[\w.-]+$", description="a name of letters, digits, _, - and .")] = "book"
    title: str = ""
    title_zh: str = ""
    date: datetime.date | None = Field(None, description="a date such as 2023-04-01; nothing later is used")
    speaker: str = ""
    language: str = ""
    questions: int | None = None
    description: str = ""
    source: str = ""
    note: str = ""


class ClaimTable(Table):
    """A statement of the speaker, in one's own words."""

    text: Text = Field(description="what was said, in your own words")
    kind: Kind | list[Kind]
    question: int | None = Field(None, ge=1)
    value: Finite | None = None
    range: Pair | None = Field(None, description="[a, b] with a below b")
    choices: Annotated[list[Finite], Field(min_length=2)] | None = Field(None, description="the values named")
    window: Pair | None = Field(None, description="[start, end) in months, January 2023 being 1")
    numbers: dict[str, Finite] = Field({}, description="further figures said, by name")
    unit: str = ""
    hedges: list[Text] = Field([], description="names of hedges; none is a plain figure")
    enters: str = ""
    note: str = ""


class _HedgeTable(Table):
    reason: Text = Field(description="a line why this width")
    en: list[Text] = []
    zh: list[Text] = []


class Relative(_HedgeTable):
    """A width either way, as a share of the figure; rule plain is for figures without any hedge."""

    rule: Literal["plain", "relative"]
    half_width: Positive


class Odd(_HedgeTable):
    """A figure and what speech dropped: PERT of these multiples of it."""

    rule: Literal["odd"]
    low: Finite = 1.0
    mode: Finite
    high: Finite


class Above(_HedgeTable):
    """A lower bound: the figure plus a lognormal of these multiples of it, perhaps below another multiple."""

    rule: Literal["at_least", "and_up"]
    median: Positive
    p95: Positive
    below: Annotated[float, Field(gt=1, allow_inf_nan=False)] | None = None


class Range(_HedgeTable):
    """A range as two quantiles of a normal."""

    rule: Literal["range"]
    low_p: Chance
    high_p: Chance
    spread: Positive | None = Field(None, description="a number above 0, a factor on the width; 1 unless given")


class Named(_HedgeTable):
    """Values named one by one, or a window in time."""

    rule: Literal["choices", "window"]
    spread: Positive | None = Field(None, description="a number above 0, a factor on the width; 1 unless given")


if TYPE_CHECKING:
    HedgeTable = Relative | Odd | Above | Range | Named
else:
    HedgeTable = Annotated[Relative | Odd | Above | Range | Named, Field(discriminator="rule")]


class CombineTable(Table):
    """How several relative half-widths on one figure combine."""

    rule: Literal["squares", "sum", "widest"]
    text: str = ""
    reason: Text


_LISTS: dict[str, Any] = {
    "values": list[Finite],
    "weights": list[Finite],
    "probabilities": list[Finite],
    "quantiles": list[Pair],
    "truncate": Annotated[list[Bound], Field(min_length=2, max_length=2)],
    "interpolate": bool,
}


def _prior_table(family: Family) -> type[Table]:
    keys = [key for key in family.parameters if key != "affine"]  # affine is what specs write, not people
    fields: dict[str, Any] = {"family": (Literal[family.name], ...)}
    fields |= {
        ("from_" if key == "from" else key): (_LISTS.get(key, Finite) | None, Field(None, alias=key)) for key in keys
    }
    forms = [{"required": list(form)} for form in family.forms]
    more: JsonSchemaValue = {"anyOf": forms + ([{"required": ["quantiles"]}] if family.by_quantiles else [])}
    config = ConfigDict(json_schema_extra=more)
    base = type(f"{family.name.title()}Base", (Table,), {"model_config": config, "__doc__": f"A {family.name} prior."})
    return create_model(f"{family.name.title()}Prior", __base__=base, **fields)


if TYPE_CHECKING:
    Prior = Table
else:
    Prior = Annotated[Union[tuple(_prior_table(f) for f in FAMILIES.values())], Field(discriminator="family")]  # noqa: UP007


class QuantityTable(Table):
    """An uncertain input, its prior and the reason for it."""

    unit: Text = Field(description='a unit, "1" for a pure number')
    basis: Basis = Field(description="claim, mixed or assumption")
    rationale: Text = Field(description="a line why this figure and this width")
    stream: int | None = Field(None, ge=1, description="a permanent number, below 1000 a Sobol dimension")
    label: str = ""
    label_zh: str = ""
    claims: list[Text] | None = Field(None, description="ids of claims")
    from_: Text | None = Field(None, alias="from", description="a claim, or an expression over claims")
    hedges: list[Text] | None = Field(None, description="names of hedges")
    prior: Prior | None = Field(None, description='a table such as { family = "pert", low = 1, mode = 2, high = 4 }')
    stated: Finite | None = None
    limits: Annotated[list[Bound | Text], Field(min_length=2, max_length=2)] | None = Field(
        None, description="[low, high] of numbers, inf or expressions over claims"
    )
    limits_reason: str = ""
    source: str = ""
    note: str = ""


class ChangeTable(Table):
    """What a scenario does to one input: exactly one of these."""

    fix: Finite | Literal["never"] | None = Field(None, description='a number or "never"')
    scale: Finite | None = None
    shift: Finite | None = None
    prior: Prior | None = None


class ScenarioTable(Table):
    """A scenario, its changes apart, which are keyed by the names of quantities."""

    name: Text | None = None
    label: str = ""
    label_zh: str = ""
    extends: Text | None = None
    description: str = ""
    all_stated: bool = False


class RelationTable(Table):
    """What ties claims to one another, or to what the model makes of them."""

    text: Text = Field(description="a line that says what is related")
    claims: list[Text] | None = Field(None, description="ids of claims; those of the expressions unless given")
    stated: Text | None = Field(None, description="an expression over claims, such as Q04.8")
    sign: Literal["=", "<=", ">="] = Field("=", description="=, <= or >=, between stated and what follows")
    follows: Text | None = Field(None, description="an expression over claims")
    within: Annotated[float, Field(ge=0, allow_inf_nan=False, description="a relative tolerance, from 0")] = 0.0
    model: Text | None = Field(None, description="a number of each draw, over inputs and outputs")
    holds: Text | None = Field(None, description="a condition of each draw, over inputs and outputs")
    chance: Annotated[float, Field(gt=0, le=1, description="a chance in (0, 1]")] = 1.0
    comment: str = ""


class CorrelationTable(Table):
    """Spearman's rank correlation of every pair of the names."""

    between: Annotated[list[Text], Field(min_length=2, max_length=64)] = Field(description="two or more quantities")
    spearman: Annotated[float, Field(ge=-1, le=1, description="a number in [-1, 1]")]
    basis: Basis = Field(description="claim, mixed or assumption")
    rationale: Text = Field(description="a line why this strength")
    claims: list[Text] = []
