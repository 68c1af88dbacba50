"""Several runs side by side: what differs between them, and how a suite's figures went over time.

Owns: one module a step. Nothing is asked again: all is read from results that were written.

Interface: ``runs.read_runs``, ``differences.compare_runs``, ``history.read_history`` and the forms of both.

    runs                  a run as its results file has it
    differences           paired differences, flipped cases and what of the configuration differs
    history               the runs of a folder in their order, and what changed from each to the next
    words                 what every form says of a run and of an answer
    lines, history_lines  both for a terminal and as plain data, and a comparison as Markdown
    page, history_page    both as an HTML page; the elements stand in ``rag/evaluate/report/templates``
"""
