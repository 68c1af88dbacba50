"""Turn the headings and sentences of a document into questions that a person might ask. Pure.

Owns: the few forms of words in English and German of which a question can be made without understanding them; of all
others none is made. Knows nothing about indexes, or whether a question is answered.
"""

from __future__ import annotations

import re

from rag.text import words

LONGEST = 90
"""Characters of a question that is offered: it stands on one line."""

_FEWEST_WORDS, _MOST_WORDS = 3, 16
# A heading with one of these words says nothing about what stands below it.
VAGUE_HEADINGS = frozenset(
    "abstract appendix background conclusion contents introduction notes overview references summary "
    "einleitung inhalt inhaltsverzeichnis literatur zusammenfassung überblick anhang übersicht".split()
)
_NUMBERING = re.compile(r"^(?:\d{1,2}(?:\.\d+)*[.)]?|[A-Z][.)]|§ ?\d+\w?)\s+")
_AUX = "is|are|was|were|can|must|may|should"
# Verbs as a heading has them, and as a question has them behind "does" or "do".
_THIRD = {
    "has": "have", "shows": "show", "means": "mean", "works": "work", "knows": "know", "sends": "send",
    "keeps": "keep", "needs": "need", "uses": "use", "contains": "contain", "follows": "follow", "reads": "read",
    "says": "say", "makes": "make", "takes": "take", "gives": "give", "rests": "rest", "costs": "cost",
    "covers": "cover", "begins": "begin", "ends": "end", "opens": "open", "closes": "close", "looks": "look",
    "stores": "store", "finds": "find", "answers": "answer", "checks": "check", "writes": "write", "counts": "count",
    "pays": "pay", "applies": "apply", "happens": "happen", "changes": "change", "holds": "hold",
}  # fmt: skip
_PLURAL = "work|mean|look|need|have|follow|begin|end"
# Part of a subject: no verb that could be the one of the sentence.
_NO_VERB = rf"(?:(?!\b(?:{_AUX}|that|which|who|to|and|or|{'|'.join(_THIRD)})\b)[^,;:()])"
# Words that point at something which the reader of a question alone does not see, and two questions in one.
_LEANS = re.compile(
    r"\b(?:this|these|that it|it|they|them|here|below|above|(?:and|or) (?:how|what|when|where|why))\b", re.I
)
_DETERMINERS = "the|a|an|each|every|your|our"
_QUESTION_WORD = "How|When|Where|Why|What"

# -- headings ----------------------------------------------------------------------------------------------------------


def question_of_heading(heading: str) -> str:
    """Return the question that a heading is, or that it says in another order: "How to open the chat".

    Args:
        heading: The words of the heading without the signs of its markup.

    Returns:
        The question; "" where the heading is none.
    """
    heading = _NUMBERING.sub("", " ".join(heading.split())).rstrip(" .:")
    if _LEANS.search(heading):
        return ""
    if heading.endswith("?"):
        return _usable(heading)
    if match := re.fullmatch(r"How to ([a-z].+)", heading):
        return _usable(f"How do I {match[1]}?")
    subject = rf"(?P<subject>(?!(?:of|in|on|at|with|for|to|from|{'|'.join(_THIRD)})\b){_NO_VERB}+?)"
    forms = (
        # What can be done with an answer; who can reach the chat.
        (rf"(?P<all>(?:What|Who) (?:{_AUX}|{'|'.join(_THIRD)}) .+)", "{all}?"),
        # How conversations are kept.
        (rf"(?P<word>{_QUESTION_WORD}) {subject} (?P<aux>{_AUX})(?P<rest>| .+)", "{word} {aux} {subject}{rest}?"),
        # Which options the chat has; what a citation rests on.
        (
            rf"(?P<word>Which [\w -]+?|{_QUESTION_WORD}) (?P<subject>(?:{_DETERMINERS}) (?:[\w-]+ ){{0,3}}?[\w-]+) "
            rf"(?P<verb>{'|'.join(_THIRD)})(?P<rest>| .+)",
            "{word} does {subject} {verb}{rest}?",
        ),
        # What Footnote sends away.
        (
            rf"(?P<word>{_QUESTION_WORD}) (?P<subject>[A-Z][\w-]+) (?P<verb>{'|'.join(_THIRD)})(?P<rest>| .+)",
            "{word} does {subject} {verb}{rest}?",
        ),
        # How follow-up questions work.
        (
            rf"(?P<word>{_QUESTION_WORD}) (?P<subject>(?:[\w-]+ ){{0,2}}[\w-]+s) (?P<verb>{_PLURAL})(?P<rest>| .+)",
            "{word} do {subject} {verb}{rest}?",
        ),
    )
    for pattern, form in forms:
        if match := re.fullmatch(pattern, heading):
            found = match.groupdict()
            if "verb" in found:
                found["verb"] = _THIRD.get(found["verb"], found["verb"])
            return _usable(form.format(**found))
    return ""


