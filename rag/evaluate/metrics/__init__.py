"""What is measured: of one case, its answer against what is expected of it; of a set of records, the whole.

Owns: the formula of every metric. Knows nothing about suites, gates or reports.

Interface: ``measuring.measure(case, gold, answer, …)`` returns a value, or None where it does not apply, for each
measure of the metrics in ``table.METRICS``; ``table.meanings()`` says what each measure says.

    table          what a metric is, and which there are: those that ship and those of other packages
    measuring      the values of one case, whatever a metric does
    answer         does the answer say what is expected?            of one case; ``numbers`` reads numbers with units
    citation       do the citations exist, quote exactly, and       of one case
                   point where the evidence stands?
    refusal        was the right case refused?                      of one case
    retrieval      was the evidence retrieved, and how high?        of one case
    tokens         how much was read?                               of one case
    abstention     abstention and confidence                        of a whole set of records
    latency        how long each stage took                         of a whole set of records
"""
