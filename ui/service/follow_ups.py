"""What a reader may ask next, suggested by a strong language model once an answer is there.

Owns: when the model is asked for it and with which words, which of its questions are offered, and that nobody waits
for that: it is left where the model has something else to do, and ends when a question is asked. Knows nothing about
pages.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.answering.pipeline import answer as answer_question
from rag.errors import RagError
from rag.hosting.fair_queue import FairQueue
from rag.models.llm.metering import meter_for, metered
from rag.models.llm.model import Message, Model
from rag.prompts import read_prompt
from rag.store.index import Index
from rag.text import words
from rag.types import Answer
from ui.service.index_work import IndexWork

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """How the questions after an answer came about.

    Attributes:
        model: The name of the model that was asked.
        prompt: What it was sent.
        questions: What is offered of its reply.
    """

    model: str
    prompt: str
    questions: tuple[str, ...]


OFFERED = 2
LONGEST = 90
"""Characters of a question that is offered: it stands on one line."""

_FEWEST_WORDS = 3
_MOST_TOKENS = 120
# What the model is shown: passages, and characters of each and of the answer.
_PASSAGES, _CHARACTERS = 6, 1200
# Answers whose questions are kept.
_REMEMBERED = 500


@dataclass
class _Task:
    conversation: str
    queue: FairQueue
    cancel: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    questions: list[str] = field(default_factory=list)
    model: str = ""
    prompt: str = ""


class FollowUps:
    """The suggestions of one server, by the turn that they follow. Safe to use from several threads."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._tasks: OrderedDict[str, _Task] = OrderedDict()

    def begin(
        self, index: Index, turn_id: str, conversation: str, answered: Answer, model: Model | None, queue: FairQueue
    ) -> None:
        """Suggest questions in the background; nothing is done where the answer or the model is not fit for it.

        Args:
            index: The index that was asked.
            turn_id: The id of the turn, which is stored.
            conversation: The id of its conversation.
            answered: Its answer.
            model: The model that wrote it.
            queue: The queue of the model.
        """
        fit = answered.state == "done" and answered.citations and not (answered.abstained or answered.degraded)
        if model is None or model.weak or not fit or answered.tentative:
            return
        task = _Task(conversation, queue)
        with self._guard:
            self._tasks[turn_id] = task
            while len(self._tasks) > _REMEMBERED:
                self._tasks.popitem(last=False)
        IndexWork(index, "follow-ups", lambda: self._run(index, answered, model, task), task.cancel)

    def of(self, turn_id: str) -> list[str] | None:
        """Return the questions that are suggested after a turn; None while they are being made."""
        with self._guard:
            task = self._tasks.get(turn_id)
        if task is None:
            return []
        return list(task.questions) if task.done.is_set() else None

    def explained(self, turn_id: str) -> Suggestion | None:
        """Return how the questions after a turn came about; None where this server asked no model for any."""
        with self._guard:
            task = self._tasks.get(turn_id)
        if task is None or not task.prompt:
            return None
        return Suggestion(task.model, task.prompt, tuple(task.questions))

    def make_way(self, conversation: str, queue: FairQueue) -> None:
        """End what a new question has to wait for, or makes needless.

        Args:
            conversation: Where it is asked.
            queue: The queue that it joins.
        """
        with self._guard:
            for task in self._tasks.values():
                if task.conversation == conversation or task.queue is queue:
                    task.cancel.set()

    def close(self) -> None:
        """End them all."""
        with self._guard:
            tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel.set()
        for task in tasks:
            task.done.wait(2.0)

    def _run(self, index: Index, answered: Answer, model: Model, task: _Task) -> None:
        try:
            ticket = task.queue.take_if_free("follow-ups")
            if ticket is None:
                return
            messages = _messages(index, answered)
            task.model, task.prompt = model.name, "\n\n".join(message.content for message in messages)
            with ticket:
                lines = _ask(index, answered, model, messages, task.cancel)
            for line in lines:
                if task.cancel.is_set() or len(task.questions) == OFFERED:
                    break
                if _is_answered(index, line):
                    task.questions.append(line)
            if task.cancel.is_set():
                task.questions.clear()
            _LOG.info("questions suggested", extra={"model": model.name, "questions": len(task.questions)})
        except RagError as error:
            _LOG.info("no questions are suggested: %s", error)
        except Exception:
            _LOG.exception("Questions could not be suggested")
        finally:
            task.done.set()


def _messages(index: Index, answered: Answer) -> list[Message]:
    """Return what the model is sent."""
    passages = "\n\n".join(" ".join(passage.text.split())[:_CHARACTERS] for passage in answered.passages[:_PASSAGES])
    prompt = read_prompt("follow_ups", index.settings.prompts)
    said = " ".join(answered.answer.split())[:_CHARACTERS]
    system, user = prompt.fill(evidence=passages, question=answered.standalone_question, answer=said)
    return [Message("system", system), Message("user", user)]


def _ask(
    index: Index, answered: Answer, model: Model, messages: Sequence[Message], cancel: threading.Event
) -> list[str]:
    """Return the usable lines that the model writes."""
    model = metered(model, meter_for(index.settings, model, of_a_question=False))
    reply = "".join(model.stream(messages, max_tokens=_MOST_TOKENS, cancel=cancel, purpose="follow-ups"))
    return usable_questions(reply, [answered.question, answered.standalone_question])


def usable_questions(reply: str, asked: Sequence[str]) -> list[str]:
    """Return the lines of a reply that are questions on one line, each once, and none that was asked.

    Args:
        reply: What the model wrote.
        asked: The questions that the reader has asked.
    """
    known = {question.casefold() for question in asked}
    usable = []
    for written in reply.splitlines():
        line = written.strip().lstrip("-*•0123456789.) ").strip(' \t"“”„')
        is_short = len(line) <= LONGEST and len(words(line)) >= _FEWEST_WORDS
        if line.endswith("?") and line.isprintable() and is_short and line.casefold() not in known:
            known.add(line.casefold())
            usable.append(line)
    return usable


def _is_answered(index: Index, question: str) -> bool:
    """Tell whether the documents answer a question by the measure of any other."""
    *_, done = answer_question(index, question, model=None)
    return not done.abstained and not done.tentative and bool(done.citations)
