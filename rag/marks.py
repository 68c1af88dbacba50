"""Citation marks in a text, such as ``[1]`` or ``[2, 4–6]``. Pure.

Owns: what a mark looks like, everywhere in Footnote, and which other forms stand for one (``plain_marks``). Knows
nothing about what a mark cites.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from rag.patterns import lazy_pattern

# One number, with the space before it: what Footnote itself writes behind a sentence.
# White space is tried from its beginning alone: from each sign of it, a long run would be walked through again.
SINGLE_MARK = re.compile(r"(?:(?<!\s)\s+)?\[(\d+)\]")
# Numbers, and lists and ranges of them: what models write, and what papers write for their own references.
MARK_GROUP = re.compile(r"\[\s*(\d+(?:\s*[,;–-]\s*\d+)*)\s*\]")
_NUMBERS = r"\d{1,3}(?:\s{0,4}[,;–-]\s{0,4}\d{1,3})*"
# The same with numbers of at most three digits: "[2024]" is a year in brackets, not a piece of evidence.
EVIDENCE_MARK = re.compile(rf"\[\s{{0,4}}({_NUMBERS})\s{{0,4}}\]")
# The same with what other scripts, and other keyboards, have between numbers, and with "1 and 2".
_AND = r"(?:and|und|et|y|e|en|и|و|和|と|&)"
_BETWEEN = rf"(?:\s{{0,4}}[,;、，；،؛—‑~〜～–-]\s{{0,4}}(?:{_AND}\s{{1,4}})?|\s{{1,4}}{_AND}\s{{1,4}}|\s?[和と&]\s?)"
_ANY_NUMBERS = rf"\d{{1,3}}(?:{_BETWEEN}\d{{1,3}}){{0,20}}"
_SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
# What models call a piece of evidence.
_EVIDENCE_WORD = (
    r"(?:evidence|sources?|passages?|documents?|docs?|refs?|references?|citations?|cite|excerpts?|snippets?|chunks?"
    r"|quellen?|belege?|dokumente?|fuentes?|documentos?|preuves?|fonti?|fontes?|bron|источники?|документы?"
    r"|来源|來源|资料|資料|文档|文件|文献|证据|證據|出典|根拠|المصدر|مصدر|الوثيقة|وثيقة)"
)
# Of these, what stands in round brackets for nothing but evidence: "(document 12)" may be an exhibit.
_SURE_WORD = (
    r"(?:evidence|sources?|passages?|excerpts?|snippets?|quellen?|belege?|fuentes?|fonti|источник|来源|來源|證據|证据"
    r"|出典|根拠|المصدر)"
)
_NAMED_NUMBERS = (
    rf"(?:{_EVIDENCE_WORD}|ids?|nos?|nr|n°|№)\s{{0,2}}[.:：=_-]?\s{{0,4}}#?\d{{1,3}}"
    rf"(?:{_BETWEEN}(?:{_EVIDENCE_WORD}\s{{0,2}}[.:：_-]?\s{{0,4}})?#?\d{{1,3}}){{0,20}}"
)
# A place in it, which is no part of the number: ", p. 3", ": lines 4-9".
_PLACE = (
    r"(?:\s{0,2}[,:;]?\s{0,2}(?:pp?|pages?|seiten?|lines?|zeilen?|l|sections?|sec|§)\.?\s{0,2}\d{1,4}"
    r"(?:\s{0,2}[–-]\s{0,2}[lL]?\d{1,4})?)?"
)
# How else models write marks: 【1†source】, ［1］, [1†source], \\[1\\], [^1], [[1]], [1](page.md), [source 1], [#1],
# [1, p. 3], (source 1), <sup>[1]</sup>, <cite>1</cite>. The last group that matched has the numbers.
_IN_BRACKETS = lazy_pattern(
    rf"[【［〔〖⟦]\s{{0,4}}(?:{_EVIDENCE_WORD}\s{{0,2}}[.:：]?\s{{0,4}})?({_ANY_NUMBERS})\s{{0,4}}"
    r"(?:(?::\d{1,3})?†[^】］〕〗⟧\n]{0,60})?[】］〕〗⟧]"
    rf"|[【［\[]([{_CIRCLED}]|[{_SUPERSCRIPTS}]{{1,2}})[\]］】]"
    rf"|\[\s{{0,4}}(\d{{1,3}})\.\s{{0,4}}\]"
    rf"|\\cite[tp]?\{{\s{{0,4}}(?:{_EVIDENCE_WORD}[:_-]?)?({_NUMBERS})\s{{0,4}}\}}"
    rf"|\$\s?\^(?:\{{\s?\[({_NUMBERS})\]\s?\}}|\[({_NUMBERS})\])\s?\$"
    rf"|\[({_NUMBERS})†[^\]\n]{{0,60}}\]"
    rf"|\\\[({_NUMBERS})\\\]"
    rf"|\[\^({_NUMBERS})\^?\]"
    rf"|\^\[({_NUMBERS})\]"
    rf"|\[\[({_NUMBERS})\]\](?:\([^\s()]{{1,200}}\))?"
    rf"|\[({_NUMBERS})\]\((?=[^\s()]{{0,200}}[A-Za-z#])[^\s()]{{1,200}}\)"
    rf"|\[\s{{0,4}}({_NAMED_NUMBERS}){_PLACE}\s{{0,4}}\]"
    rf"|\[\s{{0,4}}[#@]?({_ANY_NUMBERS}){_PLACE}\s{{0,4}}[,;]?\s?\]"
    rf"|\[\s?(?P<quote>[\"'])({_NUMBERS})(?P=quote)\s?\]"
    rf"|\[\s{{0,4}}(?:{_EVIDENCE_WORD}\s?)?#?(\d{{1,3}})\s?[,:–-]\s?[^\[\]\n]{{1,80}}\.[a-z]{{2,5}}(?:,[^\[\]\n]{{1,30}})?\]"
    rf"|[(（]\s{{0,4}}(?={_SURE_WORD})({_NAMED_NUMBERS}){_PLACE}\s{{0,4}}[)）]"
    rf"|<(?P<tag>sup|cite|ref|sub|citation)>\s{{0,4}}\[({_NUMBERS})\]\s{{0,4}}</(?P=tag)>"
    rf"|<(?P<named>cite|ref|citation)>\s{{0,4}}({_NUMBERS})\s{{0,4}}</(?P=named)>"
    r"|[ \t]?<(?:cite?|cit|ref|citation|source)\s{1,4}(?:id|ref|name|n|number|index|source)=[\"']?(\d{1,3})[\"']?"
    r"\s{0,4}/>",
    re.I,
)
_NO_NUMBERS = re.compile(r"[^\d,;–-]+")
_AND_WORD = re.compile(rf"(?<=[\d\s]){_AND}(?=[\d\s])", re.I)
_NO_RANGE = re.compile(r"(?<!\d)[–-]")
_COMMAS = re.compile(r",[,\s]*,")
# What is a mark only where it names evidence: "[E1]", "「1」" at the end of a sentence.
_LISTED = re.compile(
    rf"\[\s?E-?(\d{{1,3}})\s?\]|[「『]\s?({_ANY_NUMBERS})\s?[」』](?=\s?(?:[.!?,;。！？，；、؟「『]|\Z|\n))"
)
_CIRCLED_NUMBERS = re.compile(
    rf"(?:(?<=[^\s:：(（])|(?<=[^\s:：(（] ))[{_CIRCLED}](?P<end>(?=\s{{0,2}}(?:[.!?,;。！？，；、؟{_CIRCLED}]|\n|\Z))"
    rf"|(?<=[.!?؟].)(?=\s)|(?<=[。！？].))|[{_CIRCLED}]"
)
# A range of marks: "[1]–[3]".
_RANGE = re.compile(r"[\[【［](\d{1,3})[\]】］]\s?[–—‑~〜-]\s?[\[【［](\d{1,3})[\]】］]")
# A colon behind a mark, where the sentence ends there or begins with the mark: "[1]:." and "[1]: The toll is …".
_MARK_WITH_COLON = re.compile(
    r"(\[\d{1,3}\]):(?=\s?[.!?。！？])|^([ \t]{0,8}(?:[-*+] )?\[\d{1,3}\]):(?=[ \t]+\w+ \w+ \w+ \w+)", re.M
)
# "cf. [2]", whose full stop would end the sentence.
_COMPARE = re.compile(r",?(?<!\s) ?\b(?:cf|vgl)\. ?(?=[\[【［]\d)", re.I)
_SEPARATORS = str.maketrans("、，；،؛—‑~〜～", ",,;,;-----")
# Marks that something encloses: "([1])", "(see [1], [2])", "**[1]**".
_ANY_MARK = r"(?:[\[【［〔〖][^\[\]【】［］〔〕〖〗\n]{1,60}[\]】］〕〗])"
_ENCLOSED = lazy_pattern(
    r"[(（]\s{0,2}(?:(?:see|cf\.?|vgl\.?|siehe|s\.|source|sources|evidence|quellen?|belege?|voir|véase|来源|出典)"
    rf"\s?[:：]?\s{{0,2}})?(?P<round>{_ANY_MARK}(?:\s{{0,2}}(?:[,;&、，]|and|und)?\s{{0,2}}{_ANY_MARK}){{0,8}})\s{{0,2}}[)）]"
    rf"|(?P<signs>\*{{1,3}}|_{{1,3}}|~~)(?P<bold>{_ANY_MARK}(?:\s?{_ANY_MARK}){{0,8}})(?P=signs)"
    rf"|`(?P<code>{_ANY_MARK}(?:\s?{_ANY_MARK}){{0,8}})`(?=[.!?。！？]|[ \t]{0, 4}(?:\n|\Z))",
    re.I,
)
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
# Code, in which nothing but "[1]" is a mark; prose is fenced under the names of texts.
_CODE = re.compile(
    r"^[ \t]{0,12}(?P<fence>`{3,}|~{3,})(?![^\n]*`)(?!(?:markdown|md|text|txt|plain(?:text)?)[ \t]*$)[^\n]*\n.*?"
    r"(?:^[ \t]{0,12}(?P=fence)[`~]*[ \t]*$|\Z)|(?<!`)`[^`\n]{1,200}`(?!`)",
    re.M | re.S | re.I,
)

# What a quotation opens and closes with; it ends with its line.
_CLOSED_BY = {"“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", '"': '"'}
_QUOTATION_MARKS = re.compile('[“”„«»「」『』"\n]')
_MARK_BEHIND = re.compile(r"[.!?,;]?\s{0,2}\[\d{1,3}(?:[,;–-]\s?\d{1,3})*\]")

_FROM_SUPERSCRIPT = str.maketrans(_SUPERSCRIPTS + "⁻", "0123456789-")
_RAISED_LIST = rf"[{_SUPERSCRIPTS}]{{1,2}}(?: ?[,⁻] ?[{_SUPERSCRIPTS}]{{1,2}}){{0,6}}"
# Raised numbers: "¹,²", "⁽¹⁾", "<sup>1</sup>", "^1^", "$^{1}$".
_SUPERSCRIPT = lazy_pattern(
    rf"⁽({_RAISED_LIST})⁾|({_RAISED_LIST})"
    rf"|<sup>\s{{0,4}}({_NUMBERS})\s{{0,4}}</sup>|(?<!\^)\^({_NUMBERS})\^(?!\^)"
    rf"|\$\^(?:\{{({_NUMBERS})\}}|(\d{{1,2}}))\$",
    re.I,
)
# What may stand before a raised mark: the last word, or the end of a sentence.
_LAST_WORD = re.compile(r"(?<![^\W_])[^\W\d_]{1,40}\Z")
_CLOSED_WORDS = re.compile(r"[^\W\d_]{2}[)”\"’»]\Z")
# A number that is no base of a power: a year, a share, one with a decimal point or separators.
_NO_BASE = re.compile(r"(?<![\d.,])(?:1\d{3}|20\d{2}|\d{1,3}(?:[.,]\d{1,3}){1,4})\Z|%\Z")
_SENTENCE_ENDS = ".!?…。！？؟۔।"
_UNSPACED_ENDS = "。！？」』）"
# Words behind which such a number is a power.
_RAISED = frozenset(
    """metre metres meter meters metern mile miles meile meilen foot feet inch inches yard yards acre acres hectare
    hectares hektar second seconds sekunde sekunden minute minutes hour hours stunde stunden pixel pixels litre litres
    liter liters mol min sec sek kilometre kilometres kilometer kilometern kilometers centimetre centimetres centimeter
    centimeters zentimeter millimetre millimetres millimeter millimeters sin cos tan log exp chi lambda sigma alpha
    beta gamma delta""".split()
)
# Numbers in round or curly brackets, and before a single closing one: "(1)", "（1）", "{1}", "1)".
_IN_PARENTHESES = lazy_pattern(
    rf" {{0,4}}\(({_NUMBERS})\)| {{0,4}}（\s?({_ANY_NUMBERS})\s?）| {{1,4}}\{{{{1,2}}({_NUMBERS})\}}{{1,2}}"
    r"|(?<=\S) {1,4}(\d{1,2})\)(?=[.!?;,]?(?:\s|\Z))"
)
_SENTENCE_BREAK = re.compile(r"(?<=[.!?])\s+|(?<=[。！？؟۔])\s*|\n\s*")
# The number of an item of a list: "1.", "2)", "(3)".
LIST_NUMBER = re.compile(r"\(?\d{1,3}[.)]")
# A sentence of fewer words than this may be an item with its number: "Silver medals (1)".
_LEAST_WORDS = 4
# As many letters of a script without spaces are as much as these words.
_LEAST_LETTERS = 6
_UNSPACED = lazy_pattern(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
)
# What has numbered parts: "section 4 (1)" is a part of a law.
_HAS_NUMBERED_PARTS = lazy_pattern(
    r"(?:§|\b(?:sections?|sec|articles?|art|paragraphs?|para|clauses?|rules?|regulations?|subsections?|absatz|abs"
    r"|artikels?|nr|no|satz|ziffer|nummer|numbers?|equations?|eq|formulas?|gleichung|tables?|tabelle|figures?|fig"
    r"|abbildung|abb|steps?|schritt|items?|options?|types?|typ|class|groups?|phase|stage|versions?|levels?|stufe"
    r"|chapters?|kapitel|parts?|teil|appendix|annex|anhang|schedule|points?|punkt|lines?|zeile|cases?|fall)\b)\.?\s?"
    r"(?:\d{1,4}[a-z]?)?(?:\(\w{1,4}\)){0,4}\s?$",
    re.I,
)
# Characters before a number in parentheses that tell whether it is a part of something.
_LOOKED_BACK = 40
# Characters before a closing parenthesis in which the one that it closes is looked for.
_LONGEST_OPEN = 200
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
    """Return ``text`` without the single-number marks and the white space before them; code and quotations stay."""
    return _without_matches(text, SINGLE_MARK)


def strip_mark_groups(text: str) -> str:
    """Return ``text`` without marks of one number or several; code and quotations stay as they are."""
    return _without_matches(text, MARK_GROUP)


def shown_marks(text: str) -> list[int]:
    """Return the numbers of the single-number marks of an answer, in order; none of code or quotations."""
    return [int(text[start:end].strip()[1:-1]) for start, end in _outside_of_quoted(text, SINGLE_MARK)]


def quotations(text: str) -> list[tuple[int, int]]:
    """Return where the quotations of a text start and end, with their quotation marks and what is quoted in them.

    A straight quotation mark opens one before a word and closes one behind it, on the same line.
    """
    closed: list[tuple[int, int]] = []
    opened: list[tuple[str, int]] = []
    for match in _QUOTATION_MARKS.finditer(text):
        sign, at = match.group(), match.start()
        opens = sign in _CLOSED_BY and (sign != '"' or _opens(text, at))
        if sign == "\n":
            opened = []
        elif opened and sign in _CLOSED_BY[opened[-1][0]] and (sign != '"' or not opens):
            closed.append((opened.pop()[1], match.end()))
        elif opens:
            opened.append((sign, at))
    outermost: list[tuple[int, int]] = []
    for start, end in sorted(closed):
        if not outermost or outermost[-1][1] <= start:
            outermost.append((start, end))
    return outermost


def positions_in_quotations(text: str) -> set[int]:
    """Return where marks stand that belong to what is quoted: behind the quotation stand others."""
    quoted = [span for span in quotations(text) if _MARK_BEHIND.match(text, span[1])] if "[" in text else []
    return {match.start() for start, end in quoted for match in EVIDENCE_MARK.finditer(text, start, end)}


def spans_outside(spans: Sequence[tuple[int, int]], others: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the spans that do not begin in one of some others.

    Args:
        spans: Spans in order, without overlaps.
        others: The spans that are looked at.

    Yields:
        Those of ``others`` that begin in none of ``spans``, in their order.
    """
    for start, end in others:
        before = bisect_right(spans, (start, math.inf)) - 1
        if before < 0 or spans[before][1] <= start:
            yield start, end


