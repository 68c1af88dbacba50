"""Benchmarks: every figure of the README and the handbook, one command each.

``python -m tests.benchmarks`` runs them all; ``python -m tests.benchmarks.scifact`` runs one. The public data they
use is not part of the project: name its folder in ``FOOTNOTE_DATA``.
"""
