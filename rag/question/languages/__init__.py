"""Questions in other languages than English and German, read by one mechanism from a table of words per language. Pure.

Owns: the words by which such a question asks, its courtesy, and which of its words are no content. English and German
are read by the modules beside this folder. Knows nothing about documents.

Interface: ``asking.language_asked_in``, ``asking.read_foreign``, ``asking.talk_in_any``, ``content.content_parts``.

    words     the record of a language's words
    tables    all languages by their ISO 639-1 code
    romance   French and Spanish
    russian   Russian
    east_asia Chinese and Japanese
    arabic    Arabic
    thai      Thai
    asking    the language, courtesy, kind and type of the answer of a question
    content   the words of a question that an answer must be about
"""
