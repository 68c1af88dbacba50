"""Other names for one thing: initialisms against the words they stand for, short forms, countries and their adjectives.

Owns: which spellings mean the same. Initials are matched by rule against runs of words with capitals; a small table
holds what no rule tells. Knows nothing about retrieval. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from rag.text import normalise
from rag.verify.parse.lexicon import CURRENCIES, UNITS

# Names of one thing, in small letters, "|" between them; the adjectives of countries that no rule makes.
_NAMES = """
uk|united kingdom|great britain|britain
us|usa|u.s.|u.s.a.|united states|united states of america|america
eu|european union
un|united nations
uae|united arab emirates
ussr|soviet union
nyc|new york city|new york
la|los angeles
dc|district of columbia
nz|new zealand
france|french
netherlands|dutch|holland|niederlande
spain|spanish
greece|greek
switzerland|swiss|schweiz
denmark|danish
wales|welsh
norway|norwegian
india|indian
cuba|cuban
iran|iranian
iraq|iraqi
ireland|irish
finland|finnish
poland|polish
turkey|turkish
sweden|swedish
england|english
scotland|scottish
thailand|thai
iceland|icelandic
philippines|filipino|philippine
germany|german|deutschland
vereinigtes königreich|uk|united kingdom
"""
# Short forms of ordinary words and titles, which name nobody.
_SHORT_FORMS = """
ceo|chief executive officer|chief executive
cfo|chief financial officer
coo|chief operating officer
cto|chief technology officer
hr|human resources
it|information technology
pr|public relations
r&d|research and development
vat|value added tax
gdp|gross domestic product
ebit|earnings before interest and taxes
eps|earnings per share
capex|capital expenditure|capital expenditures|purchases of property, plant and equipment
opex|operating expenses|operating expenditure
ppe|pp&e|property, plant and equipment
cogs|cost of goods sold|cost of sales
revenue|revenues|net sales|turnover
net income|net earnings|net profit
headquarters|head office|corporate office|principal executive offices
ai|artificial intelligence
wwi|ww1|world war i|first world war|world war one
wwii|ww2|world war ii|second world war|world war two
dr|doctor
st|saint|street
mt|mount
ft|fort
ave|avenue
rd|road
prof|professor
gov|governor|government
govt|government
gen|general
capt|captain
lt|lieutenant
sgt|sergeant
pres|president
sen|senator
rep|representative
no|number|nr
dept|department
approx|approximately|about
info|information
temp|temperature|temporary
max|maximum
min|minimum
avg|average
tel|phone|telephone
co|company
corp|corporation
inc|incorporated
ltd|limited
univ|university
intl|international
assn|association
assoc|association|associate
mgmt|management
mgr|manager
yr|year|annual|annually|yearly
monthly|month
weekly|week
daily|day
tv|television
km|kilometre|kilometer
percent|per cent|percentage|%
"""
# In small letters these are words, or too short to be a short form without a point.
_ORDINARY_WORDS = frozenset("us it no la ai pr co min max gen rep sen in as an un".split())
# What stands between two words of a name without an initial of its own.
_CONNECTORS = r"(?:(?:&|and|of|the|for|in|on|de|la|und|für|der|des|y)[\s\u00a0]+)*"
_SEPARATOR = r"[\s\u00a0_-]+"
# UK, U.S., JnJ, J&J, AT&T, BofA: capitals with at most small connecting letters or an ampersand between them.
_INITIALISM = re.compile(r"(?:[A-Z]\.?(?:[&n]|and|of)?){1,5}[A-Z]\.?")
# Letters of an initialism at most.
_MOST_INITIALS = 6
_CONNECTING_LETTERS = re.compile(r"and|of|[&.n]")
# What turns the name of a country, a place or a person into an adjective.
_ADJECTIVE_ENDINGS = (
    "ians",
    "ian",
    "ien",
    "eans",
    "ean",
    "ese",
    "ish",
    "ans",
    "an",
    "ic",
    "i",
    "er",
    "ers",
    "ist",
    "ists",
    "ism",
)
# Letters that a name and its adjective share at least.
_SHARED_LETTERS = 4


@lru_cache(maxsize=1)
def _groups() -> dict[str, tuple[str, ...]]:
    """Return the other spellings of each one in the tables, by its normal form."""
    groups: dict[str, list[str]] = {}
    lines = [line.split("|") for line in [*_NAMES.strip().splitlines(), *_SHORT_FORMS.strip().splitlines()]]
    units: dict[tuple[str, float], list[str]] = {}
    for name, unit in UNITS.items():
        # One letter is too little to be a unit by itself.
        if len(name) > 1 or not name.isalnum():
            units.setdefault(unit, []).append(name)
    currencies: dict[str, list[str]] = {}
    for mark, currency in CURRENCIES.items():
        currencies.setdefault(currency, [currency] if currency.isalpha() else []).append(mark.lower())
    for names in [*lines, *units.values(), *currencies.values()]:
        for name in names:
            groups.setdefault(name, []).extend(other for other in names if other != name)
    return {name: tuple(dict.fromkeys(others)) for name, others in groups.items()}


@lru_cache(maxsize=1)
def _longest_first() -> re.Pattern[str]:
    """Return what finds a spelling of several words."""
    several = [name for name in _groups() if " " in name and not name.startswith("per ")]
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, sorted(several, key=len, reverse=True)))})(?!\w)", re.I)


def other_spellings(words: str) -> tuple[str, ...]:
    """Return the other spellings that the tables know for a word or a name; none for one they do not know."""
    # Small letters of "us", "it", "no", "la" are ordinary words.
    if words in _ORDINARY_WORDS:
        return ()
    normal, groups = normalise(words), _groups()
    return next((groups[form] for form in (normal, normal.strip("."), normal.rstrip("s")) if form in groups), ())


def is_short_form(word: str) -> bool:
    """Tell whether a word is a short form or its long form in the tables, and no name: "Dr", "department"."""
    return normalise(word).strip(".") in _short_forms()


@lru_cache(maxsize=1)
def _short_forms() -> frozenset[str]:
    return frozenset(name for line in _SHORT_FORMS.strip().splitlines() for name in line.split("|"))


def spellings_of_several_words(text: str) -> list[tuple[int, int]]:
    """Return where a text writes a name of several words that the tables know: "chief executive officer"."""
    return [match.span() for match in _longest_first().finditer(text)]


def is_initialism(word: str) -> bool:
    """Tell whether a word is written as the initials of a name are: UK, U.S., JnJ, J&J."""
    return 2 <= len(initials(word)) <= _MOST_INITIALS and _INITIALISM.fullmatch(word) is not None


def initials(word: str) -> str:
    """Return the initials of an initialism, without what connects them: "JJ" for "JnJ" and "J&J"."""
    return _CONNECTING_LETTERS.sub("", word) if any(c.islower() or not c.isalnum() for c in word) else word


@lru_cache(maxsize=512)
def initialism_pattern(word: str) -> re.Pattern[str]:
    """Return what finds an initialism in its notations, and runs of words with capitals that it may stand for.

    "AMEX" is also the beginnings of two words, "American Express". A longer word stands for itself.
    """
    letters = initials(word)
    if len(letters) > _MOST_INITIALS:
        return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
    written = r"[\s.]*(?:&|n|and)?[\s.]*".join(re.escape(letter) for letter in letters)
    forms = [rf"(?<!\w){written}(?!\w)"]
    if letters.isalpha():
        following = rf"{_SEPARATOR}{_CONNECTORS}"
        forms.append(r"(?<![^\W_])" + following.join(rf"{letter}[^\W\d_]+" for letter in letters))
    if len(letters) >= 4 and letters.isalpha():
        for cut in range(2, len(letters) - 1):
            halves = [rf"{part[0]}(?i:{part[1:]})\w+" for part in (letters[:cut], letters[cut:])]
            forms.append(rf"(?<!\w){halves[0]}{_SEPARATOR}{halves[1]}")
    return re.compile("|".join(forms))


def pattern_of_initials(words: Sequence[str]) -> re.Pattern[str] | None:
    """Return what finds the initials of a name: "J&J" and "JnJ" for Johnson & Johnson; None for a single word."""
    letters = [word[0].upper() for word in words if word]
    if not 2 <= len(letters) <= 6 or not all(letter.isalpha() for letter in letters):
        return None
    return re.compile(rf"(?<!\w){r'[.]?(?:&|n|of)?'.join(letters)}(?!\w)")


@lru_cache(maxsize=512)
def adjective_pattern(name: str) -> re.Pattern[str] | None:
    """Return what finds the name behind an adjective, and the adjective of a name: Italian and Italy; None for neither.

    The ending goes, and up to three other letters may follow what is left but its last letter.
    """
    if not name.isalpha() or len(name) < _SHARED_LETTERS + 1:
        return None
    ending = next((ending for ending in _ADJECTIVE_ENDINGS if name.endswith(ending)), "")
    root = name.removesuffix(ending)
    forms = [rf"{name[:-1]}\w?(?:{'|'.join(_ADJECTIVE_ENDINGS)})"]
    if ending and len(root) >= _SHARED_LETTERS:
        forms.append(rf"{root[: max(_SHARED_LETTERS, len(root) - 1)]}\w{{0,3}}")
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")
