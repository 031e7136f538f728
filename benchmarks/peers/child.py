"""One peer in a process of its own: ``child.py MODULE PACKAGE DRAWS SEED REPEATS`` prints one line of JSON.

It runs in the peer's environment, so it imports nothing but the standard library and the peer's own module beside it.
"""

import contextlib
import importlib
import importlib.metadata
import json
import resource
import sys
import time
from pathlib import Path

ENOUGH = 3.0  # seconds, after which no further repeat starts


def peak_mib():
    """Peak MiB of this program alone: ru_maxrss would tell of the process that started it, too."""
    with contextlib.suppress(OSError), Path("/proc/self/status").open() as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    """Warm up with a thousand draws, then time each repeat."""
    module, package, draws, seed, repeats = sys.argv[1:]
    draws, seed = int(draws), int(seed)
    with contextlib.redirect_stdout(sys.stderr):
        start = time.perf_counter()
        peer = importlib.import_module(module)
        imported = time.perf_counter() - start
        peer.run(1024, seed)
        if getattr(peer, "COMPILED_FOR_ITS_SIZE", False):
            peer.run(draws, seed)
        first = time.perf_counter() - start
        seconds = []
        for repeat in range(int(repeats)):
            if sum(seconds) > ENOUGH:
                break
            start = time.perf_counter()
            answers = peer.run(draws, seed + repeat)
            seconds.append(time.perf_counter() - start)
    content = {"seconds": seconds, "import": imported, "ready": first, "peak_mib": peak_mib(), "answers": answers}
    print(json.dumps(content | {"version": importlib.metadata.version(package)}))


if __name__ == "__main__":
    main()
