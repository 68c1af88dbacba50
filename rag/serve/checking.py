"""Check a text for a program: what judges its sentences, and against what.

Owns: which language model judges, and the JSON of the result, which is that of ``rag verify --json``. Knows nothing
about requests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rag.answering.checkers import BY_LANGUAGE_MODEL, open_checker_for, read_spec
from rag.answering.index_check import verify_against_index
from rag.models.llm.model import Model
from rag.models.llm.opening import is_known_weak
from rag.notices import Notice
from rag.serve.service import Service
from rag.store.index import Index
from rag.verify.judge import JUDGE_FAILED
from rag.verify.texts.document import Verification, verify_text


def check_against_texts(service: Service, text: str, sources: Mapping[str, str]) -> dict[str, Any]:
    """Check a text against texts.

    Args:
        service: Its settings and its language model.
        text: The text.
        sources: The texts that it is checked against, by name.

    Returns:
        The verdicts, as JSON values.

    Raises:
        UsageError: A setting is wrong.
    """
    judge, told = _judge(service)
    trace: list[Notice] = []
    checked = verify_text(text, sources, open_checker_for(service.settings, judge, trace=trace))
    return _json(list(sources), checked, told, trace)


def check_against_index(service: Service, index: Index, text: str, among: Sequence[str]) -> dict[str, Any]:
    """Check a text against the documents of an index.

    Args:
        service: Its language model.
        index: The open index.
        text: The text.
        among: Globs of the only sources that count. Empty: all.

    Returns:
        The verdicts, as JSON values; ``sources`` are those that the sentences were compared with.

    Raises:
        UsageError: The text is too long, no source matches ``among``, or a setting is wrong.
        IndexUnusable: The index is gone.
    """
    judge, told = _judge(service)
    trace: list[Notice] = []
    checker = open_checker_for(index.settings, judge, encoder=index.encoder, trace=trace)
    checked, sources = verify_against_index(index, text, checker, among)
    return _json(sources, checked, told, trace)


def _judge(service: Service) -> tuple[Model | None, list[Notice]]:
    """Return the language model that judges, None where the rules check alone, and what must be told of it."""
    settings = service.settings
    if read_spec(settings.checker) != (BY_LANGUAGE_MODEL, "") or is_known_weak(service.spec, settings.llm_trust):
        return None, []
    model, reason = service.model.get()
    told = [Notice(JUDGE_FAILED, {"model": service.spec, "cause": reason.as_json()})] if reason else []
    return (None if model is None or model.weak else model), told


def _json(sources: list[str], checked: Verification, told: Sequence[Notice], trace: Sequence[Notice]) -> dict[str, Any]:
    notices = [notice.as_json() for notice in (*told, *checked.notices)]
    fields = checked.as_json() | {"notices": notices, "trace": [notice.as_json() for notice in trace]}
    return {"sources": sources, **fields}
