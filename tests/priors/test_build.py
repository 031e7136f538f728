"""Books made in Python, records, schemas, and stream numbers written into files."""

import json
import pickle
import tomllib
from pathlib import Path

import pytest
from scipy import stats

import priors
from priors import schema, streams
from tests.priors.wrong import QUANTITY

BOOK = priors.load()
GUESS = {"rationale": "a guess"}


def test_priors_of_every_kind():
    given = {
        "ours": priors.make({"family": "pert", "low": 1, "mode": 2, "high": 4}),
        "table": {"family": "pert", "low": 1, "mode": 2, "high": 4},
        "text": "pert(1, 2, 4)",
        "scipy": stats.norm(3, 1),
        "icdf": stats.Normal(mu=3, sigma=1),
    }
    made = priors.book([priors.quantity(name, prior, **GUESS) for name, prior in given.items()]).quantities
    assert made["ours"].prior == made["table"].prior == made["text"].prior
    assert made["ours"].stated == 2
    for name in ("scipy", "icdf"):
        assert made[name].prior.ppf(0.95) == pytest.approx(stats.norm.ppf(0.95, 3, 1))
        assert made[name].stated == pytest.approx(3)


def test_a_book_in_python_is_that_of_its_file(tmp_path):
    (tmp_path / "my.toml").write_text(
        QUANTITY + "limits = [1.5, inf]\n[scenarios.hot.change]\nshop.price = { scale = 2 }\n"
    )
    read = priors.load(tmp_path / "my.toml", alone=True)
    made = priors.book(
        [priors.quantity("shop.price", "pert(1, 2, 4)", unit="RMB", limits=(1.5, float("inf")), **GUESS)],
        scenarios=[priors.scenario("hot", {"shop.price": "*2"})],
    )
    assert made.quantities == read.quantities
    assert made.definitions(["hot"]) == read.definitions(["hot"])
    assert made.resolve("hot") == read.resolve("hot")


def test_scenarios_and_correlations():
    inputs = [priors.quantity(name, "normal(0, 1)", **GUESS) for name in ("b", "a", "c")]
    made = priors.book(
        inputs,
        scenarios=[
            priors.scenario("one", {"a": 1, "b": stats.uniform(0, 2)}),
            priors.scenario("two", {"a": "+1"}, extends="one"),
            priors.scenario("said", all_stated=True),
        ],
        correlations=[priors.correlation("a", "b", "c", spearman=0.3, **GUESS)],
    )
    order = list(made.quantities)
    assert [pair[:2] for pair in made.pairs()] == [(order[0], order[1]), (order[0], order[2]), (order[1], order[2])]
    assert made.resolve("two")["a"].ppf(0.5) == 1
    assert made.resolve("two")["b"].support == (0, 2)
    assert all(law.support == (0, 0) for law in made.resolve("said").values())
    assert list(made.definitions(["two"])) == ["baseline", "one", "two"][1:]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: priors.quantity("a", object(), **GUESS), "a.prior: wrapped: found a object without ppf"),
        (lambda: priors.quantity("a", "pert(1, 2)", **GUESS), "a.prior: pert.high: found nothing"),
        (lambda: priors.quantity("a b", "pert(1, 2, 3)", **GUESS), 'found "a b", expected a name'),
        (lambda: priors.quantity("a", "pert(1, 2, 3)", rationale=" "), "a.rationale: found none"),
        (lambda: priors.quantity("a", "pert(1, 2, 3)", basis="asumption", **GUESS), 'did you mean "assumption"'),
        (lambda: priors.quantity("a", "pert(1, 2, 3)", basis="claim", **GUESS), "a.claims: found none"),
        (lambda: priors.quantity("a", "pert(1, 2, 3)", limits=(5, 6), **GUESS), "a.limits: found values from 1 to 3"),
        (lambda: priors.quantity("a", "pert(1, 2, 3)", limits=(3, 2), **GUESS), "expected the lower one first"),
        (lambda: priors.quantity("a", "pert(1, 2, 3)", stated=4, **GUESS), "a.stated: found 4"),
        (lambda: book("a", "a"), "a: found this quantity twice"),
        (lambda: book(), "found no quantity"),
        (lambda: book("a", "growth.cloud", stream=5), "a.stream: found 5, the built-in"),
        (lambda: book("a", "growth.cloud", stream=100), "a.stream: found 100, kept for the built-in"),
        (lambda: book("a", stream=21_202), "a.stream: found 21202, expected at most"),
        (lambda: book("a", "b", stream=1000), "b.stream: found 1000, the stream of a as well"),
        (lambda: book("a", scenarios=[priors.scenario("s", {"x": 1})]), 's.change.x: found an unknown quantity "x"'),
        (lambda: book("a", scenarios=[priors.scenario("s", extends="t")]), 's.extends: found an unknown scenario "t"'),
        (lambda: priors.scenario("s", {"x": float("nan")}), "s.change.x: found nan"),
        (lambda: priors.scenario("s", {"x": True}), "s.change.x: found true"),
        (lambda: priors.scenario("s", {"x": "*"}), "s.change.x: found the end"),
        (
            lambda: book("a", correlations=[priors.correlation("a", "bb", spearman=0.4, **GUESS)]),
            'correlation.between.1: found an unknown quantity "bb"',
        ),
        (lambda: book("a", correlations=[priors.correlation("a", spearman=2, **GUESS)]), "found 2 of 1 names"),
        (lambda: book("a", basis="mixed", claims=["Q1"]), 'a.claims: found an unknown claim "Q1"'),
    ],
)
def test_wrong_in_python(make, words):
    with pytest.raises(priors.BookError) as caught:
        make()
    assert words in str(caught.value)


