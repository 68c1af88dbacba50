"""What an index knows of languages: which ones its encoder reads, and which ones its documents are in.

Owns: keeping both with the index, so that they are found out once. Knows nothing about how a language is told or
measured, or what is done where one is not read.

Interface: ``Reading``; ``reading_of`` for a catalog that is open without its encoder.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from math import isqrt
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from rag.errors import RagError
from rag.languages.parallel import Measured, measured_language, parallel_texts
from rag.models.languages import MULTILINGUAL, measure, stated_languages
from rag.notices import Notice
from rag.settings import Settings
from rag.store.catalog import Catalog

if TYPE_CHECKING:
    from rag.models.encoder import Encoder

ENGLISH = "en"
"""The code of English, beside which other languages are measured."""
NOT_READ_WELL = "language-not-read-well"
"""The code of the notice that a language is not read well."""

# Keys under which a catalog keeps what was measured of its encoder, the languages of its sources, and those of sources
# that were told since all of them were last written.
_MEASURED, _SOURCES, _RECENT = "reading", "source_languages", "source_languages_recent"
# From so many sources on, those of a batch are written apart: writing 20,000 anew with each batch took 15 ms of it.
_MANY_SOURCES = 1000
# What was read last of each open catalog, as text and as what it says: a large text is not parsed for each batch.
_PARSED: WeakKeyDictionary[Catalog, tuple[str, dict[str, str]]] = WeakKeyDictionary()


@dataclass
class Reading:
    """What the encoder of an index reads.

    Attributes:
        encoder: The encoder.
        stated: The languages that it is said to read; empty: it is measured.
        measured: What was measured, by the languages of question and passage.
    """

    encoder: Encoder
    stated: frozenset[str]
    measured: dict[str, Measured]
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def of(cls, encoder: Encoder, catalog: Catalog, settings: Settings) -> Reading:
        """Return what is known of an encoder.

        Args:
            encoder: The encoder.
            catalog: The catalog of an index that was made with it, which may hold what was measured.
            settings: The folder of models; they may name the languages of the model.

        Returns:
            What is known; the rest is measured when it is asked for.
        """
        return cls(encoder, stated_languages(encoder.name, settings), _kept(catalog, encoder.fingerprint))

    def reads(self, language: str, catalog: Catalog) -> bool | None:
        """Tell whether the encoder reads a language well.

        Args:
            language: An ISO 639-1 code; "" for none.
            catalog: The catalog that keeps what is measured.

        Returns:
            Whether it does; None where that is not known.
        """
        if not language:
            return None
        if self.stated:
            return language in self.stated
        measured, english = (self.measure(code, code, catalog) for code in (language, ENGLISH))
        return measured.reads(english) if measured and english else None

    def measure(self, question_language: str, passage_language: str, catalog: Catalog) -> Measured | None:
        """Return what was measured of the encoder in two languages; it is measured, and kept, where it was not yet.

        Args:
            question_language: The language of questions.
            passage_language: The language of passages.
            catalog: The catalog that keeps it.

        Returns:
            What was measured; None where neither the language nor a relative of it has texts, or the encoder fails.
        """
        languages = measured_language(question_language), measured_language(passage_language)
        if not all(languages):
            return None
        key = "-".join(languages)
        with self._lock:
            if key not in self.measured:
                try:
                    self.measured[key] = measure(self.encoder, *languages)
                except RagError:
                    # What needs the encoder next fails with its error shown.
                    return None
                # A reader may be kept from writing; then it is measured again by the next process.
                with suppress(RagError):
                    _keep(catalog, self.encoder.fingerprint, self.measured)
            return self.measured[key]


def not_read_well(model: str, about: str, languages: Sequence[str], count: int = 1) -> Notice:
    """Return the notice that a language is not read well, with the remedy.

    Args:
        model: The embedding model that does not.
        about: What is in that language: the ``question``, the ``passages`` found, one ``source`` or ``part`` of it, or
            ``sources``.
        languages: The languages, by code.
        count: How many sources there are.

    Returns:
        The notice.
    """
    values = {"about": about, "languages": list(languages), "model": model, "remedy": MULTILINGUAL}
    return Notice(NOT_READ_WELL, values | ({"count": count} if about == "sources" else {}))


def summarised(notices: Iterable[Notice]) -> Notice | None:
    """Return one notice in the place of those on single sources; None without any.

    Args:
        notices: Notices of any kind.

    Returns:
        The notice, with the languages from the most frequent on.
    """
    found = [notice for notice in notices if notice.code == NOT_READ_WELL]
    if not found:
        return None
    languages = Counter(code for notice in found for code in notice.values["languages"])
    model = str(found[0].values["model"])
    return not_read_well(model, "sources", [code for code, _ in languages.most_common()], len(found))


def languages_read(catalog: Catalog, settings: Settings) -> list[str]:
    """Return the languages that the encoder of an index is known to read, by code. Loads no model.

    Args:
        catalog: The catalog of the index.
        settings: The folder of models; they may name the languages of the model.

    Returns:
        The codes, in order; empty where nothing was stated or measured.
    """
    stated = stated_languages(catalog.get("embedding_model"), settings)
    measured = _kept(catalog, catalog.get("embedding_fingerprint"))
    alone = {language: measured.get(f"{language}-{language}") for language in parallel_texts()}
    english = alone[ENGLISH]
    return sorted(
        stated or (language for language, found in alone.items() if found and english and found.reads(english))
    )


def is_measured(catalog: Catalog) -> bool:
    """Tell whether the encoder of an index was measured in English, and reads it well. Loads no model."""
    english = _kept(catalog, catalog.get("embedding_fingerprint")).get(f"{ENGLISH}-{ENGLISH}")
    return english is not None and english.stands_clear


def source_languages(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Return the languages of each source that is not in English alone, as far as they were told when it was read."""
    told = {**_told(catalog), **_object(catalog.get(_RECENT))}
    return {str(source): tuple(str(codes).split()) for source, codes in told.items() if codes}


