"""Citation marks in a text, such as ``[1]`` or ``[2, 4–6]``. Pure.

Owns: what a mark looks like, everywhere in Footnote, and which other forms stand for one (``plain_marks``). Knows
nothing about what a mark cites.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

# One number, with the space before it: what Footnote itself writes behind a sentence.
SINGLE_MARK = re.compile(r"\s*\[(\d+)\]")
# Numbers, and lists and ranges of them: what models write, and what papers write for their own references.
MARK_GROUP = re.compile(r"\[\s*(\d+(?:\s*[,;–-]\s*\d+)*)\s*\]")
_NUMBERS = r"\d{1,3}(?:\s{0,4}[,;–-]\s{0,4}\d{1,3})*"
# The same with numbers of at most three digits: "[2024]" is a year in brackets, not a piece of evidence.
EVIDENCE_MARK = re.compile(rf"\[\s{{0,4}}({_NUMBERS})\s{{0,4}}\]")
# What models call a piece of evidence.
_EVIDENCE_WORD = r"(?:evidence|sources?|passages?|documents?|refs?|quellen?|belege?|dokumente?)"
# How else models write marks: 【1†source】, [1†source], [^1], [[1]], [1](page.md), [source 1, source 2], (source 1).
_IN_BRACKETS = re.compile(
    rf"【\s{{0,4}}({_NUMBERS})\s{{0,4}}(?:†[^】\n]{{0,60}})?】"
    rf"|\[({_NUMBERS})†[^\]\n]{{0,60}}\]"
    rf"|\[\^({_NUMBERS})\^?\]"
    rf"|\[\[({_NUMBERS})\]\]"
    rf"|\[({_NUMBERS})\]\((?=[^\s()]{{0,200}}[A-Za-z#])[^\s()]{{1,200}}\)"
    rf"|\[\s{{0,4}}{_EVIDENCE_WORD}\s{{0,4}}#?(\d{{1,3}}"
    rf"(?:\s{{0,4}}[,;–-]\s{{0,4}}(?:{_EVIDENCE_WORD}\s{{0,4}})?#?\d{{1,3}})*)\s{{0,4}}\]"
    r"|\((?:evidence|source|quelle|beleg)\s{1,4}(\d{1,3})\)",
    re.I,
)
_NO_NUMBERS = re.compile(r"[^\d,;–-]+")
# "According to evidence 1, …", with the first word of what it says.
_ACCORDING_TO = re.compile(
    r"(?:\A|(?<=\n)|(?<=[.!?:] )|(?<=\n[-*] ))according to (?:the )?"
    rf"(?:(?:evidence|source|passage|document) #?(\d{{1,3}})|\[({_NUMBERS})\]|【({_NUMBERS})(?:†[^】\n]{{0,60}})?】),? "
    r"(?P<word>[^\s\[\]【】]{1,60})",
    re.I,
)
# "…, according to evidence 1."
_AS_EVIDENCE_SAYS = re.compile(
    r"(?<=[\w%)\]”\"])(,)? (?:according to|as (?:stated|shown|described|noted|reported|given) (?:in|by)|as per) "
    r"(?:evidence|source|passage|document) #?(\d{1,3})(?:(?(1),|(?=,))|(?=[.;!?]))",
    re.I,
)
# "Laut Beleg 1 …": German puts the verb first behind it, so that nothing but the number goes.
_LAUT_BELEG = re.compile(r"\b((?:laut|gemäß|nach) (?:beleg|quelle)) (\d{1,3})\b(?![.,]\d)", re.I)
# What a footnote stands for, on a line of its own, with the lines that are indented under it.
FOOTNOTE_DEFINITION = re.compile(r"^ {0,3}\[\^(\d{1,3})\]:([^\n]*(?:\n(?: {4}|\t)[^\n]+)*)\n?", re.M)

_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_FROM_SUPERSCRIPT = str.maketrans(_SUPERSCRIPTS + "⁻", "0123456789-")
# Behind a word of three letters or the end of a sentence, and before no word: "x²", "10¹⁶" and "m²K" are none.
_SUPERSCRIPT = re.compile(
    rf"(?:(?<!\w)(?P<word>[^\W\d_{_SUPERSCRIPTS}]{{3,40}})|(?<=[.!?…,;:”\"]))"
    rf"(?P<mark>[{_SUPERSCRIPTS}]{{1,2}}(?: ?[,⁻] ?[{_SUPERSCRIPTS}]{{1,2}}){{0,6}})(?!\w)"
)
# Words behind which such a number is a power.
_RAISED = frozenset(
    """metre metres meter meters metern mile miles meile meilen foot feet inch inches yard yards acre acres hectare
    hectares hektar second seconds sekunde sekunden minute minutes hour hours stunde stunden pixel pixels litre litres
    liter liters mol min sec sek kilometre kilometres kilometer kilometern kilometers centimetre centimetres centimeter
    centimeters zentimeter millimetre millimetres millimeter millimeters sin cos tan log exp chi lambda sigma alpha
    beta gamma delta""".split()
)
_IN_PARENTHESES = re.compile(rf" {{0,4}}\(({_NUMBERS})\)")
_SENTENCE_BREAK = re.compile(r"(?<=[.!?])\s+|\n\s*")
# The number of an item of a list: "1.", "2)", "(3)".
LIST_NUMBER = re.compile(r"\(?\d{1,3}[.)]")
# A sentence of fewer words than this may be an item with its number: "Silver medals (1)".
_LEAST_WORDS = 4
# What has numbered parts: "section 4 (1)" is a part of a law.
_HAS_NUMBERED_PARTS = re.compile(
    r"(?:§|\b(?:sections?|sec|articles?|art|paragraphs?|para|clauses?|rules?|regulations?|subsections?|absatz|abs"
    r"|artikels?|nr|no|satz|ziffer|nummer|numbers?|equations?|eq|formulas?|gleichung|tables?|tabelle|figures?|fig"
    r"|abbildung|abb|steps?|schritt|items?|options?|types?|typ|class|groups?|phase|stage|versions?|levels?|stufe"
    r"|chapters?|kapitel|parts?|teil|appendix|annex|anhang|schedule|points?|punkt|lines?|zeile|cases?|fall)\b)\.?\s?"
    r"(?:\d{1,4}[a-z]?)?(?:\(\w{1,4}\)){0,4}\s?$",
    re.I,
)
# Characters before a number in parentheses that tell whether it is a part of something.
_LOOKED_BACK = 40
# Marks of such forms count up from 1; a text with a higher one counts something else.
_HIGHEST_MARK = 40
# A longer range is not taken for a list of citations: only its ends count.
_LONGEST_RANGE = 20


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands in place of ``text[start:end]``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class PlainText:
    """A text in which every mark has the form ``[1]``.

    Attributes:
        text: The text.
        replacements: What was replaced in the text as written, in order.
        starts: Where each replacement starts in ``text``.
    """

    text: str
    replacements: tuple[Replacement, ...] = ()
    starts: tuple[int, ...] = ()

    def written_span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of the text stands in the text as written.

        Args:
            start: Where it starts in ``text``.
            end: Where it ends there, behind ``start``.

        Returns:
            Start and end in the text as written; what was replaced counts as a whole.
        """
        return self._written(start)[0], self._written(end - 1)[1]

    def _written(self, at: int) -> tuple[int, int]:
        """Return where the character at a position was written, or all that was replaced by what holds it."""
        number = bisect_right(self.starts, at) - 1
        if number < 0:
            return at, at + 1
        replacement = self.replacements[number]
        behind = at - self.starts[number] - len(replacement.text)
        if behind < 0:
            return replacement.start, replacement.end
        return replacement.end + behind, replacement.end + behind + 1


