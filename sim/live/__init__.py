"""The live page: assumptions are moved in a browser, and the market's headline answers follow at once.

From a move to the picture, each step a file: ``guard`` (who may ask) → ``server`` → ``session`` (the newest move wins) →
``state`` (what was moved, checked against the book) → ``stage`` (its inputs laid out) → ``comparison`` (draws through the
engine, beside the state it is compared with) on ``crew``'s threads → ``figures`` (what the page is told). ``catalogue`` is
what the page knows from the start, ``saved`` what can be taken away. The page itself is in ``page/``: one script of its own,
nothing fetched from anywhere else.

Tornado alone stands between the two. A page of Bokeh's was the other choice: 58 MB installed and 1.3 MB of script beside
2 MB and 40 KB, ninety-odd inputs that each want three widgets of its own kind, labels that are no HTML labels, and scripts
that a strict content policy would have to let through.
"""
