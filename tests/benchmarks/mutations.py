"""Make false sentences from true ones, to measure how often a checker lets one pass.

Owns: which small edit turns a true sentence into one that its source does not support (``mutants``), and which leaves
it true (``rewritten``); the words for it stand in `tests.benchmarks.mutation_words`. Knows nothing about the checker.

An edit is made only where the source shows the result to be false: the words that are replaced stand in the source, and
the source does not say what replaces them, at least not between the same neighbours. Otherwise no mutant is made.
Everything is chosen by one seed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from random import Random
from typing import Any

from tests.benchmarks import mutation_words as words

KINDS = ("number", "date", "name", "unit", "negation", "comparison", "modality", "quantity", "source", "stitch")
# Reported apart: these hold only words and values of their source, in another order.
EXTRA_KINDS = ("role", "mixed-up", "cause", "subject")


@dataclass(frozen=True)
class Pair:
    """A sentence, and the text that supports it."""

    sentence: str
    source: str


@dataclass(frozen=True)
class Mutant:
    """A sentence that its source does not support; ``edit`` says in words what was changed."""

    kind: str
    sentence: str
    source: str
    edit: str


@dataclass(frozen=True)
class _Edit:
    """``sentence[start:end]`` becomes ``new``."""

    start: int
    end: int
    new: str


def mutants(
    sentence: str, source: str, others: Sequence[Pair], seed: int, kinds: Sequence[str] = (*KINDS, *EXTRA_KINDS)
) -> list[Mutant]:
    """Make at most one mutant of each kind, in the order of ``kinds``; the same for the same seed.

    ``others`` lend names, near-miss passages and second facts; the pair itself may be among them.
    """
    random = Random(f"{seed}\n{sentence}")
    foreign = [other for other in others if other.source != source and other.sentence != sentence]
    made: list[Mutant | None] = []
    for kind in kinds:
        if kind == "source":
            made.append(_swap_source(sentence, source, foreign))
        elif kind == "stitch":
            made.append(_stitch(sentence, source, foreign, random))
        elif kind == "role":
            made.append(_swap_names(sentence, source, random))
        else:
            edits = list(
                _name_edits(sentence, source, foreign, random) if kind == "name" else _EDITS[kind](sentence, source)
            )
            made.append(_apply(kind, sentence, source, random.choice(edits)) if edits else None)
    unchanged = (sentence.split(), source)
    return [mutant for mutant in made if mutant and (mutant.sentence.split(), mutant.source) != unchanged]


def _apply(kind: str, sentence: str, source: str, edit: _Edit) -> Mutant:
    """Edit a sentence; the new words get the capital of the old ones, and "a" or "an" before them fits."""
    before, old, after = sentence[: edit.start], sentence[edit.start : edit.end], sentence[edit.end :]
    new = edit.new[:1].upper() + edit.new[1:] if old[:1].isupper() or not before.strip() else edit.new
    if match := re.search(r"\b([Aa])n? $", before):
        before = before[: match.start()] + match[1] + ("n " if new[:1].casefold() in "aeiou" else " ")
    return Mutant(kind, before + new + after, source, f"{old.strip()!r} becomes {new.strip()!r}")


# -- what the source says ----------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+|[%$€£¥°]|\d+")


@lru_cache(maxsize=20_000)
def _words_of(text: str) -> str:
    """Return the words, numbers and signs of a text, case-folded, with one space on each side of every one."""
    return f" {' '.join(_TOKEN.findall(text.casefold().replace('’', chr(39))))} "


def holds_phrase(source: str, phrase: str) -> bool:
    """Return whether the words of a phrase stand in a source in a row, letter case and punctuation aside."""
    return _words_of(phrase) in _words_of(source)


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


@lru_cache(maxsize=20_000)
def _content_stems(text: str) -> frozenset[str]:
    """Return the stems of the words that are no function words."""
    return frozenset(
        _stemmer().stemWords([word for word in _words_of(text).split() if word not in words.FUNCTION_WORDS])
    )


def coverage(text: str, source: str) -> float:
    """Return the share of a text's content stems that stand in the source, 0…1; 1 when it has none."""
    stems = _content_stems(text)
    return len(stems & _content_stems(source)) / len(stems) if stems else 1.0


