"""Summaries as a labelled DataTree, its accessor, and its files; reads, never runs.

Importing this package registers ``tree.sim`` on every :class:`xarray.DataTree`.
"""
