"""Does a sentence stand in its sources? Pure.

Owns: the verdict on one sentence, given the exact words it is checked against. Knows nothing about retrieval, models
or how an answer is shown.

    check_sentence(sentence, quotes)   what the rules say of it
    support_score(sentence, quotes)    how much of the sentence stands in the sources, 0…1
    is_claim(parsed)                   whether there is anything to check
    normalised_numbers(text)           the numbers of a text in one spelling

A sentence is checked in this order:

1. *not a claim*: it states nothing that a source could support, or only that the documents do not hold something.
2. *contradicted*: the sources say another number or date of the same thing (a ``contradiction``).
3. The sentence is aligned with the few lines that hold most of it (``align``).
4. *unsupported*: these lines hold too few of its words. In another language than theirs a sentence is *partly* where
   its numbers, dates or names stand there.
5. *partly*: a number, date or quotation of it stands nowhere (an ``objection``), the source may mean something else (a
   ``doubt``), or says it in other words.
6. *partly*: a number of it stands nowhere, but follows from others (``calculation``).
7. *verified*: it is a whole sentence of its source (``rules.quotation``), or a near-copy of these lines, in their order
   and scope (``near_copy``).

A paraphrase is never *verified* here: that is for a judge (``rag.verify.settle``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rag.notices import Notice
from rag.notices.answers import is_own_sentence
from rag.scoring.file import shipped_scoring
from rag.scoring.values import Support, SupportScore
from rag.types import Verdict
from rag.verify.absence import is_absence
from rag.verify.calculation import Calculation, find_calculation, find_calculations
from rag.verify.compare import RulesBySeverity, first_objection, rules_without
from rag.verify.copies.align import Alignment, align
from rag.verify.copies.names import absent_names
from rag.verify.copies.near_copy import Copied, find_copied
from rag.verify.courtesy import without_courtesy
from rag.verify.parse.language import are_in_different_languages
from rag.verify.parse.notation import is_ambiguous, notation_of, read_in, reader_of_lines
from rag.verify.parse.parsed_text import ParsedText, content_stems, is_light, parse_text
from rag.verify.parse.source_lines import joined_lines, source_lines
from rag.verify.rule import Comparison, Rule
from rag.verify.rules.date import date_absent, weekday_absent
from rag.verify.rules.number import absent_numbers
from rag.verify.rules.quotation import is_quotation

__all__ = [
    "Check", "check_sentence", "content_stems", "is_claim", "normalised_numbers", "support_score",
]  # fmt: skip

# A sentence with more numbers or names is a table: each is looked for, but not what stands beside it.
_MAX_NUMBERS_OR_NAMES = 60
# So many lines that say another number and take it back themselves are looked at.
_MOST_DENYING = 4
# Doubts about what the source says; any other only says that a computed number does not stand there in these words.
_SAID_BEFORE_A_CALCULATION = frozenset(
    """scope contradicted-negation opposite-word opposite-bound contrary-modal contrary-quantifier doubtful-negation
    double-negation condition-left-out existence-left-open swapped-names swapped-parts""".split()
)

# A source that tells what "we" means, and the name it gives: "Norpack AG (“we”)", "“Norpack,” “we,” “us” or “our”".
_WE = r"[“\"](?:we|us|our|the Company|Company)\b"
_SAYS_WE = re.compile(_WE)
_AUTHOR = re.compile(
    r"\b([A-Z][\w&-]*(?: [A-Z][\w&-]*){0,3})\.?,?[”\"]?,? ?\(?(?:or |and )?(?:the )?" + _WE,
)
# Doubts that a number stands beside other words, which a near-copy has looked at.
_OF_NUMBERS = frozenset({"misattributed-number", "unit-on-one-side"})

# What it affirms or denies stands in the sentence behind it.
_BARE_ANSWER = re.compile(r"\W*(?:yes|no|ja|nein)\W*", re.I)
# The sentence is about the documents.
_ABOUT_DOCUMENTS = re.compile(
    r"\b(?:documents?|sources?|text|context|evidence|passages?|excerpts?|information|answer|handbook|article)\b", re.I
)
# A sentence of these words alone says nothing of what the documents are about.
_DOCUMENT_WORDS = frozenset(
    """document documents source sources text context evidence passage passages excerpt excerpts information answer
    answers question follow following below above summary here according based provide provided given say says state
    states tell tells show shows find found detail details point points contain contains mention mentions mentioned
    describe describes specify specifies specified relevant quote quotes cite cited hold holds article handbook
    """.split()
)


@dataclass(frozen=True, slots=True)
class Check:
    """What the rules say of a sentence.

    Attributes:
        verdict: The verdict.
        reason: Why it is not *verified*, or the calculation that gives one of its numbers; None for nothing to say.
        checker: Which of the checkers without a model decided: ``rules``, ``near-copy`` or ``quotation``.
        objects: Whether an exact rule objects, so that no other checker may find it *verified*.
        against: For a contradicted sentence, which of ``everything`` says otherwise.
    """

    verdict: Verdict
    reason: Notice | None = None
    checker: str = "rules"
    objects: bool = False
    against: int | None = None


def check_sentence(
    sentence: str,
    quotes: Sequence[str],
    context: str = "",
    columns: str = "",
    off: frozenset[str] = frozenset(),
    support: Support | None = None,
    everything: Sequence[str] = (),
    beside: Sequence[tuple[str, str]] = (),
    document_of: Callable[[str], str] = str,
    beside_of: Callable[[int], tuple[str, str]] = lambda _: ("", ""),
) -> Check:
    """Give the verdict of the rules on a sentence against the words of its sources.

    Args:
        sentence: The sentence, without marks.
        quotes: The words that it is compared with.
        context: Words that stand above the sources, such as titles, headings and captions. They may name what a source
            calls "it" and hold a number or a date, and support nothing else.
        columns: The names of the columns where the sources are rows of tables. A number or date that only they hold
            makes a sentence *partly* supported, since which column it goes with is not told.
        off: The ids of rules that are not asked.
        support: From where on a sentence is supported; None: the numbers that ship.
        everything: All words in which numbers and dates are looked up, ``quotes`` among them; none: ``quotes``.
        beside: What stands right before and right behind each of ``quotes`` in its document; none: not known.
        document_of: Returns more of the document of a quote, which tells how it writes numbers; by default the quote.
        beside_of: Returns what stands right before and right behind one of ``everything``, by its number.

    Returns:
        The verdict and the reason, and whether another checker may change it.
    """
    claim = parse_text(sentence)
    if is_ambiguous(claim):
        claim = read_in(claim, notation_of(sentence))
    if not is_claim(claim) or is_absence(sentence) or _BARE_ANSWER.fullmatch(sentence):
        return Check("not a claim")
    support = support or shipped_scoring().support
    rules = rules_without(off)
    read = reader_of_lines(everything or quotes, document_of)
    texts = [line for quote in quotes for line in source_lines(quote)]
    lines = [read(line, quote) for quote in quotes for line in source_lines(quote)]
    lines += [read(line, line) for line in joined_lines(texts)]
    looked_up = [
        (at, read(line, quote)) for at, quote in enumerate(everything or quotes) for line in source_lines(quote)
    ]
    above = parse_text(f"{context} {columns}".strip())
    around = [parse_text(words) for words in (context, columns) if words]
    nearly_copied = support.alignment.nearly_copied
    exact = Comparison(
        claim, [line for _, line in looked_up], around, above, sentence, everything or quotes, nearly_copied
    )
    if contradiction := _contradiction(exact, [at for at, _ in looked_up], rules, beside_of):
        values = dict(contradiction.values)
        against = looked_up[values.pop("line")][0]
        return Check("contradicted", Notice(contradiction.code, values), objects=True, against=against)
    objection = first_objection(rules["objection"], exact)
    calculations = () if objection else find_calculations(claim, [*exact.lines, *around])
    computed = _computed(calculations)
    above = _with_author(above, everything or quotes)
    aligned = align(claim, lines, above, support.alignment, exact.lines)
    if aligned.share < support.verdicts.least_share and not computed:
        if objection is None and are_in_different_languages(sentence, " ".join(quotes)):
            return _by_numbers_and_names(exact)
        return Check("unsupported", objection or Notice("words-not-in-source"), objects=objection is not None)
    if objection:
        return Check("partly", objection, objects=True)
    comparison = Comparison(claim, aligned.lines, around, above, sentence, quotes, nearly_copied, beside)
    if columns and first_objection(rules["objection"], replace(exact, columns=around[:-1])):
        return Check("partly", Notice("in-column-names"))
    if max(len(claim.quantities), len(claim.names)) > _MAX_NUMBERS_OR_NAMES:
        return Check("partly", Notice("too-many-numbers"))
    copied = find_copied(comparison, aligned)
    refusal = copied if isinstance(copied, Notice) else None
    doubts = [rule for rule in rules["doubt"] if rule.id not in _OF_NUMBERS]
    if isinstance(copied, Copied) and copied.slip is None:
        doubt = first_objection(doubts, replace(comparison, lines=copied.lines))
    else:
        doubt = first_objection(rules["doubt"], comparison)
    if is_quotation(sentence, quotes) and (doubt is None or doubt.code != "scope"):
        return Check("verified", checker="quotation")
    difference = doubt or refusal
    if computed and _is_copied_but_for_results(comparison, aligned, calculations, doubts):
        return Check("verified", computed, checker="near-copy")
    if computed and (difference is None or difference.code not in _SAID_BEFORE_A_CALCULATION):
        return Check("partly", computed)
    if difference:
        return Check("partly", _calculated_instead(difference, claim, [*exact.lines, *around]) or difference)
    return Check("verified", checker="near-copy")


def _contradiction(
    exact: Comparison, owners: Sequence[int], rules: RulesBySeverity, beside_of: Callable[[int], tuple[str, str]]
) -> Notice | None:
    """Return what the sources state otherwise: what they deny, ask, suppose or report contradicts nothing."""
    for _ in range(_MOST_DENYING):
        found = first_objection(rules["contradiction"], exact)
        if found is None:
            return None
        at = found.values["line"]
        place = owners[at]
        stated = replace(
            exact, lines=[exact.lines[at]], quotes=[exact.quotes[place]], beside=[beside_of(place)], columns=()
        )
        if not any(rule.id == "scope" and rule.find(stated) for rule in rules["doubt"]):
            return found
        lines = [*exact.lines[:at], parse_text(""), *exact.lines[at + 1 :]]
        exact = replace(exact, lines=lines)
    return None


def _with_author(above: ParsedText, sources: Sequence[str]) -> ParsedText:
    """Return what stands above the sources with the name that they give to "we"."""
    names = [match[1] for source in sources if _SAYS_WE.search(source) for match in _AUTHOR.finditer(source)]
    return parse_text(" ".join((above.text, *dict.fromkeys(names)))) if names else above


def _by_numbers_and_names(exact: Comparison) -> Check:
    """Give the verdict on a sentence in another language than its sources, none of whose numbers is absent there."""
    claim = exact.claim
    names = {name.lower() for name in claim.names} - {name.lower() for name in absent_names(claim, exact.lines, None)}
    is_found = bool(claim.quantities or claim.dates or names)
    return Check("partly" if is_found else "unsupported", Notice("other-language"))


def _computed(calculations: Sequence[Calculation]) -> Notice | None:
    """Return the calculations that give numbers of a sentence which do not stand in the lines; None for none."""
    texts = [calculation.text for calculation in calculations]
    return Notice("computed", {"calculation": "; ".join(texts)}) if texts else None


def _calculated_instead(doubt: Notice, claim: ParsedText, lines: Sequence[ParsedText]) -> Notice | None:
    """Return how a number follows from others that the lines have of something else, too; None where it does not."""
    if doubt.code != "misattributed-number":
        return None
    sought = (one for one in claim.quantities if one.text.strip() == doubt.values["number"])
    found = next(filter(None, (find_calculation(quantity, claim, lines) for quantity in sought)), None)
    return _computed([found] if found else [])


def _is_copied_but_for_results(
    comparison: Comparison, aligned: Alignment, calculations: Sequence[Calculation], doubts: Sequence[Rule]
) -> bool:
    """Return whether a sentence is a near-copy of lines with the numbers from which its other numbers follow."""
    copied = find_copied(comparison, aligned, is_computed=True)
    if isinstance(copied, Notice) or copied.slip or first_objection(doubts, replace(comparison, lines=copied.lines)):
        return False
    stands = [quantity for line in copied.lines for quantity in line.quantities]
    operands = [operand for calculation in calculations for operand in calculation.operands]
    return bool(operands) and all(any(operand.equals(other) for other in stands) for operand in operands)


def support_score(
    sentence: str, quotes: Sequence[str], context: str = "", numbers: SupportScore | None = None
) -> float:
    """Score how much of a sentence stands in its sources: the share of its content stems, less what is not there.

    Each number, name and date that the sources lack costs something; light words count less than others, and so do
    names, since their absence costs extra. On WiCE the share of stems alone tells supported claims from others with an
    AUROC of 0.79; the scoring file has the figure of this score.

    Args:
        sentence: The sentence, without marks.
        quotes: The words of its sources.
        context: Words that stand above the sources, such as their titles.
        numbers: What words weigh and what is absent costs; None: the numbers that ship.

    Returns:
        The score, 0…1.
    """
    numbers = numbers or shipped_scoring().support.score
    claim = parse_text(sentence)
    lines = [parse_text(line) for quote in quotes for line in source_lines(quote)]
    above = parse_text(context)
    names = {name.lower() for name in claim.names}
    weights = {
        token.stem: numbers.light_weight if is_light(token) else numbers.name_weight if token.word in names else 1.0
        for token in claim.tokens
        if token.is_content
    }
    source_stems = frozenset().union(above.stems, *(line.stems for line in lines))
    present = sum(weight for stem, weight in weights.items() if stem in source_stems)
    share = present / sum(weights.values()) if weights else 1.0
    absent = min(numbers.counted, len(absent_numbers(claim, lines)))
    absent_of_names = min(numbers.counted, len(absent_names(claim, lines, above)))
    cost = numbers.number_cost * absent + numbers.name_cost * absent_of_names
    comparison = Comparison(claim, lines)
    has_absent_date = date_absent(comparison) or weekday_absent(comparison)
    return max(0.0, share - cost - numbers.date_cost * bool(has_absent_date))


def is_claim(claim: ParsedText) -> bool:
    """Return whether a sentence states anything that a source could support.

    A question, courtesy ("I hope this helps.") and talk about the documents ("Here is what they say:") do not; with a
    number, a date or a name in it, any other sentence does. What stands behind courtesy counts by itself.
    """
    text = claim.text.strip()
    if is_own_sentence(text) or text.endswith("?"):
        return False
    stated = without_courtesy(text)
    if stated != text:
        claim = parse_text(stated)
        # "Sure, you may." says something, if only with the question.
        return bool(claim.tokens) and not _is_about_documents(claim)
    return not _is_without_content(claim) and not _is_about_documents(claim)


def _is_without_content(claim: ParsedText) -> bool:
    """Return whether a sentence has neither a content word nor a number or date."""
    return not claim.quantities and not claim.dates and not any(token.is_content for token in claim.tokens)


def _is_about_documents(claim: ParsedText) -> bool:
    """Return whether a sentence only says that the documents say something: "Here is what they say:"."""
    if claim.quantities or claim.dates or claim.names:
        return False
    is_said = _ABOUT_DOCUMENTS.search(claim.text) or claim.text.rstrip().endswith(":")
    return bool(is_said) and all(token.word in _DOCUMENT_WORDS for token in claim.tokens if token.is_content)


def normalised_numbers(text: str) -> list[str]:
    """Return the numbers of a text in one spelling, in order: "1,500 m" is "1500 metre"."""
    return [f"{quantity.values[0]:g} {quantity.unit}".strip() for quantity in parse_text(text).quantities]
