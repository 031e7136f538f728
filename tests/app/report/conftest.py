from __future__ import annotations

import pytest

import priors
import sim
from sim.app.report import page
from sim.results import files
from tests.app.report import hostile
from tests.results import made

SCENARIOS = ("baseline", "export_ban_2023q4", "stated")
DRAWS = 4_096


@pytest.fixture(scope="session")
def result(tmp_path_factory):
    """A file of three scenarios, made as `suanli run` makes it."""
    path = tmp_path_factory.mktemp("report") / "first.nc"
    files.write(sim.run(priors.load(), scenarios=list(SCENARIOS), draws=DRAWS, seed=3), path)
    return path


@pytest.fixture(scope="session")
def tree(result):
    return files.open(result).load()


@pytest.fixture(scope="session")
def pages(tree):
    """The page in both languages, with pictures in one."""
    book, names = priors.load(), ("first.nc", "")
    return {lang: page.text(tree, book, names, lang=lang, drawing=lang == "en") for lang in ("en", "zh")}


@pytest.fixture(scope="session")
def stung():
    """Pages with a payload in every text field of a book of one's own, and how many payloads there are."""
    venom = hostile.Venom()
    book, names = hostile.book(venom, ("baseline", "export_ban_2023q4"))
    found = sim.run(book, scenarios=names, draws=DRAWS, seed=1)
    files_named = venom.text(), venom.text()
    texts = {lang: page.text(found, book, files_named, lang=lang, drawing=lang == "en") for lang in ("en", "zh")}
    texts["md"] = page.text(found, book, (venom.text(), ""), lang="en", form="md", gaps=False)
    return texts, venom.given


@pytest.fixture(scope="session")
def stung_own():
    """A page with a payload in every text field of a result of a model of one's own, and of the book beside it."""
    venom = hostile.Venom()
    book, _ = hostile.book(venom, ("baseline",))
    own = hostile.tree(venom, made.make().tree)
    return {"own": page.text(own, book, ("own.nc", ""), lang="en")}, venom.given
