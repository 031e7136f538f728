"""A quantity that replaces a built-in one is read in its unit and holds to its limits; a bare value is told as one."""

import pytest

import priors

OWN = """\
[quantities.{name}]
unit = "{unit}"
basis = "assumption"
rationale = "ours"
prior = {{ family = "uniform", low = {low}, high = {high} }}
{more}
"""


def load(tmp_path, name, unit, low, high, more="", alone=False):
    path = tmp_path / "own.toml"
    path.write_text(OWN.format(name=name, unit=unit, low=low, high=high, more=more))
    return priors.load(path, alone=alone)


def told(call, *arguments, **more):
    with pytest.raises(priors.BookError) as caught:
        call(*arguments, **more)
    assert len(caught.value.problems) == 1
    return caught.value.problems[0]


def test_another_unit_is_refused(tmp_path):
    """RMB in place of thousand RMB makes every price a thousand times too high."""
    problem = told(load, tmp_path, "price.h800", "RMB/card", 100_000, 200_000)
    assert (problem.line, problem.key) == (2, "price.h800.unit")
    assert problem.message == 'found "RMB/card", expected "thousand RMB/card", the unit of the built-in quantity'
    assert (
        load(tmp_path, "price.h800", "RMB/card", 100_000, 200_000, alone=True).quantities["price.h800"].unit
        == "RMB/card"
    )


def test_limits_stay(tmp_path):
    problem = told(load, tmp_path, "export.leak", "1", 2, 5)
    assert (problem.line, problem.key) == (5, "export.leak.prior")
    assert (
        problem.message == "found values from 2 to 5, expected them within the limits [0, 1] of the built-in quantity"
    )
    assert load(tmp_path, "export.leak", "1", 0.5, 2).quantities["export.leak"].prior.support == (0.5, 1.0)
    assert told(load, tmp_path, "export.leak", "1", 2, 5, "limits = [0, 1]").key == "export.leak.limits"


def test_what_is_given_goes_before_what_is_inherited(tmp_path):
    built_in = priors.load().quantities["export.leak"]
    bare = load(tmp_path, "export.leak", "1", 0.2, 0.4).quantities["export.leak"]
    for key in ("limits", "limits_reason", "label", "label_zh"):
        assert getattr(bare, key) == getattr(built_in, key) != ""
    own = load(tmp_path, "export.leak", "1", 2, 5, 'limits = [0, 9]\nlabel = "leak"').quantities["export.leak"]
    assert (own.limits, own.limits_reason, own.label, own.label_zh) == ((0, 9), "", "leak", built_in.label_zh)
    assert own.prior.support == (2, 5)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("growth.cloud = 0.3", "found 0.3, expected a table such as { fix = 0.3 }"),
        ("'growth.cloud' = 0.3", "found 0.3, expected a table such as { fix = 0.3 }"),
        ('export.ban_quarter = "never"', 'found "never", expected a table such as { fix = "never" }'),
        ('growth.cloud = "fast"', 'found "fast", expected a table such as { fix = 0.3 }'),
        (
            "growth.clud = 0.3",
            "found 0.3, expected a table such as { fix = 0.3 }, and no quantity is called "
            '"growth.clud"; did you mean "growth.cloud"?',
        ),
        (
            "growth.cloud = { fxi = 0.3 }",
            'found an unknown key, expected fix, prior, scale or shift; did you mean "fix"?',
        ),
    ],
)
def test_a_bare_value_in_a_scenario(tmp_path, line, message):
    path = tmp_path / "own.toml"
    path.write_text(f"[scenarios.hot.change]\ngrowth.baidu = {{ fix = 0.2 }}\n{line}\n")
    problem = told(priors.load, path)
    assert (problem.line, problem.message) == (3, message)
