"""What a painter draws is what would be drawn here; without one, or when it fails, the page is the same."""

from __future__ import annotations

import contextlib
import threading
import time
from functools import partial

import pytest

import priors
from sim.app.report import page, painter
from sim.app.report.easel import Drawing, Easel
from sim.app.report.painter import Painter, hired
from sim.app.report.pictures import Studio
from sim.results.report import Folded, Page, Paragraph, Part, Pictures, Section


def line(height, *, ax):
    ax.plot([0.0, 1.0], [0.0, height])
    ax.set_ylabel("metres")


def lines(*, figure):
    for ax in figure.subplots(2, 1):
        line(2.0, ax=ax)


def printing(height, *, ax):
    print("a line of", height, flush=True)
    line(height, ax=ax)


def refusing(*, ax):
    raise ValueError("found no line")


@pytest.fixture
def other():
    made = Painter()
    yield made
    made.close()


def studied(studio):
    """A page of pictures in every place that may hold one."""
    first = studio.axes("one", ("One", "a line"), lambda: partial(line, 1.0), like="lines")
    second = studio.axes("two", ("Two", "a line"), lambda: partial(line, 3_000.0), like="lines")
    third = studio.figure("three", ("Three", "lines"), lambda: partial(lines))
    blocks = first, Part("part", (Pictures((second,)), Folded("more", (third,)))), Paragraph("text")
    return studio.hung(Page("en", "title", "", (Section("key", "section", blocks),)))


def pictures(of):
    first, part, _ = of.sections[0].blocks
    return [first, part.blocks[0].pictures[0], part.blocks[1].blocks[0]]


@pytest.mark.slow
def test_the_page_is_the_same_whoever_draws(tree, pages):
    with hired(True) as drawing:
        if drawing is None:
            pytest.skip("a single core hires nobody")
        with_painter = page.text(tree, priors.load(), ("first.nc", ""), painter=drawing)
        assert all(each.exception() is None for each in [drawing.ask(Drawing(partial(line, 1.0), (4.0, 3.0)))])
    assert with_painter == pages["en"]


def test_every_picture_is_hung_where_it_was_ordered(other):
    here, there = studied(Studio(True)), studied(Studio(True, other))
    assert here == there
    assert [each.name for each in pictures(here)] == ["one", "two", "three"]
    for number, each in enumerate(pictures(here), 1):
        assert each.svg.startswith("<svg ")
        assert f'id="p{number}-' in each.svg
    assert [each.svg for each in pictures(studied(Studio(False, other)))] == ["", "", ""]


def test_a_painter_that_is_gone_costs_time_alone(other):
    other._process.kill()
    other._process.wait()
    assert studied(Studio(True, other)) == studied(Studio(True))


def test_what_cannot_be_sent_or_drawn_there_is_drawn_or_told_here(other):
    height = 1.0
    studio = Studio(True, other)
    drawn = studio.axes("own", ("Own", "a line"), lambda: partial(lambda ax: line(height, ax=ax)))
    hung = studio.hung(Page("en", "title", "", (Section("key", "section", (drawn,)),)))
    assert hung.sections[0].blocks[0].svg.startswith("<svg ")
    studio = Studio(True, other)
    studio.axes("none", ("None", "nothing"), lambda: partial(refusing))
    with pytest.raises(ValueError, match="found no line"):
        studio.hung(Page("en", "title", ""))


def test_what_a_drawing_prints_is_no_answer(other):
    loud, quiet = (Drawing(partial(each, 1.0), (4.0, 3.0)) for each in (printing, line))
    assert other.ask(loud).result(60) == other.ask(quiet).result(60) == Easel().svg(quiet)


def test_nobody_is_left_behind(monkeypatch):
    with hired(False) as nobody:
        assert nobody is None
    monkeypatch.setattr(painter, "available_cores", lambda: 1)
    with hired(True) as nobody:
        assert nobody is None
    monkeypatch.setattr(painter, "available_cores", lambda: 2)
    before, start = threading.active_count(), time.monotonic()
    with contextlib.suppress(KeyError), hired(True) as drawing:
        asked = [drawing.ask(Drawing(partial(line, 1.0), (4.0, 3.0))) for _ in range(50)]
        raise KeyError
    assert drawing._process.poll() is not None
    assert asked[-1].done()
    assert threading.active_count() == before
    assert time.monotonic() - start < 10.0
