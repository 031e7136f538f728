"""``python -m sim`` is the command ``suanli``."""

from sim.cli import main

if __name__ == "__main__":
    main(prog_name="suanli")
