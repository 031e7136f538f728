"""Imported, it has the market's kernels compiled and loaded: a process that is forked from this one starts at once."""

from benchmarks import cluster_deaths
from sim import shards
from sim.cluster import tasks

_LAID = cluster_deaths.laid_out(cluster_deaths.LEAVES, 0)
tasks.warm(_LAID, shards.job_of(_LAID))
