"""How much work Footnote does for fixed tasks, in counts that are the same on every machine, against stored ones.

``python -m tests.counts`` prints what is counted now beside ``counts.json``; ``--write`` stores it. In order:

    tasks      a small fixed corpus, and what is done with it
    counting   counts encoder calls, SQL statements and calls of Chroma while something runs
    fresh      does the tasks in a new process
    stored     the file of counts, and what a difference means
"""
