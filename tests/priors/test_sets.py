"""The grammar of --set NAME=VALUE, and books that it makes."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

import priors
from priors.families import NEVER, make
from priors.records import Change
from priors.sets import parse

BOOK = priors.load()


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("0.4", Change("fix", 0.4)),
        ("-0.1", Change("fix", -0.1)),
        (" 2e7 ", Change("fix", 2e7)),
        ("1_000", Change("fix", 1000.0)),
        ("+0.3", Change("shift", 0.3)),
        ("+-0.3", Change("shift", -0.3)),
        ("*3", Change("scale", 3.0)),
        ("* .5", Change("scale", 0.5)),
        ("never", Change("fix", NEVER, never=True)),
        ("pert(0.4, 0.5, 0.7)", Change("prior", make({"family": "pert", "low": 0.4, "mode": 0.5, "high": 0.7}))),
        ("normal(sd=0.1, mean=-0.3)", Change("prior", make({"family": "normal", "mean": -0.3, "sd": 0.1}))),
        ("choice(8, 9)", Change("prior", make({"family": "choice", "values": [8, 9]}))),
        (
            "choice([8, 9], probabilities=[0.2, 0.8])",
            Change("prior", make({"family": "choice", "values": [8, 9], "probabilities": [0.2, 0.8]})),
        ),
        ("lognormal(1, 5)", Change("prior", make({"family": "lognormal", "median": 1, "p95": 5}))),
        ("hazard(0.1, from=2)", Change("prior", make({"family": "hazard", "rate": 0.1, "from": 2}))),
        (
            "metalog([[0.1, 1], [0.5, 2], [0.9, 4]])",
            Change("prior", make({"family": "metalog", "quantiles": [[0.1, 1], [0.5, 2], [0.9, 4]]})),
        ),
        (
            "normal(0, 1, truncate=[-inf, 2])",
            Change("prior", make({"family": "normal", "mean": 0, "sd": 1, "truncate": [float("-inf"), 2]})),
        ),
    ],
)  # fmt: skip
def test_grammar(text, change):
    assert parse(text) == change


WRONG = {
    "growth.cloud": "found no =, expected NAME=VALUE",
    "growth.clod=0.4": 'unknown quantity "growth.clod", expected one of the book; did you mean "growth.cloud"?',
    "growth.cloud=": "found nothing after =",
    "growth.cloud=nan": 'found "nan", expected a number, never or one of',
    "growth.cloud=inf": 'found "inf"',
    "growth.cloud=1e999": "beyond doubles",
    "growth.cloud=0.4x": 'found "0.4x" at character 1',
    "growth.cloud=0.4 0.5": 'found "0.5" at character 5, expected the end',
    "growth.cloud=prt(1, 2, 3)": 'did you mean "pert"?',
    "growth.cloud=nevr": 'did you mean "never"?',
    "growth.cloud=pert(1, 2, 3": 'found the end, expected ","',
    "growth.cloud=pert(1, 2, 3, 4)": "found 4 parameters of pert, expected low, mode, high",
    "growth.cloud=pert(low=1, 2, 3)": "expected a parameter with its name",
    "growth.cloud=pert(low=1, low=2)": 'found "low" twice',
    "growth.cloud=pert(1, 2)": "pert.high: found nothing",
    "growth.cloud=pert(1, 2, 3, midle=4)": 'did you mean "mode"?',
    "growth.cloud=pert(3, 2, 1)": "found 1, below low = 3",
    "growth.cloud=*": "found the end, expected a number",
    "growth.cloud=*0": "other than 0",
    "growth.cloud=never": "only a time can be never",
    "export.ban_quarter=1.5": "a whole quarter index or never",
    "export.ban_quarter=-1": "within the limits [0, 9999]",
    "spend.discipline=1.01": "within the limits [0, 1]",
    "optics.ref_baidu=0.5": "0 or 1",
    "optics.ref_baidu=*2": "0 and 1 only",
    "optics.ref_baidu=uniform(0, 1)": "0 and 1 only",
    "growth.cloud=__import__('os')": "found \"'os",
    "=3": 'unknown quantity ""',
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_sets(text):
    with pytest.raises(priors.BookError) as caught:
        BOOK.with_set("mine", [text])
    assert str(caught.value).startswith(text)
    assert WRONG[text] in str(caught.value)
    assert len(caught.value.problems) == 1


def test_all_wrong_sets_at_once():
    with pytest.raises(priors.BookError) as caught:
        BOOK.with_set("mine", list(WRONG))
    assert len(caught.value.problems) == len(WRONG)


@given(st.text('growth.cloud=*+-0123456789e()[],_ pertnormalchoice"\\\n算', max_size=40))
def test_no_set_raises_anything_else(text):
    with contextlib.suppress(priors.BookError):
        BOOK.with_set("mine", ["growth.cloud=" + text])


def test_a_book_with_a_set():
    book = BOOK.with_set("mine", ["growth.cloud=0.4", "capacity.mlu=*3"], base="export_ban_2023q4")
    resolved = book.resolve("mine")
    assert resolved["growth.cloud"].support == (0.4, 0.4)
    assert resolved["export.ban_quarter"].support == (3, 3), "the base's change stays"
    assert resolved["capacity.mlu"].ppf(0.5) == pytest.approx(9000)
    moved = BOOK.with_set("mine", ["growth.cloud=+-0.3"]).resolve("mine")["growth.cloud"]
    assert moved.ppf(0.5) == pytest.approx(BOOK.resolve()["growth.cloud"].ppf(0.5) - 0.3, rel=1e-12)
    assert "mine" not in BOOK.scenarios
    assert book.digest != BOOK.digest
    both = BOOK.with_set("mine", ["export.ban_quarter=never"], base="export_ban_2023q4").resolve("mine")
    assert both["export.ban_quarter"].support == (NEVER, NEVER), "the later change replaces the base's"


def test_names_of_sets():
    for name, base, words in (("baseline", "baseline", "a new name"), ("mine", "baselin", 'did you mean "baseline"')):
        with pytest.raises(priors.BookError, match=words):
            BOOK.with_set(name, ["growth.cloud=0.4"], base=base)
    with pytest.raises(priors.BookError, match=r"second change of growth\.cloud"):
        BOOK.with_set("mine", ["growth.cloud=0.4", "growth.cloud=*2"])


def test_a_factor_and_a_shift_apply_to_what_the_scenario_makes_of_the_quantity():
    book = priors.load()
    under = book.resolve("export_ban_strong_domestic")["capacity.mlu"]
    twice = book.with_set("twice", ["capacity.mlu=*2"], base="export_ban_strong_domestic")
    assert twice.resolve("twice")["capacity.mlu"].ppf(0.5) == pytest.approx(2 * under.ppf(0.5), rel=1e-12)
    assert twice.definitions(["twice"])["twice"]["change"]["capacity.mlu"].keys() == {"prior"}
    said = book.resolve("stated")["growth.cloud"].ppf(0.5)
    moved = book.with_set("moved", ["growth.cloud=+0.01"], base="stated").resolve("moved")["growth.cloud"]
    assert moved.support == pytest.approx((said + 0.01, said + 0.01))
    plain = book.with_set("plain", ["growth.cloud=*2"])
    assert plain.scenarios["plain"].changes["growth.cloud"].action == "scale", "of what no scenario touches, as before"
