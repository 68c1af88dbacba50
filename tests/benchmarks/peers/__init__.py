"""The same work in Footnote, in LlamaIndex, txtai and Haystack and in a plain script, side by side.

``python -m tests.benchmarks.peers`` makes the table of the README. In the order of its work:

    corpus         one folder of text files and PDFs, and questions with their answers
    environments   a throw-away virtual environment for each of the peers
    measure        what a process took: time on the clock, time of the processor, memory
    work           runs inside an environment: ingests a folder, answers questions
    systems/       what each system does for it, as its own documentation has it
    table          what was measured, in words
"""
