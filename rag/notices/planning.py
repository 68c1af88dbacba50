"""The words on what is done about a question, in English and German. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rag.notices import Wording, listed, money, whole

_KINDS = {
    "fact": ("a fact", "eine Tatsache"),
    "list": ("a list", "eine Liste"),
    "summary": ("a summary", "eine Zusammenfassung"),
    "comparison": ("a comparison", "einen Vergleich"),
    "overview": ("an overview of the documents", "einen Überblick über die Dokumente"),
    "computation": ("a computation", "eine Rechnung"),
    "how-to": ("the steps to do something", "die Schritte, um etwas zu tun"),
    "yes-no": ("yes or no", "ja oder nein"),
}
_TYPES = {
    "person": ("a person", "eine Person"),
    "place": ("a place", "ein Ort"),
    "date": ("a date", "ein Datum"),
    "time": ("a time of day", "eine Uhrzeit"),
    "year": ("a year", "ein Jahr"),
    "duration": ("a length of time", "eine Dauer"),
    "money": ("an amount of money", "ein Geldbetrag"),
    "percentage": ("a percentage", "ein Prozentsatz"),
    "number": ("a number", "eine Zahl"),
    "name": ("a name", "ein Name"),
    "definition": ("what something is", "eine Erklärung, was etwas ist"),
}
_TALK = {
    "greeting": ("a greeting", "ein Gruß"),
    "thanks": ("thanks", "ein Dank"),
    "farewell": ("a farewell", "ein Abschied"),
    "praise": ("a remark", "eine Bemerkung"),
    "assistant": ("a question about the program", "eine Frage nach dem Programm"),
}


def _kind_en(values: Mapping[str, Any]) -> str:
    about = f" of {listed(values['sides'], ' and ')}" if values["sides"] else ""
    about = about or (f" about {values['topic']}" if values["topic"] else "")
    answer_type = f" The answer is {_TYPES[values['type']][0]}." if values["type"] else ""
    return f"It asks for {_KINDS[values['kind']][0]}{about}.{answer_type}"


def _kind_de(values: Mapping[str, Any]) -> str:
    about = f": {listed(values['sides'], ' und ')}" if values["sides"] else ""
    about = about or (f": {values['topic']}" if values["topic"] else "")
    answer_type = f" Die Antwort ist {_TYPES[values['type']][1]}." if values["type"] else ""
    return f"Es geht um {_KINDS[values['kind']][1]}{about}.{answer_type}"


def _length_en(values: Mapping[str, Any]) -> str:
    asked = [f"{values[name]} {name}" for name in ("sentences", "items") if values[name]]
    return f"Length asked for: {listed(asked)}."


def _length_de(values: Mapping[str, Any]) -> str:
    names = {"sentences": "Sätze", "items": "Punkte"}
    asked = [f"{values[name]} {word}" for name, word in names.items() if values[name]]
    return f"Gewünschte Länge: {listed(asked)}."


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())


def _cost(values: Mapping[str, Any], before: str) -> str:
    return before + str(values["cost"]) if values["cost"] else ""


def _calls_en(values: Mapping[str, Any]) -> str:
    calls = values["calls"]
    about = "about " if values["estimated"] else ""
    counts = f"{about}{whole(values['sent'])} tokens sent, {whole(values['written'])} written"
    return f"{calls} call{'s' * (calls != 1)}, {counts}{_thought(values, ' of them thoughts')}{_money(values)}"


def _calls_de(values: Mapping[str, Any]) -> str:
    calls = values["calls"]
    about = "etwa " if values["estimated"] else ""
    counts = f"{about}{whole(values['sent'], 'de')} Token gesendet, {whole(values['written'], 'de')} geschrieben"
    return (
        f"{calls} Aufruf{'e' * (calls != 1)}, {counts}{_thought(values, ' davon Gedanken', 'de')}{_money(values, 'de')}"
    )


def _thought(values: Mapping[str, Any], words: str, language: str = "en") -> str:
    return f" ({whole(values['thought'], language)}{words})" if values["thought"] else ""


def _money(values: Mapping[str, Any], language: str = "en") -> str:
    """Return what calls cost behind a comma; "" where they are free, or a price is not known."""
    return f", {money(values['cost'], language)}" if values["cost"] else ""


WORDINGS: dict[str, Wording] = {
    # Reasons in a plan.
    "plan-small-talk": (
        lambda values: f"It is {_TALK[values['talk']][0]}.",
        lambda values: f"Es ist {_TALK[values['talk']][1]}.",
    ),
    "plan-question-found": ("The question in the message: {question}", "Die Frage in der Nachricht: {question}"),
    "plan-instructions": (
        lambda values: f"Read as instructions on how to answer: {listed(values['instructions'], '; ')}",
        lambda values: f"Als Anweisungen zur Antwort gelesen: {listed(values['instructions'], '; ')}",
    ),
    "plan-kind": (_kind_en, _kind_de),
    "plan-length": (_length_en, _length_de),
    "model-searched": (
        "The model searched for “{query}”: {passages} more passages.",
        "Das Modell suchte nach „{query}“: {passages} weitere Stellen.",
    ),
    "model-opened": (
        "The model opened the section around [{number}]: {passages} more passages.",
        "Das Modell öffnete den Abschnitt um [{number}]: {passages} weitere Stellen.",
    ),
    "model-tokens": (
        "All calls of the model for this answer had about {tokens} tokens.",
        "Alle Aufrufe des Modells für diese Antwort hatten etwa {tokens} Token.",
    ),
    "model-calls": (_calls_en, _calls_de),
    "checked-by": (
        lambda values: f"Sentences were checked by: {_counted(values['counts'])}.",
        lambda values: f"Die Sätze prüften: {_counted(values['counts'])}.",
    ),
    "judge-asked": (
        lambda values: (
            f"{values['model']} judged the sentences: {values['calls']} call, about {values['tokens']} tokens"
            f"{_cost(values, ', cost ')}."
        ),
        lambda values: (
            f"{values['model']} beurteilte die Sätze: {values['calls']} Aufruf, etwa {values['tokens']} Token"
            f"{_cost(values, ', Kosten ')}."
        ),
    ),
    "spelling-corrected": ("Read as: {to} (for {from})", "Gelesen als: {to} (statt {from})"),
    "searched-in": (
        lambda values: f"Searched in {listed(values['sources'])} only, which the question names.",
        lambda values: f"Gesucht wurde nur in {listed(values['sources'])}, wie in der Frage genannt.",
    ),
}
