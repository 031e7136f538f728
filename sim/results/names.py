"""A name that is not there, said with the nearest one that is."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(kind: str, name: object, known: Iterable[object]) -> str:
    """``no output "x"; did you mean "y"?``, or a list of what there is."""
    text, options = str(name), list(dict.fromkeys(str(each) for each in known))
    near = difflib.get_close_matches(text[:200], options, n=1, cutoff=0.6)
    more = ", …" if len(options) > 8 else ""
    hint = f'did you mean "{near[0]}"?' if near else f"expected one of {', '.join(options[:8]) or 'none'}{more}"
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:60]) + ("…" if len(text) > 60 else "")
    return f'no {kind} "{shown}"; {hint}'
