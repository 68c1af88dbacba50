"""Words of one family: "discovery" is what one does who discovers. Pure.

Owns: ``same_family``, ``verbs_of`` and ``relatives_of``, which tell whether one word comes from another and names the
same. Knows nothing about sentences.

A noun for an action, a quality or an adjective is of the family of the verb, adjective or noun that it comes from.
Whoever acts ("inventor", "trainee") is not, nor is what denies ("harmless", "unlike") or can be done ("washable").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from rag.verify.parse.parsed_text import stem_of

# Verbs with the nouns for what one does who does so, where no ending tells, each line a family.
_DEEDS = """
grow growth
live life
choose choice
lose loss
sell sale
fly flight
speak speech
believe belief
prove proof
weigh weight
succeed success
pursue pursuit
respond response
destroy destruction
explain explanation
maintain maintenance
pronounce pronunciation
receive reception
acquire acquisition
consume consumption
assume assumption
resume resumption
act action activity
produce production
"""
# Adjectives and nouns of one family, each line one.
_FAMILIES = """
strong strength
long length
wide width
deep depth
high height
broad breadth
warm warmth
true truth
young youth
hot heat
free freedom
poor poverty
wise wisdom
action active activity
success successful
economy economic economics economical
history historic historical
politics political
science scientific
democracy democratic
energy energetic
theory theoretical
crime criminal
medicine medical
drama dramatic
system systematic
parliament parliamentary
analysis analytic analytical
canada canadian
france french
spain spanish
germany german
england english
ireland irish
scotland scottish
denmark danish
sweden swedish
finland finnish
norway norwegian
greece greek
netherlands dutch
switzerland swiss
europe european
america american
africa african
australia australian
austria austrian
italy italian
russia russian
hungary hungarian
china chinese
japan japanese
portugal portuguese
india indian
brazil brazilian
mexico mexican
egypt egyptian
"""
# Words of one meaning, each line one.
_SYNONYMS = """
begin start commence
buy purchase
permit allow
big large
quick rapid
film movie
physician doctor
attorney lawyer
mistake error
often frequently
usually typically
mostly mainly largely
nearly almost
entire whole
annual yearly
worldwide globally
choose select
respond reply
need require
stay remain
region area
journey trip
rise increase grow
fall decrease decline
comprise consist
founded established
attempt try
wed marry
depict portray
previously formerly
subsequently afterwards
additional further extra
teach instruct
illness disease sickness
huge enormous
wealthy rich
happen occur
forbid prohibit ban
modify change alter
finish complete
expand enlarge
gather collect
manufacture produce
author writer
result outcome
inhabitant resident
quantity amount
rely depend
get receive obtain
aid assist help
utilize utilise use
difficult hard
ill sick
reside dwell live
hire employ
halt stop
vital essential crucial
renowned famous
allocate assign allot
repair mend
injure hurt wound
transport convey carry
goal aim objective purpose
salary wage
troop soldier
harm damage
safeguard protect
inspect examine
furnish provide supply
lessen reduce
widen broaden
vanish disappear
merge unite combine
divide split
erect build construct
vary differ
contain include incorporate encompass
retain keep
resign quit
located situated
especially particularly
rarely seldom
immediately instantly
currently presently
partially partly
completely entirely fully wholly totally
primary principal main
adjacent neighbouring neighboring
distant remote
vacant empty
accurate correct
native indigenous
photo photograph
phone telephone
aeroplane airplane plane aircraft
lorry truck
petrol gasoline
railway railroad
holiday vacation
luggage baggage
shop store
motorway highway freeway
football soccer
infant baby
nation country
disclose reveal
demonstrate show
shut close
"""
# Verbs from which a noun is made by an ending that makes other nouns, too: "party" is not from "part".
_FROM_VERBS = {
    "y": "discover deliver recover inquire enquire injure master",
    "age": "cover use store marry link break leak block",
    "ure": "close depart fail expose please seize enclose disclose compose",
    "al": "arrive remove approve propose refuse survive renew deny dispose withdraw acquit bury retrieve revive "
    "rehearse portray dismiss appraise betray",
    "ance": "appear perform accept assist attend guide resist insure disturb inherit comply",
    "ence": "exist depend differ occur refer prefer persist coincide interfere adhere insist",
    "ment": "agree develop treat pay employ move settle invest retire require punish improve measure appoint establish "
    "replace announce achieve amend arrange assess encourage enforce enlarge equip fulfil involve manage place recruit "
    "refine ship adjust advance deploy",
}
# Nouns and adjectives from which an adjective or a noun for a quality is made.
_FROM_NOUNS = {
    "al": "nation region culture nature industry environment accident music tradition finance commerce province race "
    "education agriculture structure architecture logic residence function emotion nutrition constitution season coast "
    "globe tribe continent occupation navy institution",
    "ic": "hero symbol atom metal academy strategy climate volcano acid photograph geography genetics athlete",
    "ous": "danger fame poison religion mountain mystery victory",
    "ful": "power beauty peace harm pain",
    "ary": "legend budget revolution diet evolution",
    "ity": "secure pure mature rare diverse dense intense complex popular regular similar familiar solid humid fragile "
    "legal mortal fertile stable able possible visible responsible flexible available capable sensitive elastic "
    "curious valid rapid sterile mobile hostile scarce",
    "cy": "efficient frequent urgent fluent accurate private pregnant vacant deficient sufficient consistent",
    "ce": "important present absent independent different significant relevant silent violent distant abundant patient "
    "intelligent dominant resistant prominent convenient",
}
# Endings of a noun for an action, and those of the verb that it may come from.
_ACTIONS = (
    ("ization", ("ize", "ise")), ("isation", ("ise", "ize")), ("ification", ("ify",)), ("ication", ("icate", "y")),
    ("ation", ("ate", "e", "")), ("ution", ("ute", "ve")), ("etion", ("ete",)), ("ition", ("e", "it", "ite")),
    ("ction", ("ct", "ce")), ("ption", ("pt", "be")), ("rtion", ("rt",)), ("stion", ("st",)),
    ("vention", ("vent", "vene")), ("ntion", ("nt",)), ("mission", ("mit",)), ("ession", ("ess", "ede", "eed")),
    ("ussion", ("uss",)), ("nsion", ("nd",)), ("ersion", ("erse", "ert")), ("usion", ("use", "ude")),
    ("ision", ("ide", "ise")), ("asion", ("ade",)), ("osion", ("ode",)),
)  # fmt: skip
# They only look as if one came from the other, or the noun is an office or a place.
_LOOKALIKES = frozenset(
    "station ration portion section mission passion nation commission profession possession relation fiction mention "
    "vocation vacation foundation position procession session convention version vision tension pension question "
    "generation information plantation caution motion lotion potion notion nutrition petition tradition edition "
    "condition ambition addition organisation organization administration institution product object subject "
    "project".split()
)
# The letters that a verb has at least from which a noun for an action is made.
_LEAST_LETTERS = 3
# The longest word that is looked at.
_MAX_LETTERS = 24


def _made_from(words_by_ending: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return the stems of the words that listed ones make, each with the stems of what it comes from."""
    made: dict[str, set[str]] = {}
    for ending, words in words_by_ending.items():
        for word in words.split():
            for derived in _derived(word, ending):
                made.setdefault(stem_of(derived), set()).add(stem_of(word))
    return {derived: frozenset(words) for derived, words in made.items()}


