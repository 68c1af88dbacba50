"""Words that questions are asked with, in English and German. Pure data.

Owns: lists that more than one module of this folder reads, as parts of regular expressions in small letters. Decides
nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

AnswerType = Literal[
    "person", "place", "date", "time", "year", "duration", "money", "percentage", "number", "name", "definition"
]
"""What the answer to a question of fact must hold."""


def alternatives(*lists: str) -> str:
    """Return the words of lists as one alternative of a regular expression; longer words come first."""
    return "|".join(sorted({word for words in lists for word in words.split()}, key=lambda word: (-len(word), word)))


def _table(rows: Iterable[tuple[AnswerType, str]]) -> dict[str, AnswerType]:
    return {word: answer_type for answer_type, words in rows for word in words.split()}


ENGLISH_QUESTION_WORDS = "who whom whose what which when where why how who's what's where's when's how's"
GERMAN_QUESTION_WORDS = (
    "wer wem wen wessen was welche welcher welches welchen welchem wann wo wohin woher warum wieso weshalb wie wieviel "
    "wieviele wofür wozu womit woran worauf woraus worin worum worüber wovon wodurch wogegen wobei"
)
QUESTION_WORD = alternatives(ENGLISH_QUESTION_WORDS, GERMAN_QUESTION_WORDS)

ENGLISH_AUXILIARIES = (
    "is are was were am do does did can could may might must should shall will would has have had isn't aren't wasn't "
    "weren't don't doesn't didn't can't couldn't shouldn't won't wouldn't hasn't haven't hadn't"
)
GERMAN_AUXILIARIES = (
    "ist sind war waren bin bist wird werden wurde wurden hat haben habe hast hatte hatten kann kannst können konnte "
    "konnten könnte könnten darf darfst dürfen durfte dürfte muss musst müssen musste soll sollen sollte sollten will "
    "wollen wollte möchte gibt gab gilt gelten galt braucht brauche brauchen"
)
AUXILIARY = alternatives(ENGLISH_AUXILIARIES, GERMAN_AUXILIARIES)

PREPOSITION = alternatives(
    "in at on by to for from of with about under during into over near through between among against until since per "
    "within after before across around via behind beside than as like amongst upon besides despite toward towards "
    "onto without throughout "
    "an am im auf bei mit nach seit von vom zu zum zur aus für um unter über durch gegen bis pro laut ab je vor hinter "
    "zwischen während"
)
DETERMINER = alternatives(
    "the a an this that these those my your our their his her its "
    "der die das den dem des ein eine einen einem einer eines mein meine unser unsere ihr ihre diese dieser dieses"
)

# Verbs in the form of an order, with which a question is asked.
IMPERATIVE = alternatives(
    "list name give tell show find explain describe summarise summarize compare contrast calculate compute define "
    "outline state identify enumerate provide recap write make create draft discuss determine estimate count quote "
    "sum add condense itemise itemize specify elaborate clarify expand repeat rephrase translate "
    "nenne nennen nenn liste listen zeige zeig zeigen gib geben erkläre erklär erklären beschreibe beschreib "
    "beschreiben vergleiche vergleich vergleichen fasse fass fassen berechne berechnen sag sage sagen finde finden "
    "zähle zählen schreibe schreib schreiben definiere definieren erzähl erzähle erzählen ermittle"
)

NUMBERS = {
    "one": 1, "a": 1, "single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "twenty": 20,
    "ein": 1, "einem": 1, "einen": 1, "eine": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12, "zwanzig": 20,
}  # fmt: skip
NUMBER = r"\d{1,3}|" + "|".join(sorted(NUMBERS, key=lambda word: (-len(word), word)))

# Nouns for what an index holds; no other thing is meant by them.
FILES = r"(?:documents?|docs?|files?|pdfs?|sources?|uploads?|dokumente[ns]?|dokument|dateien|datei|quellen?|unterlagen)"
# Nouns for texts of many kinds, in the plural.
TEXTS = (
    r"(?:documents?|docs?|files?|pdfs?|sources?|uploads?|texts|papers|articles|reports|e-?mails|letters|notes|books"
    r"|dokumente[ns]?|dokument|dateien|datei|quellen?|unterlagen|texten?|berichten?|artikeln?|briefen?)"
)
# Nouns for one text, or a part of one.
TEXT = (
    r"(?:document|doc|file|pdf|text|article|report|chapter|section|speech|paper|handbook|manual|contract|agreement"
    r"|minutes|e-?mail|letter|book|page|policy|study|guide|essay|talk|presentation|memo|treaty|brochure"
    r"|press release|filing|10-[KQ]|newsletter|announcement|transcript|\w+\.\w{2,4}"
    r"|dokument|datei|bericht|artikel|kapitel|abschnitt|rede|handbuch|vertrag|protokoll|brief|buch|studie|leitfaden)s?"
)

HEADS = _table(
    (
        (
            "person",
            "person man woman author writer inventor founder director president king queen emperor artist actor",
        ),
        ("person", "singer player leader minister scientist philosopher scholar engineer architect composer"),
        (
            "person",
            "physicist mathematician poet pope chancellor governor mayor keeper manager owner individual people",
        ),
        (
            "person",
            "politician explorer monarch ruler commander professor chairman ceo chief wife husband father mother",
        ),
        ("person", "autor autorin gründer gründerin leiter leiterin präsident könig königin mann frau erfinder chef"),
        ("person", "chefin direktor direktorin ansprechpartner ansprechpartnerin kontaktperson"),
        ("place", "city country state town village place location region area continent island county province street"),
        ("place", "building room address capital site borough district neighborhood neighbourhood park nation port"),
        (
            "place",
            "hometown birthplace headquarters territory kingdom ort stadt land staat straße adresse raum gebäude",
        ),
        ("place", "hauptstadt region insel gemeinde dorf standort bundesland provinz kontinent sitz"),
        ("date", "date day deadline month birthday datum tag frist termin stichtag monat geburtstag"),
        ("time", "time hour clock uhrzeit stunde"),
        ("year", "year decade century jahr jahrzehnt jahrhundert"),
        ("duration", "duration age dauer alter laufzeit lifespan"),
        (
            "money",
            "fee price cost salary wage rent revenue income profit budget fine toll charge payment tuition sales",
        ),
        ("money", "turnover earnings expense expenditure tax debt loss deposit bonus gdp gebühr preis kosten gehalt"),
        ("money", "miete umsatz gewinn einkommen etat strafe maut kaution schulden betrag lohn verlust entgelt"),
        ("percentage", "percentage percent proportion share fraction prozent prozentsatz anteil steuersatz zinssatz"),
        ("number", "number amount temperature population speed height weight distance depth size quantity gauge"),
        ("number", "width pressure frequency density limit maximum minimum score voltage capacity mass wavelength"),
        ("number", "wind altitude elevation volume diameter radius anzahl zahl menge temperatur einwohnerzahl größe"),
        ("number", "geschwindigkeit höhe gewicht entfernung tiefe breite druck grenze höchstzahl"),
        ("name", "name company river book committee band team school university college organization organisation"),
        ("name", "party church film movie song language religion product model brand firm newspaper magazine journal"),
        ("name", "group tribe species mountain lake sea ocean war battle treaty law act court agency dynasty empire"),
        (
            "name",
            "airline network station channel show series theory ship museum hotel club code title term word theorem "
            "satellite",
        ),
        ("name", "railway road highway bridge album game gas element metal protein enzyme disease festival"),
        ("name", "company's corporation institution department ministry army order planet star software program"),
        ("name", "firma fluss buch ausschuss verein schule universität partei kirche sprache gruppe berg see krieg"),
        ("name", "gesetz gericht behörde museum unternehmen organisation zeitung schiff marke modell titel produkt"),
    )
)
"""The type of the answer by the noun that is asked for."""

# Nouns of amounts in accounts, which are set against each other.
AMOUNT = (
    r"(?:amounts?|prices?|costs?|revenues?|sales|incomes?|profits?|budgets?|expenses?|expenditures?|totals?|figures?"
    r"|assets?|liabilities|debts?|earnings|salar(?:y|ies)|wages?|rents?|fees?|payments?|turnover|spending|values?"
    r"|numbers?|populations?|umsatz\w*|umsätze\w*|kosten|gewinn\w*|preis\w*|miete\w*|betr[aä]g\w*|ausgaben|einnahmen"
    r"|gebühr\w*|gehalt|gehälter\w*|zahl\w*)"
)
