"""Every mistake is answered with its exact place, what was found and what is expected."""

import re

import pytest

import priors
from priors.problems import Problem
from tests.priors.wrong import CASES, CLAIM, QUANTITY, change


def load_text(folder, text, name="my.toml", **options):
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return priors.load(file, **options)


def problems_of(folder, text, **options):
    with pytest.raises(priors.BookError) as caught:
        load_text(folder, text, **options)
    return caught.value.problems


@pytest.mark.parametrize("case", CASES)
def test_place_and_words(tmp_path, case):
    marked, words = CASES[case]
    before = marked.partition("§")[0]
    place = before.count("\n") + 1, len(before) - before.rfind("\n")
    problems = problems_of(tmp_path, marked.replace("§", ""))
    assert (problems[0].line, problems[0].column) == place, problems[0]
    assert problems[0].file == str(tmp_path / "my.toml")
    for word in words.split(" "):
        assert word in str(problems[0]), problems[0]
    assert "found" in problems[0].message
    assert "expected" in problems[0].message
    assert len(problems) == 1, "one mistake, one problem"


def test_messages(tmp_path, snapshot):
    def told(text):
        return "\n".join(map(str, problems_of(tmp_path, text.replace("§", "")))).replace(str(tmp_path), "")

    assert {case: told(text) for case, (text, _) in CASES.items()} == snapshot


def test_all_in_one_go(tmp_path):
    text = QUANTITY.replace('"a guess"', '" "') + CLAIM.replace("about", "abuot") + change("grwth.cloud = { fix = 1 }")
    text += QUANTITY.replace("shop.price", "shop.volume") + "stream = 5\n"
    problems = problems_of(tmp_path, text)
    keys = [problem.key for problem in problems]
    assert keys == ["shop.price.rationale", "S1.1.hedges.0", "hot.change.grwth.cloud", "shop.volume.stream"]


def test_a_wrong_record_is_told_once(tmp_path):
    """Whoever names a record that is wrong itself is not told that it is unknown."""
    text = CLAIM.replace('"prior"', '"pror"') + QUANTITY.replace("a guess", " ")
    text += QUANTITY.replace("shop.price", "b").replace("prior =", 'claims = ["S1.1"]\nprior =')
    text += change("shop.price = { fix = 2 }") + '[scenarios.warm]\nextends = "hot"\n'
    text += '[[correlation]]\nbetween = ["shop.price", "b"]\nspearman = 0.5\nbasis = "assumption"\nrationale = "r"\n'
    assert [problem.key for problem in problems_of(tmp_path, text)] == ["S1.1.kind", "shop.price.rationale"]


def test_files_that_cannot_be_read(tmp_path):
    (tmp_path / "a.toml").write_bytes(b'[book]\ntitle = "caf\xe9"\n')
    (tmp_path / "big.toml").write_bytes(b"#" * 1_000_001)
    (tmp_path / "closed.toml").write_text("[book]\n")
    (tmp_path / "closed.toml").chmod(0)
    (tmp_path / "nothing").mkdir()
    (tmp_path / "folder.toml").mkdir()
    expected = {
        "a.toml": r":2:13: found the byte 0xe9, which is not UTF-8",
        "big.toml": r": found more than 1,000,000 bytes",
        "missing.toml": r": found no such file",
        "nothing": r": found no file of a book in the folder, expected book\.toml, claims\.toml",
        "folder.toml": r": found no file of a book",
        "nul\0.toml": r": found a path that cannot be read",
        "x" * 300: r": found a path that cannot be read",
    }
    for name, pattern in expected.items():
        with pytest.raises(priors.BookError) as caught:
            priors.load(tmp_path / name)
        assert re.search(re.escape(str(tmp_path / name)) + pattern, str(caught.value))


def test_no_permission(tmp_path, monkeypatch):
    """Root may read anything, so the refusal is made here."""
    (tmp_path / "my.toml").write_text(QUANTITY)

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    with pytest.raises(priors.BookError, match="found no permission to read it"):
        priors.load(tmp_path / "my.toml")


def test_folders_tell_their_own_files(tmp_path):
    (tmp_path / "quantities").mkdir()
    (tmp_path / "scenarios").mkdir()
    body = QUANTITY.replace("quantities.", "")
    (tmp_path / "quantities" / "a.toml").write_text(body)
    (tmp_path / "quantities" / "b.toml").write_text(body)
    (tmp_path / "scenarios" / "hot.toml").write_text('name = "cold"\n')
    (tmp_path / "scenarios" / "bad.toml").write_text("x")
    (tmp_path / "clams.toml").write_text(CLAIM)
    (tmp_path / "correlations.toml").write_text('[[corelation]]\nbetween = ["a", "b"]\n')
    with pytest.raises(priors.BookError) as caught:
        priors.load(tmp_path)
    told = str(caught.value).replace(str(tmp_path), "")
    for line in (
        "/quantities/b.toml:1:7: shop.price: found this name again, first in /quantities/a.toml:1",
        '/scenarios/hot.toml:1:8: hot.name: found "cold", expected "hot"',
        "/scenarios/bad.toml:1:2: found something that is not valid TOML",
        "/clams.toml: found a file that no book has, expected book.toml, claims.toml",
        'did you mean "claims.toml"?',
        "/correlations.toml:1:3: corelation: found an unknown key, expected [[correlation]] tables; did you mean",
    ):
        assert line in told
    assert len(caught.value.problems) == 5


def test_a_long_list_is_cut():
    error = priors.BookError(Problem("f", n + 1, 1, "k", "m") for n in range(250))
    assert str(error).count("\n") == 100
    assert str(error).endswith("… and 150 more problems")
    assert len(error.problems) == 250


def test_a_missing_key_hides_no_other_mistake_of_the_record(tmp_path):
    text = """[quantities.shop.price]
unit = 7
basis = "mixed"
claims = ["Q99.9"]
prior = { family = "pert", low = 0.5, mode = 0.2, high = 0.9 }
"""
    (tmp_path / "my.toml").write_text(text, "utf-8")
    with pytest.raises(priors.BookError) as caught:
        priors.load(tmp_path / "my.toml")
    assert {problem.key for problem in caught.value.problems} == {
        "shop.price.rationale",
        "shop.price.unit",
        "shop.price.claims.0",
        "shop.price.prior.mode",
    }