def _is_false_in(sentence: str, source: str, edit: _Edit) -> bool:
    """Return whether the source says the old words and not the new: nowhere, or not between the same neighbours."""
    old = sentence[edit.start : edit.end]
    if not _words_of(old).strip() or not holds_phrase(source, old):
        return False
    if not holds_phrase(source, edit.new):
        return True
    before, after = _words_of(sentence[: edit.start]).split()[-2:], _words_of(sentence[edit.end :]).split()[:1]
    words_before, word_after = " ".join(before), " ".join(after)
    return (
        bool(before)
        and holds_phrase(source, f"{words_before} {old} {word_after}")
        and not holds_phrase(source, f"{words_before} {edit.new}")
        and not holds_phrase(source, f"{edit.new} {word_after}")
    )


def _table_edits(sentence: str, source: str, table: Mapping[str, str], flags: int = re.IGNORECASE) -> Iterator[_Edit]:
    """Yield the edits of a table: from a pattern of whole words to its replacements, which ``/`` separates."""
    for pattern, replacements in table.items():
        for match in re.finditer(rf"(?<![\w-])(?:{pattern})(?![\w-])", sentence, flags):
            for new in replacements.split("/"):
                edit = _Edit(match.start(), match.end(), match.expand(new))
                if not holds_phrase(sentence, edit.new) and _is_false_in(sentence, source, edit):
                    yield edit


# -- numbers -----------------------------------------------------------------------------------------------------------

