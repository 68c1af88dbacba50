"""Fitting the numbers of the scoring file, a group a module; ``tests.benchmarks.fit_scoring`` runs them.

Each module reads its data, computes the expensive part once (``kept``), and varies its group's values over a stated
grid. Which value is taken, ``rule`` says.
"""
