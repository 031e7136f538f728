"""Questions that start runs: compare, attribution, sensitivity, stress, ask, worlds."""
