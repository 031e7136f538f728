"""The live page: assumptions are moved in a browser, and the market's headline answers follow at once.

From a move to the picture, each step a file: ``guard`` (who may ask) → ``server`` and its ``channel`` → ``session`` (the
newest move wins) → ``state`` (what was moved, checked against the book) → ``stage`` (its inputs laid out) → ``comparison``
(draws through the engine, beside the state it is compared with) on ``crew``'s threads → ``figures`` (what the page is told).
``catalogue`` is what the page knows from the start, ``saved`` what can be taken away. The page itself is in ``page/``: a few
scripts of its own, nothing fetched from anywhere else.

Tornado alone stands between the two. Bokeh's server was the other choice: 32 MB more to install, 1.6 MB of script for a page
where this one has 50 KB, ninety-odd inputs of three widgets each in shadow trees that a label or a style sheet does not reach,
and no page under a content policy that forbids styles in the text.
"""
