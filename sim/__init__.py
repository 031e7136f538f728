"""From beliefs to results: draw, market, reduce, results."""
