"""``suanli check``: the tables, their JSON, and one line for each wrong use."""

import json

import pytest


def test_the_claims_alone_need_no_run(suanli):
    result = suanli("check", "--without-model")
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    assert "scale_out: 3.33 said as about 3" in result.stdout
    assert "within tolerance: −0.333" in result.stdout
    assert "17 of 20 lie inside, near the likeliest value; 3 are floors by their hedge." in result.stdout
    assert "The claims and the model" not in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_with_the_model_in_tables_and_json(suanli):
    result = suanli("check", "--draws", "1024", "--json")
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    content = json.loads(result.stdout)
    relations = {each["relation"]: each for each in content["relations"]}
    assert relations["baidu_order"]["stated"] == relations["baidu_order"]["follows"] == 24_000
    assert relations["baidu_order"]["chance"] is None
    assert relations["cloud_floor"]["chance"] == 1.0
    assert relations["cloud_floor"]["claims"] == ["Q04.2", "Q04.3", "Q04.4"]
    assert len(content["quantities"]) == 20
    text = suanli("check", "--draws", "1024").stdout
    assert "The claims and the model (baseline)" in text
    assert max(map(len, text.splitlines())) <= 100


def test_a_book_of_one_s_own(suanli, tmp_path):
    (tmp_path / "own.toml").write_text(
        '[relations.mine]\ntext = "too much"\nstated = "Q04.9"\nfollows = "3 * Q04.8"\ncomment = "as it is"\n'
        "[relations.late]\n"
        'text = "late"\nclaims = ["Q01.3"]\nholds = "parity_month[alibaba] > 30"\nchance = 0.5\n',
        encoding="utf-8",
    )
    result = suanli("check", "--priors", "own.toml", "--draws", "1024")
    assert result.exit_code == 0, result.output
    assert "differs: −22,000 (−31 %)" in " ".join(result.stdout.split())
    assert "mine: as it is." in result.stdout
    assert "under 1 of 100" in result.stdout


WRONG = [
    (("--scenario", "baselin"), 'did you mean "baseline"?'),
    (("--draws", "0"), 'found "0"'),
    (("--priors", "no.toml"), 'no file or folder "no.toml"'),
    (("--priors", "bad.toml"), 'bad.toml:3:11: bad.claims.0: found an unknown claim "Q04.91"'),
    (("--priors", "worse.toml"), 'relation worse.holds, character 1: no output or input "parity_mont"'),
    (("now",), "unexpected extra argument"),
]


@pytest.mark.parametrize(("words", "says"), WRONG)
def test_a_wrong_use_is_one_line(suanli, tmp_path, words, says):
    head = '[relations.{}]\ntext = "t"\nclaims = ["{}"]\nholds = "{} > 1"\n'
    (tmp_path / "bad.toml").write_text(head.format("bad", "Q04.91", "parity_month[baidu]"), encoding="utf-8")
    (tmp_path / "worse.toml").write_text(head.format("worse", "Q04.9", "parity_mont[baidu]"), encoding="utf-8")
    result = suanli("check", *words)
    assert result.exit_code == 2, result.output
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert result.stdout == ""
