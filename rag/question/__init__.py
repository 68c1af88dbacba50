"""A question as a person puts it, read into what it asks. Pure.

Owns: what of a message is the question, what kind of answer it asks for, and which of its words an answer must be
about. Knows nothing about documents, retrieval or models.

Interface: ``reading.read_question(text)`` returns a ``Question``.

    reading         the record of a question, and reading one
    question_words  its parts, its terms, and the times that it asks about
    mentions        the terms: words, names, codes and values, and whether a text mentions one
    notation        years, quarters, dates, times and numbers by value; spellings: how each may be written
    compounds       codes and compound names, which are one word
    aliases         initialisms, short forms, countries and their adjectives
    generic_words   words of asking and instructing, which name nothing
"""
