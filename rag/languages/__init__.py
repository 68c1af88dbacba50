"""Languages: which one a text is in, and what an encoder reads of it.

Owns: telling the language of a text. Pure but for the files that ``classifier`` unpacks; knows nothing about questions,
answers or models.

Interface: ``identify``, ``languages_of_document``; ``parallel`` for what is measured of an encoder.
"""
