"""A name that is not there, said with the nearest one that is."""

from __future__ import annotations

from collections.abc import Iterable

from priors.nearness import closest


def nearest(kind: str, name: object, known: Iterable[object]) -> str:
    """``no output "x"; did you mean "y"?``, or a list of what there is."""
    text, options = str(name), list(dict.fromkeys(str(each) for each in known))
    near = closest(text, options)
    more = ", …" if len(options) > 8 else ""
    hint = (
        f'did you mean "{near}"?' if near is not None else f"expected one of {', '.join(options[:8]) or 'none'}{more}"
    )
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:60]) + ("…" if len(text) > 60 else "")
    return f'no {kind} "{shown}"; {hint}'