# After these another number may be true as well: "about 301" beside "about 300".
_INEXACT_BEFORE = re.compile(
    r"\b(?:about|around|approximately|nearly|almost|over|under|roughly|some|least|most|than|to|above|below|circa|c\.|ca\.|"
    r"near|exceeding|exceeded|within|until|till|by|before|after|past|estimated|beyond) (?:the |AD |year )?[$€£]? ?$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"(?<![\w.,:/–-])\d{1,9}(?:,\d{3}){0,4}(?:\.\d{1,6})?(?![\w:/–-])(?![.,]\d)")
_RANGE = re.compile(r"(?<![\w.,:/–-])(\d{1,3}) ?[–-] ?(\d{1,3})(?![\w:/–-])(?![.,]\d)")
_ORDINAL = re.compile(r"\b(\d{1,4})(?:st|nd|rd|th)\b(?! centur)")
_YEAR = re.compile(
    r"(?<![\w.,:/$€£-])(?:1[0-9]{3}|20[0-9]{2})(?![\w:/%])(?![.,]\d)"
    r"(?! (?:kilomet|met(?:er|re)s|miles|feet|people|copies|years|million|pieces|km\b|m\b))"
)
_MONTH = rf"(?:{'|'.join(words.MONTHS)}|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?)"
_DAY_OF_MONTH = re.compile(rf"\b{_MONTH} (\d{{1,2}})(?!\d)|\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?!\w)")


def _day_spans(sentence: str) -> list[tuple[int, int]]:
    """Return where days of a month stand: ``4`` in "July 4" and "4 July"."""
    return [match.span(1 if match[1] else 2) for match in _DAY_OF_MONTH.finditer(sentence)]


def _false_values(text: str) -> list[str]:
    """Return false values for a number, in its own notation: next to it, of another scale, with digits exchanged."""
    value, decimals = float(text.replace(",", "")), len(text.partition(".")[2])
    step = 10.0**-decimals
    values = [value + step, value - step, value + 3 * step, value * 2, value * 10]
    values += [value / 10] if value % 10 == 0 else []
    digits = text.replace(",", "")
    values += [float(digits[:-2] + digits[-1] + digits[-2])] if digits.isdigit() and len(digits) > 1 else []
    return [f"{new:,.{decimals}f}" if "," in text else f"{new:.{decimals}f}" for new in values if new > 0]


@lru_cache(maxsize=5_000)
def _values_in(source: str) -> frozenset[str]:
    """Return every number of the source in digits, without separators, whether written in digits or in words."""
    written = {word: str(value) for value, word in enumerate(words.SMALL)}
    written |= {word: str(20 + 10 * at) for at, word in enumerate(words.TENS)}
    written |= {word: str(at + 1) for at, word in enumerate(words.ORDINALS)}
    tokens = re.findall(r"\d+(?:\.\d+)?|[^\W\d_]+", source.casefold().replace(",", ""))
    return frozenset(written.get(token, token) for token in tokens if token in written or token[0].isdigit())


def _number_edits(sentence: str, source: str) -> Iterator[_Edit]:
    values, days = _values_in(source), _day_spans(sentence)
    for match in _DIGITS.finditer(sentence):
        is_inexact = _INEXACT_BEFORE.search(sentence[: match.start()])
        is_date = _YEAR.fullmatch(match[0]) or match.span() in days
        if match[0].replace(",", "") in values and not is_inexact and not is_date:
            for new in _false_values(match[0]):
                if new.replace(",", "") not in values:
                    yield _Edit(*match.span(), new)
    for match in _RANGE.finditer(sentence):
        new = str(int(match[2]) + 2)
        if holds_phrase(source, f"{match[1]} {match[2]}") and int(match[1]) < int(match[2]) and new not in values:
            yield _Edit(*match.span(2), new)
    for match in _ORDINAL.finditer(sentence):
        for value in (int(match[1]) + 1, int(match[1]) + 10):
            if match[1] in values and str(value) not in values and match.span(1) not in days:
                yield _Edit(*match.span(), _ordinal(value))
    yield from _written_numbers(sentence, source)
    yield from _table_edits(sentence, source, words.FRACTIONS)


def _ordinal(value: int) -> str:
    return f"{value}{'th' if value % 100 in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(value % 10, 'th')}"


def _written_numbers(sentence: str, source: str) -> Iterator[_Edit]:
    for series in (words.SMALL, words.ORDINALS, words.TENS, words.ROMAN):
        for at, word in enumerate(series):
            # "one" is a pronoun as often as a number, "first" a turn of phrase, and "second" a unit of time.
            if word in ("zero", "one", "first"):
                continue
            before = r"(?<=[a-z] )" if series is words.ROMAN else r"(?<=[Tt]he )" if word == "second" else r"(?<![\w-])"
            pattern = f"{before}{word}(?![\\w.:-])" if series is words.ROMAN else f"(?i:{before}{word})(?![\\w-])"
            for match in re.finditer(pattern, sentence):
                for new in (series[at - 1], series[(at + 1) % len(series)], series[(at + 3) % len(series)]):
                    in_source = holds_phrase(source, new) or _values_in(new) & _values_in(source)
                    is_inexact = _INEXACT_BEFORE.search(sentence[: match.start()]) or new in ("zero", "one", "first")
                    if holds_phrase(source, word) and not in_source and not is_inexact:
                        yield _Edit(*match.span(), new)


# -- dates -------------------------------------------------------------------------------------------------------------

_NUMERIC_DATE = re.compile(r"\b\d{4}-(\d{2})-\d{2}\b|\b\d{1,2}[/.](\d{1,2})[/.]\d{2,4}\b")
_LONG_DATE = re.compile(
    rf"\b({'|'.join(words.MONTHS)}) (\d{{1,2}}), (\d{{4}})\b|\b(\d{{1,2}}) ({'|'.join(words.MONTHS)}) (\d{{4}})\b"
)
# "May" and "March" are also words.
_MONTH_BESIDE_NUMBER = re.compile(r"\d(?:st|nd|rd|th)?(?: of)? $|\b(?:in|since|until|of|early|late|mid) $")


def _date_edits(sentence: str, source: str) -> Iterator[_Edit]:
    values = _values_in(source)
    for match in _YEAR.finditer(sentence):
        if match[0] in values and not _INEXACT_BEFORE.search(sentence[: match.start()]):
            for shift in (1, -1, 10, -9, -100):
                if (new := str(int(match[0]) + shift)) not in values:
                    yield _Edit(*match.span(), new)
    for match in re.finditer(r"\b(1\d|20)(\d)0s\b", sentence):
        new = f"{match[1]}{(int(match[2]) + 1) % 10}0s"
        if match[0] in source and new not in source:
            yield _Edit(*match.span(), new)
    for match in re.finditer(r"\b(\d{1,2})(?:st|nd|rd|th)(?= centur)", sentence):
        if match[0] in source and (new := _ordinal(int(match[1]) + 1)) not in source:
            yield _Edit(*match.span(), new)
    for start, end in _day_spans(sentence):
        for shift in (1, 10):
            new = str((int(sentence[start:end]) + shift - 1) % 28 + 1)
            is_ordinal = re.match("st|nd|rd|th", sentence[end:])
            if not is_ordinal and sentence[start:end] in values and new not in values:
                yield _Edit(start, end, new)
    yield from _month_edits(sentence, source)
    for at, day in enumerate(words.WEEKDAYS):
        for match in re.finditer(rf"\b{day}(?=s?\b)", sentence):
            if day in source and (new := words.WEEKDAYS[(at + 2) % 7]) not in source:
                yield _Edit(*match.span(), new)
    for match in _NUMERIC_DATE.finditer(sentence):
        at = 1 if match[1] else 2
        new = f"{int(match[at]) % 12 + 1:0{len(match[at])}}"
        if match[0] in source and sentence[match.start() : match.start(at)] + new not in source:
            yield _Edit(*match.span(at), new)
    yield from _table_edits(sentence, source, words.ERAS, flags=0)


def _month_edits(sentence: str, source: str) -> Iterator[_Edit]:
    for match in re.finditer(rf"\b{_MONTH}(?!\w)", sentence):
        at = next(at for at, name in enumerate(words.MONTHS) if name.startswith(match[0][:3]))
        dated = re.match(r" \d", sentence[match.end() :]) or _MONTH_BESIDE_NUMBER.search(sentence[: match.start()])
        for new in (words.MONTHS[(at + shift) % 12] for shift in (1, 5, 9)):
            if dated and holds_phrase(source, match[0]) and new[:3] not in source:
                yield _Edit(*match.span(), new)
    # A whole date becomes one a month later, in another notation.
    for match in _LONG_DATE.finditer(sentence):
        month, day, year = match.group(1, 2, 3) if match[1] else match.group(5, 4, 6)
        at = (words.MONTHS.index(month) + 1) % 12
        if holds_phrase(source, month) and {day, year} <= _values_in(source) and words.MONTHS[at][:3] not in source:
            yield _Edit(*match.span(), f"{year}-{at + 1:02}-{int(day):02}")
            yield _Edit(*match.span(), f"{day} {words.MONTHS[at]} {year}")


# -- names -------------------------------------------------------------------------------------------------------------

_NAME = re.compile(
    r"(?<![\w.])[A-Z][\w’'-]*(?:(?: (?:of|of the|with the|de|del|da|van|von|la|le|al) | [A-Z]\. | )[A-Z][\w’'-]*)*"
)
_TITLES = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Sir|Lord|Lady|King|Queen|Prince|President|Senator|Professor|actor|actress)\.? $"
)


