"""Read the rules of an ignore file into patterns that are matched in linear time.

Owns: the regular expressions of ignore patterns. Knows nothing about folders.

pathspec turns a pattern into an expression in which each wildcard may be tried anew at every place: a pattern with
many wildcards, which a stranger's folder may bring, keeps it busy for hours. A wildcard is followed by something of a
fixed length, so that the first place where that fits is as good as any later one, and need not be tried again. That is
what atomic groups say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import AnyStr

from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

# What pathspec writes for a `*` within a name, and for a `**` between two names.
_STAR, _FOLDERS = "[^/]*", "(?:/.+)?/"
# The rest of a name up to the next wildcard or the end of the name, in pathspec's own expressions.
_REST_OF_NAME = r"(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/()\[\]*+\\])+"
# What is raised of a line that is no pattern: pathspec's own error, and one of the expression that it made.
_NO_PATTERN = (ValueError, re.error, OverflowError, RecursionError)
_STAR_BEFORE_STAR = re.compile(rf"{re.escape(_STAR)}({_REST_OF_NAME})(?={re.escape(_STAR)})", re.S)


def read_ignore_rules(lines: Iterable[str]) -> GitIgnoreSpec:
    """Return the rules of an ignore file; a line that is no pattern is passed over, as git does.

    Args:
        lines: The lines of the file.

    Returns:
        The rules, each matched in time linear in the length of a path.
    """
    lines = list(lines)
    try:
        return GitIgnoreSpec.from_lines(lines, LinearPattern, backend="simple")
    except _NO_PATTERN:
        valid = [line for line in lines if _is_pattern(line)]
        return GitIgnoreSpec.from_lines(valid, LinearPattern, backend="simple")


class LinearPattern(GitIgnoreSpecPattern):
    """A pattern of git whose wildcards are not tried anew."""

    @classmethod
    def pattern_to_regex(cls, pattern: AnyStr) -> tuple[AnyStr | None, bool | None]:
        """Return the expression of a pattern, and whether it ignores what it matches; None for one that says nothing.

        Args:
            pattern: A line of an ignore file.

        Returns:
            What pathspec returns, the expression made linear.
        """
        expression, include = super().pattern_to_regex(pattern)
        if isinstance(expression, str):
            return linear(expression), include  # type: ignore[return-value]
        return expression, include


def linear(expression: str) -> str:
    """Return an expression of pathspec that matches the same paths without trying a wildcard twice.

    Args:
        expression: A regular expression as pathspec makes it of a pattern.

    Returns:
        The expression with atomic groups.
    """
    # Two stars side by side are one.
    while _STAR + _STAR in expression:
        expression = expression.replace(_STAR + _STAR, _STAR)
    expression = _STAR_BEFORE_STAR.sub(lambda match: f"(?>[^/]*?{match[1]})", expression)
    first, *between = expression.split(_FOLDERS)
    if len(between) < 2:
        return expression
    # Folders in between: what follows stands at the first depth where it fits.
    *committed, last = between
    return first + "".join(f"(?>(?:/[^/]+)*?/{names}(?=/))" for names in committed) + _FOLDERS + last


def _is_pattern(line: str) -> bool:
    try:
        GitIgnoreSpec.from_lines([line])
    except _NO_PATTERN:
        return False
    return True
