"""Words and sentences, with exact offsets. Pure.

Owns: where sentences begin and end, which terms the keyword index stores, and what text may be printed. Knows nothing
about files, models or storage.

Interface: ``sentences``, ``trim`` and ``split_block``; ``words``, ``terms``, ``query_terms``, ``normalise``,
``in_small_letters``, ``STOPWORDS`` and ``TERMS_VERSION``; ``printable``, ``shorten``, ``source_as_words`` and
``embedded_text``.
"""

from rag.text.blocks import split_block
from rag.text.splitting import sentences, trim
from rag.text.shown import embedded_text, printable, shorten, source_as_words
from rag.text.stems import STOPWORDS, TERMS_VERSION, in_small_letters, normalise, query_terms, terms, words

__all__ = [
    "STOPWORDS",
    "TERMS_VERSION",
    "embedded_text",
    "in_small_letters",
    "normalise",
    "printable",
    "query_terms",
    "sentences",
    "shorten",
    "source_as_words",
    "split_block",
    "terms",
    "trim",
    "words",
]
