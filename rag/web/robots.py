"""Read what a site asks programs to leave alone (robots.txt, RFC 9309).

Owns: which rules speak to Footnote, and which of them decides about a page. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

AGENT = "footnote"
"""The name that rules are addressed to."""
# RFC 9309 has at least 500 KiB read.
MOST_BYTES = 512 * 1024
_MOST_RULES = 5000


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a site for Footnote: whether each allows, and the pattern of paths that it is about."""

    rules: tuple[tuple[bool, str], ...] = ()

    def allow(self, target: str) -> bool:
        """Tell whether a page may be fetched: the longest pattern decides, and of equal ones the one that allows.

        Args:
            target: The path of the page, and the query behind it.

        Returns:
            True where no rule speaks of it.
        """
        matching = [(len(pattern), allows) for allows, pattern in self.rules if _matches(pattern, target)]
        return max(matching)[1] if matching else True


NOTHING = Rules(((False, "/"),))
"""The rules of a site that cannot say what it asks for."""


def read_rules(text: str) -> Rules:
    """Return the rules of a robots.txt that speak to Footnote, else those that speak to all programs.

    Args:
        text: The file.

    Returns:
        The rules.
    """
    ours: list[tuple[bool, str]] = []
    general: list[tuple[bool, str]] = []
    is_ours_named = False
    agents: set[str] = set()
    is_in_rules = False
    for line in text.splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        key, value = key.strip().lower(), value.strip()
        if not colon:
            continue
        if key == "user-agent":
            if is_in_rules:
                agents, is_in_rules = set(), False
            agents.add(value.lower())
            is_ours_named = is_ours_named or value.lower() == AGENT
        elif key in ("allow", "disallow"):
            is_in_rules = True
            # An empty pattern says nothing.
            for named, rules in ((AGENT, ours), ("*", general)):
                if named in agents and value and len(rules) < _MOST_RULES:
                    rules.append((key == "allow", value))
    return Rules(tuple(ours if is_ours_named else general))


def _matches(pattern: str, target: str) -> bool:
    """Tell whether a path begins as a pattern says: ``*`` is any characters, ``$`` at the end is the end.

    The work grows with the two lengths alone: each piece is taken at the first place where it stands.
    """
    is_whole = pattern.endswith("$")
    first, *pieces = pattern.removesuffix("$").split("*")
    if not target.startswith(first):
        return False
    place = len(first)
    last = pieces.pop() if is_whole and pieces else None
    for piece in pieces:
        found = target.find(piece, place)
        if found < 0:
            return False
        place = found + len(piece)
    if last is not None:
        return len(target) - place >= len(last) and target.endswith(last)
    return not is_whole or place == len(target)