def strip_marks(text: str) -> str:
    """Return ``text`` without the single-number marks and the white space before them."""
    return SINGLE_MARK.sub("", text)


def plain_marks(text: str) -> str:
    """Return what a model wrote with every form of a mark as ``[1]``, and without definitions of footnotes."""
    return read_plain_marks(text).text


def read_plain_marks(text: str, listed: Collection[int] = ()) -> PlainText:
    """Read every form of a mark as ``[1]``.

    A number in parentheses is a mark only where every sentence ends with one and there are no other marks; a raised
    one only behind words and sentences. Of both there must be several, beginning with 1, unless all are listed.

    Args:
        text: What a model or a person wrote.
        listed: The numbers that a list of sources has.

    Returns:
        The text with plain marks, and without definitions of footnotes.
    """
    plain = _replaced(text, [*_definitions(text), *_in_brackets(text), *_in_words(text)])
    if plain.replacements or EVIDENCE_MARK.search(text):
        return plain
    return _replaced(text, list(_raised(text, listed)) or list(_in_parentheses(text, listed)))


def mark_numbers(group: str) -> list[int]:
    """Return the numbers that the inside of a mark names, ranges spelled out: ``1, 3–5`` names 1, 3, 4 and 5."""
    numbers: list[int] = []
    for part in re.split(r"\s*[,;]\s*", group):
        ends = [int(number) for number in re.split(r"\s*[–-]\s*", part)]
        is_range = len(ends) == 2 and 0 <= ends[1] - ends[0] <= _LONGEST_RANGE
        numbers.extend(range(ends[0], ends[-1] + 1) if is_range else ends)
    return numbers


