"""Batches in parts: run anywhere, kept, joined again; byte for byte what an unbroken run gives.

A :class:`Spec` names a range of leaves of a batch; :func:`run_shard` turns it into a :class:`Shard` of small arrays;
shards travel as checksummed bytes and merge in any order and grouping; :func:`combine` labels what they come to.
"""

from sim.shards.job import job_of, laid_out, leaves_of
from sim.shards.packed import from_bytes, to_bytes
from sim.shards.shard import Part, Piece, Shard, Spec, merge, merge_pair
from sim.shards.whole import combine
from sim.shards.work import run_laid, run_shard, spec_of, split

__all__ = [
    "Part",
    "Piece",
    "Shard",
    "Spec",
    "combine",
    "from_bytes",
    "job_of",
    "laid_out",
    "leaves_of",
    "merge",
    "merge_pair",
    "run_laid",
    "run_shard",
    "spec_of",
    "split",
    "to_bytes",
]
