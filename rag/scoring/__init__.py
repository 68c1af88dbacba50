"""The numbers by which passages, sentences and answers are scored, one file for each embedding model.

Owns: which numbers there are, how their file is read, and which file belongs to which embedding model. Knows nothing
about what is done with them.

Interface: ``values.Scoring``, ``file.scoring_for(fingerprint)`` and ``file.shipped_scoring()``.

    values    the numbers, as records
    file      the file they stand in, with the data that they were fitted to
    files/    the files that ship; ``python -m tests.benchmarks fit-scoring`` writes them

What a number does, and which data shaped it, stands in ``docs/scoring.md``.
"""
