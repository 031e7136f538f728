"""Claims, inputs and outputs as nodes and edges, laid out in three columns; no matplotlib here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.results.errors import ResultError
from sim.results.names import nearest
from sim.results.plot import words

if TYPE_CHECKING:
    import priors
    from sim.model import Model

EVERYTHING = "everything"
GROUPED = 2
"""So many assumed inputs of a chapter, or more, are one node where a whole answer is told."""


@dataclass(frozen=True)
class Node:
    """A box: what it is in code, its text, and what it rests on (empty for claims and outputs)."""

    key: str
    label: str
    basis: str = ""


@dataclass(frozen=True)
class Network:
    """Columns of nodes from top to bottom, and edges as pairs of keys from left to right.

    Attributes
    ----------
    claims, inputs, outputs: the columns.
    edges: (claim, input) and (input, output).
    """

    claims: Sequence[Node]
    inputs: Sequence[Node]
    outputs: Sequence[Node]
    edges: Sequence[tuple[str, str]]


def network(book: priors.Book, model: Model, of: str, lang: str) -> Network:
    """What is behind an output, what follows from a chapter of inputs, or everything.

    Raises
    ------
    ResultError: for a name that is neither, with the nearest that is.
    """
    outputs = {output.name: output for output in model.outputs}
    chapters = list(dict.fromkeys(chapter(name) for name in model.inputs))
    if of in outputs:
        names, answers = [name for name in model.inputs if name in reads(model, of)], [of]
    elif of in chapters:
        names = [name for name in model.inputs if chapter(name) == of]
        answers = [name for name in outputs if reads(model, name).intersection(names)]
    elif of == EVERYTHING:
        names, answers = list(model.inputs), list(outputs)
    else:
        raise ResultError(nearest("output, or chapter of inputs,", of, [*outputs, *chapters, EVERYTHING]))
    nodes = _inputs(book, names, lang, group=of in outputs)
    member = {name: key for key, members in nodes.items() for name in members[1]}
    edges = [
        *((claim, key) for key, (_, inner) in nodes.items() for claim in _claims(book, inner)),
        *dict.fromkeys((member[name], answer) for answer in answers for name in names if name in reads(model, answer)),
    ]
    claims = _ordered(book, {left for left, right in edges if right in nodes})
    ordered = _by_claims(list(nodes), edges, claims)
    return Network(
        [Node(name, f"{name}  {book.claims[name].text}") for name in claims],
        [nodes[key][0] for key in ordered],
        [
            Node(
                name,
                words.long_name(
                    {"long_name": outputs[name].long_name, "long_name_zh": outputs[name].long_name_zh}, name, lang
                ),
            )
            for name in answers
        ],
        edges,
    )


def chapter(name: str) -> str:
    """The part of an input's name before the first point."""
    return name.partition(".")[0]


def reads(model: Model, output: str) -> set[str]:
    """Inputs that an output follows from; all where the model does not tell."""
    return set(model.reads.get(output, model.inputs))


def _inputs(book: priors.Book, names: Sequence[str], lang: str, *, group: bool) -> dict[str, tuple[Node, list[str]]]:
    """Nodes by key with the inputs that each stands for; assumptions of one chapter together if ``group``."""
    assumed: dict[str, list[str]] = {}
    for name in names:
        if not _claims(book, [name]):
            assumed.setdefault(chapter(name), []).append(name)
    together = {name for members in assumed.values() if group and len(members) >= GROUPED for name in members}
    found: dict[str, tuple[Node, list[str]]] = {}
    for name in names:
        if name in together:
            of = chapter(name)
            if of not in found:
                label = words.say("assumptions", lang, of, len(assumed[of]))
                found[of] = (Node(of, label, "assumption"), assumed[of])
            continue
        known = book.quantities.get(name)
        label = words.of_record(book.quantities, name, lang)
        found[name] = (Node(name, label, known.basis if known else ""), [name])
    return found


def _claims(book: priors.Book, names: Iterable[str]) -> list[str]:
    """Claims that inputs rest on; an assumption may name one that it stands beside, and does not rest on it."""
    known = [book.quantities[name] for name in names if name in book.quantities]
    resting = [quantity for quantity in known if quantity.basis != "assumption"]
    return list(dict.fromkeys(each for quantity in resting for each in quantity.claims if each in book.claims))


def _ordered(book: priors.Book, names: set[str]) -> list[str]:
    return [name for name in book.claims if name in names]


def _by_claims(keys: Sequence[str], edges: Sequence[tuple[str, str]], claims: Sequence[str]) -> list[str]:
    """Inputs in the order of the claims that they rest on, so that few edges cross; assumptions last, by chapter."""
    rank: Mapping[str, int] = {name: k for k, name in enumerate(claims)}
    places = {key: [rank[left] for left, right in edges if right == key and left in rank] for key in keys}

    def where(key: str) -> tuple[float, str]:
        found = places[key]
        return (sum(found) / len(found) if found else float(len(claims)), "" if found else key)

    return sorted(keys, key=where)
