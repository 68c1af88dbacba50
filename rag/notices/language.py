"""Which language a question is in: German, or else English. Pure.

Owns: telling German from English by the words that every sentence needs. Knows nothing about where the language is
used.

Words speak for German, for English, or, as those of other languages, against German. Quoted words and abbreviations do
not count: "Who sang „Das Lied“?" is English. A question that says too little, such as "Toll?", is unsure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

Language = Literal["en", "de"]

_CLEAR, _WEAK, _FOREIGN = 2, 1, 3
# The first word of a question tells more: names and titles stand further behind.
_FIRST = 2
# Least weight that decides: one clear word.
_ENOUGH = 2

_WORD = re.compile(r"[^\W\d_]+")
_QUOTED = re.compile(r"“[^“”]*”|„[^„“”]*[“”]|»[^»«]*«|«[^»«]*»|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)|(?<!\w)‘[^‘’]*’(?!\w)")
# A verb behind "was" at the beginning: "Was kostet …?".
_GERMAN_VERB = re.compile(r"[a-zäöüß]{2,}t")
_UMLAUT = re.compile(r"[äöüÄÖÜ]")
_GERMAN_NOUN = re.compile(r"\w{3,}(?:ung|ungen|heit|heiten|keit|keiten|schaft|schaften)")
_GERMAN_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzäöüß")

GERMAN = frozenset(
    """ab aber alle allem allen aller alles als alt auch auf aus außer außerdem bedeutet bei beide beiden beim
    bekommt beschreibe besteht betrifft bin bis bitte bleibt brauche brauchen braucht bzw da dabei dadurch dafuer
    danke dankeschön
    dafür damit danach daran darauf daraus darf darfst darin darum darüber das dauert davon davor dazu dein deine
    dem denn der deren derzeit dessen dich diese diesem diesen dieser dieses dir doch dort du durch dürfen ein
    eine einem einen einer eines einige enthält entspricht erhält erkläre erklären erst etwa etwas euch euer fand
    finde finden findet fuer für gab geben gegen gehoert geht gehört gelten genau gibt gilt groß gut habe haben
    habt hast hatte hatten heisst heißt hier hin hinter hoch hätte ich ihm ihn ihnen ihr ihre ihrem ihren ihrer im
    immer ins ist jahr jahre jahren jede jedem jeden jeder jedes jemand jene jetzt kann kannst kein keine keinem
    keinen keiner kennt koennen kommen kommt kosten kostet können könnte könnten lange lassen laut liegen liegt
    lässt machen macht mehr mein meine meinem meinen meiner mich mir mit muessen muss musst muß möchte müssen nach
    neben nein nenne nennt nicht nichts noch nun nur nächste nächsten oder ohne passiert pro sag sage schon sehr
    sein seine seinem seinen seiner seit sich sie sieht sind sogar soll sollen sollte sollten sondern sonst sowie
    statt stehen steht trotz tun ueber und unser unsere unserem unseren unserer unter viel viele vielen vom von
    vor waehrend wann waren warum weil welche welchem welchen welcher welches wem wen wenn wer werde werden
    weshalb wessen wie wieder wieso wieviel wieviele wir wird wirst wo wobei wodurch wofuer wofür wogegen woher
    wohin womit woran worauf woraus worin worum worüber wovon wozu wuerde wurde wurden während wäre würde zeige
    zeigt zu zum zur zwar zwei zwischen über überhaupt""".split()
)
"""German words that are no words of English, and seldom ones of another language."""
GERMAN_AND_OTHER = frozenset("am den des die er es hat man ob um war wohl".split())
"""German words that are English ones, too, or those of another language."""
GERMAN_FUNCTION_WORDS = GERMAN | GERMAN_AND_OTHER
"""Words of German questions that say nothing of what is asked about, in small letters."""
ENGLISH = frozenset(
    """a about after all and any are aren as at be because been before being between but by called can cannot
    could couldn describe did didn do does doesn doing don down during each explain few find for from further get
    give had hadn happen happened happens has hasn have haven having he her here hers him his how i if into is isn
    it its itself just like list long made make many me mean means more most much my no nor not of off on once
    only or other our out over own please shall she should shouldn show since some such tell than that the their
    them then there these they this those through to too under until up us very wasn we were weren what when where
    whether which while who whom whose why with within without won would wouldn written wrote you your""".split()
)
"""English words that say so, though some are those of other languages, too."""
# Words of questions in Dutch, Afrikaans, the Nordic and the Romance languages that could be taken for German ones.
_OTHER = frozenset(
    """aan al av avec bij blev blir che ci come como con cosa cuál cuándo cuánto dat de deg del della det dette di
    donde dove e een efter el eller em en est este está et ett eu fait far från för geen gjør har hebben heeft het
    hij hoe hoeveel hoog hur hva hvad hvem hver hvilke hvor hvordan hvorfor ik ikke il inte je kan kunnen la le
    les los maar mange med meg mellan mer met moet mycket naar nas nie niet não när når och og om onde ons ook op
    os où par parce per perché più por porque pour pourquoi på qual quale quali quand quando quante quanto que
    quel quelle quels quem qui quién quoi qué se si ska skal som sont su sur te til till uma un una une uno unos
    vad van ved vem vi vid vilken voor waar wanneer wat welk welke werd worden wordt zal zich zij zijn zo är
    år""".split()
)


def language_of(text: str, unsure: Language = "en") -> Language:
    """Tell whether a question is German.

    Args:
        text: The question, in any language.
        unsure: What is returned where its words do not tell.

    Returns:
        ``de`` for German, ``en`` for English and every other language.
    """
    composed = unicodedata.normalize("NFC", text)
    tokens = _counted(_WORD.findall(_QUOTED.sub(" ", composed))) or _counted(_WORD.findall(composed))
    german, other = _weights(tokens)
    if german == other or max(german, other) < _ENOUGH:
        return unsure
    return "de" if german > other else "en"


def conversation_language(question: str, earlier: Iterable[str]) -> Language:
    """Tell the language of a question in a conversation; one that is unsure is in that of the questions before it.

    Args:
        question: The question.
        earlier: The questions before it, oldest first.

    Returns:
        The language in which it is answered.
    """
    language: Language = "en"
    for text in (*earlier, question):
        language = language_of(text, language)
    return language


def _counted(tokens: list[str]) -> list[str]:
    """Return the words that tell something: all of a text in capitals, else those that are no abbreviations."""
    if len(tokens) > 1 and all(token.isupper() for token in tokens):
        return [token.lower() for token in tokens]
    return [token for token in tokens if len(token) == 1 or not token.isupper()]


def _weights(tokens: list[str]) -> tuple[int, int]:
    """Return how much speaks for German, and how much for English or against German."""
    german = other = 0
    for number, token in enumerate(tokens):
        word = token.lower()
        first = _FIRST if number == 0 else 0
        if word == "was":
            # A German question word, or an English verb.
            following = tokens[number + 1] if number + 1 < len(tokens) else ""
            is_german = following in GERMAN or (following not in ENGLISH and _GERMAN_VERB.fullmatch(following))
            german, other = (german + _CLEAR + first, other) if is_german else (german, other + _WEAK)
        elif word in GERMAN:
            german += _CLEAR + first
        elif word in GERMAN_AND_OTHER:
            german += _WEAK
        elif word in ENGLISH:
            other += _CLEAR + first
        elif word in _OTHER:
            other += _FOREIGN
        elif not _GERMAN_LETTERS.issuperset(word):
            other += _CLEAR
        elif "ß" in word:
            german += _CLEAR
        elif token[0].isupper() and _GERMAN_NOUN.fullmatch(word):
            german += _WEAK
    # Umlauts may be those of a name, or of another language: they tip the scales only.
    return german + any(map(_UMLAUT.search, tokens)), other
