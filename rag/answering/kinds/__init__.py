"""Gathering what an answer is written from, for each kind of question.

Owns: which gathering a kind has. Knows nothing about who writes the answer.

Interface: ``gathering.gather(snapshot, context)`` yields snapshots and returns the ``Material``.

    gathering   the table of kinds
    look_up     facts, how-to and yes or no: the passages and sentences that bear on the question
    summary     the sentences that carry most of a document, a section or a topic
    overview    what documents there are, which deal with something, and what they are about
    listing     names of a kind, a document's own list, or the sentences that bear on what is asked for
    comparison  each side on its own
    small_talk  greetings, thanks and questions about the program itself
"""
