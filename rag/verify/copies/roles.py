"""What the small words before a word, and its form, tell of its role in a clause. Pure.

Owns: the lists of such words, and what is read from them: the relation of a word to the one before, where a clause or a
member of a list may begin, what looks like a verb, what may be left out from before another word. Knows nothing about
comparing two texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.verify.copies.units import Unit
from rag.verify.parse.lexicon import IRREGULAR_FORMS, MODALS, OPPOSITES, ORDINALS
from rag.verify.parse.parsed_text import stem_of
from rag.verify.parse.quantities import Quantity

# Words that tell in which role the next word stands; those of one group say much the same.
RELATIONS = {
    word: group.split()[0]
    for group in (
        "in within inside", "on upon", "at", "during", "of", "to into onto toward towards", "from", "by", "for",
        "with", "without", "before", "after", "since", "until till", "than", "over above", "under below",
        "between among", "against", "through via", "about", "beyond", "across", "along", "behind", "near", "per", "off",
        "out",
        "up", "down",
    )
    for word in group.split()
}  # fmt: skip
# Words that tie a clause to another.
_CONNECTIVES = {
    word: group.split()[0]
    for group in (
        "because", "so thus therefore hence", "despite", "although though", "if", "unless", "whether", "why", "how",
    )
    for word in group.split()
}  # fmt: skip
# What a phrase of time or place begins with that may move.
MOVABLE = frozenset("in on at during since after before for until from".split())
TIME_RELATIONS = frozenset("in on at during".split())
# What may stand between two parts of a sentence that are compared each on its own.
MARKS_OF_PARTS = frozenset(",;:—–")
JOINING = frozenset("and or but nor yet while whereas plus".split())
# Words that open a clause which may stand before or behind the main clause.
SUBORDINATING = frozenset("because since when if after before although though while until once unless".split())
COMPLEMENT = frozenset("that whether if because".split())
RELATIVE = frozenset("who which whose where whom when".split())
SUBJECT_PRONOUNS = frozenset("he she they we i it".split())
DEGREES = frozenset("more most less least fewer too".split())
MALE, FEMALE = frozenset("he him his himself".split()), frozenset("she her hers herself".split())
ARTICLES = frozenset("a an the".split())
PERSONAL = frozenset("he she it they his her its their these those".split())
REFERRING = frozenset(
    "he she it they his her its their this these that those such we our i my there you your one both".split()
)
BE = frozenset("is are was were be been being am".split())
AUXILIARIES = BE | frozenset("has have had having does did do".split()) | frozenset(MODALS)
_IRREGULAR_NOUNS = frozenset(
    "man woman child person foot tooth mouse life datum medium analysis basis crisis criterion phenomenon index colour "
    "centre metre litre organisation labour behaviour favour honour neighbour defence licence programme annual death "
    "be".split()
)
_IRREGULAR_VERBS = frozenset(form for form, base in IRREGULAR_FORMS.items() if base not in _IRREGULAR_NOUNS)
# Words that end as a participle does.
_NO_PARTICIPLES = frozenset("red bed shed seed need breed speed weed feed reed sled sacred naked".split())
# Verbs behind which a clause may follow without "that": "Ada said Bo left".
EMBEDDING_VERBS = frozenset(
    "said says say think thinks thought believe believes believed claim claims claimed know knows knew hope "
    "hopes hoped deny denies denied doubt doubts doubted argue argues argued suggest suggests suggested report "
    "reports reported mean means meant want wants wanted support supports".split()
)
_PARTITIVE = frozenset("some many several certain most all both each any few".split())
# Nouns that add nothing to what is said.
_LIGHT_NOUNS = frozenset("time place order number people way type name".split())
# What a number that is computed is called.
RESULTS = frozenset("difference sum total average mean share ratio increase decrease growth percentage gap".split())
# Words behind which what follows "that" is so.
FACTIVE_VERBS = frozenset(
    "show shows showed shown reveal reveals revealed demonstrate demonstrates demonstrated prove proves proved proven "
    "confirm confirms confirmed discover discovers discovered learn learns learned notice noticed true".split()
)
# Verbs that are often met in the present, whose form does not tell that they are verbs.
_COMMON_VERBS = frozenset(
    stem_of(word)
    for word in "take make give find tell ask work seem feel try leave call need become provide include consider "
    "appear "
    "allow require serve lead run hold grow remain contain produce cause move play support offer receive "
    "follow sell pay keep bring write sit stand lose meet build stay fall reach kill raise pass win buy send "
    "spend cut carry own cover sing sleep sail live drive speak teach use help turn begin start show hear let "
    "put mean set change lie create open close walk stop rise depend affect protect control determine form "
    "connect separate belong depend apply".split()
)
# Words that may go from the end of a sentence or from before a word, as other adverbs may.
ADVERBS = frozenset(
    "today yesterday tomorrow once twice again later earlier soon together well however often always never alone "
    "also then now still even already too back away there here instead ago abroad overall".split()
)
_ADJECTIVE_ENDING = re.compile(r"(?:al|ic|ive|ous|ful|less|able|ible|ary|ly|est|ern|ish|ient|ant)$")
# Nouns that end as an adjective does.
_NOUNS = frozenset(
    "rival animal hospital journal metal mineral signal festival material cardinal tribunal canal proposal arrival "
    "approval removal refusal survival denial burial trial goal deal meal seal criminal official individual terminal "
    "arsenal cathedral medal petal vandal scandal portal mural funeral ritual crystal admiral marshal "
    "servant giant tenant merchant plant restaurant infant elephant migrant immigrant descendant assistant accountant "
    "consultant inhabitant participant applicant defendant lieutenant sergeant grant peasant patient client ingredient "
    "recipient detective executive relative representative captive drive archive olive table cable bible syllable "
    "vegetable variable secretary library diary salary dictionary boundary missionary anniversary beneficiary "
    "subsidiary adversary family ally fly assembly supply butterfly reply forest guest test nest request harvest "
    "priest interest chest contest protest conquest quest arrest pattern concern fish dish parish music public critic "
    "clinic fabric topic traffic mechanic republic logic panic handful".split()
)
_ADJECTIVES = (
    frozenset(
        word
        for pair in OPPOSITES
        for words in pair
        for word in words.split()
        if word not in _IRREGULAR_VERBS and stem_of(word) not in _COMMON_VERBS
    )
    | frozenset(
        "main key own single whole overall total common modern ancient recent current former joint net gross new old "
        "major minor red blue green white black grey gray brown wide deep famous popular strange rare good bad extra "
        "severe mild heavy huge grand broad narrow steep sharp keen fierce harsh calm brave proud strict "
        "dense thick thin soft rough smooth bitter pure plain tall brief swift solid "
        "vast open closed free full empty entire certain so-called very quite rather real true local".split()
    )
    | frozenset(ORDINALS)
)
_BOUNDARY_MARKS = frozenset(',;:()[]{}|–—!?/“”"•*')


def is_same_relation(unit: Unit, other: Unit, is_gap: bool) -> bool:
    """Return whether the small words before a unit tell the same role as in the line; "in March" is "on 3 March".

    Args:
        unit: The unit of the sentence.
        other: The same unit of the line.
        is_gap: Whether something is left out before it, so that only the last of these words counts.

    Returns:
        Whether they do.
    """
    if other.value is not None and {relation(unit), relation(other)} <= TIME_RELATIONS:
        return True
    pair = {relation(unit), relation(other)}
    if not is_gap and pair == {"by", ""} and isinstance(other.value, Quantity) and other.value.unit:
        return True  # "rose by 5 %", "rose 5 %"
    return relation(unit) == relation(other) if is_gap else relations(unit) == relations(other)


def relations(unit: Unit) -> list[str]:
    """Return the groups of the small words before a unit that tell its role, in order."""
    return [RELATIONS[word] for word in _without_partitive(unit.before) if word in RELATIONS]


def _without_partitive(before: Sequence[str]) -> Sequence[str]:
    """Return small words without the "of" of "some of the boats", which are some boats."""
    at = next((at for at, word in enumerate(before) if at and word == "of" and before[at - 1] in _PARTITIVE), None)
    return before if at is None else (*before[:at], *before[at + 1 :])


def relation(unit: Unit) -> str:
    """Return the group of the last small word before a unit that tells its role; "" for none."""
    own = _without_partitive(unit.before)
    at = next((at for at in range(len(own) - 1, -1, -1) if own[at] in RELATIONS), None)
    if at is None or (
        own[at + 1 :] and _LIGHT_NOUNS.intersection(own[at + 1 :]) and AUXILIARIES.intersection(own[at:])
    ):
        return ""  # "at the time was built"
    return RELATIONS[own[at]]


def connectives(unit: Unit) -> set[str]:
    """Return the groups of the words before a unit that tie its clause to another, such as "because"."""
    return {_CONNECTIVES[word] for word in unit.before if word in _CONNECTIVES}


def is_boundary(unit: Unit) -> bool:
    """Return whether a clause or a member of a list may begin at a unit."""
    return bool(_BOUNDARY_MARKS.intersection(unit.marks) or JOINING.intersection(unit.before))


def is_verb(unit: Unit) -> bool:
    """Return whether a unit looks like a verb: by its form, or by an auxiliary before it."""
    return unit.value is None and (is_participle(unit) or bool(AUXILIARIES.intersection(unit.before)))


def may_be_verb(unit: Unit) -> bool:
    """Return whether a unit is a word that may be a verb in the present: "sells", "remain"."""
    return unit.stem in _COMMON_VERBS and not unit.is_upper and not unit.word.endswith("ing")


def is_participle(unit: Unit) -> bool:
    """Return whether a unit has the form of a past tense or a past participle."""
    has_form = unit.word in _IRREGULAR_VERBS or (unit.word.endswith("ed") and unit.word not in _NO_PARTICIPLES)
    return unit.value is None and has_form


def is_modifier(unit: Unit) -> bool:
    """Return whether a word may go from before or behind another: an adjective or an adverb."""
    return not unit.before and is_adjective(unit)


def is_adjective(unit: Unit) -> bool:
    """Return whether a unit looks like an adjective or an adverb."""
    is_listed = unit.word == "our" or unit.word in ADVERBS or unit.word in _ADJECTIVES
    return is_listed or (bool(_ADJECTIVE_ENDING.search(unit.word)) and unit.word not in _NOUNS)


def is_passive(units: Sequence[Unit], at: int) -> bool:
    """Return whether a participle is in the passive: "was built", "built by".

    Args:
        units: The units of a text.
        at: Which of them is the participle.

    Returns:
        Whether it is.
    """
    after = units[at + 1] if at + 1 < len(units) else None
    has_agent = after is not None and after.before[:1] == ("by",) and after.value is None
    return has_agent or bool(BE.intersection(units[at].before))
