"""A run as on another machine: ``python machines.py FOLDER`` says in JSON what its kernels were compiled for and came to.

The environment decides which instructions are used, see :func:`without`; both samplers, several scenarios with their pairs,
the market and a model of one's own are run, and everything in the results is hashed, group by group.
"""

import hashlib
import json

DRAWS = 2048
VARIANTS = {"AVX-512": "haswell", "AVX, AVX2 and FMA": "x86-64"}


def without(what):
    """Environment of a process that uses no ``what``, a key of VARIANTS: Numba's kernels, NumPy's loops, the C library's.

    OpenBLAS chooses by itself; it is told to take a kernel of a machine that old.
    """
    from numpy._core._multiarray_umath import __cpu_dispatch__ as dispatched

    less = [name for name in dispatched if "AVX512" in name or name == "X86_V4"]
    glibc = ["AVX512F", "AVX512VL", "AVX512BW", "AVX512CD", "AVX512DQ"]
    if what != "AVX-512":
        less, glibc = list(dispatched), [*glibc, "AVX2", "AVX", "FMA", "FMA4", "AVX_Fast_Unaligned_Load"]
    return {
        "NUMBA_CPU_NAME": VARIANTS[what],
        "NUMBA_CPU_FEATURES": "",
        "NPY_DISABLE_CPU_FEATURES": " ".join(less),
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=" + ",".join(f"-{name}" for name in glibc),
        "OPENBLAS_CORETYPE": "Haswell" if what == "AVX-512" else "Nehalem",
    }


def own():
    """A book and a model of one's own, scalar, with streams beyond the built-in ones."""
    import priors
    import sim

    guess = {"basis": "assumption", "rationale": "made up"}
    specs = [
        {"family": "pert", "low": 8, "mode": 10, "high": 15},
        {"family": "lognormal", "median": 1e6, "p95": 3e6},
        {"family": "triangular", "low": 1.0, "mode": 2.0, "high": 4.0},
        {"family": "choice", "values": [1.0, 2.0, 3.0], "probabilities": [0.2, 0.5, 0.3]},
    ]
    book = priors.book(
        [priors.quantity(f"shop.x{i}", priors.make(spec), unit="1", **guess) for i, spec in enumerate(specs)]
    )

    def revenue(x, y):
        y[0] = x[0] * x[1] + x[2]
        y[1] = x[3] / (x[2] + 0.1)

    outputs = [sim.Output("revenue"), sim.Output("ratio")]
    return book, sim.Model(inputs=list(book.quantities), outputs=outputs, kernel=revenue, form="scalar")


def hashed(tree):
    """SHA-256 of every group's variables, and the attributes that tell of the run."""
    found = {}
    for node in tree.subtree:
        digest = hashlib.sha256()
        for name, variable in sorted(node.to_dataset(inherit=False).variables.items()):
            digest.update(f"{name} {variable.dtype} {variable.shape}".encode() + variable.values.tobytes())
        found[node.path] = digest.hexdigest()[:16]
    return found | {"table_digest": tree.attrs["table_digest"]}


def main():
    import warnings

    from numba.core.registry import cpu_target

    import sim

    warnings.simplefilter("ignore")
    book, model = own()
    runs = {
        "sobol": sim.run(scenarios=["baseline", "export_ban_2023q4"], draws=DRAWS, seed=7, pairs=True),
        "random": sim.run(draws=DRAWS, seed=7, sampler="random", keep="all"),
        "own": sim.run(book, model=model, draws=DRAWS, seed=7),
    }
    triple = cpu_target.target_context.codegen().magic_tuple()
    features = [feature for feature in triple[2].split(",") if feature in ("+avx", "+avx2", "+fma", "+avx512f")]
    print(
        json.dumps(
            {"cpu": triple[1], "features": features, "runs": {name: hashed(tree) for name, tree in runs.items()}}
        )
    )


if __name__ == "__main__":
    main()
