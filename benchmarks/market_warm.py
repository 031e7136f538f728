"""Imported, it has the market's kernels loaded and a batch laid out: a process that is forked from this one starts at once."""

from benchmarks import cluster_deaths
from sim import shards
from sim.cluster import tasks

_JOB = shards.job_of(cluster_deaths.laid_out(cluster_deaths.LEAVES, cluster_deaths.SEED))
assert not tasks.check(tasks.Plan(_JOB, tasks.identity()))
