"""What one service has open: its indexes and its language model, and the answering of questions with them.

Owns: the model, and the course of a question from its place in the queue to its answer. Which indexes are open is owned
by ``rag.hosting.open_indexes``. Knows nothing about requests or protocols.
"""

from __future__ import annotations

import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, closing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.errors import UsageError
from rag.hosting.access import Caller
from rag.hosting.calls import note_answer
from rag.hosting.open_indexes import OpenIndexes
from rag.hosting.own_model import OwnModel, with_reasons
from rag.hosting.state import MemoryState, State
from rag.hosting.turns import Turns, answers_at_once, limits_of, work_at_once
from rag.hosting.upload_batches import UploadBatches
from rag.hosting.uploads import UploadLimits, Uploads
from rag.models.llm.opening import open_llm
from rag.notices import Notice
from rag.question.question_words import QUESTION_CHARACTERS
from rag.retrieval.passages import open_reranker
from rag.serve.errors import ApiError
from rag.settings import Settings
from rag.store.index import Index
from rag.types import Answer, Turn

if TYPE_CHECKING:
    from rag.answering.draft import Policy

Result = TypeVar("Result")

# Seconds that the end of the service waits for what is at work.
_CLOSING_SECONDS = 5.0


class Service:
    """The open indexes and the model of a service. Safe to use from several threads; its requests are of one loop."""

    def __init__(
        self, settings: Settings, spec: str = "none", only: Sequence[str] = (), state: State | None = None
    ) -> None:
        """Open nothing yet.

        Args:
            settings: The settings of the service.
            spec: The language model, as on the command line.
            only: The names of the indexes that are served; none: all in the home folder.
            state: What the service remembers for a while, and shares with others on one database; None: a memory of
                its own.
        """
        self.state = state or MemoryState()
        self.settings, self.spec = settings, spec
        self.uploads, self.batches = Uploads(state=self.state), UploadBatches(UploadLimits())
        self.model = OwnModel(spec, lambda: open_llm(spec, settings))
        self._answering = Turns(limits_of(settings, answers_at_once(spec, settings)))
        # A search does not wait behind a model that writes.
        self._working = Turns(limits_of(settings, work_at_once(settings)))
        self._indexes = OpenIndexes(settings, only)

    def names(self, caller: Caller) -> list[str]:
        """Return the names of the indexes that a caller may see, in order."""
        return self._indexes.names(caller)

    def open(self, caller: Caller, name: str) -> Index:
        """Return an open index; it stays open until the service is closed.

        Args:
            caller: Who wants to see it.
            name: Its name.

        Returns:
            The index.

        Raises:
            UsageError: There is none of that name for this caller.
            IndexUnusable: It cannot be opened.
        """
        if name not in self.names(caller):
            raise UsageError(Notice("no-such-index"))
        return self._indexes.open(name)

    def opened(self) -> list[Index]:
        """Return the indexes that are open now."""
        return self._indexes.opened()

    @property
    def load(self) -> dict[str, int]:
        """How many requests wait or work, by what they want: ``answers`` and ``work``."""
        return {"answers": self._answering.inside, "work": self._working.inside}

    async def snapshots(
        self,
        caller: Caller,
        index: Index,
        question: str,
        *,
        history: Sequence[Turn] = (),
        sources: Sequence[str] = (),
        anyway: bool = False,
        instructions: str = "",
        policy: Policy | None = None,
        passages: int | None = None,
        waiting: Callable[[int], None] | None = None,
    ) -> AsyncGenerator[Answer, None]:
        """Answer a question in snapshots, each of them whole, when its turn comes.

        Close the generator, or cancel its task, to stop the answer: the model ends its writing at once.

        Args:
            caller: Who asks; callers take turns.
            index: The open index.
            question: The question, in words.
            history: The conversation before it, oldest message first.
            sources: Globs; only documents that match one are searched. Empty: all.
            anyway: Whether a question that would be refused is answered tentatively.
            instructions: How the answer is to be written, in the person's words.
            policy: What becomes of a sentence that the documents do not support; None: as the settings say.
            passages: How many passages are retrieved; None: as the settings say.
            waiting: Told the position, from 1, while the question waits.

        Yields:
            At once an empty answer: the question has its place in the queue. Then the answer as it grows, without those
            states that came faster than they were read; the last one is done. Where the time is up, that is the answer
            as far as it was written, with the notice ``answer-stopped``.

        Raises:
            ApiError: The queue is full, or the turn did not come in time (429, with ``Retry-After``); the question is
                empty or too long (400); it took too long (504); the caller's right to it was taken away (401).
            RagError: As for ``rag.Assistant.ask``.
        """
        question = question.strip()
        if not question:
            raise ApiError(400, "empty_question", "The question is empty; ask one in words.")
        if len(question) > QUESTION_CHARACTERS:
            raise ApiError(
                400,
                "question_too_long",
                f"The question has {len(question)} characters; at most {QUESTION_CHARACTERS} are read.",
            )
        by_settings = AnswerOptions.of(index.settings, sources, anyway)
        options = replace(
            by_settings,
            instructions=instructions,
            policy=policy or by_settings.policy,
            passages=passages or by_settings.passages,
        )

        def make(cancel: threading.Event) -> Iterator[Answer]:
            model, reason = self.model.get()
            settings = index.settings
            reranker = open_reranker(settings.reranker, settings.threads, settings.device, settings.models)
            made = answer(
                index, question, model=model, history=history, options=options, reranker=reranker, cancel=cancel
            )
            with closing(made) as snapshots:
                for snapshot in snapshots:
                    caller.confirm()
                    done = snapshot.state == "done"
                    yield with_reasons(snapshot, reason, cancel.is_set()) if done else snapshot

        turn = self._answering.enter(caller.name)
        try:
            yield Answer(question, question, state="searching")
            async with aclosing(turn.run(make, waiting)) as snapshots:
                async for snapshot in snapshots:
                    if snapshot.state == "done":
                        note_answer(snapshot)
                    yield snapshot
        finally:
            turn.leave()

    async def work(self, caller: Caller, function: Callable[[], Result]) -> Result:
        """Run a function that blocks, such as a search, when its turn comes.

        Args:
            caller: Who wants it; callers take turns.
            function: What is run, in a thread. It goes on where the caller leaves, and keeps its place until it ends.

        Returns:
            What the function returns.

        Raises:
            ApiError: The queue is full, or the turn did not come in time (429, with ``Retry-After``); it took too long
                (504); the caller's right to it was taken away meanwhile (401).
            Exception: What the function raises.
        """

        def done(_: threading.Event) -> Result:
            result = function()
            caller.confirm()
            return result

        return await self._working.do(caller.name, done)

    def close(self) -> None:
        """End what is running, and close what is open."""
        # All that is at work is told to end before any of it is waited for.
        self._answering.stop(0)
        self._working.stop(0)
        self.uploads.close()
        self._answering.stop(_CLOSING_SECONDS)
        self._working.stop(_CLOSING_SECONDS)
        self.batches.close()
        self.model.close()
        self._indexes.close()
