"""A report as one HTML file that needs nothing beside it and asks nobody for anything.

Every text is escaped, whatever it holds. Were one to come through all the same, the page's own policy runs no script but
the one whose hash it names, and loads nothing from anywhere.
"""

from __future__ import annotations

import base64
import hashlib
import re
from importlib import resources
from typing import Any

from sim.results.report.parts import Page, Picture
from sim.results.report.words import Words

# Unicode's control, format, surrogate and private-use characters, but for tab and newline.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\uf8ff\ufeff\ufff9-\uffff\U000e0000-\U0010ffff]"
)


class MissingJinjaError(ImportError):
    """jinja2 is not installed; the message says what to install."""


def render(page: Page) -> str:
    """The page as HTML; equal pages give equal text.

    Raises
    ------
    MissingJinjaError: if jinja2 is not installed.
    """
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup, escape
    except ImportError:
        raise MissingJinjaError("a page needs jinja2: pip install 'suanli[report]'") from None

    def drawn(picture: Picture) -> Markup:
        """The SVG as it is, told to whoever cannot see it."""
        label = f' role="img" aria-label="{escape(clean(picture.alt))}"'
        return Markup(re.sub(r"<svg\b", lambda match: match[0] + label, clean(picture.svg), count=1))

    def shown(value: Any) -> Any:
        return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    script = _text("page.js")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, finalize=shown, trim_blocks=False, keep_trailing_newline=True
    )
    return environment.from_string(_text("page.html.j2")).render(
        page=page,
        words=Words(page.lang),
        style=Markup(_text("page.css")),
        script=Markup(script),
        script_hash=Markup(_hash(script)),
        drawn=drawn,
        exact=repr,
    )


def clean(text: str) -> str:
    """``text`` without control characters, surrogates and marks that turn the direction of what follows."""
    return _UNSEEN.sub("\ufffd", text)


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
