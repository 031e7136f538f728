"""Writes regions of a store, killed by SIGKILL before ever later renames: ``python -m tests.cluster.killed_writer STORE SHARDS``.

Prints how often it was killed; the last writer comes to its end. Each writer is a child forked from this process.
"""

import os
import signal
import sys
from pathlib import Path

from sim import shards
from sim.cluster import stored
from tests.cluster.test_stored import book_of, laid_out


def writer(laid, shard, store, before):
    """A child that is killed before its rename number ``before``; the signal, or 0 if it had no so many."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    replace, renames = os.replace, []

    def counted(*args, **more):
        renames.append(args)
        if len(renames) == before:
            os.kill(os.getpid(), signal.SIGKILL)
        replace(*args, **more)

    os.replace = counted
    try:
        stored.put(shard, laid, store)
        os._exit(0)
    finally:
        os._exit(1)


def main():
    store, *files = map(Path, sys.argv[1:])
    laid, made = laid_out(book_of()), [shards.from_bytes(file.read_bytes()) for file in files]
    killed, before = 0, 1
    while (ended := writer(laid, made[killed % len(made)], store, before)) == -signal.SIGKILL:
        killed, before = killed + 1, before + 1 + before // 3
    assert ended == 0
    print(killed)


if __name__ == "__main__":
    main()
