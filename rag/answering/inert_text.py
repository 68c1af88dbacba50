"""Text that no reader's program makes a link, a picture or HTML of. Pure.

Owns: taking out of a text what would load or lead to an address. A person reads on what a link says, and an address as
quoted code. Knows nothing about where a text comes from.

A model may be told by a document to write a picture whose address holds what it has read; whatever shows Markdown or
HTML would load it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# Pictures and links of Markdown, with brackets in their words and an address of one piece, and perhaps a title.
_MARKDOWN_LINK = re.compile(
    r"(!?)\[((?:[^\[\]]|\[[^\[\]]*\])*)\]"
    r"(?:\(\s{0,9}(?:<[^<>\n]*>|[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)"
    r"(?:\s{1,9}(?:\"[^\"]*\"|'[^']*'|\([^()]*\)))?\s{0,9}\))"
)
# What is left of such a link, and the line that says where one leads.
_LINK_JOINT = re.compile(r"\](?=[(\[])")
_DEFINITION = re.compile(r"^([ \t]{0,9}\[[^\[\]\n]{1,999}\])(?=:)", re.M)
_AUTOLINK = re.compile(r"<([a-z][a-z0-9+.-]{1,31}:[^\s<>]*)>", re.I)
_TAG = re.compile(r"<[/!?]?[a-z][\w:-]*[^<>]*>", re.I)
_OPEN_TAG = re.compile(r"<(?=[/!?]?[a-z][\w:-]*(?:[\s/]|$))", re.I)
_COMMENT = re.compile(r"<!-{0,2}(?=[^\w>])|-->")
_TAG_NAME = re.compile(r"[a-z][\w:-]*", re.I)
# Elements of HTML; what else stands in such brackets, as in "<name>", is a word.
_ELEMENTS = frozenset(
    """a area audio b base bdi bdo big blink body br button canvas center code dd del details dialog div dl dt em embed
    fieldset font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hr html i iframe image img input ins kbd
    label li link main map mark marquee math meta nav object ol option p param picture portal pre q s samp script
    section select slot small source span strike strong style sub summary sup svg table tbody td template textarea
    tfoot th thead title tr track tt u ul var video wbr xml""".split()
)
_ADDRESS = re.compile(
    r"(?<![\w.])(?:([a-z][a-z0-9+.-]{1,31}://)|((?:javascript|vbscript|data|mailto|blob|file|view-source):)(?=[^\s\d])"
    r"|(?=www\.))([^\s<>\"'“”‘’«»„`|\\]*)",
    re.I,
)
_QUOTATION = re.compile(r"“[^“”]*”|„[^„“”]*[“”]|«[^«»]*»|\"[^\"\n]*\"")
_CODE = re.compile(r"(?<![`\\])`[^`\n]+`(?!`)")
# Punctuation at the end of an address that belongs to the sentence.
_SENTENCE_END = ".,;:!?)]}*_~"


def without_live_addresses(text: str) -> str:
    """Return a text in which nothing is a link, a picture or HTML, in Markdown or in HTML.

    A picture leaves its description, a link its words, an element of HTML what it holds. A bare address is
    quoted as code, which no program takes for a link: a person can still read and copy it. It loses its ``https://``
    unless it stands in a quotation already, which is to be exact; in code it stays as it is.

    Takes time in proportion to the length of the text.
    """
    if not any(sign in text for sign in ("](", "][", "]:", "<", "-->", ":", "www.", "WWW.")):
        return text
    # Twice, for a picture that is a link.
    text = _MARKDOWN_LINK.sub(r"\2", _MARKDOWN_LINK.sub(r"\2", text))
    text = _AUTOLINK.sub(r"\1", text)
    text = _TAG.sub(_without_element, text)
    text = _OPEN_TAG.sub("", _COMMENT.sub("", text))
    text = _LINK_JOINT.sub("] ", text)
    text = _DEFINITION.sub(r"\1 ", text)
    return _by_parts(text, _QUOTATION, lambda words: _with_code(words, True), lambda words: _with_code(words, False))


def _by_parts(
    text: str, pattern: re.Pattern[str], change_match: Callable[[str], str], change_rest: Callable[[str], str]
) -> str:
    """Return a text with the matches of a pattern changed in one way, and what stands between them in another."""
    pieces, position = [], 0
    for match in pattern.finditer(text):
        pieces += [change_rest(text[position : match.start()]), change_match(match.group())]
        position = match.end()
    return "".join([*pieces, change_rest(text[position:])])


def _with_code(text: str, is_quoted: bool) -> str:
    """Return a text with its bare addresses as quoted code; in a quotation with their schemes."""

    def as_code(address: re.Match[str]) -> str:
        words = address[3].rstrip(_SENTENCE_END)
        scheme = address[1] or address[2] or ""
        code = f"`{scheme}{words}`" if is_quoted else f"“`{words}`”"
        return code + address[3][len(words) :] if words else address[3]

    return _by_parts(text, _CODE, lambda code: code, lambda words: _ADDRESS.sub(as_code, words))


def _without_element(tag: re.Match[str]) -> str:
    """Return nothing for a tag of HTML or one with attributes, and other words in such brackets as they are."""
    name = _TAG_NAME.search(tag.group())
    is_element = name is not None and (name.group().lower() in _ELEMENTS or "=" in tag.group())
    return "" if is_element else tag.group()