def from_superscript(digits: str) -> str:
    """Return raised digits as plain ones."""
    return digits.translate(_FROM_SUPERSCRIPT)


def _replaced(text: str, replacements: Iterable[Replacement]) -> PlainText:
    """Return a text with replacements; of two that overlap the one that starts first, and of these the longer."""
    kept: list[Replacement] = []
    for replacement in sorted(replacements, key=lambda one: (one.start, -one.end)):
        if not kept or kept[-1].end <= replacement.start:
            kept.append(replacement)
    begins = [0, *(replacement.end for replacement in kept)]
    between = [text[begin:end] for begin, end in zip(begins, [*(r.start for r in kept), len(text)], strict=True)]
    added = accumulate((len(r.text) - (r.end - r.start) for r in kept), initial=0)
    starts = tuple(replacement.start + shift for replacement, shift in zip(kept, added, strict=False))
    pieces = [piece for pair in zip(between, [*(r.text for r in kept), ""], strict=True) for piece in pair]
    return PlainText("".join(pieces), tuple(kept), starts)


def _definitions(text: str) -> Iterator[Replacement]:
    for match in FOOTNOTE_DEFINITION.finditer(text):
        yield Replacement(*match.span(), "")


def _in_brackets(text: str) -> Iterator[Replacement]:
    for match in _IN_BRACKETS.finditer(text):
        yield Replacement(*match.span(), _mark(match[match.lastindex or 0]))


def _in_words(text: str) -> Iterator[Replacement]:
    """Yield marks in words; what a sentence says according to a piece of evidence begins the sentence."""
    for match in _ACCORDING_TO.finditer(text):
        word = match["word"]
        opening = word.capitalize() if word.islower() else word
        yield Replacement(*match.span(), f"{opening} {_mark(match[1] or match[2] or match[3])}")
    for match in _AS_EVIDENCE_SAYS.finditer(text):
        yield Replacement(*match.span(), f" {_mark(match[2])}")
    for match in _LAUT_BELEG.finditer(text):
        yield Replacement(*match.span(), f"{match[1]} {_mark(match[2])}")


def _mark(numbers: str) -> str:
    return f"[{_NO_NUMBERS.sub('', numbers)}]"


def _are_marks(groups: Sequence[str], listed: Collection[int]) -> bool:
    """Return whether numbers count as marks do: all are listed, or they recur, begin with 1 and stay low."""
    numbers = {number for group in groups for number in mark_numbers(group)}
    return bool(numbers) and (
        numbers <= set(listed) or (len(groups) > 1 and 1 in numbers and max(numbers) <= _HIGHEST_MARK)
    )


def _raised(text: str, listed: Collection[int]) -> Iterator[Replacement]:
    """Yield the marks in raised digits."""
    matches = [match for match in _SUPERSCRIPT.finditer(text) if (match["word"] or "").lower() not in _RAISED]
    groups = [from_superscript(match["mark"]) for match in matches]
    if _are_marks(groups, listed):
        for match, group in zip(matches, groups, strict=True):
            yield Replacement(*match.span("mark"), _mark(group))


def _in_parentheses(text: str, listed: Collection[int]) -> Iterator[Replacement]:
    """Yield the numbers in parentheses, where every sentence ends with one and they are no parts of anything."""
    matches = list(_IN_PARENTHESES.finditer(text))
    if not _are_marks([match[1] for match in matches], listed):
        return
    if any(_HAS_NUMBERED_PARTS.search(text[max(0, m.start() - _LOOKED_BACK) : m.start()]) for m in matches):
        return
    bare = _replaced(text, [Replacement(*match.span(), "") for match in matches])
    if _are_sentence_ends(bare.text, set(bare.starts)):
        for match in matches:
            yield Replacement(*match.span(), f" {_mark(match[1])}")


def _are_sentence_ends(text: str, positions: set[int]) -> bool:
    """Return whether each sentence ends at one of the positions, and none of these stands elsewhere."""
    breaks = [(0, 0), *(match.span() for match in _SENTENCE_BREAK.finditer(text)), (len(text), len(text))]
    ends: set[int] = set()
    for (_, start), (end, _) in pairwise(breaks):
        sentence = text[start:end].strip()
        if not sentence or sentence.startswith("#") or sentence.endswith(":") or LIST_NUMBER.fullmatch(sentence):
            continue
        bare_end = start + len(text[start:end].rstrip())
        its_ends = {bare_end, bare_end - 1} if sentence[-1] in ".!?" else {bare_end}
        if len(sentence.split()) < _LEAST_WORDS or not its_ends & positions:
            return False
        ends |= its_ends
    return positions <= ends
