"""What one may ask about: inputs taken together by the claims they rest on, each with the question in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import xarray as xr

    import priors

By = Literal["question", "input", "claim", "basis"]


@dataclass(frozen=True)
class Question:
    """Something to know.

    Attributes
    ----------
    name: the claims' ids, or the input's name, or the basis.
    inputs: which inputs an answer would settle.
    claims: ids of the claims that it would sharpen; none of an assumption.
    basis: claim, mixed or assumption, where all its inputs have the same; else empty.
    text: what to ask.
    """

    name: str
    inputs: tuple[str, ...]
    claims: tuple[str, ...]
    basis: str
    text: str


def questions(inputs: xr.Dataset, by: By, book: priors.Book | None) -> list[Question]:
    """The questions that a result's inputs raise, in the order of the inputs.

    Parameters
    ----------
    inputs: the group ``/inputs`` of a result; of those given here each varies.
    by: ``"question"``: by claim, inputs that cite the same claims making one question, assumptions each its own;
        ``"input"``; ``"claim"``: every claim that an input rests on; or ``"basis"``.
    book: for the claims' words, if at hand.

    Raises
    ------
    ValueError: for another ``by``.
    """
    if by not in MAKERS:
        raise ValueError(f"by: found {by!r}, expected one of {', '.join(MAKERS)}")
    about = {
        str(name): _Input(
            str(variable.attrs.get("long_name", name)),
            str(variable.attrs.get("basis", "")) or "assumption",
            tuple(str(variable.attrs.get("claims", "")).split()),
        )
        for name, variable in inputs.data_vars.items()
    }
    return [_question(name, group, about, book) for name, group in MAKERS[by](about).items()]


@dataclass(frozen=True)
class _Input:
    label: str
    basis: str
    cited: tuple[str, ...]

    @property
    def claims(self) -> tuple[str, ...]:
        """What it rests on; an assumption may name the claim it stands beside, and does not rest on it."""
        return () if self.basis == "assumption" else self.cited


def _by_claim(about: Mapping[str, _Input]) -> dict[str, list[str]]:
    claims = dict.fromkeys(claim for each in about.values() for claim in each.claims)
    return {claim: [name for name, each in about.items() if claim in each.claims] for claim in claims}


def _by_question(about: Mapping[str, _Input]) -> dict[str, list[str]]:
    """By claim, claims that the same inputs rest on together; then each assumption."""
    same: dict[tuple[str, ...], list[str]] = {}
    for claim, names in _by_claim(about).items():
        same.setdefault(tuple(names), []).append(claim)
    found = {", ".join(claims): list(names) for names, claims in same.items()}
    return found | {name: [name] for name, each in about.items() if not each.claims}


def _by_basis(about: Mapping[str, _Input]) -> dict[str, list[str]]:
    kinds = [kind for kind in ("claim", "mixed", "assumption") if any(each.basis == kind for each in about.values())]
    return {kind: [name for name, each in about.items() if each.basis == kind] for kind in kinds}


MAKERS: Mapping[str, Callable[[Mapping[str, _Input]], dict[str, list[str]]]] = {
    "question": _by_question,
    "input": lambda about: {name: [name] for name in about},
    "claim": _by_claim,
    "basis": _by_basis,
}


def _question(name: str, group: list[str], about: Mapping[str, _Input], book: priors.Book | None) -> Question:
    bases = {about[each].basis for each in group}
    basis = bases.pop() if len(bases) == 1 else ""
    if name in ("claim", "mixed", "assumption"):
        return Question(name, tuple(group), (), basis, _OF_BASIS[name])
    claims = tuple(name.split(", ")) if name not in about else about[name].claims
    return Question(name, tuple(group), claims, basis, _text(group, claims, about, book))


_OF_BASIS = {
    "claim": "everything that follows from claims, figure and width",
    "mixed": "everything that rests on a claim with a number of ours",
    "assumption": "everything that is assumed",
}


def _text(group: list[str], claims: tuple[str, ...], about: Mapping[str, _Input], book: priors.Book | None) -> str:
    labels = "; ".join(about[name].label for name in group)
    if not claims:
        return f"ask for: {labels} (assumed so far)"
    known = book.claims if book is not None else {}
    said = [f'{claim} "{known[claim].text}"' if claim in known else claim for claim in claims]
    return f"sharpen {'; '.join(said)}: {labels}"
