"""Print the lower bound of each dependency of pyproject.toml as a pip constraint: ``python .ci/lowest.py [EXTRA]...``."""

import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path(__file__).parents[1].joinpath("pyproject.toml").read_text("utf-8"))["project"]
lines = list(project["dependencies"])
for extra in sys.argv[1:]:
    lines += project["optional-dependencies"][extra]
for line in lines:
    name, least, bound = line.partition(">=")
    if not least or "," in bound:
        sys.exit(f"{line}: expected one lower bound, such as numpy>=2.1")
    print(f"{name}=={bound}")
