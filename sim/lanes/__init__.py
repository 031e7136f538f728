"""Lanes: a kernel's number that stands for the same number of sixteen draws at a time.

A kernel that is written as for one draw, of ``+ − × ÷``, comparisons and :func:`where`, is compiled for sixteen: each
operation becomes one of LLVM's on a vector, which any machine carries out in as many steps as its registers ask for, and
to the same bits in every lane. So nothing is left to the compiler's loop vectoriser, which gives up where it cannot tell
arrays apart, and takes its time to find out. What differs between lanes is chosen by ``where``, never by ``if``.

Draws come as rows: ``x[row]`` is a row's sixteen draws, in the precision that the rows are in. They point into an array
(:func:`rows`) or onto a kernel's own stack (:func:`scratch`) and count no references. Arithmetic between the precisions
is in double, and what is put into rows is rounded to theirs; a plain number takes on the precision of the lanes it meets.

Functions of lanes are :func:`sim.kernels.lane_kernel`; Python calls the kernel around them, which makes rows of arrays.
"""

from __future__ import annotations

from sim.lanes.arithmetic import bits, double, every, floor, from_bits, narrow, numbers, some, sqrt, unsigned, where
from sim.lanes.kinds import WIDTH
from sim.lanes.memory import block, held, lanes_at, put, rows, scratch, view

__all__ = [
    "WIDTH",
    "bits",
    "block",
    "double",
    "every",
    "floor",
    "from_bits",
    "held",
    "lanes_at",
    "narrow",
    "numbers",
    "put",
    "rows",
    "scratch",
    "some",
    "sqrt",
    "unsigned",
    "view",
    "where",
]
