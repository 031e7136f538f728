"""Words in both languages: a key or a place for a value that one of them lacks would end a report half way."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest

import sim
from sim.app.answers import Figure
from sim.app.report.language import Language
from sim.results.report.words import LANGUAGES, texts

ROOT = Path(sim.__file__).parent


def places(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def test_languages_have_the_same_keys_and_places():
    en, zh = texts("en"), texts("zh")
    assert list(en) == list(zh)
    for key, text in en.items():
        assert places(text) == places(zh[key]), key


def test_every_key_asked_for_is_there():
    sources = [*ROOT.glob("app/report/*.py"), *ROOT.glob("results/report/*.py"), *ROOT.glob("results/report/*.j2")]
    asked = {key for source in sources for key in re.findall(r'words\(\s*f?"([a-z_.]+)"', source.read_text("utf-8"))}
    assert len(asked) > 80
    assert sorted(asked - set(texts("en"))) == []


def test_no_chinese_is_left_in_english_nor_the_other_way_round():
    assert [key for key, text in texts("en").items() if re.search(r"[\u3400-\u9fff]", text)] == []
    same = {key for key, text in texts("zh").items() if text == texts("en")[key] and re.search("[a-z]{4}", text)}
    assert {
        key for key in same if re.sub(r"\{.*?\}", "", texts("en")[key]).strip(" ·–") not in ("", "±", "Gb/s")
    } == set()


@pytest.mark.parametrize(
    ("figure", "en", "zh"),
    [
        (Figure((0.171,), (0.001,), "chance"), "17 of 100", "100 次中有 17 次"),
        (Figure((0.0,), (0.0,), "chance"), "under 1 of 100", "100 次中不到 1 次"),
        (Figure((0.97,), (0.04,), "chance"), "about 100 of 100", "100 次中约 100 次"),
        (
            Figure((1.0, 15.9, 9999.0), (0.1, 0.1, 0.0), "month"),
            "Mar 2024 (Jan 2023–never)",
            "2024年3月 (2023年1月–不会发生)",
        ),
        (
            Figure((39_700.0, 49_432.1, 59_400.0), (60.0, 30.0, 60.0)),
            "49,400 (39,700–59,400)",
            "49,400 (39,700–59,400)",
        ),
    ],
)
def test_figures_as_people_write_them(figure, en, zh):
    assert [Language(lang).spread(figure) for lang in LANGUAGES] == [en, zh]


def test_digits_no_finer_than_the_error():
    figure = Figure((39_712.0, 49_432.1, 59_481.0), (300.0, 300.0, 900.0))
    told = Language("en").phrase(figure, "cards")
    assert told == "49,000 cards ± 300, in nine draws of ten between 40,000 and 59,000"
