"""The words on summaries, overviews, lists and comparisons, in English and German. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Wording
from rag.notices.languages import language_name


def _many(count: Any, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _pages(values: Mapping[str, Any], one: str, more: str) -> str:
    return f", {_many(values['pages'], one, more)}" if values.get("pages") else ""


def _day(values: Mapping[str, Any]) -> str:
    return f", {values['date']}" if values.get("date") else ""


def _in_language_en(values: Mapping[str, Any]) -> str:
    language = language_name(values["language"])
    # No other language was told in them.
    language += ", or too short to tell" if values["language"] == "en" and values["count"] else ""
    are = _many(values["count"], "document is", "documents are") if values["count"] else "No document is"
    return f"{are} in {language}."


def _in_language_de(values: Mapping[str, Any]) -> str:
    language = language_name(values["language"], in_german=True)
    language += " oder zu kurz, um es zu sagen" if values["language"] == "en" and values["count"] else ""
    are = _many(values["count"], "Dokument ist", "Dokumente sind") if values["count"] else "Kein Dokument ist"
    return f"{are} auf {language}."


WORDINGS: dict[str, Wording] = {
    # Lines above quotes.
    "document-label": ("{title} ({source}):", "{title} ({source}):"),
    "source-label": ("{source}:", "{source}:"),
    "label": ("{label}:", "{label}:"),
    # The collection.
    "document-count": (
        lambda values: (
            f"There {'is' if values['count'] == 1 else 'are'} {_many(values['count'], 'document', 'documents')}."
        ),
        lambda values: (
            f"Es {'ist' if values['count'] == 1 else 'sind'} {_many(values['count'], 'Dokument', 'Dokumente')}."
        ),
    ),
    "documents-dated": (
        lambda values: (
            f"{_many(values['count'], 'document is', 'documents are')} from {values['time']}."
            if values["count"]
            else f"No document is from {values['time']}."
        ),
        lambda values: (
            f"{_many(values['count'], 'Dokument ist', 'Dokumente sind')} aus der Zeit {values['time']}."
            if values["count"]
            else f"Kein Dokument ist aus der Zeit {values['time']}."
        ),
    ),
    "documents-in-language": (_in_language_en, _in_language_de),
    "language-line": (
        lambda values: f"{language_name(values['language'])}: {_many(values['count'], 'document', 'documents')}.",
        lambda values: f"{language_name(values['language'], True)}: {_many(values['count'], 'Dokument', 'Dokumente')}.",
    ),
    "document-line": (
        lambda values: f"- {values['title']} ({values['source']}{_pages(values, 'page', 'pages')}{_day(values)})",
        lambda values: f"- {values['title']} ({values['source']}{_pages(values, 'Seite', 'Seiten')}{_day(values)})",
    ),
    "folder-line": (
        lambda values: f"{values['folder']}/: {_many(values['count'], 'document', 'documents')}",
        lambda values: f"{values['folder']}/: {_many(values['count'], 'Dokument', 'Dokumente')}",
    ),
    "documents-more": (
        "… and {count} more (`rag sources` lists all).",
        "… und {count} weitere (`rag sources` listet alle auf).",
    ),
    "page-count": (
        lambda values: f"{values['source']}: {_many(values['pages'], 'page', 'pages')}",
        lambda values: f"{values['source']}: {_many(values['pages'], 'Seite', 'Seiten')}",
    ),
    "no-pages": (
        "None of these documents is cut into pages.",
        "Keines dieser Dokumente ist in Seiten eingeteilt.",
    ),
    "newest-document": (
        "The newest file is {source} ({date}).",
        "Die neueste Datei ist {source} ({date}).",
    ),
    "oldest-document": (
        "The oldest file is {source} ({date}).",
        "Die älteste Datei ist {source} ({date}).",
    ),
    "index-changed": (
        "The index was last changed on {date}.",
        "Der Index wurde zuletzt am {date} geändert.",
    ),
    "documents-about": (
        lambda values: f"{_many(values['count'], 'document mentions', 'documents mention')} it:",
        lambda values: f"{_many(values['count'], 'Dokument erwähnt', 'Dokumente erwähnen')} das:",
    ),
    # Lists.
    "list-may-lack": (
        "The list may not be complete: it holds what was found in the passages that come nearest.",
        "Die Liste ist vielleicht nicht vollständig: Sie enthält, was in den nächstliegenden Stellen gefunden wurde.",
    ),
    # Comparisons.
    "side-not-named": (
        "{side}: no sentence names it; this one on the matter may hold for it, too:",
        "{side}: Kein Satz nennt es; dieser Satz zur Sache gilt vielleicht auch dafür:",
    ),
    "side-not-in-documents": (
        "Nothing was found on {side}.",
        "Zu {side} wurde nichts gefunden.",
    ),
}
