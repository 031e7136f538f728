"""Shards that are whole in themselves and of another make than their job are refused before anything follows them."""

from dataclasses import replace

import numpy as np
import pytest

from sim import shards
from sim.shards.shard import Part, Piece
from tests.shards import made

pytestmark = pytest.mark.filterwarnings("ignore::sim.NonfiniteDraws")


@pytest.fixture(scope="module")
def shard():
    return shards.run_shard(made.spec(draws=4096, keep_draws=64), 1, model=made.MODEL)


def refused(shard, words):
    with pytest.raises(ValueError, match=words):
        shards.combine([shards.from_bytes(shards.to_bytes(shard))], made.MODEL)


def test_another_number_of_parts_or_cells(shard):
    refused(replace(shard, parts=shard.parts[:1]), "a shard of this batch has 2 parts, not 1")
    refused(replace(shard, parts=shard.parts[::-1]), "cells in each part")
    assert isinstance(shard.parts[0], Part)


def test_other_kept_draws(shard):
    piece = shard.pieces[0]
    short = {name: values[:, :32] for name, values in piece.outputs.items()}
    double = {name: np.repeat(values, 2, axis=1) for name, values in piece.outputs.items()}
    refused(replace(shard, pieces=()), "kept draws end at 0, expected 64")
    refused(replace(shard, pieces=(Piece(0, piece.columns[:, :32], short),)), "kept draws end at 32, expected 64")
    refused(replace(shard, pieces=(Piece(16, piece.columns, piece.outputs),)), "kept draws end at 0, expected 64")
    refused(
        replace(shard, pieces=(Piece(0, np.repeat(piece.columns, 2, axis=1), double),)),
        "kept draws end at 0, expected 64",
    )
    refused(replace(shard, pieces=(Piece(0, piece.columns, {}),)), "kept draws of this batch are of product, part")
    refused(replace(shard, pieces=(Piece(0, piece.columns[:1], piece.outputs),)), "kept draws of this batch")
