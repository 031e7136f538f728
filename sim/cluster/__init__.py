"""The same batch on a dask cluster: shards by number, merged in a tree on the workers; the only room that knows of dask.

Byte for byte the result of one machine, whatever workers join, leave, are killed or are slow on the way. The scheduler holds
numbers and one plan; draws stay on the workers, but for the first ``keep_draws``, which a result has.

A worker is refused, in one line, whose bytes could be others: of another version, scheme, interpreter or Numba, or with other
tables. Tables are made with NumPy's and SciPy's functions, which round differently on processors with and without AVX-512 or
FMA; given the same tables, kernels come to the same bytes on all of them (``tests/run/test_other_machines.py``). So the
workers of one run are of one kind of processor, or are given a copy of one machine's cache folder ``tables``.
"""

from sim.cluster.connect import checked, connected
from sim.cluster.cut import Cut
from sim.cluster.pool import ClusterError, Patience, Told
from sim.cluster.whole import run_on

__all__ = ["ClusterError", "Cut", "Patience", "Told", "checked", "connected", "run_on"]
