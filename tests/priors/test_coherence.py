"""Relations between claims as data, the interview's own arithmetic, and where a figure sits in its own prior."""

import numpy as np
import pytest
from scipy import stats

import priors
from priors.coherence import mode_of, percentile_of

BOOK = priors.load()
CLAIMS = """
[claims."S1.1"]
text = "about ten"
kind = "prior"
value = 10
numbers = { dozen = 12 }
hedges = ["about"]
[claims."S1.2"]
text = "about five"
kind = "prior"
value = 5
hedges = ["about"]
[claims."S1.3"]
text = "no figure"
kind = "text"
[quantities.shop.price]
unit = "RMB"
basis = "claim"
rationale = "said"
from = "S1.1"
"""


def own(tmp_path, text, alone=True):
    (tmp_path / "own.toml").write_text(CLAIMS + text, encoding="utf-8")
    return priors.load(tmp_path / "own.toml", alone=alone)


def tie(tmp_path, lines):
    return priors.check_coherence(own(tmp_path, f'[relations.tie]\ntext = "t"\n{lines}\n')).ties[0]


def test_the_interview_s_own_arithmetic():
    """Every product that the speaker works out comes out, and what is rounded is told with its gap."""
    found = {each.relation.name: each for each in priors.check_coherence(BOOK).ties}
    exact = {"baidu_order": 24_000, "modules_a_server": 18, "modules_so_far": 5_400, "answer_cost": 10}
    exact |= {"group_from_cloud": 100_000, "domestic_third": 1 / 3}
    for name, value in exact.items():
        assert found[name].stated == pytest.approx(value)
        assert (found[name].verdict, found[name].gap) == ("agrees", pytest.approx(0.0, abs=1e-9)), name
    assert found["scale_out"].follows == pytest.approx(10 / 3)
    assert found["scale_out"].verdict == "within tolerance"
    assert (found["modules_at_scale"].stated, found["modules_at_scale"].follows) == (16_200, 18_000)
    assert all(each.verdict != "differs" for each in found.values())


def test_every_relation_has_its_claims():
    for relation in BOOK.relations.values():
        assert relation.claims, relation.name
        assert set(relation.claims) <= set(BOOK.claims)


@pytest.mark.parametrize(
    ("lines", "verdict", "gap"),
    [
        ('stated = "S1.1"\nfollows = "2 * S1.2"', "agrees", 0),
        ('stated = "S1.1.dozen"\nfollows = "2 * S1.2"', "differs", 2),
        ('stated = "S1.1.dozen"\nfollows = "2 * S1.2"\nwithin = 0.2', "within tolerance", 2),
        ('stated = "S1.1.dozen"\nfollows = "2 * S1.2"\nwithin = 0.19', "differs", 2),
        ('stated = "S1.2"\nsign = "<="\nfollows = "S1.1"', "agrees", -5),
        ('stated = "S1.2"\nsign = ">="\nfollows = "S1.1"', "differs", -5),
        ('stated = "S1.2"\nsign = ">="\nfollows = "S1.1"\nwithin = 0.5', "within tolerance", -5),
        ('stated = "S1.1 / 3"\nfollows = "2 * S1.2 / 3"', "agrees", 0),
    ],
)
def test_verdicts(tmp_path, lines, verdict, gap):
    found = tie(tmp_path, lines)
    assert (found.verdict, found.gap) == (verdict, pytest.approx(gap))
    assert found.relation.claims[0] in ("S1.1", "S1.2")


WRONG = [
    (
        'stated = "S1.11"\nfollows = "1"',
        'own.toml:23:10: tie.stated: found an unknown claim "S1.11".*did you mean "S1.1"',
    ),
    ('stated = "S1.3"\nfollows = "1"', "tie.stated: found S1.3, a claim without a figure"),
    ('stated = "S1.1"\nfollows = "S1.2 +"', "tie.follows: found the end"),
    ('stated = "S1.1"\nfollows = "S1.2"\nclaims = ["S1.1"]', "tie.claims: found no S1.2, expected all that"),
    ('claims = ["S9"]\nholds = "a > 1"', 'tie.claims.0: found an unknown claim "S9"'),
    ('stated = "S1.1"', "tie: found none of follows, model and holds"),
    ('follows = "S1.1"', "tie.follows: found follows without stated, expected both"),
    ('claims = ["S1.1"]\nmodel = "a"', "found model without stated"),
    ('claims = ["S1.1"]\nholds = "a > 1"\nwithin = 0.1', "found within without follows"),
    ('stated = "S1.1"\nmodel = "a"\nchance = 0.5', "found chance without holds"),
    ('holds = "a > 1"', "found no claim, expected the id of one or more"),
    ('stated = "S1.1"\nsign = "<"\nfollows = "S1.2"', 'tie.sign: found "<", expected'),
    ('stated = "S1.1"\nfollow = "S1.2"', 'did you mean "follows"'),
    ('claims = ["S1.1"]\nholds = "a"\nchance = 0', "tie.chance: found 0"),
]


