"""What a sentence says against what its source says, part by part. Pure.

Owns: the rules, each a function that returns what is wrong in words, or "". Knows nothing about verdicts.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from rag.text import STOPWORDS, normalise
from rag.verify.align import Alignment
from rag.verify.conditions import left_open, left_out_condition
from rag.verify.dates import Date
from rag.verify.lexicon import CONTRASTS, OPPOSITES, PARTICLES, ROMAN, WEEKDAYS
from rag.verify.quantities import Quantity
from rag.verify.reading import Limit, ParsedText, normalise_marks, quoted_words, weekdays, word_root
from rag.verify.word_order import changed_places, name_in_place_of_another, names_in_order

Side = frozenset[str]


def _turns(pairs: Sequence[tuple[str, str]]) -> Mapping[str, Sequence[tuple[Side, Side]]]:
    """The sides that each stem stands on, each with its opposite side."""
    found: dict[str, list[tuple[Side, Side]]] = {}
    for pair in pairs:
        left, right = (frozenset(map(word_root, words.split())) for words in pair)
        for side, other in ((left, right), (right, left)):
            for stem in sorted(side):
                found.setdefault(stem, []).append((side, other))
    return found


_TURNS, _CONTRASTS = _turns(OPPOSITES), _turns(CONTRASTS)
_DAYS = sorted(WEEKDAYS)
# Words on each side of a number that say what it counts.
_WINDOW = 3
# Of the claim's content words in one line, from here on the two say the same thing in the same words.
_COPIED = 0.6
# A sentence with more numbers or names is a table; each is looked for, but not its place.
_MOST_MARKS = 60
_UP, _DOWN = frozenset({">", ">="}), frozenset({"<", "<="})
_TIME_BOUND = re.compile(
    r"\b(?P<word>before|after|since|until|till|by|from|prior to|following|earlier than|later than)\s+(?:the\s+)?"
    r"(?:(?:year|end of|start of|beginning of|early|late|mid)\s+)?$",
    re.I,
)
_TIME_BOUNDS = {
    "before": "<", "prior to": "<", "earlier than": "<", "until": "<=", "till": "<=", "by": "<=", "after": ">",
    "following": ">", "later than": ">", "since": ">=", "from": ">=",
}  # fmt: skip


# -- what must stand in the source as it is ----------------------------------------------------------------------------


def mismatched_quote(sentence: str, quotes: Sequence[str]) -> str:
    """A quotation that does not stand in a source word by word; letter case, spaces and punctuation aside."""
    sources = [_letters(quote) for quote in quotes]
    together = "".join(sources)
    for words in quoted_words(normalise_marks(sentence)):
        if not any(_letters(words) in source for source in (*sources, together)):
            return f"the quoted words “{' '.join(words.split())[:80]}” do not stand in the source"
    return ""


def mismatched_number(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """A number of the claim that no line holds, with what the source says instead where that is clear."""
    held = [q for line in lines for q in line.quantities]
    for quantity in absent_numbers(claim, lines):
        if quantity.unit == "ordinal" and not any(other.unit == "ordinal" for other in held):
            continue  # "First" is an adverb, too: its absence is weighed like that of any word.
        other = next((other for other in held if quantity.same_value(other)), None)
        other = other or _counterpart(quantity, claim, lines)
        if other:
            return f"the source says {other.text.strip()}, the answer {quantity.text.strip()}"
        return f"the number {quantity.text.strip()} does not stand in the source"
    return _mismatched_label(claim, lines)


def _mismatched_label(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """A Roman number or a letter behind a word that has another one in the lines: "Type I" where they say "Type II"."""
    held: dict[str, list[str]] = {}
    for stem, label in (label for line in lines for label in _labels(line)):
        held.setdefault(stem, []).append(label)
    everywhere = {line.text[token.start : token.end] for line in lines for token in line.tokens}
    for stem, label in _labels(claim):
        if stem in held and label not in everywhere:
            other = held[stem][0]
            return f"the source says {other} behind these words, the answer {label}"
    return ""


def _labels(reading: ParsedText) -> Iterable[tuple[str, str]]:
    """Single letters and Roman numbers in capitals, each with the stem of the word before it."""
    for before, token in pairwise(reading.tokens):
        label = reading.text[token.start : token.end]
        beside = reading.text[before.end : token.start].isspace()
        if beside and label.isupper() and label.isalpha() and (len(label) == 1 or token.word in ROMAN):
            yield before.stem, label


def absent_numbers(claim: ParsedText, lines: Sequence[ParsedText]) -> list[Quantity]:
    """The claim's numbers that stand in no line with a unit that fits."""
    held = [q for line in lines for q in line.quantities]
    years = {year for line in lines for date in line.dates for year in date.years()}
    days = {day for line in lines for date in line.dates for _, _, day in date.readings}
    numerals = {ROMAN[name.lower()] for line in lines for name in line.names if name.lower() in ROMAN}
    return [
        quantity
        for quantity in claim.quantities
        if not any(_fits(quantity, other) for other in held)
        and not (quantity.unit in ("", "ordinal") and years.intersection(quantity.values))
        and not (quantity.unit == "ordinal" and days.intersection(quantity.values))
        and not (quantity.unit in ("", "ordinal") and numerals.intersection(quantity.values))
    ]


