"""Evidence to an answer whose every sentence shows what it rests on.

Owns: the course of one answer, from quotes or a model's draft to checked sentences with numbered citations.

Interface: ``pipeline.answer(index, question, model=, settings=)`` yields ``Answer`` snapshots; the last one is done.
"""
