"""Read Org, as Emacs has it, and write it as HTML.

Owns: the blocks of a text. Knows nothing about files; a file that it takes in is named, never opened.
"""

from __future__ import annotations

import html
import re

from rag.load.builder import Builder
from rag.load.markup.dates import day_of
from rag.load.markup.forms import TICKED, UNTICKED
from rag.load.notation.blocks import BlockWalk
from rag.load.notation.org_inline import OrgNotes, inline_html
from rag.load.notation.rst_tables import table_html
from rag.load.tex_math import readable_math
from rag.notices import Notice

_HEADING = re.compile(r"(\*{1,20})\s{1,10}(.{0,2000})")
_TAGS = re.compile(r"\s{1,100}:[\w@#%:]{1,200}:$")
_PRIORITY = re.compile(r"\[#\w\]\s?")
_KEYWORD = re.compile(r"\s{0,40}#\+(\w[\w-]{0,40})(?:\[[^\]]{0,100}\])?:\s{0,40}(.{0,2000})")
_BLOCK = re.compile(r"\s{0,40}#\+begin_(\w{1,40})(.{0,500})$", re.I)
_DRAWER = re.compile(r"\s{0,40}:([\w-]{1,60}):\s{0,20}$")
_ITEM = re.compile(r"(\s{0,200})([-+]|\*(?<=\s\*)|\d{1,4}[.)]|[a-zA-Z][.)])(?:\s{1,20}|$)(?:\[@\d{1,5}\]\s{0,5})?")
_BOX = re.compile(r"\[([ xX-])\]\s{1,10}")
_TERM = re.compile(r"(\S(?:.{0,200}?\S)?)\s{1,5}::(?:\s{1,10}|$)")
_NOTE = re.compile(r"\[fn:([\w-]{1,60})\]\s{0,10}")
_LINE = re.compile(r"\|[-+]{2,}")
_COOKIE = re.compile(r"<[lrc]?\d{0,3}>$")
_FORMULA = re.compile(r"\\begin\{([a-z]{1,20}\*?)\}")
_SHOWN_KEYWORDS = ("TITLE", "SUBTITLE", "AUTHOR", "DATE")
# Lines of a drawer.
_LONGEST_DRAWER = 500


def org_html(text: str, builder: Builder) -> str:
    """Return a text of Org as a page, note its day, and warn of the files that it takes in.

    Args:
        text: The canonical text of the file.
        builder: What is told of the day and of files that are not read.

    Returns:
        The page.
    """
    writer = _OrgWriter()
    page = writer.blocks([line.expandtabs(8).rstrip() for line in text.split("\n")])
    builder.date = writer.date
    if writer.other_files:
        builder.warn(Notice("reading-other-files", {"names": list(dict.fromkeys(writer.other_files))}))
    return f"<!DOCTYPE html><head><title>{html.escape(writer.title)}</title></head><body>{page}</body>"


