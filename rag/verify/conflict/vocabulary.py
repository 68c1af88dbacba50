"""Word lists of the comparison of two sources.

Owns: the words that tell a contradiction from two things that are both true. Knows nothing about sentences.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.verify.parse.lexicon import OPPOSITES
from rag.verify.parse.parsed_text import stem_of


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of the words of a list."""
    return frozenset(map(stem_of, text.split()))


# Verbs of what happens to one thing once: two dates of it cannot both be right.
ONCE = stems_of(
    """open build found establish create born die complete launch publish sign invent discover inaugurate demolish
    destroy sink move close abolish enact ratify adopt introduce release incorporate retire marry dissolve burn
    construct finish begin start end expire due happen erect consecrate christen patent"""
)
# Words that tell when a document was made, not when something happened.
DOCUMENT_DATE = stems_of(
    """update revise modify effective valid version date edition stand print retrieve access draft amend gültig fassung
    datum aktualisiert geändert"""
)
# Relations in which many may stand to one thing: "Ada works here", "Bo works here".
SHARED_BY_MANY = stems_of(
    """work attend live play study join belong include member visit speak participate sell offer serve teach employ
    contribute sign support use produce export import like supply lie appear sing help collaborate compete resemble
    among example reside graduate train sponsor perform"""
)
# Those of them in which many may stand that are named behind "by": "attended by Ada".
SHARED_BY_MANY_AGENTS = stems_of(
    "attend sign visit use support join read watch like play teach sponsor perform sing help"
)
# Nouns that a number or a name behind them tells apart: "room 12", "line 3".
NUMBERED = stems_of(
    """room line platform section chapter version size table page no number unit model gate bus route floor level zone
    class type grade lot phase step part volume figure item article paragraph track lane class category house building
    raum flight train bus tram tour flat apartment office seat court ward tank pump valve machine
    zimmer linie abschnitt kapitel seite gleis artikel tarif"""
)
# Words that say the same of both names beside them, in whichever order these stand.
MUTUAL = stems_of("near beside cousin sibling friend neighbour partner twin ally adjacent rival parallel")
# Words before a name that are no part of it.
TITLES = stems_of(
    """mr mrs ms dr sir lord lady king queen prince princess president professor prof captain saint st emperor pope
    bishop general colonel minister herr frau"""
)
# Pairs of opposites of which both may be true of one thing.
_BOTH_MAY_BE_TRUE = stems_of(
    """born arrive import export buy sell borrow lend father mother income revenue profit true first last initial final
    male female man woman boy girl husband wife add remove today yesterday tomorrow deficient left right earlier
    later previous following subsequent prior preceding"""
)
_MORE_OPPOSITES = (
    ("superior", "inferior"),
    ("successor", "predecessor"),
    ("majority", "minority"),
    ("mandatory compulsory", "optional voluntary"),
    ("free", "chargeable"),
    ("full", "empty"),
    ("erlaubt zulässig gestattet", "verboten untersagt unzulässig"),
    ("geöffnet offen", "geschlossen"),
    ("enthalten inbegriffen", "ausgeschlossen"),
    ("nördlich nördlichen", "südlich südlichen"),
    ("östlich östlichen", "westlich westlichen"),
)
# Opposites that tell one of two things from the other where a noun follows: "the north pier", "the old rule".
TELLS_APART = stems_of(
    """north northern south southern east eastern west western upper lower top bottom over under old older new newer
    young large big great major huge small little minor tiny long short high low early late hot warm cold cool strong
    weak cheap expensive easy difficult hard public private internal external inside outside active inactive maximum
    minimum positive negative open closed legal illegal present absent"""
)
# Opposite events: one and the same day is not that of both.
EVENTS = stems_of("open close begin start end finish stop cease")

Stems = frozenset[str]


def _opposites(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    opposites: dict[str, set[str]] = {}
    for pair in pairs:
        left, right = (stems_of(words) for words in pair)
        for own, other in ((left, right), (right, left)):
            for stem in own - _BOTH_MAY_BE_TRUE:
                opposites.setdefault(stem, set()).update(other - _BOTH_MAY_BE_TRUE)
    return {stem: frozenset(others) for stem, others in opposites.items() if others}


# Each stem with those that say the contrary of the same thing.
OPPOSITE_STEMS = _opposites((*OPPOSITES, *_MORE_OPPOSITES))
# Beginnings that turn a word into its contrary.
DENYING_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non")
