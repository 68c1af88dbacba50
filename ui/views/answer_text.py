"""The text of an answer as HTML: the Markdown that models write, with what stands beside each sentence in its place.

Owns: which Markdown is rendered, and that the words of a source and the signs of a calculation stay as they are. Knows
nothing about verdicts and citations: it is given what stands around a piece, and beside it.

Headings, lists, emphasis by asterisks, code and tables are rendered. Links, pictures, HTML, character references and
quotes by ``>`` are not: "> 5 mg" is an amount, and nothing in an answer leads anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from ui.views.escape import escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

# Where a piece begins and ends in the Markdown. They are punctuation, next to which emphasis begins and ends as it does
# at the end of a line; an answer that has them itself gets brackets in their place.
_OPEN, _CLOSE = "⸨", "⸩"
_OWN_SIGNS = str.maketrans({_OPEN: "((", _CLOSE: "))"})
_MARKER = re.compile(rf"{_OPEN}([0-9]+)([bewt]){_CLOSE}")
_BEGIN, _END, _WORDS, _BLOCK = "b", "e", "w", "t"
# What a line of a list, a heading or a table begins with, behind which its first sentence begins.
_LINE_BEGIN = re.compile(r"[ \t]*(?:(?:[-*+]|[0-9]{1,9}[.)]|#{1,6})[ \t]+|\|[ \t]*)?")
_FENCE = "```"
_RENDERED = ("emphasis", "escape", "backticks", "newline", "fence", "heading", "hr", "list", "table")
# A page and each question have headings above those of an answer.
_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6", "h6": "h6"}

_NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class TextPiece:
    """A piece of an answer's text.

    Attributes:
        text: Its words.
        css_class: A class for its words; "" for none.
        title: What is said of its words when they are pointed at.
        beside: What stands behind it.
        exact: Whether the words are those of a source and no Markdown.
        block: What stands in place of its words, such as a table, on lines of its own; None where its words stand.
    """

    text: str
    css_class: str = ""
    title: str = ""
    beside: Markup = _NOTHING
    exact: bool = False
    block: Markup | None = None


def answer_text_html(pieces: Sequence[TextPiece]) -> Markup:
    """Return the text of an answer as HTML.

    Args:
        pieces: The pieces of the text, in order.

    Returns:
        The HTML; every word in it is escaped.
    """
    html, letters, ended = _rendered(pieces)
    if letters < sum(map(_letters, (piece.text for piece in pieces if piece.block is None))):
        # A row with more cells than the head of its table loses them, and so does a list in very many others.
        html, _, ended = _rendered([replace(piece, exact=True) for piece in pieces])
    lost = [piece.beside for number, piece in enumerate(pieces) if number not in ended]
    return Markup(html) + _NOTHING.join(lost)  # noqa: S704 - every word was escaped


def _rendered(pieces: Sequence[TextPiece]) -> tuple[str, int, set[int]]:
    """Return pieces as HTML, how many letters of theirs it shows, and the numbers of those whose end it has."""
    source = "".join(_marked(number, piece) for number, piece in enumerate(pieces))
    env: dict[str, Any] = {"pieces": pieces, "open": None, "ended": set(), "letters": 0}
    return _parser().render(source, env), env["letters"], env["ended"]


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _marked(number: int, piece: TextPiece) -> str:
    """Return the Markdown of a piece, with marks where it begins and ends, or in place of its words."""
    if piece.block is not None:
        return f"\n\n{_mark(number, _BLOCK)}\n\n"
    if piece.exact:
        return _mark(number, _WORDS)
    text = piece.text.translate(_OWN_SIGNS)
    if not piece.css_class and not piece.beside:
        return text
    if _FENCE in text:
        return f"{text}\n\n{_mark(number, _END)}"
    begin = match.end() if (match := _LINE_BEGIN.match(text)) else 0
    end = len(text.rstrip())
    if text.lstrip().startswith("|") and text[:end].endswith("|"):
        # In the last cell of a row.
        end = len(text[: end - 1].rstrip())
    return f"{text[:begin]}{_mark(number, _BEGIN)}{text[begin:end]}{_mark(number, _END)}{text[end:]}"


def _mark(number: int, kind: str) -> str:
    return f"{_OPEN}{number}{kind}{_CLOSE}"


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("zero", {"html": False, "breaks": True}).enable(list(_RENDERED))
    parser.enable(["balance_pairs", "fragments_join"])
    parser.inline.ruler.at("emphasis", _emphasis_by_asterisks)
    for name, rule in {
        "text": _text,
        "code_inline": _code,
        "fence": _fence,
        "softbreak": lambda *_: "<br>",
        "hardbreak": lambda *_: "<br>",
        "paragraph_open": _paragraph,
        "paragraph_close": _paragraph,
        "heading_open": _heading,
        "heading_close": _heading,
        "ordered_list_open": _numbered_list,
        "list_item_open": _list_item,
    }.items():
        parser.add_render_rule(name, lambda _, *arguments, rule=rule: rule(*arguments))
    return parser


def _emphasis_by_asterisks(state: StateInline, silent: bool) -> bool:
    """Read emphasis, but no underscore of a name, and no asterisk of a product such as 3*4*5."""
    from markdown_it.rules_inline import emphasis

    if state.src[state.pos] != "*" or re.match(r"\w\*\w", state.src[max(0, state.pos - 1) : state.pos + 2]):
        return False
    return emphasis.tokenize(state, silent)


# -- what becomes of a token: ``(tokens, number, options, env)`` → HTML ------------------------------------------------


def _text(tokens: Sequence[Token], number: int, _: object, env: dict[str, Any]) -> str:
    return "".join(_html_of_parts(tokens[number].content, env, "{}"))


def _code(tokens: Sequence[Token], number: int, _: object, env: dict[str, Any]) -> str:
    return "".join(_html_of_parts(tokens[number].content, env, "<code>{}</code>"))


def _fence(tokens: Sequence[Token], number: int, _: object, env: dict[str, Any]) -> str:
    # A sentence of prose may stand in a block of code; what stands beside it comes behind the block.
    code, beside = "", ""
    env["letters"] += _letters(_MARKER.sub("", tokens[number].info))
    for part in _parts(tokens[number].content):
        if isinstance(part, str):
            code += part
            continue
        piece: TextPiece = env["pieces"][part[0]]
        code += piece.text if part[1] == _WORDS else ""
        beside += (piece.block or "") if part[1] == _BLOCK else ""
        if part[1] != _BEGIN:
            beside += piece.beside
            env["ended"].add(part[0])
    env["letters"] += _letters(code)
    return f"<pre><code>{escape(code)}</code></pre>{beside}"


def _paragraph(tokens: Sequence[Token], number: int, *_: object) -> str:
    """Return the begin or the end of a paragraph; a ``p`` could not hold what opens beside a sentence."""
    token = tokens[number]
    content = tokens[number + 1 if token.nesting == 1 else number - 1].content
    is_block = (match := _MARKER.fullmatch(content)) is not None and match[2] == _BLOCK
    if token.hidden or is_block:
        return ""
    return '<div class="f-paragraph">' if token.nesting == 1 else "</div>"


def _heading(tokens: Sequence[Token], number: int, *_: object) -> str:
    token = tokens[number]
    return f"<{'/' if token.nesting == -1 else ''}{_HEADINGS[token.tag]}>"


def _numbered_list(tokens: Sequence[Token], number: int, *_: object) -> str:
    first = tokens[number].attrs.get("start", 1)
    return f'<ol start="{int(first)}">'


def _list_item(tokens: Sequence[Token], number: int, *_: object) -> str:
    """Return the begin of an item with its sign, which cannot be seen, and is copied with its words."""
    token = tokens[number]
    return (
        f'<li><span class="f-bracket">{token.info}. </span>' if token.info else '<li><span class="f-bracket">- </span>'
    )


def _html_of_parts(content: str, env: dict[str, Any], pattern: str) -> Iterable[str]:
    """Yield words as HTML, each within its piece, and what stands beside a piece where it ends."""
    pieces: Sequence[TextPiece] = env["pieces"]
    for part in _parts(content):
        if isinstance(part, str):
            env["letters"] += _letters(part)
            words = pattern.format(escape(part)) if part else ""
            yield _around(words, pieces[env["open"]]) if words and env["open"] is not None else words
            continue
        number, kind = part
        piece = pieces[number]
        env["open"] = number if kind == _BEGIN else None
        if kind == _WORDS:
            env["letters"] += _letters(piece.text)
            yield _around("<br>".join(str(escape(line)) for line in piece.text.split("\n")), piece)
        if kind == _BLOCK:
            yield str(piece.block)
        if kind != _BEGIN:
            yield str(piece.beside)
            env["ended"].add(number)


def _around(html: str, piece: TextPiece) -> str:
    if not piece.css_class:
        return html
    title = f' title="{escape(piece.title)}"' if piece.title else ""
    return f'<span class="{escape(piece.css_class)}"{title}>{html}</span>'


def _parts(content: str) -> Iterable[str | tuple[int, str]]:
    """Yield what stands between marks, and each mark as the number of its piece and its kind."""
    position = 0
    for mark in _MARKER.finditer(content):
        yield content[position : mark.start()]
        yield int(mark[1]), mark[2]
        position = mark.end()
    yield content[position:]
