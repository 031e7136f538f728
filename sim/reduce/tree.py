"""Leaves merge in a binary tree fixed by their numbers, whatever order they arrive in."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce as fold

from sim.reduce.node import Node, merge


class Tree:
    """Merges nodes by leaf number: 0 with 1, 2 with 3, those two, and so on.

    What is open is one node for each bit of :attr:`leaves`, the largest first. A tree restored from its open nodes goes
    on as if it had never stopped, so that an extended run equals a fresh one byte for byte.

    Parameters
    ----------
    leaves: how many leaves ``nodes`` hold.
    nodes: the open nodes of another tree with that many leaves.

    Raises
    ------
    ValueError: if ``nodes`` are not one for each bit of ``leaves``; give both as one tree reported them.
    """

    def __init__(self, leaves: int = 0, nodes: Sequence[Node] = ()) -> None:
        if leaves < 0 or len(nodes) != leaves.bit_count():
            needed = leaves.bit_count() if leaves >= 0 else "no"
            raise ValueError(f"a tree of {leaves} leaves has {needed} open nodes, not {len(nodes)}")
        self.leaves = leaves
        self._open = list(nodes)
        self._early: dict[int, tuple[int, Node]] = {}

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The open nodes, the largest first.

        Raises
        ------
        ValueError: while a leaf is missing before one that has arrived; add it first.
        """
        if self._early:
            raise ValueError(f"leaf {self.leaves} is missing, but leaf {min(self._early)} has been added")
        return tuple(self._open)

    def add(self, leaf: int, node: Node, leaves: int = 1) -> None:
        """Take leaf number ``leaf``, or 2^k ``leaves`` from a multiple of 2^k on, merged; what comes before its turn waits.

        Raises
        ------
        ValueError: if this leaf has been added before, or no node of the tree is of these leaves.
        """
        if leaves < 1 or leaves & (leaves - 1) or leaf % leaves:
            raise ValueError(
                f"a node of the tree is of 2^k leaves from a multiple of 2^k on, not of {leaves} from {leaf} on"
            )
        if leaf < self.leaves or leaf in self._early:
            raise ValueError(f"leaf {leaf} has been added before")
        self._early[leaf] = leaves, node
        while self.leaves in self._early:
            self._take(*self._early.pop(self.leaves))

    def _take(self, leaves: int, node: Node) -> None:
        self.leaves += leaves
        # The trailing zeros of the new number of leaves are the levels that have just become complete.
        for _ in range((self.leaves & -self.leaves).bit_length() - leaves.bit_length()):
            node = merge(self._open.pop(), node)
        self._open.append(node)

    def total(self) -> Node:
        """Moments of all leaves so far, the smallest open nodes merged first.

        Raises
        ------
        ValueError: if there is no leaf yet, or one is missing.
        """
        if not self.nodes:
            raise ValueError("no leaf has been added yet")
        return fold(lambda right, left: merge(left, right), reversed(self._open))
