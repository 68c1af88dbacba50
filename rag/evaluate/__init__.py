"""Run a suite of questions with known answers, and let its figures gate a change.

Owns: suites, runs, metrics, statistics, the gate and the reports. Knows nothing about how an answer is made: it calls
``rag.answering.pipeline`` like any other caller.

Interface: in the order of use

    suite.file.load_suite(path)                a suite of cases
    run.runner.open_corpus(suite, settings)    its documents as an open index
    run.runner.run_suite(suite, index, …)      a record for each case: the answer and its metrics
    results.build_results(suite, …)            figures, abstention, and the verdict of the gate
        figures                                the figure of each metric, and its comparison with another run's
        statistics                             intervals, tests, and how many cases are needed
        conversations                          the scores of whole conversations
        usage                                  tokens and cost of the language models, by purpose
        gate                                   the verdict on a run: PASS, FAIL, INCONCLUSIVE or INVALID
        packing                                the cases of a results file in few bytes
    report.…                                   the results for people and for other programs
    comparison.…                               several runs side by side, and the runs of a folder over time

``formats`` reads and writes suites of other tools; ``sweep`` runs variants of a configuration over one suite.
"""
