"""What is measured of one case: an answer against what was expected of it.

Owns: the formula of every metric. Knows nothing about suites, gates or reports.

Interface: ``table.measure(case, gold, answer, …)`` returns a value, or None where it does not apply, for each of
``table.METRICS``. ``abstention`` and ``latency`` measure whole sets of records instead.
"""
