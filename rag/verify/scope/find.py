"""Find what takes a sentence back where it stands in a source. Pure.

Owns: in which places frames are looked for, and when the sentence has the same frame itself. Knows nothing about
verdicts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.text import in_small_letters
from rag.text.struck import struck_spans, valid_words
from rag.verify.parse.parsed_text import ParsedText, parse_text
from rag.verify.scope.frame import Frame, Gap, Kind
from rag.verify.scope.frames import (
    AFFIRMED,
    BEFORE,
    BEHIND,
    CONFIRMED,
    HEADINGS,
    INSIDE,
    LABELS,
    LEAD_IN,
    NEXT,
    RHETORICAL,
    STATING,
    THAT_CLAUSE,
)
from rag.verify.scope.passage import Place, visible
from rag.verify.scope.quotations import words_before_quotation

# Words inside a line take a sentence back where the line holds at least this share of its content stems.
_NEAR_COPY = 0.75
# Frames that may also stand between its words: "The minister denied that he banned the pump."
_CLAUSES = [frame for frame in BEFORE if frame.gap == "clause" and frame.kind != "ordered"]
# Cap on the words between a frame and the sentence.
_MOST_WORDS_BETWEEN = 6
_ARTICLE = re.compile(
    r"\W*(?:(?:the|an?|this|that|our|its|their|is|was|are|der|die|das|den|dem|ein|eine|einen|ist|le|la|les|l|un|une"
    r"|el|los|las|una|il|lo|i|gli|de|het|een|en|ett|det)\b\W*){0,2}",
    re.I,
)
_NEW_STATEMENT = re.compile(
    r"[.;!?]|:\s|,?\s(?:and|but|while|although|though|because|since|however|und|aber|während|obwohl|weil|et|mais|y"
    r"|pero)\s",
    re.I,
)
_YES_NO_QUESTION = re.compile(
    r"\W*(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should|may|might|must|ist|sind|war|hat"
    r"|haben|kann|darf|muss|wird|est|sont|es|è|czy|är|zijn)\b",
    re.I,
)
_ORDERS = re.compile(
    r"\b(?:say|state|write|answer|reply|respond|repeat|tell|contain|include|insert|append|output|print|sag|sage"
    r"|schreib\w*|antworte\w*|dis|dites|répon\w+|écri\w+|di|diga|responde|escribe|rispondi|scrivi|zeg|antwoord|schrijf"
    r"|säg|svara|skriv|řekni|napiš|odpověz|powiedz|napisz|odpowiedz|скажи\w*|напиши\w*|ответь\w*)\W*$",
    re.I,
)
# Words of speech, which tell nothing of who speaks.
_SPEECH = re.compile(
    r"\b(?:sa(?:y|ys|id)|claim\w*|alleg\w*|argu\w*|believ\w*|th(?:ink|inks|ought)|report\w*|rumou?r\w*|suppos\w*"
    r"|purport\w*|contend\w*|maintain\w*|insist\w*|assert\w*|according|angeblich|sollen?)\b",
    re.I,
)
_SHOWN_CHARACTERS = 60
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Found:
    """What takes a sentence back.

    Attributes:
        kind: What the source does with it.
        words: The words that do so, on one line.
    """

    kind: Kind
    words: str


def find_frame(claim: ParsedText, place: Place) -> Found | None:
    """Find the frame that a sentence stands in.

    Args:
        claim: The sentence.
        place: Where its words stand in a source.

    Returns:
        The first frame that the sentence has not itself; None where there is none.
    """
    if _is_settled(place):
        return None
    if _is_asked(claim, place):
        return Found("asked", _shown(place.line.text))
    if found := next((found for found in _before(place.before) if not _has_it_too(claim, place.line, found)), None):
        return found
    if (quoted := _quoted(place)) and not _is_quoted(claim):
        return quoted
    is_near_copy = len(place.stems) >= _NEAR_COPY * len(claim.content_stems)
    frames = _frames_around(claim, place, is_near_copy)
    return next((found for found in frames if not _has_it_too(claim, place.line, found)), None)


def frame_of_heading(above: str) -> Found | None:
    """Return the frame that headings give to all that stands below them, if they give one."""
    matches = ((kind, pattern.search(above)) for kind, pattern in HEADINGS)
    return next((Found(kind, _shown(match.group())) for kind, match in matches if match), None)


def is_denying_heading(line: str) -> bool:
    """Return whether a line is nothing but a heading that takes back what stands below it: "False statements"."""
    return _is_all(line)


def leads_in(line: str) -> bool:
    """Return whether a line tells how to read what follows it: "Until 2019 the following held."."""
    return next(_matches(LEAD_IN, line, lambda *_: True), None) is not None


def _frames_around(claim: ParsedText, place: Place, is_near_copy: bool) -> Iterator[Found]:
    """Yield the frames that the words of a sentence stand in.

    Args:
        claim: The sentence.
        place: Where they stand.
        is_near_copy: Whether they are most of the sentence, so that what stands between them counts.

    Yields:
        The frames; what stands nearest first.
    """
    before, behind = place.before, place.behind
    if words := _struck_words(claim, place.line):
        yield Found("denied", words)
    if not _LETTER.search(_ARTICLE.sub("", before, count=1)):
        yield from _in_lead_in(place.around.lead_in)
    if is_near_copy:
        yield from _matches([*INSIDE, *_CLAUSES], place.inside, lambda *_: True)
    yield from _matches(BEHIND, behind, _is_right_behind)
    yield from _matches(NEXT, place.around.below, lambda *_: True)
    plain = place.around.plain_heading
    if found := frame_of_heading(place.around.heading) or (frame_of_heading(plain) if _is_all(plain) else None):
        yield found


def _struck_words(claim: ParsedText, line: ParsedText) -> str:
    """Return the mark of struck-out words of a line that a sentence rests on and that stand nowhere else in it."""
    struck = struck_spans(line.text)
    if not struck:
        return ""
    standing = parse_text(valid_words(line.text, struck).text)
    withdrawn = [line.text[start:end] for start, end in struck]
    if not any(_is_said_by(claim, parse_text(words), standing) for words in withdrawn):
        return ""
    return "[struck out]" if withdrawn[0].startswith("[") else "~~"


def _is_said_by(claim: ParsedText, struck: ParsedText, standing: ParsedText) -> bool:
    """Tell whether a sentence says what struck-out words say and the others do not: a word, or a number."""
    if claim.content_stems & (struck.stems - standing.stems):
        return True
    numbers = [number for number in struck.quantities if not any(map(number.same_written_number, standing.quantities))]
    return any(number.same_written_number(other) for number in numbers for other in claim.quantities)


def _is_all(heading: str) -> bool:
    """Return whether a heading holds nothing beside the words that deny what stands below it."""
    rests = (pattern.sub("", heading, count=1) for _, pattern in HEADINGS if pattern.search(heading))
    return any(not _LETTER.search(rest) for rest in rests)


def _is_asked(claim: ParsedText, place: Place) -> bool:
    """Return whether a source asks what a sentence says: a question that goes on "Yes" or "No", or holds all of it."""
    text = place.line.text
    if not text.rstrip(" \"'”“»)*_").endswith("?") or RHETORICAL.search(text):
        return False
    return bool(_YES_NO_QUESTION.match(text)) or claim.content_stems <= place.stems


def _quoted(place: Place) -> Found | None:
    """Return what a quotation that holds the words is given for: an order to say them, or a report that they were."""
    opening = words_before_quotation(place.line.text, place.start, place.end)
    if opening is None:
        return None
    lead = opening if _LETTER.search(opening) else place.around.lead_in
    kind: Kind = "ordered" if _ORDERS.search(lead[-_SHOWN_CHARACTERS:]) else "reported"
    # A heading above a quotation says nothing of who speaks.
    words = lead if lead == opening or kind == "ordered" else place.line.text
    return Found(kind, _shown(words[-_SHOWN_CHARACTERS:]) or "“ ”")


def _is_quoted(claim: ParsedText) -> bool:
    """Return whether a sentence is a quotation itself."""
    middle = len(claim.text) // 2
    return words_before_quotation(claim.text, middle, middle) is not None


def _before(text: str) -> Iterator[Found]:
    """Yield the frames that lead over to what follows a text."""
    known = list(_matches([*LABELS, *BEFORE], text, _is_right_before))
    yield from known or _in_unknown_clause(text)


def _in_unknown_clause(text: str) -> Iterator[Found]:
    """Yield the words in front of a clause with "that" where nothing says that it is stated."""
    opening = THAT_CLAUSE.search(text)
    if opening and not STATING.search(opening["main"][-80:]):
        yield Found("reported", _shown(opening["main"][-_SHOWN_CHARACTERS:] + " that"))


def _in_lead_in(line: str) -> Iterator[Found]:
    """Yield the frames at the end of the line above, where that line leads over to this one."""
    yield from _matches(LEAD_IN, line, lambda *_: True)
    if not line.rstrip().endswith((".", "!", "?", ";")):
        yield from _matches(BEFORE, line.rstrip(" :—–-*_\"'"), _is_right_before)
        yield from _matches(LABELS, line, _is_right_before)


def _matches(
    frames: Sequence[Frame], text: str, stands_right: Callable[[str, re.Match[str], Gap], bool]
) -> Iterator[Found]:
    """Yield the frames in a text that stand right.

    Args:
        frames: What is looked for.
        text: Where it is looked for.
        stands_right: Tells of a text, a match in it and the gap of its frame whether the match counts.
    """
    small = in_small_letters(text)
    for frame in frames if small else ():
        match = frame.pattern.search(small)
        while match:
            if stands_right(text, match, frame.gap):
                yield Found(frame.kind, _shown(text[match.start() : match.end()]))
            # The one that counts may overlap with it: "SYSTEM: say …".
            match = frame.pattern.search(small, match.start() + 1)


def _is_right_before(text: str, match: re.Match[str], gap: Gap) -> bool:
    between = text[match.end() :].lstrip(" :\"'“„«‘`(*_—–-")
    if gap == "article":
        return bool(_ARTICLE.fullmatch(between))
    if len(between.split()) > _MOST_WORDS_BETWEEN or _NEW_STATEMENT.search(between):
        return False
    return gap == "clause" or "," not in between


def _is_right_behind(text: str, match: re.Match[str], _: Gap) -> bool:
    between = text[: match.start()]
    return not _LETTER.search(between) and "." not in between


def _is_settled(place: Place) -> bool:
    """Return whether the source answers its question with "Yes", or says that the belief is right."""
    return bool(
        CONFIRMED.match(place.behind) or (place.line.text.rstrip().endswith("?") and AFFIRMED.match(place.around.below))
    )


def _has_it_too(claim: ParsedText, line: ParsedText, found: Found) -> bool:
    """Return whether a sentence has a frame itself: the same words, others of the same kind, or a negation.

    Args:
        claim: The sentence.
        line: The line of the source.
        found: The frame that the line has.
    """
    framed = parse_text(found.words)
    if found.words in claim.text or (framed.content_stems and framed.content_stems <= claim.stems):
        return True
    if found.kind in ("forbidden", "denied") and (claim.negations or claim.denials):
        # What denies a denial is no denial.
        return len(line.negations) <= len(framed.negations)
    if found.kind not in _kinds_in(claim.text):
        return False
    reporter = parse_text(_SPEECH.sub(" ", found.words)).content_stems
    return found.kind != "reported" or reporter <= claim.stems


def _kinds_in(text: str) -> set[Kind]:
    small = in_small_letters(text)
    return {frame.kind for frame in (*LABELS, *BEFORE, *INSIDE, *BEHIND) if frame.pattern.search(small)}


def _shown(words: str) -> str:
    """Return words as a reason shows them: on one line, cut to length."""
    return " ".join(visible(words).split())[:_SHOWN_CHARACTERS].strip(" ,.:;!*_\"'“”„«»(")
