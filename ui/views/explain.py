"""Why an answer is as it is.

Owns: the page on one answer: the question as it was searched, the passages with every rank, the evidence, the prompt,
the verdicts and the times; and the same as JSON. Knows nothing about how any of it came about.
"""

from __future__ import annotations

import json
from dataclasses import asdict

from rag.store.catalog import StoredTurn
from rag.types import Passage
from ui.i18n import Translate
from ui.views.answer import shorten, source_and_page
from ui.views.escape import escape
from ui.views.panels import instructions_html, turn_address

_RANKS = ("dense", "keyword", "fused", "rerank")
_EXCERPT = 300


def why_html(turn: StoredTurn, shelf: str, say: Translate, alone: bool) -> str:
    """The piece of HTML about one answer; ``alone`` leaves out the way to the page it then is."""
    answer, base = turn.answer, turn_address(shelf, turn.id)
    page = "" if alone else f'<a href="{base}/why" target="_blank" rel="noopener">{say("open page")}</a>'
    seconds = " · ".join(f"{escape(name.removesuffix('_ms'))} {ms:.0f} ms" for name, ms in answer.timings.items())
    parts = [
        f'<p class="f-question-title">{escape(turn.question)}</p>',
        f'<p class="f-links">{page}<a href="{base}.json" download="">{say("download json")}</a></p>',
        _section(say("standalone"), f"<p>{escape(answer.standalone_question)}</p>"),
        _section(say("confidence"), f"<p>{answer.confidence:.2f}</p>"),
        _section(say("verdicts"), _verdicts(turn)),
        _section(say("evidence"), _evidence(turn)),
        _section(say("ranks"), _passages(turn, say)),
        _section(
            say("prompt"),
            f'<pre tabindex="0">{escape(answer.prompt)}</pre>' if answer.prompt else f"<p>{say('no prompt')}</p>",
        ),
        _section(say("timings"), f"<p>{seconds}</p>"),
        _section(
            say("model"),
            f"<p>{escape(answer.model)} · {escape(answer.prompt_id)} · "
            f"{escape(' · '.join(str(value) for value in answer.index.values()))}</p>",
        ),
    ]
    return f'<div class="f-why">{"".join(parts)}</div>'


def why_json(turn: StoredTurn) -> str:
    """Everything that is kept of a turn."""
    found = asdict(turn)
    return json.dumps(found, ensure_ascii=False, indent=1).encode("utf-8", "replace").decode()


def _section(title: str, body: str) -> str:
    return f"<section><h3>{title}</h3>{body}</section>"


def _verdicts(turn: StoredTurn) -> str:
    rows = "".join(
        f'<tr><td><span class="f-badge f-v-{sentence.verdict.replace(" ", "-")}">{sentence.verdict}</span></td>'
        f"<td>{escape(sentence.text)}</td><td>{escape(sentence.reason)}</td></tr>"
        for sentence in turn.answer.sentences
    )
    rows += "".join(
        f'<tr><td><span class="f-badge f-v-unsupported">left out</span></td><td>{escape(claim.text)}</td>'
        f"<td>{escape(claim.reason)}</td></tr>"
        for claim in turn.answer.left_out
    )
    return f'<div class="f-wide f-verdicts" tabindex="0"><table><tbody>{rows}</tbody></table></div>'


def _evidence(turn: StoredTurn) -> str:
    rows = "".join(
        f"<tr><td>{item.score:.3f}</td><td>{item.similarity:.3f}</td><td>{item.coverage:.2f}</td>"
        f"<td>{escape(item.span.source)} {item.span.start}:{item.span.end}</td>"
        f"<td>{escape(shorten(item.span.quote, _EXCERPT))}</td></tr>"
        for item in turn.answer.evidence
    )
    head = "<tr><th>score</th><th>similarity</th><th>coverage</th><th>place</th><th>words</th></tr>"
    return f'<div class="f-wide" tabindex="0"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _passages(turn: StoredTurn, say: Translate) -> str:
    head = "<tr><th>#</th>" + "".join(f"<th>{name}</th>" for name in _RANKS) + "<th>place</th><th>words</th></tr>"
    rows = "".join(
        f"<tr><td>{passage.rank}</td>{''.join(_score(passage, name) for name in _RANKS)}"
        f"<td>{escape(source_and_page(passage, say))}</td><td>{escape(shorten(passage.text, _EXCERPT))}"
        f"{instructions_html(passage, say)}</td></tr>"
        for passage in turn.answer.passages
    )
    return f'<div class="f-wide" tabindex="0"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'


def _score(passage: Passage, name: str) -> str:
    """A score, and the rank it gave: ``0.61 (2)``."""
    if name not in passage.scores:
        return "<td>–</td>"
    rank = passage.scores.get(f"{name}_rank")
    return f"<td>{passage.scores[name]:.3f}{f' ({rank:.0f})' if rank else ''}</td>"
