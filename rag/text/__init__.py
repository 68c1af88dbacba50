"""Words and sentences, with exact offsets. Pure.

Owns: where sentences begin and end, which terms the keyword index stores, and what text may be printed. Knows nothing
about files, models or storage.

Interface: ``sentences``, ``trim`` and ``split_block``; ``words``, ``terms``, ``further_terms``, ``query_terms``,
``stems_in``, ``stop_words``, ``without_function_words``, ``normalise``, ``in_small_letters``, ``with_plain_digits``;
``is_unspaced``, ``is_between_words``, ``count_unspaced``, ``length_in_letters``; ``printable``, ``shorten``,
``plain_line``, ``source_as_words``, ``embedded_text``, ``names_in_row`` and ``without_repeated_names``;
``without_struck``; the classes of characters ``IN_WORD``, ``MARKS``, ``UNSPACED``; ``STOPWORDS`` and ``TERMS_VERSION``.
"""

from rag.text.blocks import split_block
from rag.text.folding import with_plain_digits
from rag.text.scripts import IN_WORD, MARKS, UNSPACED, count_unspaced, is_between_words, is_unspaced, length_in_letters
from rag.text.shown import (
    embedded_text,
    names_in_row,
    plain_line,
    printable,
    shorten,
    source_as_words,
    without_repeated_names,
)
from rag.text.splitting import sentences, trim
from rag.text.stems import (
    STOPWORDS,
    TERMS_VERSION,
    further_terms,
    in_small_letters,
    normalise,
    query_terms,
    stems_in,
    stop_words,
    terms,
    without_function_words,
    words,
)
from rag.text.struck import without_struck

__all__ = [
    "IN_WORD",
    "MARKS",
    "STOPWORDS",
    "TERMS_VERSION",
    "UNSPACED",
    "count_unspaced",
    "embedded_text",
    "further_terms",
    "in_small_letters",
    "is_between_words",
    "is_unspaced",
    "length_in_letters",
    "names_in_row",
    "normalise",
    "plain_line",
    "printable",
    "query_terms",
    "sentences",
    "shorten",
    "source_as_words",
    "split_block",
    "stems_in",
    "stop_words",
    "terms",
    "trim",
    "with_plain_digits",
    "without_function_words",
    "without_repeated_names",
    "without_struck",
    "words",
]
