"""A suite to recorded answers and their metrics.

Owns: asking every case under one configuration, resuming a stopped run, and the optional LLM judge.

Interface: ``runner.run_suite(suite, index, configuration, …)`` returns a ``Run`` of records.
"""
