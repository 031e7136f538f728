"""The convergence picture; needs matplotlib, of the extra ``bench``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np

PATH = Path(__file__).with_name("convergence.svg")
FIGURES = ("mean", "p5", "p50", "p95")
TARGETS = (1e-3, 1e-4)
MODELS = ("small", "market")


def picture(content: dict[str, Any], path: Path = PATH) -> None:
    """Draw the convergence, error against draws; ``content`` is what :mod:`benchmarks.accuracy` measured."""
    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "suanli"
    from matplotlib import pyplot as plt  # once the backend is chosen
    from matplotlib.ticker import NullFormatter

    figure, axes = plt.subplots(2, len(FIGURES), figsize=(13, 6.5), sharex="row", sharey="row", layout="constrained")
    for line_of, name in zip(axes, MODELS, strict=True):
        methods = content[name]
        for place, (axis, title) in enumerate(zip(line_of, FIGURES, strict=True)):
            for method, results in methods.items():
                errors = np.array(results["all" if name == "small" else "half"])[:, place]
                axis.loglog(results["draws"], np.where(errors > 0.0, errors, np.nan), "o-", ms=3, lw=1, label=method)
            for target in TARGETS:
                axis.axhline(target, color="0.7", lw=0.8, ls=":")
            axis.set_title(f"{name} model, {title}", fontsize=9)
            axis.tick_params(labelsize=8)
            axis.xaxis.set_minor_formatter(NullFormatter())  # less than two decades would label every tick
        line_of[0].set_ylabel("relative error (RMS over seeds)", fontsize=8)
    for axis in axes[-1]:
        axis.set_xlabel("draws", fontsize=8)
    axes[0, 0].legend(fontsize=8)
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
