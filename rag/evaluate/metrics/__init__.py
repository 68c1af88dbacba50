"""What is measured: of one case, its answer against what is expected of it; of a set of records, the whole.

Owns: the formula of every metric. Knows nothing about suites, gates or reports.

Interface: ``table.measure(case, gold, answer, …)`` returns a value, or None where it does not apply, for each of
``table.METRICS``.

    retrieval      was the evidence retrieved, and how high?        of one case
    answer         does the answer say what is expected?            of one case; ``numbers`` reads numbers with units
    citation       do the citations exist, quote exactly, and       of one case
                   point where the evidence stands?
    abstention     abstention and confidence                        of a whole set of records
    latency        how long each stage took                         of a whole set of records
"""
