"""Fuzzing of every reader: mutated inputs, guided by the lines that they reach; see ``python -m benchmarks.fuzz``."""
