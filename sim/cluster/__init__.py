"""The same batch on a dask cluster: shards by number, merged in a tree on the workers; the only room that knows of dask.

Byte for byte the result of one machine, whatever workers join, leave, are killed or are slow on the way. The scheduler holds
numbers and one plan; draws stay on the workers, but for the first ``keep_draws``, which a result has.
"""

from sim.cluster.connect import checked, connected
from sim.cluster.cut import Cut
from sim.cluster.pool import ClusterError, Patience, Told
from sim.cluster.whole import run_on

__all__ = ["ClusterError", "Cut", "Patience", "Told", "checked", "connected", "run_on"]