def mismatched_date(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """A date, or a day of the week, that no line names."""
    held = [date for line in lines for date in line.dates]
    years = {value for line in lines for q in line.quantities if not q.unit for value in q.values}
    years |= {float(year) for date in held for year in date.years()}
    for date in claim.dates:
        if any(date.within(other) for other in held):
            continue
        # The year may stand apart from the day and the month.
        if any(
            year in years and month == m and day in (0, d) and y in (0, year)
            for year, month, day in date.readings
            for other in held
            for y, m, d in other.readings
        ):
            continue
        other_date = next((other.text for other in held), "")
        said = f"the source says {other_date}, the answer {date.text}"
        return said if other_date else f"the date {date.text} does not stand in the source"
    missing = weekdays(claim) - set().union(*(weekdays(line) for line in lines))
    return f"{sorted(missing)[0].capitalize()!r} does not stand in the source" if missing else ""


def mismatched_name(claim: ParsedText, lines: Sequence[ParsedText], above: ParsedText) -> str:
    """A name that stands neither in a line nor above it, where a line that is alike may have another in its place."""
    absent = absent_names(claim, lines, above)
    if not absent:
        return ""
    nearest = max(lines, key=lambda line: len(line.content & claim.content), default=None)
    if nearest is None or len(nearest.content & claim.content) < 2:
        return f"{absent[0]!r} does not stand in the source"
    held = {normalise(name) for name in claim.names}
    others = [name for name in nearest.names if normalise(name) not in held]
    for name in absent:
        beside = _name_beside(claim, name)
        # "Bo Lund" for "Ada Lund" is another person; "Ada Lund" for "Ada" is the same one, named in full.
        if others if not beside else any(_has_another(line, *beside) for line in lines):
            return f"{name!r} does not stand in the source"
    return ""


def _name_beside(claim: ParsedText, name: str) -> tuple[str, int] | None:
    """The stem of a held name right beside an absent one in the claim, and on which side the absent one stands."""
    places = [i for i, token in enumerate(claim.tokens) if claim.text[token.start : token.end] == name]
    known = {normalise(other) for other in claim.names} - {normalise(name)}
    for i in places:
        for step in (1, -1):
            if 0 <= i + step < len(claim.tokens) and claim.tokens[i + step].word in known:
                return claim.tokens[i + step].stem, -step
    return None


def _has_another(line: ParsedText, stem: str, side: int) -> bool:
    """Whether a line has a name on that side of a word."""
    for i, token in enumerate(line.tokens):
        if token.stem == stem and 0 <= i + side < len(line.tokens):
            other = line.tokens[i + side]
            gap = line.text[min(other.end, token.end) : max(other.start, token.start)]
            if line.text[other.start].isupper() and other.content and not gap.strip(" .'-"):
                return True
    return False


def absent_names(claim: ParsedText, lines: Sequence[ParsedText], above: ParsedText) -> list[str]:
    """The claim's names that stand nowhere in the lines or above them."""
    held = {token.word for line in (*lines, above) for token in line.tokens}
    stems = {token.stem for line in (*lines, above) for token in line.tokens}
    joined = {word.replace(".", "") for word in held}
    initials = [_initials(line) for line in (*lines, above)]
    values = {value for line in lines for quantity in line.quantities for value in quantity.values}

    def stands(part: str) -> bool:
        return (
            part in held
            or part in joined
            or word_root(part) in stems
            or any(_same_people(part, word) for word in held)
            or (part.isalpha() and len(part) < 6 and any(part in letters for letters in initials))
            or ROMAN.get(part) in values
        )

    def written(acronym: str) -> bool:
        """Whether "IT" or "US" stands in capitals: written small it is another word."""
        return any(
            re.search(rf"\b{acronym}\b", line.text) or acronym.lower() in letters
            for line, letters in zip((*lines, above), initials, strict=True)
        )

    return [
        name
        for name in claim.names
        if not all(stands(part) for part in re.findall(r"\w+", normalise(name)) if len(part) > 1)
        or (name.lower() in STOPWORDS and not written(name))
    ]


def _initials(reading: ParsedText) -> str:
    """The first letters of words with capitals, a space where a run of them ends; "of" and "and" do not end one."""
    return "".join(
        token.word[0] if reading.text[token.start].isupper() else "" if token.word in STOPWORDS else " "
        for token in reading.tokens
    )


def _same_people(left: str, right: str) -> bool:
    """Whether one word is a place and the other its people: Canada and Canadian."""
    short, long = sorted((left, right), key=len)
    if not re.search(r"(?:an|ians?|eans?|ish|ese|ans)$", long) or len(short) < 4:
        return False
    shared = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return shared >= max(4, len(short) - 1, 0.6 * len(long))


# -- what turns a sentence around --------------------------------------------------------------------------------------


def mismatched_wording(claim: ParsedText, aligned: Alignment) -> str:
    """A negation, an opposite, a bound, a modal or a quantifier that says the contrary of the aligned lines."""
    return (
        _negation(claim, aligned)
        or _opposite(claim, aligned.lines, _TURNS)
        or _bound(claim, aligned.lines, contrary=True)
        or _limit("modals", claim, aligned.lines, contrary=True)
        or _limit("quantifiers", claim, aligned.lines, contrary=True)
    )


def unsupported_detail(claim: ParsedText, aligned: Alignment) -> str:
    """Why an aligned sentence without a contradiction is not fully supported."""
    if aligned.absent:
        return f"not in the source: {', '.join(dict.fromkeys(token.word for token in aligned.absent[:5]))}"
    return is_role_swapped(claim, aligned)


def is_role_swapped(claim: ParsedText, aligned: Alignment) -> str:
    """What of an aligned sentence may be turned around, whatever its words."""
    if max(len(claim.quantities), len(claim.names)) > _MOST_MARKS:
        return "it has too many numbers or names to compare each with its place"
    if aligned.islands:
        return f"the source says {aligned.islands[0].word!r} in another place, perhaps of something else"
    return (
        _negation(claim, aligned, certain=False)
        or _unit_apart(claim, aligned.lines)
        or _elsewhere(claim, aligned.lines)
        or _bound(claim, aligned.lines, contrary=False)
        or _limit("modals", claim, aligned.lines, contrary=False)
        or _limit("quantifiers", claim, aligned.lines, contrary=False)
        or _direction(claim, aligned.lines)
        or _opposite(claim, aligned.lines, _CONTRASTS)
        or _particle(claim, aligned.lines)
        or _denied_twice(claim, aligned.lines)
        or names_in_order(claim, aligned.lines)
        or left_out_condition(claim, aligned.lines)
        or left_open(claim, aligned.lines)
        or changed_places(claim, aligned.lines)
        or name_in_place_of_another(claim, aligned.lines)
    )


def _negation(claim: ParsedText, aligned: Alignment, certain: bool = True) -> str:
    """Something denied on one side and stated on the other. Uncertain ones are about words that both sides hold."""
    denied = {stem for limit in (*claim.negations, *claim.denying) for stem in limit.scope}
    denied_there = {
        stem for line in aligned.lines for limit in (*line.negations, *line.denying) for stem in limit.scope
    }
    copied = _copied(claim, aligned.lines)
    for limit in claim.negations:
        wanted = limit.scope[:1] if limit.close else limit.scope
        if (wanted and not set(wanted) & denied_there) or not denied_there:
            return f"the sentence denies ({limit.word!r}) what the source states" if certain == copied else ""
    for line in aligned.lines:
        for limit in (*line.negations, *line.denying):
            head = limit.scope[:1]
            if not head or not set(head) <= claim.content or set(head) & denied:
                continue
            if limit.word in {token.word for token in claim.tokens}:
                continue
            sure = (
                copied and limit.close and len(aligned.lines) == 1 and sum(t.stem == head[0] for t in line.tokens) == 1
            )
            if certain == sure:
                return f"the source denies ({limit.word!r}) what the sentence states"
    return ""


def _copied(claim: ParsedText, lines: Sequence[ParsedText]) -> bool:
    """Whether a line has so many of the claim's words that a turned one among them is no accident."""
    return any(len(claim.content & line.content) >= _COPIED * len(claim.content) for line in lines)


def _denied_twice(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """A word that the claim denies more often than the lines, which deny it, too: "not without" states it."""
    said = Counter(stem for limit in claim.negations for stem in limit.scope)
    held = Counter(stem for line in lines for limit in line.negations for stem in limit.scope)
    twice = next((limit for limit in claim.negations for stem in limit.scope if said[stem] > held[stem] > 0), None)
    return f"the sentence denies twice ({twice.word!r}) what the source denies once" if twice else ""


def _particle(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """The particle of a verb that has the opposite one in the lines, as in "turns off"."""
    held = {(verb.stem, word.word) for line in lines for verb, word in pairwise(line.tokens)}
    for verb, word in pairwise(claim.tokens):
        other = PARTICLES.get(word.word)
        if other and verb.content and (verb.stem, other) in held and (verb.stem, word.word) not in held:
            return f"the source does not say “{verb.word} {word.word}”"
    return ""


def _opposite(claim: ParsedText, lines: Sequence[ParsedText], turns: Mapping[str, Sequence[tuple[Side, Side]]]) -> str:
    """A word of the claim whose opposite stands in the lines in its place."""
    if not _copied(claim, lines):
        return ""
    held = {token.stem: token for line in reversed(lines) for token in reversed(line.tokens)}
    said = {token.stem for token in claim.tokens}
    for token in claim.tokens:
        for side, other in turns.get(token.stem, ()):
            if held.keys() & side or said & other:
                continue
            against = next((token for stem, token in held.items() if stem in other), None)
            if against:
                return f"the sentence says {token.word!r} where the source says {against.word!r}"
    return ""


def _direction(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """A word of direction that the lines hold only beside other words, while its opposite stands beside these."""
    there: dict[str, set[str]] = {}
    for line in lines:
        for i, token in enumerate(line.tokens):
            if token.stem in _TURNS:
                there.setdefault(token.stem, set()).update(_beside(line, i))
    for i, token in enumerate(claim.tokens):
        for side, other in _TURNS.get(token.stem, ()):
            if not there.keys() & side:
                return f"the source does not say {token.word!r}"
            beside = _beside(claim, i)
            ours, theirs = (any(beside & there.get(stem, set()) for stem in words) for words in (side, other))
            if theirs and not ours:
                return f"the source says the opposite of {token.word!r} of the same thing"
    return ""


def _beside(reading: ParsedText, i: int) -> set[str]:
    """The nearest content stem, or number, before and after a word."""
    tokens = reading.tokens
    before = next((t.stem for t in reversed(tokens[max(0, i - 4) : i]) if t.content), "")
    after = next((t.stem for t in tokens[i + 1 : i + 5] if t.content), "")
    return {stem for stem in (before, after) if stem}


def _bound(claim: ParsedText, lines: Sequence[ParsedText], contrary: bool) -> str:
    """A number or date whose "at least", "before" or "about" differs from the source's."""
    held = list(dict.fromkeys(marked for line in lines for marked in _bounded(line)))
    for quantity, bound in dict.fromkeys(_bounded(claim)):
        found = [there for other, there in held if _same(quantity, other)]
        if not found or bound in found:
            continue
        turned = (bound in _UP and any(b in _DOWN for b in found)) or (bound in _DOWN and any(b in _UP for b in found))
        if contrary and turned:
            return f"the sentence says {_said(bound)} {quantity.text.strip()}, the source {_said(found[0])} it"
        if not contrary and not turned and bound != "~":
            return f"the source says {_said(found[0])} {quantity.text.strip()}, the sentence {_said(bound)} it"
    return ""


def _same(left: Quantity | Date, right: Quantity | Date) -> bool:
    if isinstance(left, Quantity):
        return isinstance(right, Quantity) and left.equals(right)
    return isinstance(right, Date) and left.within(right)


def _said(bound: str) -> str:
    return {"<": "less than", "<=": "at most", ">": "more than", ">=": "at least", "~": "about", "": "exactly"}[bound]


def _bounded(reading: ParsedText) -> Iterable[tuple[Quantity | Date, str]]:
    """Quantities and dates, their places set to 0, with what is said of them; "before 1931" bounds a year."""
    days = (
        Quantity(token.word, token.start, token.end, (float(_DAYS.index(token.word.removesuffix("s"))),), "weekday")
        for token in reading.tokens
        if token.word.removesuffix("s") in WEEKDAYS
    )
    marks: tuple[Quantity | Date, ...] = (*reading.quantities, *reading.dates, *days)
    for mark in marks:
        bound = mark.bound if isinstance(mark, Quantity) else ""
        if time := _TIME_BOUND.search(reading.text[max(0, mark.start - 24) : mark.start]):
            bound = _TIME_BOUNDS[time["word"].lower()]
        yield replace(mark, start=0, end=0), bound


def _limit(kind: str, claim: ParsedText, lines: Sequence[ParsedText], contrary: bool) -> str:
    """A modal or a quantifier of one side that the other has not, or has in another class, of the same words."""
    mine: tuple[Limit, ...] = getattr(claim, kind)
    theirs: list[Limit] = [limit for line in lines for limit in getattr(line, kind)]
    kinds_here, kinds_there = {limit.kind for limit in mine}, {limit.kind for limit in theirs}
    for limit in mine:
        if limit.kind in kinds_there:
            continue
        against = next((o for o in theirs if o.kind not in kinds_here and set(o.scope) & set(limit.scope)), None)
        if contrary and against and _copied(claim, lines):
            return f"the sentence says {limit.word!r} where the source says {against.word!r}"
        if not contrary:
            return f"the source does not say {limit.word!r}"
    if contrary:
        return ""
    for other in theirs:
        if other.kind not in kinds_here and other.kind != "all" and set(other.scope[:1]) & claim.content:
            return f"the source says {other.word!r}, the sentence does not"
    return ""


# -- numbers and names in their places ---------------------------------------------------------------------------------


def _elsewhere(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """A number that the lines give for something else than the claim does."""
    held = list(dict.fromkeys(placed for line in lines for placed in _placed(line)))
    for quantity, around in dict.fromkeys(_placed(claim)):
        best = rival = 0
        other_text = ""
        for other, there in held:
            shared = len(around & there)
            if quantity.equals(other) or (not other.unit and _fits(quantity, other)):
                best = max(best, shared)
            elif shared > rival and _alike(quantity, other) and not _also(claim, other):
                rival, other_text = shared, other.text.strip()
        if rival > best:
            return (
                f"the source gives {quantity.text.strip()} for something else; beside these words it says {other_text}"
            )
        if around and not best and lines and not _gives(lines[0], quantity):
            return f"the source gives {quantity.text.strip()} in another place"
    return ""


def _alike(left: Quantity, right: Quantity) -> bool:
    """Whether two numbers may count the same thing: a year is no rival of a plain number."""
    return left.unit == right.unit and left.is_year() == right.is_year()


def _gives(line: ParsedText, quantity: Quantity) -> bool:
    years = {year for date in line.dates for year in date.years()}
    return any(quantity.equals(other) for other in line.quantities) or bool(
        not quantity.unit and years.intersection(quantity.values)
    )


def _also(claim: ParsedText, other: Quantity) -> bool:
    return any(other.equals(mine) for mine in claim.quantities)


def _placed(reading: ParsedText) -> Iterable[tuple[Quantity, frozenset[str]]]:
    """Each quantity with the content stems around it; its place set to 0, so that equal ones are one."""
    tokens = [token for token in reading.tokens if token.content]
    starts = [token.start for token in tokens]
    for quantity in reading.quantities:
        low, high = bisect_left(starts, quantity.start), bisect_left(starts, quantity.end)
        near = (*tokens[max(0, low - _WINDOW) : low], *tokens[high : high + _WINDOW])
        yield replace(quantity, start=0, end=0), frozenset(token.stem for token in near)


def _counterpart(quantity: Quantity, claim: ParsedText, lines: Sequence[ParsedText]) -> Quantity | None:
    """The number that the source gives in the place of one it does not hold: same unit, and nearest in its words."""
    wanted = replace(quantity, start=0, end=0)
    around = next((around for placed, around in _placed(claim) if placed == wanted), frozenset())
    found = [
        (len(around & there) + 0.1 * len(claim.content & line.content), other)
        for line in lines
        for other, there in dict.fromkeys(_placed(line))
        if other.unit == quantity.unit and not _also(claim, other)
    ]
    best = max(found, key=lambda item: item[0], default=None)
    return best[1] if best and best[0] >= 1 else None


def _fits(quantity: Quantity, other: Quantity) -> bool:
    """Whether a number may be the one of a line, in its unit or with the unit on one side only."""
    return quantity.equals(other) or (_loose(quantity, other) and quantity.same_written(other))


def _loose(quantity: Quantity, other: Quantity) -> bool:
    """Whether two equal numbers may be the same although only one side has the unit, as in a table."""
    if quantity.unit and other.unit:
        return {quantity.unit, other.unit} == {"pound", "sterling"}
    unit = quantity.unit or other.unit
    return unit not in ("time of day", "decade") and not unit[:1].isdigit()


def _unit_apart(claim: ParsedText, lines: Sequence[ParsedText]) -> str:
    """A number that the source holds without the claim's unit, or with one that the claim leaves out."""
    held = [q for line in lines for q in line.quantities]
    text = " ".join(line.text for line in lines).casefold()
    for quantity in claim.quantities:
        if any(quantity.equals(other) for other in held) or not any(quantity.same_written(other) for other in held):
            continue
        said = re.sub(r"[\d\s.,'’-]", "", quantity.text).casefold()
        if quantity.unit == "ordinal" or (quantity.unit and said not in text):
            return f"the source does not say “{quantity.text.strip()}”"
    return ""


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", normalise(normalise_marks(text))))
