"""A question as a person puts it, read into what it asks. Pure.

Owns: what of a message is the question, what kind of answer it asks for, and which of its words an answer must be
about. Knows nothing about documents, retrieval or models.

Interface: ``reading.read_question(text)`` returns a ``Question``.

    reading         the record of a question, and reading one
    question_words  its parts, its terms, and what of them a text lacks
"""
