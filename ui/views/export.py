"""A conversation as a document of its own.

Owns: the Markdown and the HTML of a conversation: questions, answers with a mark for each verdict, numbered citations
with source, page and exact quote. Everything is escaped: nothing in an answer or a document becomes a link, a picture,
HTML or a template in a viewer.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

from rag.store.catalog import Conversation, StoredTurn
from rag.text import printable
from rag.types import Answer, Citation, Passage, Sentence
from ui.views.escape import escape

_MARKS = {"verified": "✓", "partly": "◐", "unsupported": "✗", "not a claim": ""}
_LEGEND = "✓ verified: the cited words say it. ◐ partly supported. A number in brackets names the citation."
_LONGEST_NAME = 60
_NEAREST = 3
_STYLE = """
body { font: 16px/1.6 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color: #1c1e21;
  background: #fff; }
h1 { font-size: 1.5rem; line-height: 1.3; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
.answer { white-space: pre-wrap; overflow-wrap: anywhere; } .partly { border-bottom: 2px dotted #8a5a00; }
.unsupported { text-decoration: line-through; } .mark { color: #17624a; font-size: .85em; }
.partly + .mark { color: #8a5a00; } .small { color: #5b6067; font-size: .875rem; }
ol { padding-left: 2rem; } blockquote { margin: .25rem 0 1rem; padding: .25rem .9rem; border-left: 3px solid #c9d3e0;
  white-space: pre-wrap; overflow-wrap: anywhere; }
@media (prefers-color-scheme: dark) { body { color: #e6e8eb; background: #16181b; } .mark { color: #6fd0ad; }
  .partly + .mark { color: #e0b35a; } .partly { border-color: #e0b35a; } .small { color: #a2a8b0; }
  blockquote { border-color: #3a4450; } }
"""


def to_markdown(conversation: Conversation, turns: Sequence[StoredTurn]) -> str:
    """The conversation as CommonMark."""
    lines = [f"# {_md(conversation.title)}", "", _md(_about(conversation)), ""]
    for turn in turns:
        answer = turn.answer
        lines += [f"## {_md(' '.join(turn.question.split()))}", "", *_md_lines(_marked(answer)), ""]
        for heading, items in _asides(answer):
            lines += [f"{_md(heading)}", "", *(f"* {_md(item)}" for item in items), ""]
        for citation in answer.citations:
            lines += [f"\\[{citation.number}\\] **{_md(_place(citation))}**", ""]
            lines += [_md(citation.header), ""] if citation.header else []
            lines += [f"> {line}".rstrip() for line in _md_lines(citation.quote)] + [""]
        for passage in _nearest(answer):
            lines += [f"{_md('Nearest passage:')} **{_md(_place(passage))}**", ""]
            lines += [f"> {line}".rstrip() for line in _md_lines(passage.text)] + [""]
        lines += [_md(_footer(turn)), ""]
    return "\n".join([*lines, "***", "", _md(_LEGEND), ""])


def to_html(conversation: Conversation, turns: Sequence[StoredTurn]) -> str:
    """The conversation as one HTML file that loads nothing and runs nothing."""
    allowed = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    body = [f"<h1>{escape(conversation.title)}</h1>", f'<p class="small">{escape(_about(conversation))}</p>']
    for turn in turns:
        answer = turn.answer
        body += [f"<section><h2>{escape(turn.question)}</h2>", f'<div class="answer">{_html_answer(answer)}</div>']
        for heading, items in _asides(answer):
            listed = "".join(f"<li>{escape(item)}</li>" for item in items)
            body.append(f"<p>{escape(heading)}</p><ul>{listed}</ul>")
        if answer.citations:
            body.append("<ol>")
            for citation in answer.citations:
                place = f"<strong>{escape(_place(citation))}</strong>"
                place += f'<p class="small">{escape(citation.header)}</p>' if citation.header else ""
                body.append(
                    f'<li value="{citation.number}">{place}<blockquote>{escape(citation.quote)}</blockquote></li>'
                )
            body.append("</ol>")
        for passage in _nearest(answer):
            place = f"Nearest passage: <strong>{escape(_place(passage))}</strong>"
            body.append(f"<p>{place}</p><blockquote>{escape(passage.text)}</blockquote>")
        body.append(f'<p class="small">{escape(_footer(turn))}</p></section>')
    body.append(f'<hr><p class="small">{escape(_LEGEND)}</p>')
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{allowed}'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(conversation.title)}</title><style>{_STYLE}</style></head>\n"
        f"<body><main>\n{chr(10).join(body)}\n</main></body></html>\n"
    )


def file_name(conversation: Conversation, ending: str) -> str:
    """A harmless ASCII file name for a download: ``footnote-the-toll-of-the-bridge.md``."""
    plain = unicodedata.normalize("NFKD", conversation.title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-")
    return f"footnote-{words or 'conversation'}.{ending}"


# -- what both say -----------------------------------------------------------------------------------------------------


def _about(conversation: Conversation) -> str:
    return f"A conversation of {conversation.created[:10]} with Footnote, last changed {conversation.changed[:10]}."


def _footer(turn: StoredTurn) -> str:
    answer = turn.answer
    index = answer.index.get("name", "")
    parts = [f"Asked {turn.created[:16].replace('T', ' ')} UTC", f"index {index}" if index else "", answer.model]
    if answer.model == "none":
        parts[-1] = "quotes, no model"
    if turn.feedback:
        parts.append(f"rated {turn.feedback.thumb}{': ' if turn.feedback.note else ''}{turn.feedback.note}")
    return "; ".join(part for part in parts if part) + "."


def _place(item: Citation | Passage) -> str:
    return f"{item.source}, page {item.page}" if item.page else item.source


def _nearest(answer: Answer) -> Sequence[Passage]:
    return answer.passages[:_NEAREST] if answer.abstained else ()


def _asides(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """What stands beside an answer: a heading and its points."""
    if answer.missing:
        yield "The documents say nothing about:", list(answer.missing)
    if answer.conflicts:
        yield (
            "The sources disagree:",
            [
                f"{conflict.about} ({', '.join(f'[{number}]' for number in conflict.citations)})"
                for conflict in answer.conflicts
            ],
        )
    if answer.left_out:
        count = len(answer.left_out)
        heading = f"{count} claim{'s' * (count > 1)} of the model left out:"
        yield heading, [f"{claim.text} ({claim.reason})" if claim.reason else claim.text for claim in answer.left_out]
    if answer.notice:
        yield "Note:", [answer.notice]


def _pieces(answer: Answer) -> Iterator[tuple[str, Sentence | None]]:
    """The answer's text in order: what stands between sentences, and each sentence."""
    position = 0
    for sentence in answer.sentences:
        yield answer.answer[position : sentence.start], None
        yield answer.answer[sentence.start : sentence.end], sentence
        position = max(position, sentence.end)
    yield answer.answer[position:], None


def _marked(answer: Answer) -> str:
    """The answer's text with the mark of its verdict behind each sentence."""
    parts = []
    for words, sentence in _pieces(answer):
        mark = _MARKS.get(sentence.verdict, "") if sentence else ""
        parts.append(f"{words} {mark}" if mark else words)
    return "".join(parts)


def _html_answer(answer: Answer) -> str:
    parts = []
    for words, sentence in _pieces(answer):
        if sentence is None:
            parts.append(escape(words))
            continue
        kind, mark = sentence.verdict.replace(" ", "-"), _MARKS.get(sentence.verdict, "")
        title = escape(f"{sentence.verdict}: {sentence.reason}" if sentence.reason else sentence.verdict)
        shown = f' <span class="mark" title="{title}">{mark}</span>' if mark else ""
        parts.append(f'<span class="{escape(kind)}">{escape(words)}</span>{shown}')
    return "".join(parts)


# -- Markdown ----------------------------------------------------------------------------------------------------------

# CommonMark lets every one of these stand for itself behind a backslash.
_LIVE = re.compile(r"[\\`*_{}\[\]<>#|~&$!^=@%]")
# What begins a list or a rule, only at the start of a line.
_OPENS = re.compile(r"^(\s*)([-+:]|\d{1,9}(?=[.)]))")
# What viewers make links of, though nobody marked them.
_LINKED = re.compile(r"(?<=[a-z])(?=://)|(?<=www)(?=\.)|(?<=mailto)(?=:)|(?<=xmpp)(?=:)", re.I)


def _md(text: str) -> str:
    """One line of text that a Markdown viewer shows as it is."""
    line = " ".join(printable(text).splitlines())
    return _line(line)


def _md_lines(text: str) -> list[str]:
    """Lines of text that a Markdown viewer shows as they are, line for line."""
    lines = [_line(line) for line in printable(text).split("\n")]
    return [f"{line}\\" if line and after else line for line, after in zip(lines, [*lines[1:], ""], strict=True)]


def _line(line: str) -> str:
    opening = _OPENS.match(line)
    if opening:
        indent, mark = opening.groups()
        rest = line[opening.end() :]
        # The number of a list's item stays, the dot behind it is what makes it one.
        line = f"{indent}\0{mark}{rest}" if mark in "-+:" else f"{indent}{mark}\0{rest}"
    line = _LIVE.sub(lambda found: f"\\{found[0]}", line)
    line = _LINKED.sub("\0", line).replace("\0", "\\")
    indent = line[: len(line) - len(line.lstrip())]
    # White space at the start of a line would make a block of code of it.
    return "&#32;" * len(indent) + line[len(indent) :]
