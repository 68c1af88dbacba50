"""Read which computation a question asks for: a sum, a difference, a ratio, a share, a growth. Pure.

Owns: the plain forms of such questions, in English and German. Knows nothing about documents or arithmetic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from rag.question.periods import NO_PERIODS, Periods, named_years, read_periods

Operation = Literal["growth", "difference", "sum", "share", "ratio"]


@dataclass(frozen=True, slots=True)
class AskedOperand:
    """A figure that a computation needs: what it is of, and the time it is of."""

    label: str
    periods: Periods = NO_PERIODS


@dataclass(frozen=True, slots=True)
class AskedComputation:
    """A computation that a question asks for.

    Attributes:
        operation: What is computed: "growth" is the second operand less the first, and that as a share of the first;
            a "share" is the first as a share of the second.
        operands: The figures it needs, in that order.
        expression: The expression where the question itself holds the figures; else "".
        noun: What these count: "cars"; "" where it does not say.
        as_percentage: Whether a growth is asked for as a percentage.
    """

    operation: Operation
    operands: tuple[AskedOperand, ...] = ()
    expression: str = ""
    noun: str = ""
    as_percentage: bool = False


# A longer question, in characters, is not asked in a plain form.
_LONGEST = 300
_NUMBER = r"\d[\d,]*(?:\.\d+)?|\.\d+"
# "What is 15% of 200?", "12 * 7", "Calculate (3 + 4) / 2."
_OPENING = (
    r"^\s*(?:please\s+)?(?:what(?:\s+is|['’]s)|how much is|calculate|compute|was ist|wie ?viel ist|berechne)?\s*:?\s*"
)
_IN_DIGITS = re.compile(rf"{_OPENING}(?P<expression>[(\d.][\d\s.,+*/×÷−%()-]*\d%?\)?%?)[\s=?.]*$", re.I)
_PERCENT_OF = re.compile(
    rf"{_OPENING}(?P<a>{_NUMBER})\s*(?:%|percent|prozent)\s*(?:of|von)\s*(?P<b>{_NUMBER})[\s=?.]*$", re.I
)
_IN_WORDS = {
    "plus": "+", "minus": "-", "times": "*", "multiplied by": "*", "divided by": "/", "mal": "*", "geteilt durch": "/",
}  # fmt: skip
_SPELLED = re.compile(rf"(?<=[\d)%])\s+({'|'.join(_IN_WORDS)})\s+(?=[\d(.])", re.I)
# "How many more cars are 28 cars than 3 cars?"
_MORE_THAN = re.compile(
    rf"\bhow (?:many|much) (?P<which>more|fewer|less)\s+(?:(?P<noun>\w+)\s+)?(?:is|are)\s+"
    rf"(?P<a>{_NUMBER})\s*(?P<noun_a>\w+)?\s+than\s+(?P<b>{_NUMBER})\s*(?P<noun_b>\w+)?\s*\??\s*$",
    re.I,
)
_YEARS_BETWEEN = re.compile(
    r"\bhow many years\b[^\d]*\b(?:between|from)\s+(?P<a>[12]\d{3})\s+(?:and|to|until)\s+(?P<b>[12]\d{3})\s*\??\s*$"
    r"|\bwie ?viele jahre\b[^\d]*\b(?:zwischen|von)\s+(?P<c>[12]\d{3})\s+(?:und|bis)\s+(?P<d>[12]\d{3})\b",
    re.I,
)
_CHANGED = (
    r"(?:grow|grown|grew|increased?|risen?|rose|changed?|fall|fell|fallen|decreased?|declined?|dropp?(?:ed)?|improved?"
    r"|shrink|shrunk)"
)
_GEWACHSEN = r"(?:gewachsen|gestiegen|gesunken|gefallen|zugenommen|abgenommen|verändert|gewachsen)"
_GROWTHS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?P<how>how much|how many percent|(?:by )?what (?:percentage|percent|%)|how many percentage points)\s+"
        rf"(?:did|has|have|does|do|had)\s+(?P<what>.+?)\s+{_CHANGED}\b(?P<rest>.*)$",
        r"\bwhat (?:was|is)\s+(?:the\s+)?(?:(?P<how>percentage|percent|%)\s+)?"
        r"(?P<rate>growth rate|growth|increase|change|decrease|decline|rise|drop)\s+(?:in|of)\s+(?P<what>.+?)"
        r"\s+(?P<rest>(?:from|between|over)\b.*)$",
        rf"\b(?P<how>um wie ?viel(?: prozent)?)\s+(?:ist|sind|hat|haben)\s+(?P<what>.+?)\s+"
        rf"(?P<rest>(?:von|zwischen|gegenüber|seit)\b.*?)\s+(?:sich\s+)?{_GEWACHSEN}",
    )
)
_PAIR_PATTERNS: tuple[tuple[Operation, str], ...] = (
    ("difference", r"\bdifference between (?P<a>.+?) and (?P<b>.+)$"),
    ("difference", r"\bdifferenz zwischen (?P<a>.+?) und (?P<b>.+)$"),
    (
        "difference",
        r"\bhow (?:much|many)\s+(?:more|higher|larger|greater|bigger|longer|taller|heavier|older|less|fewer|lower"
        r"|smaller|shorter|cheaper)(?:\s+expensive)?\s+(?:is|was|are|were)\s+(?P<a>.+?)\s+than\s+(?P<b>.+)$",
    ),
    ("difference", r"\bhow much more does (?P<a>.+?) cost than (?P<b>.+)$"),
    (
        "share",
        r"\b(?:what|which) (?:percentage|percent|share|proportion|fraction|%) of (?P<b>.+?)\s+"
        r"(?:is|was|are|were|comes? from|came from|did|does|do)\s+(?P<a>.+?)"
        r"(?:\s+(?:contribute|account for|make up|represent|provide|generate))?"
        r"(?P<when>\s+(?:in|for)\s+[^?]*\d[^?]*)?$",
    ),
    (
        "share",
        r"\bwie ?viel prozent (?:des|der|von|vom)\s+(?P<b>.+?)\s+(?:ist|sind|war|waren|macht|machen|entfallen auf"
        r"|entfällt auf)\s+(?P<a>.+?)(?:\s+aus)?$",
    ),
    ("share", r"\bwhat (?:is|was|are|were) (?P<a>.+?) as an? (?:percentage|percent|share|%) of (?P<b>.+)$"),
    ("sum", r"\b(?:sum|total) of (?P<a>.+?) and (?P<b>.+)$"),
    ("sum", r"\bsumme (?:aus|von)\s+(?P<a>.+?) und (?P<b>.+)$"),
    (
        "sum",
        r"\b(?:what|how much|how many)(?:\s+\w+)?\s+(?:is|are|was|were|do|did)\s+(?P<a>.+?) and (?P<b>.+?)\s+"
        r"(?:combined|together|altogether|in total|added up)(?P<when>\s+(?:in|for)\s+.*)?$",
    ),
    ("ratio", r"\bratio (?:of|between) (?P<a>.+?) (?:to|and) (?P<b>.+)$"),
    ("ratio", r"\bverhältnis (?:von|zwischen) (?P<a>.+?) (?:zu|und) (?P<b>.+)$"),
    ("ratio", r"\b(?:what is |what was )?(?P<a>[^?]+?) divided by (?P<b>.+)$"),
)
_PAIRS = tuple((operation, re.compile(pattern, re.I)) for operation, pattern in _PAIR_PATTERNS)
# A time in a label: "the fee in 2022".
_TIME = re.compile(
    r"\s*\b(?:in|for|of|during|from|at|as of|im|für)?\s*(?:the\s+)?(?:(?:fiscal|financial|year|jahr)\s+)*"
    r"(?:(?:FY|GJ)\s?['’]?\d\d(?:\d\d)?|\d{4})(?:'s)?(?!\w)",
    re.I,
)
_CODE = re.compile(r"(?=\S*\d)(?=\S*[^\W\d_])\S+")
_OF_CODE = re.compile(rf"(?P<what>.+ (?:of|for|von|der|des)) (?:(?:the|der|die|das|dem) )?{_CODE.pattern}$", re.I)
_ARTICLE = re.compile(r"^(?:the|a|an|its|their|der|die|das|den|dem)\s+", re.I)


def read_computation(question: str) -> AskedComputation | None:
    """Read which computation a question asks for.

    Args:
        question: A question that stands alone.

    Returns:
        The computation; None where the question asks for none in a plain form.
    """
    text = " ".join(question.split())
    if len(text) > _LONGEST:
        return None
    return _in_question(text) or _growth(text.rstrip(" ?.!")) or _pair(text.rstrip(" ?.!"))


def _in_question(text: str) -> AskedComputation | None:
    """Return a computation whose figures the question itself holds."""
    if match := _MORE_THAN.search(text):
        nouns = {match[name].lower() for name in ("noun", "noun_a", "noun_b") if match[name]}
        sides = (match["a"], match["b"]) if match["which"].lower() == "more" else (match["b"], match["a"])
        expression = f"{sides[0]} - {sides[1]}"
        return AskedComputation("difference", (), expression, nouns.pop()) if len(nouns) == 1 else None
    if match := _YEARS_BETWEEN.search(text):
        first, last = match["a"] or match["c"], match["b"] or match["d"]
        return AskedComputation("difference", (), f"{last} - {first}", "years" if match["a"] else "Jahre")
    if match := _PERCENT_OF.match(text):
        return AskedComputation("share", (), f"{match['a']}% * {match['b']}")
    spelled = _SPELLED.sub(lambda match: f" {_IN_WORDS[match[1].lower()]} ", text)
    match = _IN_DIGITS.match(spelled)
    if match and re.search(r"\d[\s)%]*[-+*/×÷−][\s(]*[\d.]", match["expression"]) and not _is_date(match["expression"]):
        return AskedComputation("sum", (), match["expression"])
    return None


def _is_date(text: str) -> bool:
    return re.fullmatch(r"\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?", text.strip()) is not None


def _growth(text: str) -> AskedComputation | None:
    match = next(filter(None, (pattern.search(text) for pattern in _GROWTHS)), None)
    if match is None:
        return None
    years = sorted({year for year, _, _ in named_years(text)})
    if not 1 <= len(years) <= 2:
        return None
    how = f"{match['how'] or ''} {match.groupdict().get('rate') or ''}".lower()
    as_percentage = bool(re.search(r"percent(?!age points)|%|prozent|rate", how))
    label = _label(match["what"])
    times = read_periods(text)
    # Of one year the other figure is that beside it.
    first = AskedOperand(label, Periods(frozenset(years[:1]), times.quarters, times.lengths))
    second = AskedOperand(label, Periods(frozenset(years[1:]), times.quarters, times.lengths))
    return AskedComputation("growth", (first, second), as_percentage=as_percentage) if label else None


def _pair(text: str) -> AskedComputation | None:
    for operation, pattern in _PAIRS:
        match = pattern.search(text)
        if match is None:
            continue
        first, second = match["a"], match["b"]
        when = match.groupdict().get("when") or ""
        times = read_periods(first), read_periods(second)
        labels = _label(first), _label(second)
        if (of_code := _OF_CODE.match(labels[0])) and _CODE.fullmatch(labels[1]):
            # "The price of the KX-5 and the KX-7": of each the price.
            labels = labels[0], f"{of_code['what']} {labels[1]}"
        if not all(labels) and not any(labels):
            return None
        # "Between revenue in 2022 and 2021", "between 2022 and 2021 revenue": one label, two times.
        labels = labels[0] or labels[1], labels[1] or labels[0]
        whole = read_periods(when) or (times[0] if not times[1] else times[1])
        operands = tuple(AskedOperand(label, time or whole) for label, time in zip(labels, times, strict=True))
        return AskedComputation(operation, operands) if operands[0] != operands[1] else None
    return None


def _label(text: str) -> str:
    """Return what a figure is of, without its time and its article."""
    return _ARTICLE.sub("", _TIME.sub("", text).strip(" ,.;:")).strip()