def name_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where names stand: runs of words with capitals; the first word of a text counts only as part of a run."""
    for match in _NAME.finditer(text):
        start, parts = match.start(), match[0].split(" ")
        while parts and (parts[0] in words.NO_NAMES or parts[0] in words.MONTHS or parts[0] in words.WEEKDAYS):
            start += len(parts.pop(0)) + 1
        name = re.sub(r"[’']s$", "", " ".join(parts)).rstrip("’'-")
        is_known = name in words.PLACES or name in words.PEOPLES
        is_date = any(part in words.MONTHS or part in words.WEEKDAYS for part in parts)
        if is_date or len(name) < 3 or re.fullmatch("[IVX]+", name) or re.search(r"-[a-z]", name):
            continue
        if is_known or len(parts) > 1 or re.search(r"\w", text[:start]):
            yield start, start + len(name)


def _name_type(name: str, before: str) -> str:
    """Return what a name is the name of; names are exchanged for names of the same type."""
    parts = name.split()
    if name in words.PLACES:
        return "place"
    if name in words.PEOPLES:
        return "people"
    if parts[-1] in words.ORGANISATION_WORDS or parts[0] in words.ORGANISATION_WORDS:
        return "organisation"
    if parts[0] in words.GIVEN_NAMES or _TITLES.search(before):
        return "person"
    if name.isupper():
        return "letters"
    return f"other of {len(parts)}"


def _name_edits(sentence: str, source: str, others: Sequence[Pair], random: Random) -> Iterator[_Edit]:
    spans = list(name_spans(sentence))
    names_by_type: dict[str, list[str]] = {
        "place": list(words.PLACES),
        "people": list(words.PEOPLES),
        "organisation": list(words.ORGANISATIONS),
    }
    for other in _most_similar_first(source, others)[:60] if spans else ():
        for start, end in name_spans(other.sentence):
            name = other.sentence[start:end]
            names_by_type.setdefault(_name_type(name, other.sentence[:start]), []).append(name)
    for start, end in spans:
        name = sentence[start:end]
        # A name that stands twice would be changed only once; one that is also a common word may be no name.
        if name not in source or sentence.count(name) > 1 or re.search(rf"\b{re.escape(name.lower())}\b", source):
            continue
        type_ = _name_type(name, sentence[:start])
        pool = list(dict.fromkeys(names_by_type.get(type_, [])))
        candidates = random.sample(pool, min(4, len(pool)))
        if type_ == "person":
            given, *rest = name.split()
            candidates.append(random.choice(sorted(words.GIVEN_NAMES)) + "".join(f" {word}" for word in rest))
            candidates.append(" ".join([given, *rest[:-1], random.choice(words.FAMILY_NAMES)]))
        foreign = [new for new in candidates if not _content_stems(new) <= _content_stems(source) and new != name]
        yield from (_Edit(start, end, new) for new in foreign)


# -- units, comparison, modality, quantity -----------------------------------------------------------------------------

_CURRENCIES = "$€£"


def _unit_edits(sentence: str, source: str) -> Iterator[_Edit]:
    yield from _table_edits(sentence, source, words.UNITS)
    for match in re.finditer(rf"[{_CURRENCIES}](?= ?\d)", sentence):
        for new in _CURRENCIES:
            if match[0] in source and new not in source:
                yield _Edit(*match.span(), new)
    for match in re.finditer(r"(?<=\d) ?%", sentence):
        of = re.match(" of", sentence[match.end() :])
        if re.search("%|percent", source) and not re.search("percentage point|‰|per mille", source):
            yield _Edit(*match.span(), "‰" if of else " percentage points")


def _comparison_edits(sentence: str, source: str) -> Iterator[_Edit]:
    yield from _table_edits(sentence, source, words.COMPARISONS)


def _modality_edits(sentence: str, source: str) -> Iterator[_Edit]:
    yield from _table_edits(sentence, source, words.MODALITIES, flags=0)


def _quantity_edits(sentence: str, source: str) -> Iterator[_Edit]:
    yield from _table_edits(sentence, source, words.QUANTITIES)


# -- negation ----------------------------------------------------------------------------------------------------------

_VERB = re.compile(
    r"(?<!the )\b(is|are|was|were|will|would)\b(?! (?:not|no|never|only|also|either|neither)\b)"
    r"(?!(?<=ld) (?:a|an|the)\b)(?![-'’])"
)
_PERFECT_VERB = re.compile(r"\b(has|have|had)(?= (?:been|become|won|made|taken|\w+ed)\b)")
# A past tense, unlike a participle, stands after a name or a pronoun, and not before "by".
_PAST_VERB = re.compile(
    r"(?:\b[A-Z][\w.]*|\b(?:he|she|it|they|who|which|team|band|company|film)) "
    rf"(?P<verb>{'|'.join(words.PAST)})(?! (?:by|to be)\b)(?![\w-])"
)
# "Some are not" can be as true as "some are"; a second negation may cancel the first.
_UNDENIABLE = re.compile(
    r"\b(?i:not|no|never|none|cannot|neither|nor|without|some|many|most|several|often|sometimes|usually|generally|"
    r"typically|might|could|few|whether|if|unless)\b|\bmay\b|n['’]t\b"
)


def _negation_edits(sentence: str, source: str) -> Iterator[_Edit]:
    yield from _table_edits(sentence, source, words.UNDONE_NEGATIONS)
    if _UNDENIABLE.search(sentence):
        return
    # The first verb is nearly always that of the main clause.
    for match in filter(None, (_VERB.search(sentence), _PERFECT_VERB.search(sentence))):
        verb = match[1]
        for new in (f"{verb} not", words.CONTRACTED[verb], f"{verb} never", f"{verb} no longer"):
            if (
                holds_phrase(source, verb)
                and not holds_phrase(source, new)
                and new not in ("will no longer", "would no longer")
            ):
                yield _Edit(*match.span(1), new)
    for match in _PAST_VERB.finditer(sentence):
        verb = match["verb"]
        base = words.PAST[verb]
        if holds_phrase(source, verb):
            for new in (f"did not {base}", f"didn't {base}", f"never {verb}", f"failed to {base}"):
                yield _Edit(*match.span("verb"), new)
    yield from _table_edits(sentence, source, words.NEGATED_WORDS)


# -- values in the wrong place -----------------------------------------------------------------------------------------


def _mixed_up_edits(sentence: str, source: str) -> Iterator[_Edit]:
    """Yield edits from a number or year to another one of the source, where it has the first behind the same words."""
    values = re.findall(r"\d+(?:[.,]\d+)*", source)
    for match in _DIGITS.finditer(sentence):
        before = _words_of(sentence[: match.start()]).split()[-2:]
        words_before = " ".join(before)
        after = " ".join(_words_of(sentence[match.end() :]).split()[:1])
        if len(before) < 2 or not holds_phrase(source, f"{words_before} {match[0]}"):
            continue
        for value in dict.fromkeys(values):
            is_alike = bool(_YEAR.fullmatch(value)) == bool(_YEAR.fullmatch(match[0])) and len(value) == len(match[0])
            is_false = not holds_phrase(source, f"{words_before} {value}")
            is_false = is_false and not (after and holds_phrase(source, f"{value} {after}"))
            if is_alike and is_false and not re.search(rf"\b{re.escape(value)}\b", sentence):
                yield _Edit(*match.span(), value)


# -- causes turned round, and the subject of a neighbouring sentence ---------------------------------------------------

_CAUSE = re.compile(
    r"^(?P<left>[^,;:()]{8,}?) (?P<tie>because|caused?s?|led to|leads to|resulted in|results in) (?!of\b)"
    r"(?P<right>[^,;:()]{8,}?)(?=[.,;]|$)"
)
_LONGEST_SUBJECT = 8


def _cause_edits(sentence: str, source: str) -> Iterator[_Edit]:
    """Yield "B because A" for "A because B", where the source has the word between the same neighbours."""
    for match in _CAUSE.finditer(sentence):
        left, tie, right = match.group("left", "tie", "right")
        tied = f"{left.split()[-1]} {tie} {right.split()[0]}"
        opening = left[0].lower() + left[1:] if left.split()[0] in words.NO_NAMES else left
        if holds_phrase(source, tied) and not holds_phrase(source, f"{right} {tie}"):
            yield _Edit(*match.span(), f"{right} {tie} {opening}")


def _subject_edits(sentence: str, source: str) -> Iterator[_Edit]:
    """Yield edits from the subject of a sentence to that of another sentence of its source."""
    subject, *predicate = _PREDICATE.split(sentence, maxsplit=1)
    is_pronoun = re.match(r"(?!The\b)\w+", subject) is None or subject.split()[0] in words.NO_NAMES - {"The"}
    is_long = len(subject.split()) > _LONGEST_SUBJECT
    if not predicate or is_pronoun or is_long or not holds_phrase(source, subject):
        return
    says = " ".join(_words_of(predicate[0]).split()[:3])
    for line in source.split("\n"):
        other, *rest = _PREDICATE.split(line, maxsplit=1)
        has_name = re.fullmatch(r"(?:The )?[A-Z][a-z]+(?: [A-Z][a-z]+){0,3}", other)
        is_name = has_name and other not in {*words.NO_NAMES, "What"}
        is_other = rest and is_name and not _content_stems(other) & _content_stems(sentence)
        if is_other and not holds_phrase(source, f"{other} {says}"):
            yield _Edit(0, len(subject), other)


_EDITS: Mapping[str, Callable[[str, str], Iterator[_Edit]]] = {
    "number": _number_edits,
    "date": _date_edits,
    "unit": _unit_edits,
    "negation": _negation_edits,
    "comparison": _comparison_edits,
    "modality": _modality_edits,
    "quantity": _quantity_edits,
    "mixed-up": _mixed_up_edits,
    "cause": _cause_edits,
    "subject": _subject_edits,
}


def _swap_names(sentence: str, source: str, random: Random) -> Mutant | None:
    """Swap two names, when at least a verb or preposition stands between them."""
    spans = [span for span in name_spans(sentence) if holds_phrase(source, sentence[slice(*span)])]
    pairs = [
        (first, second)
        for first, second in pairwise(spans)
        # A list, an apposition, or a verb that says the same of both, would still be true.
        if re.search(r"\b[a-z]{2,}", between := sentence[first[1] : second[0]])
        and not re.search(r"\b(?:and|or|with|married|met|between|versus)\b|[,(/]", between)
        and not _content_stems(sentence[slice(*first)]) & _content_stems(sentence[slice(*second)])
    ]
    if not pairs:
        return None
    (start, middle), (resume, end) = random.choice(pairs)
    left, right = sentence[start:middle], sentence[resume:end]
    swapped = sentence[:start] + right + sentence[middle:resume] + left + sentence[end:]
    return Mutant("role", swapped, source, f"{left!r} and {right!r} change places")


# -- the wrong source, and two sources in one --------------------------------------------------------------------------


def _most_similar_first(text: str, others: Sequence[Pair]) -> list[Pair]:
    """Sort other pairs by the similarity of their sources to a text: shared stems by the square root of all."""
    stems = _content_stems(text)

    def similarity(other: Pair) -> float:
        other_stems = _content_stems(other.source)
        return float(len(stems & other_stems) / (len(other_stems) + 30) ** 0.5)

    return sorted(others, key=lambda other: (-similarity(other), other.source, other.sentence))


def _swap_source(sentence: str, source: str, others: Sequence[Pair]) -> Mutant | None:
    """Put a sentence against the passage that holds most of its content, but at least a third less than all of it."""
    passages = [other for other in others if 0.25 <= coverage(sentence, other.source) <= 2 / 3]
    passages = [other for other in passages if len(_content_stems(sentence) - _content_stems(other.source)) >= 3]
    if not passages:
        return None
    other = max(passages, key=lambda other: (coverage(sentence, other.source), -len(other.source), other.source))
    missing = sorted(_content_stems(sentence) - _content_stems(other.source))
    return Mutant("source", sentence, other.source, f"the passage lacks {', '.join(missing[:6])}")


_PREDICATE = re.compile(r" (?=(?:is|are|was|were|has|had|became|began|won|played|wrote)\b)")
_CLAUSE = re.compile(r", (?:and|but|while|which|who|where|with) |; ")
_LONGEST_FACT = 14


def _stitch(sentence: str, source: str, others: Sequence[Pair], random: Random) -> Mutant | None:
    """Join a sentence, or its first clause, with what another source says of another thing."""
    first = _CLAUSE.split(sentence, maxsplit=1)[0]
    first = (first if len(first.split()) >= 6 else sentence).rstrip(" .;,")
    own_subject, *own_predicate = _PREDICATE.split(first, maxsplit=1)
    joined: list[tuple[str, str]] = []
    for other in _most_similar_first(source, others)[:25]:
        fact = _CLAUSE.split(other.sentence, maxsplit=1)[0].rstrip(" .;,")
        predicate = _PREDICATE.split(fact, maxsplit=1)[1:]
        missing = len(_content_stems(fact) - _content_stems(source))
        if own_predicate and predicate and len(own_subject.split()) <= 8 and missing >= 2:
            tail = predicate[0]
            if 4 <= len(tail.split()) <= _LONGEST_FACT and len(_content_stems(tail) - _content_stems(source)) >= 2:
                joined.append((f"{first} and {tail}.", tail))
        if 5 <= len(fact.split()) <= _LONGEST_FACT and missing >= 2:
            lowered = fact[0].lower() + fact[1:] if fact.split()[0] in words.NO_NAMES else fact
            joined.append((f"{first}, and {lowered}.", lowered))
    if not joined or len(first.split()) < 4:
        return None
    stitched, added = random.choice(joined[:6])
    return Mutant("stitch", stitched, source, f"joined with {added!r}")


# -- still true --------------------------------------------------------------------------------------------------------


def rewritten(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield a sentence with one number, date or unit in another notation, still true, and what was changed."""
    for start, end, new in _true_edits(sentence):
        yield sentence[:start] + new + sentence[end:], f"{sentence[start:end]!r} becomes {new!r}"


