"""Which rules are asked of a sentence, and in which order. Pure.

Owns: the order of the rules; the first that gives a reason decides. The reason says in words what is wrong, and "" that
nothing is; the package ``rules`` has a module for each thing that is compared. Knows nothing about verdicts.

The rules on facts (quotations, numbers, dates, names) differ in what they take and are asked in ``find_mismatch``,
before a sentence is aligned. Those on wording are functions ``(claim, lines) -> reason``, listed in the two tuples
below, and asked of the lines it is aligned with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.verify.align import Alignment
from rag.verify.parsed_text import ParsedText
from rag.verify.rules import bound, condition, date, direction, name, negation, number, qualifier, quotation, word_order

Rule = Callable[[ParsedText, Sequence[ParsedText]], str]

# The source says the contrary: such a sentence is unsupported.
CONTRADICTION_RULES: tuple[Rule, ...] = (
    negation.contradicted_negation,
    direction.opposite_word,
    bound.opposite_bound,
    qualifier.contrary_modal,
    qualifier.contrary_quantifier,
)
# The source may mean something else: such a sentence is at most partly supported.
DOUBT_RULES: tuple[Rule, ...] = (
    negation.doubtful_negation,
    number.unit_on_one_side,
    number.misattributed_number,
    bound.different_bound,
    qualifier.different_modal,
    qualifier.different_quantifier,
    direction.opposite_beside_same_words,
    direction.contrasting_word,
    direction.opposite_particle,
    negation.double_negation,
    word_order.swapped_names,
    condition.left_out_condition,
    condition.existence_left_open,
    word_order.swapped_parts,
    name.misplaced_name,
)
# A sentence with more numbers or names is a table: each is looked for, but not what stands beside it.
_MAX_NUMBERS_OR_NAMES = 60


def find_mismatch(
    sentence: str,
    quotes: Sequence[str],
    claim: ParsedText,
    lines: Sequence[ParsedText],
    columns: Sequence[ParsedText],
    above: ParsedText,
) -> str:
    """Find a quotation, number, date or name that does not stand in the sources.

    Args:
        sentence: The sentence as written.
        quotes: The words of its sources.
        claim: The sentence, parsed.
        lines: The lines of its sources.
        columns: The names of the columns where the sources are rows of tables: they may hold a number or date, too.
        above: What stands above the sources; it may name what they call "it".

    Returns:
        The reason in words, or "".
    """
    lines_and_columns = [*lines, *columns]
    return (
        quotation.mismatched_quotation(sentence, quotes)
        or number.mismatched_number(claim, lines_and_columns)
        or date.mismatched_date(claim, lines_and_columns)
        or name.mismatched_name(claim, lines, above)
    )


def needs_columns(claim: ParsedText, lines: Sequence[ParsedText]) -> bool:
    """Tell whether a number or date of a sentence does not stand in the lines alone, without the names of columns.

    Args:
        claim: The sentence, in which `find_mismatch` found nothing.
        lines: The lines of its sources.

    Returns:
        Whether only the columns hold it.
    """
    return bool(number.mismatched_number(claim, lines) or date.mismatched_date(claim, lines))


def find_contradiction(claim: ParsedText, aligned: Alignment) -> str:
    """Find a negation, an opposite, a bound, a modal or a quantifier that says the contrary of the source.

    Args:
        claim: The sentence.
        aligned: The lines it rests on.

    Returns:
        The reason in words, or "".
    """
    return _first_reason(CONTRADICTION_RULES, claim, aligned)


def find_unsupported_detail(claim: ParsedText, aligned: Alignment) -> str:
    """Find why a sentence that nothing contradicts is not fully supported.

    Args:
        claim: The sentence.
        aligned: The lines it rests on.

    Returns:
        The absent words, or else what ``find_doubt`` returns.
    """
    if aligned.absent:
        return f"not in the source: {', '.join(dict.fromkeys(token.word for token in aligned.absent[:5]))}"
    return find_doubt(claim, aligned)


def find_doubt(claim: ParsedText, aligned: Alignment) -> str:
    """Find what makes it doubtful that the source means the same, whether or not it holds every word.

    Args:
        claim: The sentence.
        aligned: The lines it rests on.

    Returns:
        The reason in words, or "".
    """
    if max(len(claim.quantities), len(claim.names)) > _MAX_NUMBERS_OR_NAMES:
        return "it has too many numbers or names to compare each with its place"
    if aligned.isolated:
        return f"the source says {aligned.isolated[0].word!r} in another place, perhaps of something else"
    return _first_reason(DOUBT_RULES, claim, aligned)


def _first_reason(rules: Sequence[Rule], claim: ParsedText, aligned: Alignment) -> str:
    return next(filter(None, (rule(claim, aligned.lines) for rule in rules)), "")