def question_about(heading: str, title: str, language: str, text: str) -> str:
    """Return a question for what a document says under a heading that names a thing.

    Args:
        heading: The words of the heading.
        title: The title of the document.
        language: Its language, an ISO 639-1 code.
        text: Its text, which shows whether the heading's first word is written small within a sentence.

    Returns:
        The question; "" in a language without one, and for a heading or a title that says nothing.
    """
    heading = _NUMBERING.sub("", " ".join(heading.split())).rstrip(" .:")
    heading_words = words(heading)
    if not 1 <= len(heading_words) <= 5 or VAGUE_HEADINGS & set(heading_words) or not _is_title(title):
        return ""
    if re.search(r"[?!:;/\\|<>{}\[\]()`*_=\"“”]|\d", heading) or heading.casefold() == title.casefold():
        return ""
    if language == "en" and not re.match(rf"(?:{_QUESTION_WORD}|Which|Who|If|To)\b", heading):
        return _usable(f"What does “{title}” say about {_small(heading, text)}?")
    if language == "de":
        return _usable(f"Was steht in „{title}“ über „{heading}“?")
    return ""


def _small(heading: str, text: str) -> str:
    """Return a heading as it stands within a sentence: its first letter small, unless its word is always written large.

    A word that the text never writes small may be a name.
    """
    first = heading.split()[0]
    is_small = re.search(rf"(?<![\w-]){re.escape(first[0].lower() + first[1:])}(?![\w-])", text) is not None
    return heading[0].lower() + heading[1:] if is_small else heading


def _is_title(title: str) -> bool:
    """Tell whether a title was written by a person: it is no name of a file."""
    return 1 <= len(words(title)) <= 6 and re.search(r"[_/\\]|\.\w{2,5}$|^\W|[“”„\"?]", title) is None


# -- sentences ---------------------------------------------------------------------------------------------------------

_THING = r"(?P<thing>[Tt]he (?:[a-z][\w-]* ){0,3}?[\w-]+)"
_DAS = r"(?P<thing>(?:Der|Die|Das) (?:[\w-]+ ){0,2}?[\w-]+)"
_UNIT = r"\d[\d.,]* ?[\w²³]+"
_ADJECTIVE = "long|high|wide|deep|tall|old|thick|large"
_ADJEKTIV = "lang|hoch|breit|tief|alt|groß"
_DONE = "built|founded|opened|paved|established|completed|introduced|launched|published|signed|renovated"
_GETAN = "gebaut|gegründet|eröffnet|errichtet|fertiggestellt|eingeführt|veröffentlicht|unterzeichnet|renoviert"
_PAST = {"opened": "open", "closed": "close", "began": "begin", "started": "start", "ended": "end"}

