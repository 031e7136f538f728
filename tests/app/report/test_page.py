"""The page: what would be wrong with it is that a number is not the result's, that it asks for something, or runs something."""

from __future__ import annotations

import base64
import hashlib
import itertools
import re

import numpy as np
import pytest

import priors
import sim
from sim.app.report import page
from sim.results.report.words import texts
from tests.app.report.conftest import DRAWS, SCENARIOS
from tests.app.report.reading import Read, says
from tests.results import made

pytestmark = pytest.mark.slow

LEVELS = [0.05, 0.5, 0.95]
BUYERS = {
    "alibaba_cloud": "Alibaba Cloud",
    "alibaba_group": "Alibaba group",
    "baidu": "Baidu",
    "bytedance": "ByteDance",
    "tencent": "Tencent",
    "qihoo360": "360",
}
LABS = {"alibaba": "Alibaba", "baidu": "Baidu", "bytedance": "ByteDance", "tencent": "Tencent"}
HOME = re.compile(r"https?://www\.w3\.org/(?:2000/svg|1999/xlink)")


@pytest.fixture(scope="module")
def read(pages):
    return {lang: Read(text) for lang, text in pages.items()}


def spread(tree, output, scenario, **at):
    """Median, 5 % and 95 %, in the order in which a cell has them."""
    low, middle, high = (float(x) for x in tree["quantile"].ds[output].sel(scenario=scenario, quantile=LEVELS, **at))
    return middle, low, high


def same(cell, values, scale=1.0):
    """A cell says the median, to the bit in its data, and the interval about it."""
    text, exact = cell
    middle, low, high = values
    assert float(exact) == middle
    told = (middle,) if low == middle == high else values
    assert says(text, *(scale * value for value in told)), (text, values)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_answers_are_the_trees(lang, read, tree):
    bought = read[lang].table(texts(lang)["title.accelerators_bought"])
    share = read[lang].table(texts(lang)["title.domestic_share"])
    modules = read[lang].table(texts(lang)["title.optical_modules"])
    names = dict(zip(tree["mean"].ds["buyer"].values, tree["mean"].ds["buyer_zh"].values, strict=True))
    for scenario in SCENARIOS:
        for buyer in tree["mean"].ds["buyer"].values:
            row = bought.row((names if lang == "zh" else BUYERS)[buyer], scenario)
            for year, cell in zip(tree["mean"].ds["year"].values, row[2:], strict=True):
                same(cell, spread(tree, "buyer_purchases_year", scenario, buyer=buyer, year=year))
        market = share.row(texts(lang)["row.domestic_share_market"], scenario)
        for quarter, cell in zip(("2023Q4", "2024Q4", "2025Q4"), market[2:], strict=True):
            same(cell, spread(tree, "market_domestic_share", scenario, quarter=quarter), 100.0)
        for speed in (100, 200, 400):
            row = modules.row(f"{speed} Gb/s", scenario)
            for year, cell in zip((2023, 2024, 2025), row[2:], strict=True):
                same(cell, spread(tree, "market_optical_modules_year", scenario, speed=speed, year=year))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_chances_are_the_trees(lang, read, tree):
    table = read[lang].table(texts(lang)["title.parity"])
    names = dict(zip(tree["mean"].ds["lab"].values, tree["mean"].ds["lab_zh"].values, strict=True))
    for scenario in SCENARIOS:
        for lab in tree["mean"].ds["lab"].values:
            text, exact = table.row((names if lang == "zh" else LABS)[lab], scenario)[2]
            chance = float(tree["mean"].ds["first_to_parity"].sel(scenario=scenario, lab=lab))
            assert float(exact) == chance
            told = [int(n) for n in re.findall(r"\d+", text)]
            told.remove(100)
            assert abs(told[0] - 100 * chance) <= (5 if "about" in text or "约" in text else 1), (text, chance)


def test_differences_are_paired_draw_by_draw(read, tree):
    for scenario in SCENARIOS[1:]:
        table = read["en"].table(f"{scenario} less baseline")
        row = table.row("Market's spending in the year, bn RMB (2024)")
        kept = tree["draws"].ds["market_spend_year"].sel(year=2024)
        own, base = (kept.sel(scenario=name).values.astype(float) for name in (scenario, "baseline"))
        beyond = own - base
        assert float(row[1][1]) == pytest.approx(beyond.mean(), rel=1e-12)
        assert says(row[1][0], beyond.mean(), beyond.reshape(-1, 16).mean(axis=0).std(ddof=1) / 4)
        low, middle, high = np.quantile(beyond, LEVELS, method="inverted_cdf")
        same(row[2], (float(middle), float(low), float(high)))
        assert float(row[3][1]) == np.mean(beyond > 0)


def test_the_gap_is_shared_out_whole():
    """Shapley values add up to the gap, and what the table shows of it to 100 %."""
    tree = sim.run(scenarios=["baseline", "export_ban_strong_domestic"], draws=DRAWS, seed=3)
    found = Read(page.text(tree, priors.load(), ("first.nc", ""), lang="en", drawing=False))
    table = found.table("What makes the gap")
    parts = [float(row[3][0].removesuffix(" %").replace("−", "-")) for row in table.rows[1:]]
    assert sum(parts) == pytest.approx(100.0, abs=1.0)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_inputs_are_the_books(lang, read):
    book, found = priors.load(), read[lang].table(texts(lang)["priors.caption"].format(n=94))
    assert len(found.rows) == 1 + 2 * 94  # the head; of each input its row and what unfolds
    for name, quantity in book.quantities.items():
        row = found.row(name)
        assert [float(exact) for _, exact in row[2:]] == [quantity.stated, *quantity.prior.ppf(LEVELS)]
    words = " ".join(" ".join(found.words).split())
    for name, claim in book.claims.items():
        cited = any(name in quantity.claims for quantity in book.quantities.values())
        assert not cited or " ".join(claim.text.split()) in words
    for quantity in book.quantities.values():
        assert " ".join(quantity.rationale.split()) in words
        assert (quantity.label_zh if lang == "zh" else quantity.label) in words


