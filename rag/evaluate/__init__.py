"""A scripted test set that gates a change.

Owns: suites, metrics, statistics, the gate and the reports. Knows nothing about how an answer comes about: it asks
``rag.answering.pipeline`` like any other caller.
"""
