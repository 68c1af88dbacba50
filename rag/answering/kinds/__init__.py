"""Gathering what an answer is written from, for each kind of question.

Owns: which gathering a kind has. Knows nothing about who writes the answer.

Interface: ``gathering.gather(snapshot, context)`` yields snapshots and returns the ``Material``.

    gathering   the table of kinds
    look_up     facts, how-to and yes or no: the passages and sentences that bear on the question
    small_talk  greetings, thanks and questions about the program itself
"""
