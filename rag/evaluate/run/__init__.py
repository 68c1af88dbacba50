"""A suite to recorded answers and their metrics.

Owns: asking every case under one configuration, resuming a stopped run, the optional LLM judge, and choosing the
confidence from which an index answers.

Interface: ``runner.run_suite(suite, index, configuration, system=…)`` returns a ``Run`` of records;
``calibration.calibrate_index(index, cases, …)`` a ``Calibration``.
"""