def _true_edits(sentence: str) -> Iterator[tuple[int, int, str]]:
    dates = list(_LONG_DATE.finditer(sentence))
    for match in dates:
        month, day, year = match.group(1, 2, 3) if match[1] else match.group(5, 4, 6)
        for new in (
            f"{day} {month} {year}" if match[1] else f"{month} {day}, {year}",
            f"{month[:3]} {day}, {year}",
            f"{year}-{words.MONTHS.index(month) + 1:02}-{int(day):02}",
        ):
            yield *match.span(), new
    for match in _DIGITS.finditer(sentence):
        digits = match[0].replace(",", "")
        scale = re.match(r" (thousand|million|billion)\b", sentence[match.end() :])
        if any(date.start() <= match.start() < date.end() for date in dates) or _YEAR.fullmatch(match[0]):
            continue
        if "," in match[0] and not scale:
            yield *match.span(), digits
        if scale and "." not in digits:
            zeros = {"thousand": 3, "million": 6, "billion": 9}[scale[1]]
            yield match.start(), match.end() + scale.end(), f"{int(digits) * 10**zeros:,}"
        counted = re.match(r" [a-z]{3,}", sentence[match.end() :]) and not scale
        named = re.search(r"[A-Z$€£]\w* ?$", sentence[: match.start()])
        if counted and not named and digits in map(str, range(2, len(words.SMALL))):
            yield *match.span(), words.SMALL[int(digits)]
    for value, word in enumerate(words.SMALL[2:], 2):
        for match in re.finditer(rf"(?<=[a-z] ){word}(?= [a-z])", sentence):
            yield *match.span(), str(value)
    for match in re.finditer(r"(?<=\d)%|(?<=\d) percent\b", sentence):
        yield *match.span(), " per cent" if match[0] == "%" else "%"
    for match in re.finditer(r"(?<=\d )(\w+)\b", sentence):
        if match[1] in words.ABBREVIATED_UNITS:
            yield *match.span(), words.ABBREVIATED_UNITS[match[1]]
    for match in re.finditer(r"\b(is|are|was|were|does|did|do|has|have|had) not\b", sentence):
        yield *match.span(), f"{match[1]}n't"
