"""How random the engine's words are: writers for outside batteries, a battery of our own, exact counts of nets."""
