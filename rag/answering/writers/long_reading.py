"""Read more evidence than a model's window holds: notes on one part after the other.

Owns: which evidence is read together, and how often a model is asked. Knows nothing about what is made of the notes.
This is the map of a map and reduce; the reduce is the answer that is written from the notes in place of the evidence.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from rag.answering.short_answers.strong_answer import split_short_line
from rag.answering.writers.requests import without_requests
from rag.models.llm.budget import count_fitting
from rag.models.llm.model import Message, Model, reading_window
from rag.prompts import SENTINEL, Prompt

# Most calls for notes; of more evidence, blocks at even distances are read.
_MOST_CALLS = 8
# Tokens of the notes on one part.
_NOTE_TOKENS, _LEAST_NOTE_TOKENS, _CHARACTERS_A_TOKEN = 300, 48, 6
_TASK = "Note the main points of this part, each in a sentence with its numbers, for this question: {question}"


def read_in_parts(
    model: Model, prompt: Prompt, blocks: Sequence[str], question: str, cancel: threading.Event | None = None
) -> list[str]:
    """Let a model take notes on evidence, a part at a time.

    Args:
        model: The language model.
        prompt: The prompt of an answer, with places for the evidence and the question.
        blocks: The numbered pieces of evidence in order: ``[n] (title)`` and then the text.
        question: The question that the notes are for.
        cancel: Ends the reading when it is set; None where nobody can.

    Returns:
        The notes in order; their marks are the numbers of the evidence. None where no part holds anything. Together
        they fit into the window wherever its prompt leaves room for them.

    Raises:
        LLMError: The model failed.
    """
    task = _TASK.format(question=question)
    notes: list[str] = []
    groups = _groups(model, prompt, blocks, task)
    tokens = _note_tokens(model, len(groups))
    for group in groups:
        if cancel is not None and cancel.is_set():
            break
        system, user = prompt.fill(evidence="\n\n".join(group), question=task, sentinel=SENTINEL)
        messages = [Message("system", system), Message("user", user)]
        note = "".join(model.stream(messages, max_tokens=tokens, cancel=cancel, purpose="notes"))
        _, note = split_short_line(without_requests(note))
        if note and SENTINEL not in note:
            # A server that heeds no limit must not fill the window.
            notes.append(note[: _CHARACTERS_A_TOKEN * tokens])
    return notes


def _note_tokens(model: Model, parts: int) -> int:
    """Return how many tokens the notes on one part may have, so that those on all take up half the window at most."""
    return max(_LEAST_NOTE_TOKENS, min(_NOTE_TOKENS, model.context_window // (2 * max(1, parts))))


def _groups(model: Model, prompt: Prompt, blocks: Sequence[str], task: str) -> list[list[str]]:
    """Return the blocks in groups that each fit into the window, fewer blocks where there would be too many groups."""
    fixed = prompt.fill(evidence="", question=task, sentinel=SENTINEL)
    step = 1
    while True:
        left = list(blocks[::step])
        groups: list[list[str]] = []
        while left:
            fitting = count_fitting(left, reading_window(model), _NOTE_TOKENS, fixed, model.count_tokens)
            count = max(1, fitting)
            groups.append(left[:count])
            left = left[count:]
        if len(groups) <= _MOST_CALLS:
            return groups
        step += 1