def keep_source_languages(catalog: Catalog, languages: Mapping[str, Sequence[str]], gone: Iterable[str] = ()) -> None:
    """Note in which languages sources are. What is written for a batch hardly grows with the number of sources.

    Args:
        catalog: The catalog of their index.
        languages: The languages of each source, by code; none where they were not told.
        gone: Sources that are no longer in the index.
    """
    told, recent = _told(catalog), _object(catalog.get(_RECENT))
    # English, and what was not told, is an empty text: it overrides what was told before.
    texts = {source: "" if tuple(codes) == (ENGLISH,) else " ".join(codes) for source, codes in languages.items()}
    dropped = set(gone)
    changed = {source: text for source, text in texts.items() if text != recent.get(source, told.get(source, ""))}
    if not changed and not any(source in recent or source in told for source in dropped):
        return
    recent.update(changed)
    # So many that writing them with each batch costs as much as writing all, now and then, for batches of a hundred.
    if len(told) >= _MANY_SOURCES and len(recent) < isqrt(200 * len(told)) and not dropped:
        catalog.set(**{_RECENT: _json(recent)})
        return
    # No name of a source that is gone stays.
    every = {source: text for source, text in {**told, **recent}.items() if text and source not in dropped}
    catalog.set(**{_SOURCES: _json(every), _RECENT: ""})


def _told(catalog: Catalog) -> Mapping[str, str]:
    """Return what was told of all sources when it was last written whole."""
    text = catalog.get(_SOURCES)
    if catalog not in _PARSED or _PARSED[catalog][0] != text:
        _PARSED[catalog] = text, _object(text)
    return _PARSED[catalog][1]


def _json(languages: Mapping[str, str]) -> str:
    return json.dumps(languages, ensure_ascii=False, sort_keys=True)


def _kept(catalog: Catalog, fingerprint: str) -> dict[str, Measured]:
    value = _object(catalog.get(_MEASURED))
    if value.get("fingerprint") != fingerprint:
        return {}
    try:
        return {str(key): Measured.from_json(found) for key, found in value["pairs"].items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}


def _keep(catalog: Catalog, fingerprint: str, measured: Mapping[str, Measured]) -> None:
    pairs = {key: found.as_json() for key, found in measured.items()}
    catalog.set(**{_MEASURED: json.dumps({"fingerprint": fingerprint, "pairs": pairs})})


def _object(text: str) -> dict[str, Any]:
    """Return a JSON object; an empty one for anything else."""
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