def test_shares_are_those_of_the_kept_draws(read, tree):
    from sim.app.report.language import Language
    from sim.app.report.sensitivity import few
    from sim.app.report.source import Key, Source

    key = Key("market_domestic_share", {"quarter": "2024Q4"})
    source = Source(tree, priors.load(), "first.nc", "", Language("en"))
    found = few(source, key).sim.first_order(key.output).isel(scenario=0, quarter=0)
    table = read["en"].table("Domestic share of the market (2024Q4): inputs")
    assert len(table.rows) > 2
    for row in table.rows[1:]:
        index = float(found["first"].sel(input=row[1][0]))
        assert float(row[2][1]) == index
        assert says(row[2][0], 100 * index)
    split = read["en"].table("Share of the variance").row("Domestic share of the market (2024Q4)")
    for (_, exact), basis in zip(split[1:4], ("claim", "mixed", "assumption"), strict=True):
        of_basis = found["first"].where(found["basis"] == basis).sum()
        assert float(exact) == pytest.approx(float(of_basis), abs=1e-12)
    assert sum(float(exact) for _, exact in split[1:]) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_is_whole(lang, read, pages):
    """Tags close in order (the reader fails otherwise), no id is twice, every anchor leads somewhere."""
    found = read[lang]
    assert len(set(found.ids)) == len(found.ids)
    anchors = [attrs["href"] for tag, attrs in found.elements if tag == "a"]
    assert anchors
    assert all(anchor[0] == "#" and anchor[1:] in found.ids for anchor in anchors)
    levels = [int(tag[1]) for tag, _ in found.elements if re.fullmatch("h[1-6]", tag)]
    assert (levels[0], levels.count(1)) == (1, 1)
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    drawn = [attrs for tag, attrs in found.elements if tag == "svg"]
    assert all(attrs["role"] == "img" and attrs["aria-label"].strip() for attrs in drawn)
    assert lang == "zh" or len(drawn) > 94 + 3 * len(SCENARIOS)
    assert len(pages[lang].encode()) < 2_000_000


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_asks_for_nothing(lang, read, pages):
    text = pages[lang]
    assert re.findall(r"https?://", HOME.sub("", text)) == []
    assert "@import" not in text
    assert set(re.findall(r"url\(\s*[\"']?(.)", text)) <= {"#"}
    for tag, attrs in read[lang].elements:
        assert tag not in ("img", "iframe", "object", "embed", "form", "base", "audio", "video")
        for name, value in attrs.items():
            assert not name.startswith("on"), (tag, name)
            assert name not in ("src", "srcset", "action", "poster", "data", "formaction")
            assert "href" not in name or value == "data:," or str(value).startswith("#"), (tag, value)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_only_our_own_script_may_run(lang, read):
    (script,) = read[lang].scripts
    policy = next(attrs["content"] for tag, attrs in read[lang].elements if "http-equiv" in attrs)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert "default-src 'none'" in policy
    assert re.findall(r"script-src ([^;]*)", policy) == [f"'sha256-{digest}'"]


def test_people_read_labels_in_sentences_and_pictures(pages):
    drawn = "".join(re.findall(r"<svg.*?</svg>", pages["en"], flags=re.DOTALL))
    assert "export ban 2023q4" not in drawn
    assert ">Export ban in 2023Q4</text>" in drawn
    told = re.sub(r"<svg.*?</svg>|<script.*?</script>", "", pages["en"], flags=re.DOTALL)
    assert re.search(r"In 2023 \S+ buys the most cards", told)[0] == "In 2023 ByteDance buys the most cards"


def test_twice_the_same_bytes():
    tree, book = made.make().tree, priors.load()
    once, twice = (page.text(tree, book, ("first.nc", ""), lang="en", gaps=False) for _ in range(2))
    assert once == twice


def test_languages_say_the_same(read):
    """The same tables with the same numbers; no English of the page's own is left in the Chinese one."""
    en, zh = read["en"], read["zh"]
    exact = [[[value for _, value in row] for row in table.rows] for table in en.tables]
    assert exact == [[[value for _, value in row] for row in table.rows] for table in zh.tables]
    own = {text for key, text in texts("en").items() if len(text) > 25 and "{" not in text}
    assert [text for text in own if text in zh.text] == []


def test_a_model_of_ones_own():
    tree = made.make().tree
    found = Read(page.text(tree, priors.load(), ("own.nc", "own.toml")))
    table = found.table("domestic share")
    assert len(table.rows) == 1 + 3 * 2
    for scenario in made.SCENARIOS:
        for quarter in made.MODEL.coords["quarter"]:
            same(table.row(quarter, scenario)[2], spread(tree, "share", scenario, quarter=quarter))


def test_without_kept_draws_what_is_left_out_is_said():
    tree = made.make(keep=None).tree
    text = Read(page.text(tree, priors.load(), ("own.nc", ""))).text
    for key in ("answers.no_draws", "compared.no_draws", "sensitivity.no_draws", "priors.no_deck"):
        assert texts("en")[key] in text
    alone = tree.map_over_datasets(
        lambda dataset: dataset.isel(scenario=[0]) if "scenario" in dataset.dims else dataset
    )
    assert texts("en")["compared.alone"] in Read(page.text(alone, priors.load(), ("own.nc", ""))).text


def test_draws_are_told_as_the_file_has_them(read):
    assert read["en"].table("The run").row("Draws of each scenario")[1][0] == f"{DRAWS:,}"
