"""A suite: its file, its schema, the gold evidence it names, and how cases are made.

Owns: reading, checking and writing suites. Asks nothing.

Interface: ``file.load_suite(path)`` returns a ``Suite``; ``gold_evidence.locate_case_evidence`` locates the
evidence of a case in an index.
"""
