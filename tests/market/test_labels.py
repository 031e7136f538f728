"""Names, dimensions, labels and dates of what comes out."""

import datetime

import numpy as np
import pytest

from sim import market
from sim.market import names

HEADLINE = {
    "buyer_purchases_year", "market_purchases_year", "market_domestic_share", "cloud_revenue_year", "market_spend_year",
    "market_optical_modules_year", "module_spend_year", "compute_year_end", "parity_month", "first_to_parity",
    "cloud_ai_load", "inference_load_year_end", "cloud_purchase_change", "overtake",
}  # fmt: skip


def test_positions_are_those_of_the_labels():
    for labels in (market.BUYERS, market.ACCELERATORS):
        assert [getattr(names, label.upper()) for label in labels] == list(range(len(labels)))
    assert [getattr(names, f"SPEED_{speed}") for speed in market.SPEEDS] == [0, 1, 2]
    assert market.ACCELERATORS[names.FIRST_DOMESTIC] == "mlu370"
    sizes = (names.N_BUYERS, names.N_ACCELERATORS, names.N_SPEEDS, names.N_LABS, names.N_DOMESTIC)
    lengths = [len(s) for s in (market.BUYERS, market.ACCELERATORS, market.SPEEDS, market.LABS)]
    assert sizes == (*lengths, lengths[1] - names.FIRST_DOMESTIC)


@pytest.mark.parametrize("quarters", [1, 4, 12, 13])
def test_cells_fit_the_kernel(quarters):
    model = market.model(quarters)
    years = (quarters + 3) // 4
    assert (
        model.cells
        == 2 * 60 * quarters
        + 5 * 6 * quarters
        + 18 * quarters
        + 8 * quarters
        + 4 * quarters
        + 9
        + (60 + 6 + 10 + 18 + 3 + 3 + 6 + 1 + 1 + 6 + 4) * years
    )
    for output in model.outputs:
        assert set(output.dims) <= set(model.coords)


def test_headline_outputs():
    assert {output.name for output in market.OUTPUTS if output.headline} == HEADLINE


def test_every_output_says_what_it_is():
    for output in market.OUTPUTS:
        assert output.units
        assert output.long_name
        assert output.long_name_zh
        assert len(output.description) > 20
    for label in ("long_name", "long_name_zh"):
        assert len({getattr(output, label) for output in market.OUTPUTS}) == len(market.OUTPUTS)


def test_coordinates_of_the_calendar():
    model = market.model(14)
    assert model.coords["quarter"][0] == "2023Q1"
    assert model.coords["quarter"][-1] == "2026Q2"
    assert tuple(model.coords["year"]) == (2023, 2024, 2025, 2026)
    for name, (dim, values, _) in model.extra_coords.items():
        assert len(values) == len(model.coords[dim]), name
    dates = {name: [datetime.date.fromisoformat(day) for day in values]
             for name, (dim, values, _) in model.extra_coords.items() if dim in ("quarter", "year")}  # fmt: skip
    next_day = datetime.timedelta(days=1)
    assert [day + next_day for day in dates["quarter_end"][:-1]] == dates["quarter_start"][1:]
    assert dates["year_end"][-1] == datetime.date(2026, 6, 30)
    assert np.array(model.extra_coords["quarter_start"][1], dtype="datetime64[D]").dtype == "datetime64[D]"


def test_no_quarter_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match="found 0, expected at least 1"):
        market.model(0)
