"""Choose who writes an answer.

Owns: which writer an open model, or none, gets. Knows nothing about how they write; the writers of a model, and the
rules that check its words, are imported where there is one.
"""

from __future__ import annotations

import threading

from rag.answering.checkers import check_checker, open_checker_for, read_rules_off
from rag.answering.writers.quotes import QuoteWriter
from rag.answering.writers.writer import Writer
from rag.models.llm.model import Model
from rag.notices import Notice
from rag.prompts import read_prompt
from rag.store.index import Index


def open_writer(index: Index, model: Model | None, cancel: threading.Event | None, checker: str = "") -> Writer:
    """Choose who writes an answer, and what checks its words.

    Args:
        index: The index that is asked; its settings name the prompts, the checker and the number of threads.
        model: The open language model; None for quotes.
        cancel: Ends the writing when it is set; None where nobody can.
        checker: What checks the words in place of the setting; empty: the setting.

    Returns:
        The writer.

    Raises:
        UsageError: A setting or a prompt is wrong; that is so for every question, whoever answers it.
    """
    settings = index.settings.model_copy(update={"checker": checker}) if checker else index.settings
    rules_off = read_rules_off(settings.rules_off)
    check_checker(settings.checker)
    prompt = read_prompt("answer" if model and not model.weak else "answer_small", settings.prompts)
    if model is None:
        return QuoteWriter()
    if model.weak:
        from rag.answering.writers.weak import WeakWriter

        return WeakWriter(model, prompt, cancel)
    from rag.answering.writers.strong import StrongWriter
    from rag.verify.rule_checker import RuleChecker

    trace: list[Notice] = []
    support = index.scoring.support
    meter = getattr(model, "meter", None)
    opened = open_checker_for(
        settings, model, encoder=index.encoder, support=support, trace=trace, cancel=cancel, meter=meter
    )
    return StrongWriter(model, prompt, opened, RuleChecker(rules_off, support=support), trace, cancel)
