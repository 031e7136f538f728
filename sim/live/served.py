"""What all handlers share: the stage, the crew, the guard, and the page's files in memory."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from sim.live import figures, saved
from sim.live.catalogue import catalogue
from sim.live.crew import Crew
from sim.live.guard import Guard
from sim.live.session import STEPS
from sim.live.stage import Room, Stage

TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@dataclass
class Served:
    """All that the handlers share."""

    stage: Stage
    crew: Crew[Room]
    guard: Guard
    source: saved.Source = field(default_factory=saved.Source)
    steps: tuple[int, ...] = STEPS
    pages: set[Any] = field(default_factory=set)
    # One at a time: a download is a whole run on all cores.
    loader: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "suanli-download"))

    def __post_init__(self) -> None:
        """Read the page's files: what is served is in memory, whatever path is asked for."""
        folder = files("sim.live") / "page"
        self.assets = {each.name: each.read_bytes() for each in folder.iterdir() if media_type(each.name)}
        self.catalogue = figures.encoded(catalogue(self.stage))


def media_type(name: str) -> str | None:
    """What a file of the page is, by its name; None for any other."""
    return next((kind for suffix, kind in TYPES.items() if name.endswith(suffix)), None)
