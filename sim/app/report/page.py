"""The page's sections in their order, from a result to the text that is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.report import assumed, believed, compared, fans, headline, made, opening, sensitivity
from sim.app.report.gaps import Gaps
from sim.app.report.language import Language
from sim.app.report.pictures import Studio
from sim.app.report.source import Source
from sim.results.report import Page, html, markdown

if TYPE_CHECKING:
    import xarray as xr

    import priors
    from sim.app.report.painter import Painter

FORMATS = ("html", "md")


def page(
    source: Source,
    *,
    drawing: bool = True,
    gaps: bool = True,
    threads: int | None = None,
    painter: Painter | None = None,
) -> Page:
    """All that is to be said of a result.

    Parameters
    ----------
    source: the result, its book and the language.
    drawing: whether pictures are drawn, or told alone.
    gaps: whether to run what makes the gaps between scenarios; nothing else takes a run.
    threads: of those runs; all cores unless given.
    painter: draws the pictures meanwhile; this process does in the end unless given.
    """
    studio = Studio(drawing, painter)
    # Pictures are ordered first, so that whoever draws them can begin; the answers take a few seconds to be found.
    pictured = (
        fans.section(source, studio),
        compared.section(source, studio, Gaps(source, studio, gaps, threads)),
        sensitivity.section(source, studio),
        believed.section(source, studio),
    )
    sections = (
        opening.section(source),
        headline.section(source),
        *pictured,
        assumed.section(source),
        made.section(source),
    )
    return studio.hung(Page(source.say.lang, opening.title(source), opening.subtitle(source), sections))


def text(
    tree: xr.DataTree,
    book: priors.Book,
    names: tuple[str, str],
    *,
    lang: str = "en",
    form: str = "html",
    drawing: bool = True,
    gaps: bool = True,
    threads: int | None = None,
    painter: Painter | None = None,
) -> str:
    """The report of a result as ``html`` or ``md``; equal results give equal text.

    Parameters
    ----------
    names: of the result's file, and of the book's, empty for the built-in one.
    lang, form: language and format.
    drawing, gaps, threads, painter: as of :func:`page`; Markdown has no pictures.
    """
    source = Source(tree, book, names[0], names[1], Language(lang))
    made_up = page(source, drawing=drawing and form == "html", gaps=gaps, threads=threads, painter=painter)
    return html.render(made_up) if form == "html" else markdown.render(made_up)
