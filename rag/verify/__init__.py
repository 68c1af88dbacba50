"""Is a sentence supported by the exact words of its sources?

Owns: reading a sentence as numbers, dates, names and words; comparing them with a source's; the verdict. Pure.

Interface: ``verdict.check_sentence(sentence, quotes)`` for one sentence, ``claims.check_claim`` for one with marks,
``document.verify_text(text, sources)`` for a whole text.
"""