def _derived(word: str, ending: str) -> Iterator[str]:
    """Yield the forms that a word may have with an ending: "arrival", "denial", "efficiency"."""
    if ending == "ity" and word.endswith("ble"):
        yield word[:-2] + "ility"
    elif ending == "ity" and word.endswith("ous"):
        yield word[:-3] + "osity"
    elif ending in ("cy", "ce"):
        yield word.removesuffix("e")[:-1] + ending
    elif word.endswith("y"):
        yield from (word[:-1] + "i" + ending, word[:-1] + ending)
    elif word.endswith("e"):
        yield from (word[:-1] + ending, word + ending, word[:-1] + "i" + ending)
    else:
        yield word + ending
        yield word + word[-1] + ending
        if word.endswith(("s", "o")):
            yield word[:-1] + ending


def _families(text: str) -> Iterator[list[str]]:
    for line in text.strip().splitlines():
        yield [stem_of(word) for word in line.split()]


_NOUNS_OF_VERBS = _made_from(_FROM_VERBS) | {
    noun: frozenset((verb,)) for verb, *nouns in _families(_DEEDS) for noun in nouns
}
_OTHERS = _made_from(_FROM_NOUNS)
_FAMILY_OF = {stem: frozenset(family) for family in _families(_FAMILIES) for stem in family}
_SAME_AS = {stem: frozenset(line) for line in _families(_SYNONYMS) for stem in line}
_LOOKALIKE_STEMS = frozenset(map(stem_of, _LOOKALIKES))


@lru_cache(maxsize=8192)
def verbs_of(word: str) -> frozenset[str]:
    """Return the stems of the verbs of which a word may be the noun: those of "discover" for "discovery".

    Some may be no words.
    """
    noun = word.removesuffix("s")
    if len(word) > _MAX_LETTERS or noun in _LOOKALIKES:
        return frozenset()
    verbs = (noun.removesuffix(ending) + own for ending, owns in _ACTIONS if noun.endswith(ending) for own in owns)
    guessed = {stem_of(verb) for verb in verbs if len(verb) > _LEAST_LETTERS}
    return _NOUNS_OF_VERBS.get(stem_of(word), frozenset()) | (guessed - _LOOKALIKE_STEMS)


@lru_cache(maxsize=8192)
def relatives_of(word: str) -> frozenset[str]:
    """Return the stems of words that name the same as a word: of "economy" for "economic", of "start" for "begin".

    They are those that it comes from, and those of a listed family or meaning.
    """
    stem = stem_of(word)
    listed = _FAMILY_OF.get(stem, frozenset()) | _SAME_AS.get(stem, frozenset())
    return _OTHERS.get(stem, frozenset()) | (listed - {stem})


def same_family(word: str, other: str) -> bool:
    """Tell whether two words are of one family, one of them made from the other: "discover" and "discovery".

    Args:
        word: A word in small letters.
        other: Another.

    Returns:
        Whether they are, as is a word with itself.
    """
    stem, other_stem = stem_of(word), stem_of(other)
    return (
        stem == other_stem
        or stem in verbs_of(other) | relatives_of(other)
        or other_stem in verbs_of(word) | relatives_of(word)
    )