def code_and_quotations(text: str) -> list[tuple[int, int]]:
    """Return where code and quotations start and end in a text, without overlaps."""
    code = code_spans(text)
    return sorted([*code, *spans_outside(code, quotations(text))])


def _outside_of_quoted(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    return list(spans_outside(code_and_quotations(text), (match.span() for match in pattern.finditer(text))))


def _without_matches(text: str, pattern: re.Pattern[str]) -> str:
    found = _outside_of_quoted(text, pattern)
    ends, starts = [0, *(end for _, end in found)], [*(start for start, _ in found), len(text)]
    return "".join(text[end:start] for end, start in zip(ends, starts, strict=True))


def _opens(text: str, at: int) -> bool:
    """Return whether a straight quotation mark opens a quotation: before it stands no word, and behind it no space."""
    before, behind = text[at - 1 : at], text[at + 1 : at + 2]
    return not (before.isalnum() or before in tuple(".,!?;:)]%")) and bool(behind.strip())


def plain_marks(text: str, listed: Collection[int] = ()) -> str:
    """Read every form of a mark in what a model wrote as ``[1]``, and leave out definitions of footnotes.

    Args:
        text: What it wrote.
        listed: The numbers of the evidence that it was given, which leave less in doubt.

    Returns:
        The text with plain marks.
    """
    return read_plain_marks(text, listed).text


def read_plain_marks(text: str, listed: Collection[int] = ()) -> PlainText:
    """Read every form of a mark as ``[1]``.

    A number in parentheses is a mark only where every sentence ends with one and there are no other marks; a raised
    one only behind words and sentences. Of both there must be several, beginning with 1, unless all are listed: then
    every second sentence is enough. In code only "[1]" is a mark.

    Args:
        text: What a model or a person wrote.
        listed: The numbers that a list of sources, or the evidence that a model was given, has.

    Returns:
        The text with plain marks, and without definitions of footnotes.
    """
    code = code_spans(text)
    tags = _outside(code, _raised_tags(text, listed))
    forms = [*_enclosed(text), *_in_brackets(text), *_in_words(text), *_ranges(text), *_listed(text, listed)]
    forms += [*_with_colon(text), *(Replacement(*match.span(), " ") for match in _COMPARE.finditer(text))]
    found = [*_definitions(text), *_enclosed(text, as_code=True), *tags, *_outside(code, forms)]
    plain = _replaced(text, found)
    if plain.replacements or EVIDENCE_MARK.search(text):
        return plain
    raised = list(_raised(text, code, listed))
    return _replaced(text, raised or list(_in_parentheses(text, code, listed)))


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


def code_spans(text: str) -> list[tuple[int, int]]:
    """Return the spans of a text that are code."""
    return [match.span() for match in _CODE.finditer(text)] if "`" in text or "~~~" in text else []


def _outside(spans: Sequence[tuple[int, int]], replacements: Iterable[Replacement]) -> Iterator[Replacement]:
    """Yield the replacements that do not begin in one of the sorted spans."""
    for replacement in replacements:
        if any(spans_outside(spans, [(replacement.start, replacement.end)])):
            yield replacement


def _in_brackets(text: str) -> Iterator[Replacement]:
    for match in _IN_BRACKETS.finditer(text):
        mark = _mark(match[match.lastindex or 0])
        if mark != match.group():
            yield Replacement(*match.span(), mark)


def _enclosed(text: str, as_code: bool = False) -> Iterator[Replacement]:
    """Yield what encloses marks and nothing else, with the marks alone; the signs of code, or all others."""
    for match in _ENCLOSED.finditer(text):
        inside = match["round"] or match["bold"] or match["code"]
        if as_code != (match["code"] is not None):
            continue
        plain = _replaced(inside, _in_brackets(inside)).text
        marks = EVIDENCE_MARK.findall(plain)
        if marks and not any(map(str.isalnum, EVIDENCE_MARK.sub("", plain).replace("and", "").replace("und", ""))):
            yield Replacement(*match.span(), "".join(f"[{numbers}]" for numbers in marks))


def _ranges(text: str) -> Iterator[Replacement]:
    for match in _RANGE.finditer(text):
        yield Replacement(*match.span(), f"[{match[1]}-{match[2]}]")


def _with_colon(text: str) -> Iterator[Replacement]:
    for match in _MARK_WITH_COLON.finditer(text):
        yield Replacement(*match.span(), match[1] or match[2])


def _listed(text: str, listed: Collection[int]) -> Iterator[Replacement]:
    """Yield what is a mark only where it names evidence."""
    for match in _LISTED.finditer(text) if listed else ():
        mark = _mark(match[match.lastindex or 0])
        if set(mark_numbers(mark[1:-1])) <= set(listed):
            yield Replacement(*match.span(), mark)
    yield from _circled(text, listed)


def _circled(text: str, listed: Collection[int]) -> Iterator[Replacement]:
    """Yield circled numbers behind sentences; none where they number what stands behind them: "① Open it. ② Wait."."""
    found = list(_CIRCLED_NUMBERS.finditer(text))
    numbers = {_CIRCLED.index(match.group()) + 1 for match in found}
    if numbers <= set(listed) and all(match["end"] is not None for match in found):
        for match in found:
            yield Replacement(*match.span(), _mark(match.group()))


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
    if numbers[0] in _CIRCLED:
        numbers = str(_CIRCLED.index(numbers[0]) + 1)
    plain = _AND_WORD.sub(",", from_superscript(numbers).translate(_SEPARATORS))
    return f"[{_NO_RANGE.sub('', _COMMAS.sub(',', _NO_NUMBERS.sub('', plain)))}]"


def _are_marks(groups: Sequence[str], listed: Collection[int]) -> bool:
    """Return whether numbers count as marks do: all are listed, or they recur, begin with 1 and stay low."""
    numbers = {number for group in groups for number in mark_numbers(group)}
    return bool(numbers) and (
        numbers <= set(listed) or (len(groups) > 1 and 1 in numbers and max(numbers) <= _HIGHEST_MARK)
    )


def _raised(text: str, code: Sequence[tuple[int, int]], listed: Collection[int]) -> Iterator[Replacement]:
    """Yield the marks in raised digits."""
    matches = [match for match in _SUPERSCRIPT.finditer(text) if _is_raised_mark(text, match, listed)]
    replacements = [
        Replacement(match.start(), match.end(), _mark(from_superscript(match[match.lastindex or 0])))
        for match in matches
    ]
    outside = list(_outside(code, replacements))
    if _are_marks([replacement.text[1:-1] for replacement in outside], listed):
        yield from outside


def _raised_tags(text: str, listed: Collection[int]) -> Iterator[Replacement]:
    """Yield what HTML or a formula raises and all of which is listed; it may stand beside other marks."""
    in_formulas = "$^" in text and EVIDENCE_MARK.search(text) is not None
    for match in _SUPERSCRIPT.finditer(text) if listed and (in_formulas or "<sup>" in text) else ():
        numbers = match[3] or (in_formulas and (match[5] or match[6])) or ""
        if numbers and set(mark_numbers(numbers)) <= set(listed) and _is_raised_mark(text, match, listed):
            yield Replacement(match.start(), match.end(), _mark(numbers))


def _is_raised_mark(text: str, raised: re.Match[str], listed: Collection[int]) -> bool:
    """Return whether a raised number stands where a mark does: behind a word or a sentence, and is no power."""
    before = text[max(0, raised.start() - _LOOKED_BACK) : raised.start()]
    before = before[:-1] if before.endswith(" ") else before
    last, following = before[-1:], text[raised.end() : raised.end() + 1]
    if not last or (following.isalnum() and not _UNSPACED.match(last) and last not in _UNSPACED_ENDS):
        return False
    if last in _SENTENCE_ENDS or last in ',;:”"' or last in _UNSPACED_ENDS or _CLOSED_WORDS.search(before):
        return True
    word = _LAST_WORD.search(before)
    if word:
        return bool(_UNSPACED.match(last)) or (len(word.group()) >= 3 and word.group().lower() not in _RAISED)
    ends_sentence = not following.strip() or following in _SENTENCE_ENDS + ",;"
    return bool(listed) and ends_sentence and (raised.group() == "¹" or _NO_BASE.search(before) is not None)


def _in_parentheses(text: str, code: Sequence[tuple[int, int]], listed: Collection[int]) -> Iterator[Replacement]:
    """Yield the numbers in parentheses, where sentences end with one and they are no parts of anything.

    Every sentence must, unless all numbers are listed: then half of them.
    """
    found = [match for match in _IN_PARENTHESES.finditer(text) if match[4] is None or _is_closed(text, match.start())]
    replacements = [Replacement(*match.span(), f" {_mark(match[match.lastindex or 0])}") for match in found]
    marks = list(_outside(code, replacements))
    if not _are_marks([mark.text[2:-1] for mark in marks], listed):
        return
    if any(_HAS_NUMBERED_PARTS.search(text[max(0, mark.start - _LOOKED_BACK) : mark.start]) for mark in marks):
        return
    bare = _replaced(text, [replace(mark, text="") for mark in marks])
    if _are_sentence_ends(bare.text, set(bare.starts), 0.5 if listed else 1.0):
        yield from marks


def _is_closed(text: str, at: int) -> bool:
    """Return whether no parenthesis stands open before a position in its line."""
    before = text[max(0, at - _LONGEST_OPEN) : at].rpartition("\n")[2]
    return before.count("(") <= before.count(")")


def _are_sentence_ends(text: str, positions: set[int], least: float) -> bool:
    """Return whether a share of the sentences ends at one of the positions, and none of these stands elsewhere."""
    breaks = [(0, 0), *(match.span() for match in _SENTENCE_BREAK.finditer(text)), (len(text), len(text))]
    ends: set[int] = set()
    count = marked = 0
    for (_, start), (end, _) in pairwise(breaks):
        sentence = text[start:end].strip()
        if not sentence or sentence.startswith("#") or sentence.endswith(":") or LIST_NUMBER.fullmatch(sentence):
            continue
        bare_end = start + len(text[start:end].rstrip())
        its_ends = {bare_end, bare_end - 1} if sentence[-1] in _SENTENCE_ENDS else {bare_end}
        is_marked = bool(its_ends & positions)
        count, marked = count + 1, marked + is_marked
        if is_marked and not _is_long_enough(sentence):
            return False
        ends |= its_ends
    return positions <= ends and marked >= least * count


def _is_long_enough(sentence: str) -> bool:
    return len(sentence.split()) >= _LEAST_WORDS or len(_UNSPACED.findall(sentence)) >= _LEAST_LETTERS
