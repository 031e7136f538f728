"""Loading: alone, on top, in files of any layout, and what no text may do to it."""

import functools
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import priors
from tests.priors.wrong import CASES, CLAIM, QUANTITY

HOME = Path(priors.__file__).parent
SECOND = QUANTITY.replace("shop.price", "shop.volume")
PAIR = (
    '[[correlation]]\nbetween = ["shop.price", "shop.volume"]\nspearman = 0.5\nbasis = "assumption"\nrationale = "r"\n'
)


def load_text(folder, text, **options):
    (folder / "my.toml").write_text(text, encoding="utf-8")
    return priors.load(folder / "my.toml", **options)


def test_on_top(tmp_path):
    base = priors.load()
    book = load_text(
        tmp_path, QUANTITY + "[scenarios.hot.change]\nshop.price = { scale = 2 }\ngrowth.cloud = { fix = 0.4 }\n"
    )
    assert set(book.quantities) == {*base.quantities, "shop.price"}
    assert set(book.scenarios) == {*base.scenarios, "hot"}
    assert book.resolve("hot")["shop.price"].support == (2, 8)
    assert list(book.quantities)[:-1] == list(base.quantities), "in the order of streams, own ones last"
    assert book.name == base.name
    for name, quantity in base.quantities.items():
        assert book.quantities[name] == quantity


def test_same_name_replaces_and_keeps_its_stream(tmp_path):
    base = priors.load()
    text = (
        QUANTITY.replace("shop.price", "growth.cloud").replace('"RMB"', '"1/yr"')
        + CLAIM.replace("S1.1", "Q04.13")
        + "[scenarios.austerity.change]\n"
    )
    book = load_text(tmp_path, text)
    assert book.quantities["growth.cloud"].prior.support == (1, 4)
    assert book.quantities["growth.cloud"].stream == base.quantities["growth.cloud"].stream
    assert book.quantities["buy.ppu_per_year"].stated == 5, "what follows from a claim follows the new one"
    assert not book.scenarios["austerity"].changes


def test_pairs_replace_pairs(tmp_path):
    pair = PAIR.replace("shop.price", "growth.tencent").replace("shop.volume", "growth.baidu").replace("0.5", "0.25")
    found = {frozenset(p[:2]): p[2] for p in load_text(tmp_path, pair).pairs()}
    assert found.pop(frozenset(("growth.baidu", "growth.tencent"))) == 0.25
    assert set(found.values()) == {0.5}
    assert len(found) == 9
    none = load_text(tmp_path, pair.replace("0.25", "0"))
    assert len(none.pairs()) == 9, "a correlation of 0 is none"


def test_alone(tmp_path):
    text = CLAIM + QUANTITY + SECOND.replace("prior =", 'from = "S1.1" #').replace('"assumption"', '"claim"')
    book = load_text(tmp_path, text, alone=True)
    assert list(book.claims) == ["S1.1"]
    assert set(book.quantities) == {"shop.price", "shop.volume"}
    assert list(book.scenarios) == ["baseline"]
    assert book.hedges == priors.load().hedges, "the hedge table is method and stays"
    assert book.quantities["shop.volume"].prior.support == (3.75, 6.25)
    assert book.quantities["shop.volume"].claims == ("S1.1",), "taken from from"
    assert not book.pairs()
    with pytest.raises(priors.BookError, match="expected at least one"):
        load_text(tmp_path, CLAIM, alone=True)


def test_a_copy_of_the_built_in_book(tmp_path):
    for file in HOME.rglob("*.toml"):
        copy = tmp_path / file.relative_to(HOME)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(file.read_bytes())
    assert priors.load(tmp_path, alone=True).digest == priors.load().digest
    assert priors.load(tmp_path).digest == priors.load().digest


def test_streams_are_given_by_name(tmp_path):
    """Adding, removing and reordering others moves no number."""
    first = load_text(tmp_path, QUANTITY + SECOND)
    for text in (QUANTITY, SECOND + QUANTITY, QUANTITY + QUANTITY.replace("shop.price", "a.first")):
        book = load_text(tmp_path, text)
        assert book.quantities["shop.price"].stream == first.quantities["shop.price"].stream
    assert all(1000 <= q.stream <= 21_201 for name, q in first.quantities.items() if name.startswith("shop"))