@pytest.mark.parametrize(("lines", "says"), WRONG)
def test_a_wrong_relation_is_refused_with_its_place(tmp_path, lines, says):
    with pytest.raises(priors.BookError, match=says):
        tie(tmp_path, lines)


def test_a_relation_of_the_built_in_book_that_no_longer_fits_is_left_out(tmp_path):
    """Whoever restates a claim has not to mend relations never heard of; one restated by them is theirs."""
    text = '[claims."Q04.8"]\ntext = "24,000 cards"\nkind = "fact"\nvalue = 24_000\nunit = "card"\n'
    mine = own(tmp_path, text, alone=False)
    assert "baidu_order" not in mine.relations
    assert "scale_out" in mine.relations
    again = '[relations.baidu_order]\ntext = "t"\nstated = "Q04.8"\nfollows = "Q04.8.servers * 8"\n'
    with pytest.raises(priors.BookError, match=r"baidu_order\.follows"):
        own(tmp_path, text + again, alone=False)


def test_relations_alone_come_with_their_own_claims(tmp_path):
    assert not own(tmp_path, "").relations


def test_relations_in_python():
    claim = priors.Claim("S1", "about ten", ("prior",), value=10.0)
    price = priors.quantity("price", "normal(1, 1)", rationale="r")
    relation = priors.Relation("tie", "ten is ten", ("S1",), stated="S1", follows="5 * 2")
    found = priors.check_coherence(priors.book([price], claims=[claim], relations=[relation]))
    assert found.ties[0].verdict == "agrees"
    wrong = priors.Relation("tie", "ten is ten", ("S2",), stated="S2", follows="5 * 2")
    with pytest.raises(priors.BookError, match='unknown claim "S2"'):
        priors.book([price], claims=[claim], relations=[wrong])


def test_places_of_the_built_in_claims():
    found = {place.quantity.name: place for place in priors.check_coherence(BOOK).places}
    assert len(found) == 20
    assert {name for name, place in found.items() if place.flag == "floor"} == {
        "stock.total",
        "buy.alibaba_cloud_2022",
        "buy.qihoo360_2023",
    }
    assert not [place for place in found.values() if place.flag in ("tail", "off the mode")]
    assert found["buy.baidu_2023"].percentile == pytest.approx(0.5)
    assert found["cloud.replicators"].percentile == pytest.approx(0.25), "half of the chance at 8"
    assert found["perf.ascend_premium"].percentile < 0.4, "cut from below, so more lies above"


def place(tmp_path, limits):
    book = own(tmp_path, f"limits = {limits}\n")
    return priors.check_coherence(book).places[0]


def test_a_figure_that_its_limits_leave_in_the_tail_is_flagged(tmp_path):
    assert place(tmp_path, "[0, 20]").flag == ""
    assert place(tmp_path, "[9.97, 20]").flag == "tail"
    assert place(tmp_path, "[0, 10.03]").flag == "tail"


def test_percentiles_and_modes_against_scipy():
    pert = priors.make({"family": "pert", "low": 0, "mode": 2, "high": 10})
    law = stats.beta(1 + 4 * 2 / 10, 1 + 4 * 8 / 10, scale=10)
    assert percentile_of(pert, 3.0) == pytest.approx(law.cdf(3.0))
    assert mode_of(pert) == pytest.approx(2.0, abs=0.05)
    assert mode_of(priors.make({"family": "uniform", "low": 4, "high": 7})) == pytest.approx(5.5)
    lognormal = priors.make({"family": "lognormal", "mu": 0.0, "sigma": 0.5})
    assert mode_of(lognormal) == pytest.approx(np.exp(-0.25), abs=0.02)
    assert mode_of(priors.make({"family": "bernoulli", "p": 0.7})) == 1.0