_SENTENCES: tuple[tuple[str, str], ...] = (
    (rf"{_THING} is {_UNIT} (?P<how>{_ADJECTIVE})\b.*", "How {how} is {thing}?"),
    (rf"{_THING} (?:was|were) (?:first )?(?P<done>{_DONE}) (?:in|on) .*\d{{4}}\b.*", "When was {thing} {done}?"),
    (rf"{_THING} (?P<verb>{'|'.join(_PAST)}) in \d{{4}}\b.*", "When did {thing} {verb}?"),
    (rf"{_THING} costs \d.*", "How much does {thing} cost?"),
    (rf"{_THING} leaves .*\bat \d.*", "When does {thing} leave?"),
    (rf"{_THING} (?:is|are) (?:about |around |up to )?[$€£]?\d.*", "What is {thing}?"),
    (r"(?P<thing>[Aa]n? (?:[a-z][\w-]* ){0,2}?[\w-]+) is (?:an?|the) [a-z].*", "What is {thing}?"),
    (r"(?P<thing>[A-Z]{2,6}) (?:is|stands for) (?:an?|the|[A-Z]).*", "What is {thing}?"),
    (rf"{_DAS} ist {_UNIT} (?P<how>{_ADJEKTIV})\b.*", "Wie {how} ist {thing}?"),
    (rf"{_DAS} wurde (?:im Jahr )?.*\d{{4}}\b.*(?P<done>{_GETAN})\..*", "Wann wurde {thing} {done}?"),
    (rf"{_DAS} beträgt \d.*", "Wie hoch ist {thing}?"),
    (rf"{_DAS} kostet \d.*", "Was kostet {thing}?"),
    (r"(?P<thing>Eine? (?:[\w-]+ )?[A-ZÄÖÜ][\w-]+) ist eine? .*", "Was ist {thing}?"),
)


def question_of_sentence(sentence: str) -> str:
    """Return the question that a sentence answers: how long or how high something is, when it was built, what it is.

    Args:
        sentence: The words of the sentence.

    Returns:
        The question; "" for a sentence of any other form.
    """
    sentence = " ".join(sentence.split())
    for pattern, form in _SENTENCES:
        if match := re.fullmatch(pattern, sentence):
            found = match.groupdict()
            thing = found["thing"]
            if len(thing.split()) > 1:
                found["thing"] = thing[0].lower() + thing[1:]
            if "verb" in found:
                found["verb"] = _PAST[found["verb"]]
            return _usable(form.format(**found))
    return ""


def question_of_title(title: str, sentence: str, text: str) -> str:
    """Return the question what a thing is that a document is named after, where its sentence says so.

    Args:
        title: The title of the document.
        sentence: Its first sentence.
        text: Its text, which shows whether the title may be a name: of a name nobody asks what it is.

    Returns:
        The question; "" where the sentence says something else.
    """
    sentence, title = " ".join(sentence.split()), " ".join(title.split())
    said = re.match(
        rf"(?P<article>The |An? )?{re.escape(title)}(?: \([^)]*\))? (?P<verb>is|are) (?:an?|the) [a-z]", sentence, re.I
    )
    small = _small(title, text)
    is_name = small == title and not title.isupper() and (" " not in title or title[1:] != title[1:].lower())
    if said is None or is_name or not _is_title(title):
        return ""
    thing = small if small != title or title.isupper() else title[0].lower() + title[1:]
    return _usable(f"What {said['verb']} {(said['article'] or '').lower()}{thing}?")


def question_of_cell(column: str, row: str, language: str) -> str:
    """Return the question for a cell of a table by the names of its column and row.

    Args:
        column: The name of the column.
        row: The name of the row.
        language: The language of the document, an ISO 639-1 code.

    Returns:
        The question; "" where the names say nothing, and in a language without a form for it.
    """
    if not all(re.fullmatch(r"[^\W\d_][\w %&'/.()-]{1,38}", name) for name in (column, row)):
        return ""
    if language == "de":
        return _usable(f"Was steht bei „{row}“ unter „{column}“?")
    if language != "en" or len(words(column)) > 4:
        return ""
    small = column if column[:2].isupper() else column[0].lower() + column[1:]
    return _usable(f"What is the {small} of {row}?")


def _usable(question: str) -> str:
    """Return a question that fits on a line and can be read; "" for any other."""
    fits = len(question) <= LONGEST and question.isprintable()
    return question if fits and _FEWEST_WORDS <= len(words(question)) <= _MOST_WORDS else ""
