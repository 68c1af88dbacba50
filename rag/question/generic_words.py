"""Words of a question that say how to answer or ask in general, and so are never what documents lack. Data only.

Owns: the list, English and German, by stems. Knows nothing about how it is used.
"""

from __future__ import annotations

from rag.text import terms

_ENGLISH = """
summarise summarize summary sentence sentences list compare comparison contrast overview outline main point points key
brief briefly short shortly concise detail details detailed document documents file files text texts source sources page
pages passage passages paragraph section chapter article mention mentions mentioned find found name names named state
stated states answer answers question questions information info following according difference differences similarity
similarities pros cons advantage disadvantage topic topics subject theme kind kinds type types sort sorts form forms
example examples way ways manner reason reasons purpose cause causes effect result happen happened happens occur call
called refer referred refers mean means meaning meant define definition use used uses using exact exactly approximately
roughly currently current latest recent recently total amount number numbers many much often long big large small high
low old new year years month months day days time times date week weeks thing things something anything everything
someone anyone everyone people person one ones two three first second last next please thanks thank hello dear help need
want know think give take make made makes get gets got go goes went come came keep put let look tell talk speak write
different same similar various several certain specific particular general important major common possible able item
items bullet bullets table word words line lines quote quotes cite reply respond also else still yet ever never without
within against among between across per regarding concerning whether instead rather another others yes no
print show sum sums average mean percentage percent ratio translate translation explain describe rewrite folder folders
"""
_GERMAN = """
fasse zusammen zusammenfassung satz sätze sätzen liste auflisten vergleiche vergleich überblick übersicht hauptpunkte
punkte kurz knapp dokument dokumente dokumenten datei dateien text texte quelle quellen seite seiten absatz abschnitt
kapitel nenne nennt genannt erwähnt frage fragen antwort antworten information informationen laut gemäß unterschied
unterschiede vorteile nachteile thema themen art arten form beispiel beispiele weise grund gründe zweck ursache folge
passiert geschah heißt nennen bedeutet bedeutung definition genau ungefähr aktuell derzeit letzte neueste gesamt anzahl
zahl menge viele viel oft groß klein hoch alt neu jahr jahre monat monate tag tage zeit datum woche person personen
leute mensch menschen erste zweite bitte danke hallo hilfe verschiedene wichtig wichtigste wort wörter zeile
summe durchschnitt prozent übersetze übersetzung erkläre beschreibe ordner
"""
GENERIC_STEMS = frozenset(terms(_ENGLISH)) | frozenset(terms(_GERMAN))
"""The stems of words that name nothing that a document could lack."""
