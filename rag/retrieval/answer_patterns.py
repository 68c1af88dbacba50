"""What the answer to a question must hold, by the look of it: a number, a time, a name. Pure.

Owns: which pattern belongs to a question, and whether a sentence has something of it that the question does not name.
Knows nothing about retrieval.
"""

from __future__ import annotations

import re

# A number, in digits or as a word.
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|hundred|thousand"
    r"|million|billion|dozen|half|twice)\b",
    re.I,
)
# A year, a month, a day of the week, a time of day, or how often something happens.
_TIME = re.compile(
    r"\b[12]\d{3}\b|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday"
    r"|tuesday|wednesday|thursday|friday|saturday|sunday|century|noon|midnight|daily|weekly|monthly|yearly|every)\b"
    r"|\d\s*(?:am|pm|a\.m|p\.m|bc|ad)\b|\d{1,2}:\d\d",
    re.I,
)
# A word with a capital that does not open a sentence.
_NAME = re.compile(r"(?<!^)(?<![.!?]\s)\b[^\W\d_a-zß-ÿ]\w+")
# A name behind a word of place.
_PLACE = re.compile(
    r"\b(?i:in|at|on|near|to|from|of|into|through|im|am|bei|nach|aus)\s+(?:(?:the|der|dem)\s+)?[^\W\d_a-zß-ÿ]\w+"
)
# How a question asks, and what its answer must hold; the first that matches counts.
_ANSWER_KINDS = (
    # An amount: "how many", "how long".
    (
        re.compile(r"\bhow (?:many|much|long|far|old|big|large|tall|high|deep|wide|fast|often|heavy|hot|cold)\b", re.I),
        _NUMBER,
    ),
    # An amount: "what percentage".
    (re.compile(r"\bwhat (?:percentage|percent|number|amount|size|age)\b", re.I), _NUMBER),
    # A figure by its name: "what was the revenue".
    (
        re.compile(
            r"\bwhat (?:is|are|was|were)\b.*\b(?:sales|revenues?|income|profits?|earnings|loss|costs?|prices?|fees?"
            r"|rates?|amounts?|totals?|levels?|numbers?|budget|salary|salaries|wages?|limits?|fine|toll|allowance|share"
            r"|height|weight|length|distance|speed|temperature|age|population|capacity|duration|value|balance|expenses?"
            r"|margin|dividends?|threshold|minimum|maximum|average)\b",
            re.I,
        ),
        _NUMBER,
    ),
    # A time: "when", "which year".
    (re.compile(r"\bwhen\b|\b(?:what|which) (?:year|date|day|time|month)\b", re.I), _TIME),
    # A place: "where", "which city".
    (re.compile(r"\b(?:where|wo)\b|\b(?:what|which) (?:city|country|place|town|state|region)\b", re.I), _PLACE),
    # A person: "who".
    (re.compile(r"\bwho(?:m|se)?\b", re.I), _NAME),
)


def answer_pattern(question: str) -> re.Pattern[str] | None:
    """Return the pattern of what the answer to a question must hold; None where any words may be the answer."""
    return next((kind for asking, kind in _ANSWER_KINDS if asking.search(question)), None)


def holds_new(pattern: re.Pattern[str], text: str, question: str) -> bool:
    """Tell whether a text holds something of a pattern that the question does not name itself.

    Args:
        pattern: What the answer must hold.
        text: The text that may answer.
        question: The question.

    Returns:
        True where a match of the pattern does not stand in the question, letter case aside.
    """
    asked = question.lower()
    return any(match.group().lower() not in asked for match in pattern.finditer(text))
