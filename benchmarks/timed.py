"""``timed.py COMMAND …``: wall seconds and peak MiB of a process, as one line of JSON.

A script of its own: a process starts out with the peak memory of the one that forked it, and this one is small.
"""

import json
import os
import subprocess
import sys
import time


def main():
    """Run the command with its output thrown away; exit with 1 if it fails."""
    start = time.perf_counter()
    child = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(sys.argv[1:])} ended with {child.returncode}")
    print(json.dumps({"seconds": wall, "peak_mib": usage.ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