def book(*names, scenarios=(), correlations=(), **more):
    inputs = [priors.quantity(name, "normal(0, 1)", **GUESS, **more) for name in names]
    return priors.book(inputs, scenarios=scenarios, correlations=correlations)


def test_records_answer_a_typo():
    with pytest.raises(KeyError, match=r'no quantity "growth\.clod" in the book; did you mean "growth\.cloud"'):
        BOOK.quantities["growth.clod"]
    with pytest.raises(priors.BookError, match='did you mean "baseline"'):
        BOOK.resolve("baselne")


def test_a_book_travels_between_processes():
    again = pickle.loads(pickle.dumps(BOOK))
    assert again == BOOK
    assert again.digest == BOOK.digest
    error = pickle.loads(pickle.dumps(priors.BookError([priors.Problem("f", 1, 2, "k", "m")])))
    assert str(error) == "f:1:2: k: m"


def test_schemas_are_fresh():
    """If this fails, write them again: python -c "from priors.json_schemas import write; write()"."""
    folder = Path(schema.__file__).parent / "schema"
    committed = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in folder.glob("*.json")}
    assert committed == json.loads(json.dumps(priors.schemas()))


def test_schemas_name_what_the_reader_takes():
    for kind, found in priors.schemas().items():
        text = json.dumps(found)
        assert found["$schema"].endswith("2020-12/schema"), kind
        assert text.count("additionalProperties") >= 1
    quantities = json.dumps(priors.schemas()["quantities"])
    for word in ("rationale", "limits", '"from"', "pert", "metalog", "half"):
        assert (word in quantities) == (word != "half")


def test_sobol_dimensions_are_free_where_no_input_of_the_book_has_them():
    """Below 1000 by itself; from 101 beside a built-in input, which keeps its own."""
    assert [book("a", stream=n).quantities["a"].stream for n in (1, 94, 999)] == [1, 94, 999]
    inputs = [
        priors.quantity("a", "normal(0, 1)", stream=101, **GUESS),
        priors.quantity("growth.cloud", "normal(0, 1)", **GUESS),
    ]
    made = priors.book(inputs)
    assert {name: q.stream for name, q in made.quantities.items()} == {
        "growth.cloud": BOOK.quantities["growth.cloud"].stream,
        "a": 101,
    }


def test_streams_never_clash():
    names = [f"n{i}" for i in range(5000)]
    found = streams.given(names, taken=[1000, 1001])
    assert len(set(found.values())) == 5000
    assert min(found.values()) >= 1000
    assert max(found.values()) <= 21_201
    assert not {1000, 1001} & set(found.values())
    moved = sum(streams.given([name], ())[name] != number for name, number in found.items())
    assert moved < 1000, "a name keeps its own number but for a clash"


OWN = """\
# my book, 2023
[quantities.shop.price]   # with a comment
unit = "RMB"
basis = "assumption"
rationale = "a guess"
prior = { family = "pert", low = 1, mode = 2, high = 4 }

[quantities]
shop.volume = { unit = "1", basis = "assumption", rationale = "r", prior = { family = "normal", mean = 0, sd = 1 } }
[quantities.dotted]
  one.unit = "1"   # indented
  one.basis = "assumption"
  one.rationale = "r"
  one.prior.family = "fixed"
  one.prior.value = 3
[quantities.has]
unit = "1"
stream = 1234 # mine
basis = "assumption"
rationale = "r"
prior = { family = "normal", mean = 0, sd = 1 }
[quantities.growth.cloud]
unit = "1/yr"
basis = "assumption"
rationale = "r"
prior = { family = "normal", mean = 0, sd = 1 }"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_assign_writes_what_the_loader_gives(tmp_path, newline, mark):
    file = tmp_path / "my.toml"
    file.write_bytes(mark + OWN.replace("\n", newline).encode())
    file.chmod(0o640)
    before = priors.load(file)
    given = priors.assign(file)
    assert given == {name: before.quantities[name].stream for name in ("shop.price", "shop.volume", "dotted.one")}
    after = priors.load(file)
    assert after.digest == before.digest
    raw = file.read_bytes()
    assert raw.startswith(mark + b"# my book, 2023" + newline.encode())
    assert raw.count(b"\n") == (raw.count(b"\r\n") if newline == "\r\n" else raw.count(b"\n"))
    left = [line for line in raw.decode("utf-8-sig").splitlines() if line not in OWN.splitlines()]
    assert len(left) == 3, "two lines added, one changed"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["my.toml"], "nothing left behind"
    assert priors.assign(file) == {}
    assert file.read_bytes() == raw
    read = tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))["quantities"]
    assert "stream" not in read["growth"]["cloud"], "it has the built-in one's"


def test_assign_changes_nothing_in_a_wrong_file(tmp_path):
    file = tmp_path / "my.toml"
    file.write_text(OWN.replace('basis = "assumption"', 'basis = "x"', 1))
    raw = file.read_bytes()
    with pytest.raises(priors.BookError, match='expected "claim"'):
        priors.assign(file)
    assert file.read_bytes() == raw


def test_assign_in_a_folder_of_which_nothing_is_writable(tmp_path, monkeypatch):
    (tmp_path / "my.toml").write_text(OWN)

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    with pytest.raises(priors.BookError, match="cannot be written"):
        priors.assign(tmp_path / "my.toml")
    assert (tmp_path / "my.toml").read_text() == OWN
