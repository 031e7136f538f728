"""``claims``, ``priors``, ``scenarios``, ``outputs``: what is listed must be what the book and the model hold."""

import json

import pytest

import priors


def told(suanli, *words):
    result = suanli(*words)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    return result.stdout


def test_all_claims(suanli):
    book = priors.load()
    text = told(suanli, "claims")
    assert all(f"\n{name}  " in f"\n{text}" or f"\n{name}\n" in f"\n{text}" for name in book.claims)
    content = json.loads(told(suanli, "claims", "--json"))
    assert [claim["id"] for claim in content["claims"]] == list(book.claims)


def test_a_claim_and_who_cites_it(suanli):
    content = json.loads(told(suanli, "claims", "Q04.6", "--json"))["claims"]
    assert len(content) == 1
    assert content[0]["range"] == [0.3, 0.5]
    assert "growth.cloud" in content[0]["cited_by"]
    text = told(suanli, "claims", "Q04.6")
    assert "0.3–0.5" in text
    assert "growth.cloud" in text


def test_claims_of_a_question(suanli):
    found = json.loads(told(suanli, "claims", "Q13", "--json"))["claims"]
    assert {claim["question"] for claim in found} == {13}


def test_all_quantities(suanli):
    book = priors.load()
    content = json.loads(told(suanli, "priors", "--json"))
    assert [q["name"] for q in content["quantities"]] == list(book.quantities)
    assert content["digest"] == book.digest
    text = told(suanli, "priors")
    assert all(name in text for name in book.quantities)
    assert max(map(len, text.splitlines())) <= 100


def test_everything_about_a_quantity(suanli):
    text = told(suanli, "priors", "growth.cloud")
    for word in ("阿里云", "0.4", "0.3", "0.5", "Q04.6", "rationale", "stream"):
        assert word in text


def test_what_quantiles_were_asked_for_and_missed(suanli, tmp_path):
    """Three quantiles are more than a normal can meet: the page says what they came to."""
    (tmp_path / "mine.toml").write_text(
        '[quantities.shop.price]\nunit = "1"\nbasis = "assumption"\nrationale = "a guess"\n'
        'prior = { family = "normal", quantiles = [[0.05, 10], [0.5, 20], [0.95, 60]] }\n'
    )
    book = ("--priors", str(tmp_path / "mine.toml"), "--alone")
    misfit = json.loads(told(suanli, "priors", "shop.price", *book, "--json"))["quantities"][0]["misfit"]
    assert [each["asked"] for each in misfit] == [10, 20, 60]
    assert misfit[1]["found"] != 20
    line = next(x for x in told(suanli, "priors", "shop.price", *book).splitlines() if x.startswith("asked for"))
    assert "5 % 10, came to" in line


def test_a_group_of_quantities(suanli):
    found = json.loads(told(suanli, "priors", "race", "--json"))["quantities"]
    assert len(found) > 3
    assert all(q["name"].startswith("race.") for q in found)


def test_scenarios(suanli):
    book = priors.load()
    content = json.loads(told(suanli, "scenarios", "--json"))["scenarios"]
    assert [scenario["name"] for scenario in content] == list(book.scenarios)
    ban = json.loads(told(suanli, "scenarios", "export_ban_2023q4", "--json"))["scenarios"][0]
    assert [(change["name"], change["to"]["family"]) for change in ban["changes"]] == [("export.ban_quarter", "fixed")]
    assert "export.ban_quarter  " in told(suanli, "scenarios", "export_ban_strong_domestic")
    assert "Changes nothing" in told(suanli, "scenarios", "baseline")


def test_a_label_that_is_the_name_is_said_once(suanli, tmp_path):
    (tmp_path / "own.toml").write_text("[scenarios.slow.change]\ngrowth.cloud = { fix = 0.1 }\n")
    lines = told(suanli, "scenarios", "--priors", "own.toml").splitlines()
    assert "slow" in lines
    assert not any(line.endswith(" ") for line in lines)


TYPO = """\
[quantities.growth.clud]
unit = "1/yr"
basis = "assumption"
rationale = "ours"
prior = { family = "pert", low = 0.1, mode = 0.2, high = 0.3 }
"""


@pytest.mark.parametrize("line", ["priors growth --json", "run --draws 64 --json"])
def test_a_quantity_that_nothing_reads_is_told_once(suanli, tmp_path, line):
    """A misspelt name is a quantity of its own, and the one that was meant stays as it was."""
    (tmp_path / "own.toml").write_text(TYPO)
    result = suanli(*line.split(), "--priors", "own.toml")
    assert result.exit_code == 0
    json.loads(result.stdout)
    said = 'suanli: nothing reads growth.clud (did you mean "growth.cloud"?): the built-in model has no such input'
    assert result.stderr.splitlines() == [said]
    (tmp_path / "own.toml").write_text(TYPO.replace("clud", "cloud"))
    assert suanli(*line.split(), "--priors", "own.toml").stderr == ""
    (tmp_path / "own.toml").write_text(TYPO.replace("growth.clud", "shop.price"))
    assert suanli("priors", "--priors", "own.toml", "--alone").stderr == "", "a book for a model of one's own"


def test_outputs(suanli):
    from sim import market

    content = json.loads(told(suanli, "outputs", "--json"))["outputs"]
    assert [output["name"] for output in content] == [output.name for output in market.OUTPUTS]
    assert all(output["description"] and output["units"] for output in content)
    one = json.loads(told(suanli, "outputs", "fleet", "--quarters", "2", "--json"))["outputs"][0]
    assert one["coords"]["quarter"] == ["2023Q1", "2023Q2"]
    assert all(output["name"] in told(suanli, "outputs") for output in content[:3])


def test_schemas_for_editors(suanli, tmp_path):
    told(suanli, "priors", "--schema", "schemas")
    found = sorted((tmp_path / "schemas").glob("*.json"))
    assert found
    assert all("$schema" in json.loads(path.read_text(encoding="utf-8")) for path in found)


def test_streams_are_written_down(suanli, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[quantities.mine.x]\nunit = "1"\nbasis = "assumption"\nrationale = "a guess"\n'
        'prior = { family = "uniform", low = 0, high = 1 }\n'
    )
    assert "mine.x: stream " in told(suanli, "priors", "--assign", "mine.toml")
    assert "stream = " in path.read_text()
    assert "already" in told(suanli, "priors", "--assign", "mine.toml")


def test_a_book_with_mistakes_lists_them_all(suanli, tmp_path):
    (tmp_path / "mine.toml").write_text(
        '[quantities.a.x]\nunit = "1"\nbasis = "guess"\nrationale = "r"\nprior = { family = "unifrm", low = 0, high = 1 }\n'
    )
    result = suanli("priors", "--priors", "mine.toml")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "mine.toml:3:" in result.stderr
    assert "mine.toml:5:" in result.stderr


@pytest.mark.parametrize("line", ["claims", "priors", "scenarios", "outputs"])
def test_json_is_pure(line, suanli):
    json.loads(told(suanli, line, "--json"))