class _OrgWriter:
    """Writes blocks as HTML."""

    def __init__(self) -> None:
        self.blocks = BlockWalk(self._block)
        self.title = self.date = ""
        self.other_files: list[str] = []
        self._notes = OrgNotes()
        self._caption = ""

    def _inline(self, text: str) -> str:
        return inline_html(text, self._notes)

    def _block(self, lines: list[str], at: int) -> tuple[int, str]:
        """Return the number of the line after the block that begins at a line, and the block."""
        line = lines[at]
        text = line.lstrip()
        if heading := _HEADING.match(line):
            return self._heading(lines, at, heading)
        if block := _BLOCK.match(line):
            return self._named_block(lines, at, block[1].lower(), block[2])
        if keyword := _KEYWORD.match(line):
            return at + 1, self._keyword(keyword[1].upper(), keyword[2])
        if text == "#" or text.startswith(("# ", "CLOCK:", "#+")):
            return at + 1, ""
        if (drawer := _DRAWER.match(line)) and drawer[1].upper() != "END":
            last = min(len(lines), at + _LONGEST_DRAWER)
            end = next((n for n in range(at + 1, last) if lines[n].strip().upper() == ":END:"), at)
            return end + 1, ""
        if text.startswith("|"):
            return self._table(lines, at)
        if text == ":" or text.startswith(": "):
            end = at
            while end < len(lines) and (lines[end].lstrip() + " ").startswith(": "):
                end += 1
            return end, _preformatted([row.lstrip()[2:] for row in lines[at:end]])
        if _ITEM.match(line):
            return self._list(lines, at)
        if note := _NOTE.match(line):
            end = _paragraph_end(lines, at + 1)
            words = self._inline(" ".join([line[note.end() :], *(row.strip() for row in lines[at + 1 : end])]))
            return end, f"<p>[{self._notes.number(note[1])}] {words}</p>"
        if formula := _FORMULA.match(text):
            close = f"\\end{{{formula[1]}}}"
            end = next((n for n in range(at, min(len(lines), at + 200)) if close in lines[n]), at)
            return end + 1, f"<p>{_lines(readable_math(chr(10).join(lines[at : end + 1])))}</p>"
        if len(text) > 4 and set(text) == {"-"}:
            return at + 1, ""
        end = _paragraph_end(lines, at + 1)
        words = self._inline("\n".join(row.strip() for row in lines[at:end]))
        waiting, self._notes.waiting = self._notes.waiting, []
        return end, f"<p>{words}</p>{''.join(waiting)}"

    def _heading(self, lines: list[str], at: int, heading: re.Match[str]) -> tuple[int, str]:
        words = _PRIORITY.sub("", _TAGS.sub("", heading[2]), count=1).strip()
        if words.startswith("COMMENT"):
            # With all that stands below it.
            end = at + 1
            while end < len(lines):
                other = _HEADING.match(lines[end])
                if other and len(other[1]) <= len(heading[1]):
                    break
                end += 1
            return end, ""
        level = min(6, len(heading[1]) + bool(self.title))
        return at + 1, f"<h{level}>{self._inline(words)}</h{level}>"

    def _named_block(self, lines: list[str], at: int, name: str, argument: str) -> tuple[int, str]:
        close = f"#+end_{name}"
        end = next((n for n in range(at + 1, len(lines)) if lines[n].strip().lower() == close), len(lines))
        content = lines[at + 1 : end]
        if name in ("src", "example"):
            least = min((len(row) - len(row.lstrip()) for row in content if row), default=0)
            return end + 1, self._take_caption() + _preformatted([row[least:] for row in content])
        if name == "comment" or (name == "export" and "html" not in argument):
            return end + 1, ""
        if name == "export":
            return end + 1, "\n".join(content)
        if name == "verse":
            return end + 1, f"<p>{'<br>'.join(self._inline(row.strip()) for row in content)}</p>"
        return end + 1, self.blocks(content)

    def _keyword(self, name: str, value: str) -> str:
        value = value.strip()
        if name == "CAPTION":
            self._caption = self._inline(value)
        elif name == "INCLUDE":
            self.other_files.append(value.split('"')[1] if value.startswith('"') and '"' in value[1:] else value)
        elif name in _SHOWN_KEYWORDS and value:
            if name == "TITLE":
                self.title = self.title or value
                return f"<h1>{self._inline(value)}</h1>"
            if name == "DATE":
                self.date = day_of(value.strip("<[]>"))
            return f"<p>{self._inline(value)}</p>"
        return ""

    def _take_caption(self) -> str:
        caption, self._caption = self._caption, ""
        return f"<p>{caption}</p>" if caption else ""

    def _table(self, lines: list[str], at: int) -> tuple[int, str]:
        rows: list[str] = []
        head = 0
        end = at
        while end < len(lines) and lines[end].lstrip().startswith("|"):
            line = lines[end].strip()
            end += 1
            if _LINE.match(line):
                head = head or len(rows)
                continue
            cells = [cell.strip() for cell in line.removeprefix("|").removesuffix("|").split("|")]
            if any(map(_COOKIE.match, cells)) and all(not cell or _COOKIE.match(cell) for cell in cells):
                continue
            tag = "td" if head else "{}"
            rows.append("<tr>" + "".join(f"<{tag}>{self._inline(cell)}</{tag}>" for cell in cells) + "</tr>")
        # Rows above the first line name the columns; without a line nothing does.
        names = head if head < len(rows) else 0
        rows = [row.replace("<{}>", "<th>").replace("</{}>", "</th>") if number < names else
                row.replace("<{}>", "<td>").replace("</{}>", "</td>") for number, row in enumerate(rows)]  # fmt: skip
        caption, self._caption = self._caption, ""
        after = _KEYWORD.match(lines[end]) if end < len(lines) else None
        if after and after[1].upper() == "CAPTION" and (end + 1 >= len(lines) or not lines[end + 1]):
            # Some programs write what is said of a table below it.
            caption, end = caption or self._inline(after[2]), end + 1
        table = table_html(rows, names)
        said = f'<table border="1"><caption>{caption}</caption>' if caption else '<table border="1">'
        return end, table.replace('<table border="1">', said, 1)

    def _list(self, lines: list[str], at: int) -> tuple[int, str]:
        parts: list[str] = []
        first = _ITEM.match(lines[at])
        indent = len(first[1]) if first else 0
        while at < len(lines):
            item = _ITEM.match(lines[at])
            if not item or len(item[1]) != indent:
                break
            end = at + 1
            while end < len(lines) and (not lines[end] or _indent(lines[end]) > indent):
                end += 1
            while end > at + 1 and not lines[end - 1]:
                end -= 1
            parts.append(self._item(item[2], lines[at][item.end() :], lines[at + 1 : end]))
            at = end
            while at < len(lines) and not lines[at]:
                at += 1
        return at, "".join(parts)

    def _item(self, bullet: str, words: str, below: list[str]) -> str:
        label = "" if bullet in "-+*" else f"{bullet} "
        if box := _BOX.match(words):
            label += f"{TICKED if box[1] in 'xX' else UNTICKED} "
            words = words[box.end() :]
        least = min((_indent(line) for line in below if line), default=0)
        below = [line[least:] for line in below]
        if not label and (term := _TERM.match(words)):
            body = self.blocks([words[term.end() :], *below])
            return f"<dl><dt>{self._inline(term[1])}</dt><dd>{body}</dd></dl>"
        body = self.blocks([words, *below])
        is_paragraph = body.startswith("<p>")
        return f"<ul><li>{'<p>' + label + body[3:] if is_paragraph else label + body}</li></ul>"


def _paragraph_end(lines: list[str], at: int) -> int:
    """Return the number of the first line that is not part of a paragraph."""
    while at < len(lines) and lines[at]:
        line = lines[at]
        text = line.lstrip()
        is_other = _HEADING.match(line) or _ITEM.match(line) or _NOTE.match(line) or _DRAWER.match(line)
        if is_other or text.startswith(("#+", "|", ": ")) or _FORMULA.match(text):
            break
        if _is_planning(text) or _is_planning(lines[at - 1].lstrip()):
            break
        at += 1
    return at


def _is_planning(text: str) -> bool:
    return text.startswith(("DEADLINE:", "SCHEDULED:", "CLOSED:"))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _lines(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>")


def _preformatted(lines: list[str]) -> str:
    text = "\n".join(lines).strip("\n")
    return f"<pre>\n{html.escape(text)}</pre>" if text else ""
