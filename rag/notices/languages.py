"""The words on languages that an embedding model does not read, in English and German. Pure.

Owns: these words, and the names of languages. Knows nothing about how a language is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag.notices import Wording

# By ISO 639-1 code, in the order of ``LANGUAGES``.
LANGUAGE_NAMES = {
    "ar": ("Arabic", "Arabisch"),
    "bg": ("Bulgarian", "Bulgarisch"),
    "ca": ("Catalan", "Katalanisch"),
    "cs": ("Czech", "Tschechisch"),
    "da": ("Danish", "Dänisch"),
    "de": ("German", "Deutsch"),
    "el": ("Greek", "Griechisch"),
    "en": ("English", "Englisch"),
    "es": ("Spanish", "Spanisch"),
    "et": ("Estonian", "Estnisch"),
    "fa": ("Persian", "Persisch"),
    "fi": ("Finnish", "Finnisch"),
    "fr": ("French", "Französisch"),
    "he": ("Hebrew", "Hebräisch"),
    "hi": ("Hindi", "Hindi"),
    "hr": ("Croatian", "Kroatisch"),
    "hu": ("Hungarian", "Ungarisch"),
    "id": ("Indonesian", "Indonesisch"),
    "it": ("Italian", "Italienisch"),
    "ja": ("Japanese", "Japanisch"),
    "ko": ("Korean", "Koreanisch"),
    "lt": ("Lithuanian", "Litauisch"),
    "lv": ("Latvian", "Lettisch"),
    "mr": ("Marathi", "Marathi"),
    "ne": ("Nepali", "Nepali"),
    "nl": ("Dutch", "Niederländisch"),
    "no": ("Norwegian", "Norwegisch"),
    "pl": ("Polish", "Polnisch"),
    "pt": ("Portuguese", "Portugiesisch"),
    "ro": ("Romanian", "Rumänisch"),
    "ru": ("Russian", "Russisch"),
    "sk": ("Slovak", "Slowakisch"),
    "sl": ("Slovenian", "Slowenisch"),
    "sr": ("Serbian", "Serbisch"),
    "sv": ("Swedish", "Schwedisch"),
    "th": ("Thai", "Thai"),
    "tr": ("Turkish", "Türkisch"),
    "uk": ("Ukrainian", "Ukrainisch"),
    "ur": ("Urdu", "Urdu"),
    "vi": ("Vietnamese", "Vietnamesisch"),
    "zh": ("Chinese", "Chinesisch"),
}

# More languages than this are told by the names of a few, and how many more they are.
_FEW, _NAMED_FIRST = 12, ("en", "de", "fr")


def language_name(code: str, in_german: bool = False) -> str:
    """Return the name of a language.

    Args:
        code: Its ISO 639-1 code.
        in_german: Whether the name is German; otherwise it is English.

    Returns:
        The name; the code of a language whose name is not known.
    """
    return LANGUAGE_NAMES[code][in_german] if code in LANGUAGE_NAMES else code


def language_names(codes: Sequence[str], in_german: bool = False) -> str:
    """Return the names of languages in a row: ``German, French and Thai``.

    Args:
        codes: Their ISO 639-1 codes.
        in_german: Whether the names are German; otherwise they are English.

    Returns:
        The names, with "and" before the last.
    """
    *first, last = [language_name(code, in_german) for code in codes] or [""]
    return f"{', '.join(first)} {'und' if in_german else 'and'} {last}" if first else last


def languages_in_short(codes: Sequence[str]) -> str:
    """Return the names of a few languages, or those of a few of many: ``English, German, French and 91 more``.

    Args:
        codes: Their ISO 639-1 codes.

    Returns:
        The English names.
    """
    if len(codes) <= _FEW:
        return language_names(codes)
    named = [code for code in _NAMED_FIRST if code in codes] or sorted(codes)[: len(_NAMED_FIRST)]
    return f"{', '.join(map(language_name, named))} and {len(codes) - len(named)} more"


def _not_read_en(values: Mapping[str, Any]) -> str:
    languages = language_names(values["languages"])
    about, model, count = values["about"], values["model"], values.get("count", 1)
    what = {
        "question": f"The question is in {languages}",
        "passages": f"What was found is in {languages}",
        "source": f"It is in {languages}",
        "part": f"Parts of it are in {languages}",
        "sources": f"{count} of the files {'hold' if count > 1 else 'holds'} text in {languages}",
    }[about]
    effect = {
        "question": "so only passages with its very words are found",
        "passages": "so better passages may not be found",
        "part": "so questions find little in them",
    }.get(about, "so questions find little in it")
    remedy = f"Set RAG_EMBEDDING_MODEL={values['remedy']} and run rag ingest --rebuild"
    return f"{what}, which the embedding model {model} does not read well, {effect}. {remedy}."


def _not_read_de(values: Mapping[str, Any]) -> str:
    languages = language_names(values["languages"], in_german=True)
    about, model, count = values["about"], values["model"], values.get("count", 1)
    what = {
        "question": f"Die Frage ist auf {languages}",
        "passages": f"Was gefunden wurde, ist auf {languages}",
        "source": f"Sie ist auf {languages}",
        "part": f"Teile von ihr sind auf {languages}",
        "sources": f"{count} der Dateien {'enthalten' if count > 1 else 'enthält'} Text auf {languages}",
    }[about]
    effect = {
        "question": "gefunden werden deshalb nur Stellen mit genau ihren Wörtern",
        "passages": "bessere Stellen werden deshalb vielleicht nicht gefunden",
    }.get(about, "Fragen finden darin deshalb wenig")
    remedy = f"Setzen Sie RAG_EMBEDDING_MODEL={values['remedy']}, und führen Sie rag ingest --rebuild aus"
    return f"{what}; das Einbettungsmodell {model} liest das nicht gut, {effect}. {remedy}."


WORDINGS: dict[str, Wording] = {"language-not-read-well": (_not_read_en, _not_read_de)}
