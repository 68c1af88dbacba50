"""Faults that are done to the program on purpose, each with its outcome: ``make torture``, ``python -m tests.torture``.

They take too long for ``make test``. In order:

    faults      what a fault is, and the table of them
    commands    the command line in a process of its own, and what no command may say
    indexes     faults of files, processes and clocks under an index
    clocks      clocks of real processes that go wrong
    serving     faults of a server that answers for long, and of what it is sent
    mutated     files and texts with random changes
    proved      faults that the tests show, one row each
    described   a chat or a service with a description of its routes, for schemathesis; not part of the run
    guided      the same readers under a fuzzer that is led by the code it reaches; not part of the run
    __main__    runs them, and writes the page of the handbook
"""
