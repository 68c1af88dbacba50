"""Blocks as CommonMark.

Owns: that a viewer shows every word as it is. Only what a block or a run says of itself becomes Markdown: a heading, a
list, a table, bold words, code. No sign in the words does. Knows nothing about conversations.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from rag.text import printable
from ui.views.export.blocks import Block, Runs

# CommonMark lets every one of these stand for itself behind a backslash.
_SIGN = re.compile(r"[\\`*_{}\[\]<>#|~&$!^=@%]")
# What begins a list or a rule, only at the start of a line.
_OPENING = re.compile(r"(\d{1,9}(?=[.)])|(?=[-+:]))(.)")
# What viewers make links of, though nobody marked them.
_LINK = re.compile(r"(?<=[a-z])(?=://)|(?<=www)(?=\.)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)", re.I)
# In code no backslash helps: what could be more than code in some viewer is written as words.
_PLAIN_CODE = re.compile(r"[^`{}<>$|\\\n]+")
_TEMPLATE = re.compile(r"\{[{%#]|\$\{|<%")
# What stands in an item is moved in by as much as its sign takes.
_INDENT = 4


def block_lines(blocks: Sequence[Block]) -> list[str]:
    """Return blocks as lines of CommonMark, with an empty line behind each block.

    Args:
        blocks: The blocks, in order.
    """
    lines: list[str] = []
    # The items that stand open: how deep each lies, and whether it has a number. An item may hold nothing but another.
    open_: list[tuple[int, bool]] = []
    before: Block | None = None
    for block in blocks:
        is_item, level = bool(block.sign), 0 if block.kind == "heading" else block.level
        closed = None
        while open_ and open_[-1][0] >= level + (not is_item):
            closed = open_.pop()
        # The items of a list stand close; a number other than 1 begins no list close to words.
        goes_on = is_item and (block.sign in ("•", "1.") or closed == (level, True))
        if lines and not (goes_on and before and before.kind == "item"):
            lines.append("")
        lines += _lines_of(block, len(open_))
        if is_item:
            open_.append((level, block.sign != "•"))
        before = block
    return [*lines, ""] if lines else []


def quote_lines(text: str) -> list[str]:
    """Return words as a quotation, with an empty line behind it."""
    return [f"> {line}".rstrip() for line in _with_breaks([_plain_line(line) for line in _lines(text)])] + [""]


def row_line(cells: Sequence[str]) -> str:
    """Return the row of a table.

    Args:
        cells: The cells, as CommonMark.
    """
    return f"| {' | '.join(cells)} |"


def in_one_line(text: str) -> str:
    """Return text in one line that a Markdown viewer shows as it is."""
    return _plain_line(" ".join(printable(text).splitlines()))


def _lines(text: str) -> list[str]:
    return printable(text).split("\n")


def _lines_of(block: Block, depth: int) -> list[str]:
    """Return a block as lines.

    Args:
        block: The block.
        depth: How many items it stands in.
    """
    inside = " " * _INDENT * depth
    match block.kind:
        case "heading":
            return [f"{'#' * block.level} {_flat(block.runs)}"]
        case "rule":
            return ["***"]
        case "table":
            width = max(map(len, block.rows), default=0)
            rows = [[_flat(cell) for cell in row] + [""] * (width - len(row)) for row in block.rows]
            # Names are bold in a viewer anyway.
            plain = [_flat(tuple(replace(run, bold=False) for run in cell)) for cell in block.rows[0]]
            names, others = (plain, rows[1:]) if block.names else ([""] * width, rows)
            return [inside + row_line(cells) for cells in (names, ["---"] * width, *others)]
        case "code":
            return [f"{inside}{line}".rstrip() for line in _code_lines("".join(run.text for run in block.runs))]
        case "quote":
            return [f"{inside}> {line}".rstrip() for line in _with_breaks(_styled_lines(block.runs))]
        case "item":
            lines = _with_breaks(_styled_lines(block.runs))
            if not block.sign:
                return [inside + line for line in lines]
            sign = block.sign if block.sign[0].isdigit() else "-"
            outside, inside = inside, inside + " " * _INDENT
            return [f"{outside}{sign:<{_INDENT - 1}} {lines[0]}", *(inside + line for line in lines[1:])]
    return _with_breaks(_styled_lines(block.runs))


def _code_lines(code: str) -> list[str]:
    if _TEMPLATE.search(code):
        return _with_breaks([_plain_line(line) for line in _lines(code)])
    longest = max((len(found) for found in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return [fence, *_lines(code), fence]


def _with_breaks(lines: Sequence[str]) -> list[str]:
    """Return lines of which each begins a new one in a viewer, too."""
    return [f"{line}\\" if line and after else line for line, after in zip(lines, [*lines[1:], ""], strict=True)]


# -- words -------------------------------------------------------------------------------------------------------------


def _flat(runs: Runs) -> str:
    return " ".join(line for line in _styled_lines(runs) if line)


def _styled_lines(runs: Runs) -> list[str]:
    """Return runs as lines; a style is left out where its signs could be taken for words."""
    # The pieces of each line: what stands there, and what a viewer reads it with: asterisks, or a sign of code.
    lines: list[list[tuple[str, str]]] = [[]]
    for run in runs:
        style = "`" if run.code else "*" * (2 * run.bold + run.italic)
        for number, words in enumerate(_lines(run.text)):
            if number:
                lines.append([])
            if words:
                lines[-1].append((words, style))
    return [_styled_line(pieces) for pieces in lines]


def _styled_line(pieces: Sequence[tuple[str, str]]) -> str:
    line = ""
    for number, (words, style) in enumerate(pieces):
        behind = pieces[number + 1][0] if number + 1 < len(pieces) else " "
        core = words.strip()
        indent, rest = words[: len(words) - len(words.lstrip())], words[len(words.rstrip()) :]
        if style == "`" and _PLAIN_CODE.fullmatch(core) and not _LINK.search(core) and not line.endswith("`"):
            line += f"{_indent(indent, line)}`{core}`{rest}"
        elif style.startswith("*") and core and _stands_off(core, (line + indent)[-1:], (rest + behind)[0]):
            line += f"{_indent(indent, line)}{style}{_signs(core)}{style}{rest}"
        else:
            line += _indent(indent, line) + _signs(words[len(indent) :])
    # Across the pieces, too.
    return _LINK.sub(r"\\", line)


def _stands_off(core: str, before: str, behind: str) -> bool:
    """Tell whether asterisks around words are read as emphasis, given the characters before and behind them."""
    if before == "*":
        return False
    opens = core[0].isalnum() or not before.isalnum()
    closes = core[-1].isalnum() or not behind.isalnum()
    return opens and closes


def _plain_line(line: str) -> str:
    """Return a line that a viewer shows as it is."""
    words = line.lstrip()
    return _LINK.sub(r"\\", _indent(line[: len(line) - len(words)], "") + _signs(words))


def _indent(space: str, line: str) -> str:
    """Return white space; at the start of a line it would make a block of code of it, or vanish."""
    return space if line else "&#32;" * len(space)


def _signs(words: str) -> str:
    """Return words with a backslash before every sign of Markdown."""
    begin = ""
    if opening := _OPENING.match(words):
        # The number of a list's item stays, the dot behind it is what makes it one.
        begin = f"{opening[1]}\\{opening[2]}"
        words = words[opening.end() :]
    return begin + _SIGN.sub(lambda match: f"\\{match[0]}", words)
