"""The language of conditions: what it reads, and that anything else is one readable error."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.results.errors import ExpressionError
from sim.results.expression import condition, number, parse
from sim.results.syntax import Arithmetic, Call, Comparison, Logic, Name, Number, names


def name(text: str, at: int, **labels: str) -> Name:
    return Name(text, tuple(labels.items()), at)


def test_a_comparison():
    assert parse("export.ban_quarter <= 4") == Comparison("<=", name("export.ban_quarter", 0), Number(4.0))


def test_products_bind_before_sums_and_both_before_comparisons():
    found = parse("a + b * 2 > 3 - 1")
    left = Arithmetic("+", name("a", 0), Arithmetic("*", name("b", 4), Number(2.0)))
    assert found == Comparison(">", left, Arithmetic("-", Number(3.0), Number(1.0)))


def test_differences_and_quotients_go_from_the_left():
    a, b, c = name("a", 0), name("b", 2), name("c", 4)
    assert parse("a-b-c > 0").left == Arithmetic("-", Arithmetic("-", a, b), c)
    assert parse("a/b/c > 0").left == Arithmetic("/", Arithmetic("/", a, b), c)


def test_not_binds_before_and_before_or():
    found = parse("not a>1 or b>1 and c>1")
    assert isinstance(found, Logic)
    assert found.operator == "or"
    assert found.left.operator == "not"
    assert found.right.operator == "and"


def test_a_chain_is_a_conjunction_of_links():
    a = name("a", 6)
    found = parse("0.2 < a <= 0.5")
    assert found == Logic("and", Comparison("<", Number(0.2), a), Comparison("<=", a, Number(0.5)))


def test_labels_bare_and_quoted():
    found = parse("share[quarter=2023Q4, buyer='alibaba cloud'] > .5")
    assert found.left == name("share", 0, quarter="2023Q4", buyer="alibaba cloud")


def test_signs_numbers_brackets_and_chinese_names():
    assert parse("-1.5e3") == Number(-1500.0)
    assert parse("1_000") == Number(1000.0)
    assert parse("(算力 > 1)") == Comparison(">", name("算力", 1), Number(1.0))
    assert [each.name for each in names(parse("not (a > b or c.d == 1)"))] == ["a", "b", "c.d"]


WRONG = [
    ("", "found the end, expected a number, a name"),
    ("a >", "found the end"),
    ("a > 1 b", 'found "b", expected the end'),
    ("a = 1", 'expected "=="'),
    ("a > 1 & b > 1", 'expected "and"'),
    ("a > 1 || b > 1", 'expected "or"'),
    ("!a > 1", 'expected "not"'),
    ("(a > 1", 'expected ")"'),
    ("a > 1)", 'found ")"'),
    ("a > 1 and b", 'found a number beside "and"'),
    ("(a > 1) + 1 > 0", 'found a comparison beside "+"'),
    ("not a", 'found a number beside "not"'),
    ("a[quarter=] > 1", "expected labels such as"),
    ("mean(a) > 1", "found mean, a statistic of all draws"),
    ("summ(a) > 1", 'did you mean "sum"?'),
    ("abs(a, b) > 1", "found 2 arguments of abs, expected 1"),
    ("max(a) > 1", "found 1 arguments of max, expected 2 or more"),
    ("min() > 1", "found 0 arguments"),
    ("when(a, 1, 2) > 1", "found a number as argument 1 of when, expected a condition"),
    ("when(a > 1, b > 1, 2) > 1", "found a condition as argument 2 of when, expected a number"),
    ("sum(a > 1", 'expected "," or ")"'),
    ("a(1) > 1", "character 1: found a call"),
    ("a[quarter=1, quarter=2] > 1", "found quarter twice"),
    ("a[] > 1", "expected labels such as"),
    ("2023Q4 > 1", "character 1"),
    ("a.", "character 2"),
    ("a > 1e999", "a double can hold"),
    ("__import__('os').system('true') > 1", "found"),
    ("a > 1; b", 'found ";"'),
    ("a > \x00", r"x00"),
    ("(" * 100 + "a > 1" + ")" * 100, "nested more than 60"),
    ("-" * 100 + "a > 1", "nested more than 60"),
    ("+".join("a" * 500) + " > 1", "more than 400"),
    ("a" * 5_000, "at most 4,000"),
    (7, "found int"),
]


@pytest.mark.parametrize(("text", "says"), WRONG)
def test_wrong_text_is_refused_with_its_place(text, says):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_calls_take_arguments_and_bare_labels():
    found = parse("sum(sales[baidu, quarter='2023 Q1']) - max(0, a, -b)")
    sales = Name("sales", (("", "baidu"), ("quarter", "2023 Q1")), 4)
    less = Call("max", (Number(0.0), name("a", 46), Arithmetic("-", Number(0.0), name("b", 50))), 39)
    assert found == Arithmetic("-", Call("sum", (sales,), 0), less)
    assert [each.name for each in names(found)] == ["sales", "a", "b"]


def test_a_statement_takes_statistics_of_every_name():
    found = condition("quantile(sum(a) / b, 0.9) - 1 > mean(c) and chance(a > 1) >= 0.8", statement=True)
    ratio = Arithmetic("/", Call("sum", (name("a", 13),), 9), name("b", 18))
    assert found.left.left.left == Call("quantile", (ratio, Number(0.9)), 0)
    assert found.right == Comparison(
        ">=", Call("chance", (Comparison(">", name("a", 51), Number(1.0)),), 44), Number(0.8)
    )


STATEMENTS = [
    ("a > 1", 'found "a" of each draw, expected a statistic of it'),
    ("mean(a) > b", "character 11"),
    ("mean(mean(a)) > 1", "found mean, a statistic of all draws"),
    ("chance(a) > 1", "found a number as argument 1 of chance"),
    ("mean(a > 1) > 1", "found a condition as argument 1 of mean"),
    ("quantile(a, 2) > 1", "expected a number from 0 to 1"),
    ("quantile(a, b) > 1", "expected a number from 0 to 1"),
    ("mean(a)", 'found a number, expected a comparison such as "mean(a) > 0"'),
]


@pytest.mark.parametrize(("text", "says"), STATEMENTS)
def test_a_statement_of_something_else_is_refused(text, says):
    with pytest.raises(ExpressionError) as caught:
        condition(text, statement=True)
    assert says in str(caught.value)


def test_a_number_is_no_condition():
    assert number("a - 1") == Arithmetic("-", name("a", 0), Number(1.0))
    with pytest.raises(ExpressionError, match=r"found a condition, expected a number; when\(condition, 1, 0\)"):
        number("a > 1")


def test_a_condition_is_no_number():
    with pytest.raises(ExpressionError, match="expected a comparison"):
        condition("share + 1")


_WORDS = st.sampled_from(
    [
        *"abq<+-*/()[]=,1 '_.算\n",
        '"',
        "b.c",
        "and",
        "or",
        "not",
        "<=",
        "==",
        "!=",
        "2.5",
        "[q=1]",
        "0x1",
        "[x",
        "9" * 400,
    ]
)


def error_of(text: str) -> str:
    try:
        parse(text)
    except ExpressionError as error:
        return str(error)
    return ""


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(_WORDS, max_size=40).map("".join), st.lists(_WORDS).map(" ".join)))
def test_nothing_but_an_expression_error_ever_comes_out(text):
    assert "\n" not in error_of(text)


_NUMBER = st.floats(0, 1e6, allow_nan=False).map(repr)
_TREES = st.recursive(
    st.one_of(_NUMBER, st.sampled_from(["a", "b"])),
    lambda inner: st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
    max_leaves=12,
)


def worth(node, values):
    match node:
        case Number(value):
            return value
        case Name():
            return values[node.name]
        case Arithmetic(sign, left, right):
            a, b = worth(left, values), worth(right, values)
            return {"+": a + b, "-": a - b, "*": a * b}[sign]
    raise AssertionError(node)


@settings(max_examples=200, deadline=None)
@given(_TREES)
def test_arithmetic_means_what_python_means(text):
    values = {"a": 3.25, "b": -0.5}
    # The slow twin is Python's own reading of text that only this test wrote.
    assert worth(parse(text), values) == eval(text, {"__builtins__": {}}, values)
