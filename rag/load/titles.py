"""Choose the title of a document.

Owns: what makes a title of words that a file gives, and which of several is taken. Knows nothing about formats.
"""

from __future__ import annotations

import re
from pathlib import PurePath

from rag.load.text import canonical

_LONGEST_TITLE = 200
# What programs write as a title by themselves: their own name before a file's, a file's name, a template's, a number.
_PROGRAM = re.compile(r"Microsoft (?:Office )?(?:Word|PowerPoint|Excel|Publisher) - ", re.I)
_FILE_NAME = re.compile(
    r"\S{1,200}\.(?:do[ct][xm]?|xl[st][xmb]?|pp[st]x?|pptm|pot[xm]?|od[tspg]|ott|rtf|pdf|tex|dvi|indd|qxd|html?|txt|md)",
    re.I,
)
_KIND = "(?:document|dokument|presentation|pr[äa]sentation|page|seite|slide|folie|template|vorlage)"
_NO_TITLE = re.compile(
    rf"(?:untitled|unbenannt|(?:microsoft |ms )?(?:word|powerpoint|excel)|new|neue[sr]?|blank|default)[ _-]?{_KIND}?"
    r"[ _-]?\d{0,3}|no title|ohne titel|sans titre|sin t[ií]tulo|senza titolo|normal|template|vorlage"
    r"|null|none|undefined"
    rf"|(?:document|dokument)[ _-]?\d{{0,3}}|(?:{_KIND}|book|workbook|mappe|sheet|tabelle|title|titel)[ _-]?\d{{1,3}}",
    re.I,
)


def first_title(name: str, *candidates: str) -> str:
    """Return the first title that a person has given, on one line.

    Args:
        name: The name of the file, which is its title, without the ending, where nothing better is there.
        candidates: Titles, the best one first; "" for none.

    Returns:
        The title.
    """
    for title in (*map(sane_title, candidates), PurePath(name).stem, name):
        title = _on_one_line(title)
        if title:
            return title[:_LONGEST_TITLE]
    return "untitled"


def sane_title(title: str) -> str:
    """Return a title on one line, or "" for one that no person gave: that of a program, a file or a template."""
    title = _on_one_line(title)[: 2 * _LONGEST_TITLE]
    if program := _PROGRAM.match(title):
        title = title[program.end() :]
    return "" if _FILE_NAME.fullmatch(title) or _NO_TITLE.fullmatch(title) else title


def _on_one_line(title: str) -> str:
    return " ".join(canonical(title).split())
