"""Numbers, units and labels as people write them, in two languages; and fonts for them."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from matplotlib.text import Text

from sim.results import plot
from sim.results.errors import ResultError
from sim.results.plot import fonts, numbers, words
from sim.results.plot.scales import scale


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (0.0, "0", "0"),
        (12_345.0, "12,300", "1.23 万"),
        (123_456.0, "123,000", "12.3 万"),
        (1_234_567.0, "1.23 million", "123 万"),
        (999_999.0, "1 million", "100 万"),
        (2.5e9, "2.5 billion", "25 亿"),
        (-0.0123, "−0.0123", "−0.0123"),
        (float("nan"), "–", "–"),
        (float("inf"), "∞", "∞"),
    ],
)
def test_big_numbers_are_written_as_people_do(value, english, chinese):
    assert numbers.written(value) == english
    assert numbers.written(value, "zh") == chinese


def test_no_more_digits_than_the_error_supports():
    assert numbers.written(41_234.5, error=300.0) == "41,000"
    assert numbers.percent(0.17342, error=0.02) == "17 %"
    assert numbers.percent(0.02342, error=0.003) == "2 %"
    assert numbers.percent(0.02342) == "2.3 %"


def test_dates_of_months_and_quarters():
    assert [numbers.month(m) for m in (1.0, 15.9, 9_999.0)] == ["Jan 2023", "Mar 2024", "never"]
    assert numbers.month(15.0, "zh") == "2024年3月"
    assert [numbers.quarter(q) for q in (0.0, 11.0, 9_999.0)] == ["2023Q1", "2025Q4", "never"]


@pytest.mark.parametrize(
    ("name", "units", "values", "tick", "label"),
    [
        ("share", "1", [0.0, 0.5], (0.25, "25 %"), "x"),
        ("load", "1", [0.0, 5.0], (2.5, "2.5"), "x"),
        ("growth", "1/yr", [0.3, 1.5], (1.5, "150 %"), "x (a year)"),
        ("bought", "card", [0, 2e6], (1_500_000, "1.5 million"), "x (cards)"),
        ("parity_month", "month", [10, 30], (15, "Mar 2024"), "x"),
        ("race.alibaba_lag", "month", [10, 30], (15, "15"), "x (months)"),
        ("export.ban_quarter", "quarter", [0, 9_999], (3, "2023Q4"), "x"),
        ("mine", "furlong", [0, 9], (3, "3"), "x (furlong)"),
    ],
)
def test_units_are_told_once(name, units, values, tick, label):
    how = scale(name, units, values, "en")
    assert how.tick(tick[0]) == tick[1]
    assert how.label("x") == label


def test_chinese_units_have_their_own_size():
    how = scale("revenue", "bn RMB", [0, 200], "zh")
    assert how.write(106.4) == "1,060"
    assert how.label("收入") == "收入 (亿元)"


def test_differences_of_shares_are_in_points_and_signed():
    how = scale("share", "1", [-0.2, 0.4], "en", difference=True)
    assert how.label("Difference") == "Difference (percentage points)"
    assert how.signed(0.2) == "+20"
    assert how.signed(-0.2) == "−20"
    assert scale("parity_month", "month", [-2, 4], "en", difference=True).label("x") == "x (months)"


def test_every_unit_of_the_model_and_the_book_has_words(book):
    from sim.market.outputs import OUTPUTS
    from sim.results.plot.scales import RATES, UNITS

    known = {"1", "quarter", *RATES, *UNITS}
    assert {output.units for output in OUTPUTS} <= known
    assert {quantity.unit for quantity in book.quantities.values()} <= known


def test_text_is_cut_and_wrapped_by_its_width():
    assert words.shortened("First quarter in which they are barred", 24) == "First quarter in which…"
    assert words.shortened("禁令后仍能到货的比例", 10) == "禁令后仍…"
    assert words.wrapped("one two three", 7) == ["one two", "three"]
    assert "".join(words.wrapped("禁令后仍能到货", 6)) == "禁令后仍能到货"


def test_labels_of_an_axis_and_a_title_are_chinese(tree):
    if fonts.chinese() is None:
        pytest.skip("no Chinese font is installed here")
    ax = plot.fan(tree, "buyer_purchases_year", {"buyer": "baidu"}, lang="zh")
    assert ax.get_ylabel() == "年度采购量 (张)"
    assert "百度" in ax.get_title("left")
    assert "中位数" in [each.get_text() for each in ax.get_legend().get_texts()]
    assert ax.yaxis.get_major_formatter()(45_000) == "4.5 万"
    ax.figure.draw_without_rendering()  # a character without a glyph would warn, and a warning is an error here
    families = {text.get_fontfamily()[0] for text in ax.findobj(Text) if text.get_text()}
    assert families == {fonts.chinese()}


def test_without_a_chinese_font_labels_are_english_and_say_so_once(tree, monkeypatch):
    monkeypatch.setattr(fonts, "chinese", lambda: None)
    fonts._tell.cache_clear()
    with pytest.warns(plot.NoChineseFont, match="labels are in English; install fonts-noto-cjk"):
        ax = plot.fan(tree, "market_domestic_share", lang="zh")
    assert ax.get_ylabel() == "Domestic share of the market"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        plot.fan(tree, "market_domestic_share", lang="zh")


def test_another_language_is_refused(tree):
    with pytest.raises(ResultError, match="lang: found 'fr', expected"):
        plot.fan(tree, "market_domestic_share", lang="fr")


def test_scenarios_take_the_names_of_the_book(tree, book):
    named = plot.with_labels(tree, book)
    assert plot.fan(named, "market_domestic_share").get_title("left") == "Baseline"
    assert plot.ridge(named, "total").get_yticklabels()[1].get_text() == book.scenarios["export_ban_2023q4"].label
    assert np.array_equal(named["mean"]["total"].values, tree["mean"]["total"].values)
    assert named.attrs == tree.attrs
    if fonts.chinese():
        assert plot.fan(named, "market_domestic_share", lang="zh").get_title("left") == "基准"