def test_digest_knows_content_and_not_layout(tmp_path):
    text = (
        CLAIM
        + QUANTITY
        + SECOND
        + PAIR
        + "[scenarios.hot.change]\nshop.price = { fix = 2 }\nshop.volume = { fix = 3 }\n"
    )
    digest = load_text(tmp_path, text).digest
    folder = tmp_path / "folder"
    for name in ("quantities", "scenarios"):
        (folder / name).mkdir(parents=True)
    (folder / "claims.toml").write_text(
        "# a comment\r\n[S1]\r\n" + CLAIM.replace("[claims.S1.1]", "[S1.1]").replace("\n", "\r\n").replace("[S1]", "")
    )
    (folder / "quantities" / "b.toml").write_text(QUANTITY.replace("quantities.", ""))
    (folder / "quantities" / "a.toml").write_text(
        "\ufeff" + SECOND.replace("quantities.", "").replace("low = 1,", "low = 1.0,"), encoding="utf-8"
    )
    (folder / "correlations.toml").write_text(
        PAIR.replace('"shop.price", "shop.volume"', '"shop.volume", "shop.price"')
    )
    (folder / "scenarios" / "hot.toml").write_text('name = "hot"\n[change.shop]\nvolume.fix = 3\nprice.fix = 2\n')
    assert priors.load(folder).digest == digest
    for old, new in (("mode = 2", "mode = 2.5"), ("a guess", "a hunch"), ("fix = 2", "fix = 1"), ("0.5", "0.4")):
        assert load_text(tmp_path, text.replace(old, new)).digest != digest


@given(st.permutations([CLAIM, QUANTITY, SECOND, PAIR, "[scenarios.a.change]\nshop.price = { fix = 2 }\n"]))
@settings(max_examples=20, deadline=None)
def test_digest_knows_no_order(parts):
    with tempfile.TemporaryDirectory() as folder:
        assert load_text(Path(folder), "".join(parts)).digest == _digest()


@functools.cache
def _digest():
    with tempfile.TemporaryDirectory() as folder:
        text = PAIR + SECOND + "[scenarios.a.change]\nshop.price = { fix = 2 }\n" + QUANTITY + CLAIM
        return load_text(Path(folder), text).digest


SEEDS = [text.replace("§", "") for text, _ in CASES.values() if len(text) < 2000]
BITS = [
    "[",
    "]",
    "{",
    "}",
    '"',
    "=",
    ".",
    ",",
    "\n",
    "1",
    "-",
    "nan",
    "inf",
    "9" * 20,
    "e999",
    "true",
    "[[",
    "'",
    "\\u0000",
    "é",
    "prior",
    "scale",
]


@st.composite
def mutated(draw):
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        to = at + draw(st.integers(0, 6))
        text = text[:at] + draw(st.sampled_from(["", *BITS])) + text[to:]
    return text


@given(mutated())
@settings(max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_raises_anything_else(text):
    with tempfile.TemporaryDirectory() as folder:
        _survives(folder, text)


@pytest.mark.slow
@given(mutated())
@settings(max_examples=10_000, deadline=2000, suppress_health_check=[HealthCheck.too_slow])
def test_no_text_raises_anything_else_at_length(text):
    with tempfile.TemporaryDirectory() as folder:
        _survives(folder, text)


def _survives(folder, text):
    try:
        load_text(Path(folder), text)
        problems = ()
    except priors.BookError as error:
        problems = error.problems
    for problem in problems:
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.message.startswith("found")


@pytest.mark.parametrize(
    "text",
    [
        "[" + "a." * 400_000 + "a]",
        "a = {" * 3000,
        "".join(f"[quantities.q{n}]\n" for n in range(20_000)),
        '[[correlation]]\nspearman=1\nbasis="assumption"\nrationale="r"\nbetween=[' + '"growth.clod",' * 60_000 + "]",
        "[quantities.a]\nunit='1'\nbasis='assumption'\nrationale='r'\nprior={family='choice', values=["
        + ",".join(["7"] * 100_000)
        + "]}",
        QUANTITY + "stated = " + "9" * 400,
    ],
    ids=["long key", "deep tables", "many tables", "many names", "many values", "long number"],
)
def test_hostile_texts(tmp_path, text):
    with pytest.raises(priors.BookError) as caught:
        load_text(tmp_path, text)
    assert str(caught.value).count("\n") <= 100
