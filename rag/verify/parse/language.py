"""Are two texts in different languages? Pure.

Owns: telling languages apart by their script and by the small words that every sentence needs. It is enough to say that
two texts differ; which languages they are is not told. Knows nothing about verdicts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict

_SMALL_WORDS = {
    "cs": "a ale byl byla bylo by do je jsou jako která které který na nebo o od po pro s se ve v z za že",
    "da": "af at den der det de en er et for fra han har ikke med og på som til var",
    "de": "als am an auch auf aus bei das dem den der des die ein eine einen einer es für hat im in ist mit nach nicht "
    "oder sich sie sind und von vor war werden wird wurde zu zum zur",
    "en": "a also an and are as at be but by for from has have in is it its of on or she that the their they this to "
    "was were which will with",
    "es": "al como con de del el ella en entre es está fue ha la las lo los más no para pero por que se sin son su un "
    "una y",
    "fi": "että ja joka kuin mutta myös ne niin oli on ovat se sen tai vain",
    "fr": "au aux avec ce cette dans de des du elle en est et il la le les leur mais ne ou par pas plus pour qui que "
    "sa se son sont sur un une à été",
    "it": "al alla anche che con da dal della dei del di e ed è gli ha il in la le lo ma nel non per più sono su un "
    "una",
    "nl": "aan bij dat de die door een en er het in is maar met naar niet of om ook op te uit van voor was werd zijn",
    "pl": "ale był była było dla do i jest jako się na nie o od oraz po przez są w we z za że",
    "pt": "ao as com como da das de do dos e em entre foi mais mas na no não o os ou para pela por que se ser um uma é",
    "ru": "а был была было в для и из к как на не но о от по при с также что это",
    "sv": "att av den det de en ett från för har hon i inte med men och om på som till var är",
    "tr": "bir bu da de gibi için ile olan olarak ve veya çok",
}
# Letters that few languages have.
_LETTERS = {
    "cs": "ěřůčšž",
    "da": "æøå",
    "de": "äöüß",
    "es": "ñ¿¡áíóú",
    "fi": "äö",
    "fr": "àâçèéêëîïôùûœ",
    "pl": "ąćęłńśźż",
    "pt": "ãõâçáéíóú",
    "sv": "åäö",
    "tr": "ğışçöü",
}
_LANGUAGES_OF_WORD: dict[str, list[str]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in _words.split():
        _LANGUAGES_OF_WORD.setdefault(_word, []).append(_language)
# A language is told by at least so many of its small words, each counted by how few languages share it.
_LEAST_WEIGHT = 0.9
# Letters of a text that are looked at.
_LONGEST = 4000
_WORD = re.compile(r"[^\W\d_]+")


def are_in_different_languages(left: str, right: str) -> bool:
    """Tell whether two texts are surely in different languages.

    Args:
        left: A text.
        right: Another one.

    Returns:
        True where most letters of the two belong to different scripts, or where small words tell a language of each and
        these differ; False where one of the two says too little.
    """
    scripts = _script(left), _script(right)
    if all(scripts) and scripts[0] != scripts[1]:
        return True
    languages = _language_of(left), _language_of(right)
    return all(languages) and languages[0] != languages[1]


def _script(text: str) -> str:
    """Return the script of most letters, by the first word of their names in Unicode; "" without letters."""
    letters = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in text[:_LONGEST] if letter.isalpha())
    return max(letters, key=lambda script: letters[script]) if letters else ""


def _language_of(text: str) -> str:
    """Return the language that small words tell; "" where they tell none, or two alike."""
    weights: defaultdict[str, float] = defaultdict(float)
    for word in _WORD.findall(text[:_LONGEST].lower()):
        languages = _LANGUAGES_OF_WORD.get(word) or [
            language for language, letters in _LETTERS.items() if not set(letters).isdisjoint(word)
        ]
        for language in languages:
            weights[language] += 1 / len(languages)
    ranked = sorted(weights.items(), key=lambda pair: -pair[1])[:2]
    if not ranked or ranked[0][1] < _LEAST_WEIGHT or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return ""
    return ranked[0][0]
