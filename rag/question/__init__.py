"""A question as a person puts it, read into what it asks. Pure.

Owns: what of a message is the question, what kind of answer it asks for, and which of its words an answer must be
about. Knows nothing about documents, retrieval or models.

Interface: ``reading.read_question(text)`` returns a ``Question``.

    reading         the record of a question, and reading one
    message         which sentences of a message are the question
    courtesy        greetings, thanks, sign-offs and small talk
    instructions    how to answer, and the length asked for
    kinds           what kind of answer is asked for; its patterns are in ``patterns``
    sides           what a comparison compares
    answer_types    what the answer to a question of fact must hold
    vocabulary      the words that questions are asked with
    question_words  its parts, its terms, and the times that it asks about
    mentions        the terms: words, names, codes and values, and whether a text mentions one
    notation        years, quarters, dates, times and numbers by value; spellings: how each may be written
    compounds       codes and compound names, which are one word
    aliases         initialisms, short forms, countries and their adjectives
    generic_words   words of asking and instructing, which name nothing
"""
