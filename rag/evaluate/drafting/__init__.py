"""Drafting test cases from documents.

Owns: which sentences are whole (``soundness``), questions made of sentences, headings and tables by rules (``rules``,
``tables``), questions that the documents do not answer (``unanswerable``), and questions that a strong language model
writes and that are checked before they are kept (``strong``), and the order of all of them (``generate``). Knows
nothing about runs or files.

Interface: ``generate.generate_cases(index, count, seed, model, known)`` yields the cases one by one.
"""
