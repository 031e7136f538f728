"""Which inputs each output follows from: what a scenario leaves alone need not be summed up again.

Told chapter by chapter, never too narrowly: an input that is left out here changes no draw of the output.
"""

from __future__ import annotations

from sim.market.names import INPUTS
from sim.market.outputs import OUTPUTS


def _of(*prefixes: str) -> frozenset[str]:
    return frozenset(name for name in INPUTS if name.startswith(prefixes))


CLOUD_GROWTH = _of("growth.cloud", "growth.persistence")
PURCHASES = _of(
    "buy.", "growth.", "spend.", "export.", "perf.", "avail.", "friction.", "entity.", "capacity.", "adopt."
)
FLEET = PURCHASES | _of("stock.")
RACE = _of("race.")
MODULES = PURCHASES | _of("optics.")
SPEND = PURCHASES | _of("price.a100", "price.h800", "price.domestic")
INFERENCE = FLEET | RACE | _of("infer.")

_NARROWER = {
    "fleet": FLEET,
    "compute": FLEET,
    "overtake": FLEET,
    "compute_year_end": FLEET,
    "spend": SPEND,
    "spend_year": SPEND,
    "market_spend_year": SPEND,
    "optical_modules": MODULES,
    "optical_modules_year": MODULES,
    "market_optical_modules_year": MODULES,
    "module_spend_year": MODULES | _of("price.module"),
    "inference_need": INFERENCE,
    "inference_load": INFERENCE,
    "inference_load_year_end": INFERENCE,
    "cloud_ai_load": FLEET | _of("cloud.replicators", "cloud.cards_per_replicator"),
    "cloud_revenue": CLOUD_GROWTH | _of("cloud.reading_whole", "cloud.revenue_2022"),
    "cloud_revenue_year": CLOUD_GROWTH | _of("cloud.reading_whole", "cloud.revenue_2022"),
    "parity_month": RACE,
    "first_to_parity": RACE,
}

READS = {output.name: _NARROWER.get(output.name, PURCHASES) for output in OUTPUTS}

PROPORTIONAL = {
    "inference_need": "infer.answers_per_day",
    "inference_load": "infer.answers_per_day",
    "inference_load_year_end": "infer.answers_per_day",
    "cloud_ai_load": "cloud.cards_per_replicator",
}
"""Outputs that an input is a factor of, and nothing else in them."""
