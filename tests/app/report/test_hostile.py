"""Texts of someone else's book: whatever they hold, the page has no element, attribute or link that is not ours."""

from __future__ import annotations

import re

import pytest

from tests.app.report.reading import Read

pytestmark = pytest.mark.slow

OURS = {
    "html", "head", "meta", "title", "link", "style", "body", "a", "header", "h1", "p", "nav", "ol", "li", "main", "section",
    "h2", "h3", "ul", "div", "span", "button", "table", "caption", "thead", "tbody", "tr", "th", "td", "details", "summary",
    "figure", "figcaption", "pre", "footer", "script", "svg", "g", "path", "rect", "text", "tspan", "defs", "clippath", "use",
    "circle", "line", "polyline", "polygon",
}  # fmt: skip


@pytest.mark.parametrize("which", ["en", "zh", "own"])
def test_texts_stay_texts(which, request):
    texts, given = request.getfixturevalue("stung_own" if which == "own" else "stung")
    assert given > 1_000
    found = Read(texts[which])
    assert len(found.scripts) == 1
    assert {tag for tag, _ in found.elements} <= OURS
    for tag, attrs in found.elements:
        assert not [name for name in attrs if name.startswith("on") or name in ("src", "autofocus", "srcdoc")], (
            tag,
            attrs,
        )
        assert "href" not in attrs or attrs["href"][:1] == "#" or attrs["href"] == "data:,"
    assert re.findall(r"[\u202e\u0007]", texts[which]) == []
    assert "<script>window.stung=1</script>" in found.text


def test_markdown_keeps_them_texts(stung):
    text = re.sub(r"^(`{3,})sh\n.*?^\1$", "", stung[0]["md"], flags=re.MULTILINE | re.DOTALL)
    assert "<" not in text
    assert re.findall(r"(?<!\\)\]\(", text) == []
    assert re.findall(r"(?i)(?:javascript|https?):", text) == []
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) > 90
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in rows}
    assert widths <= set(range(3, 9))
