"""What the chat does for one person: open an index, answer, keep.

Owns: the open indexes and models of one server, whose turn it is, and the course of one question from the moment it is
asked to the moment it is kept. Knows nothing about HTML or requests.
"""

from __future__ import annotations

import glob
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.options import Options
from rag.answering.pipeline import answer
from rag.errors import LLMError, ModelError, UsageError
from rag.models.llm.model import Model
from rag.models.llm.opening import DEFAULT, open_llm
from rag.retrieval.answerability import threshold_of
from rag.retrieval.passages import open_reranker
from rag.settings import Settings
from rag.store.catalog import Conversation, History, StoredTurn
from rag.store.index import Index
from rag.types import Answer, Turn
from ui.service.fair_queue import FairQueue
from ui.service.steps import Step
from ui.service.upload_batches import UploadBatches
from ui.service.uploads import UploadLimits, Uploads
from ui.service.workspaces import Workspaces

# What the index's own threshold of confidence is multiplied by.
STRICTNESS = {"lenient": 0.5, "balanced": 1.0, "strict": 1.7}
_STRICTEST = 0.95
_STOPPED = "Stopped before its end; what was written by then was checked."
_TURNS_REMEMBERED = 4
_LONGEST_QUESTION = 4000
# Hosted models take several questions at once; an embedded one takes the whole machine.
_HOSTED_AT_ONCE = 8
# A model of the usual size is loaded by then; fetching one takes longer, and nobody waits for it.
_MODEL_PATIENCE = 20.0
# A question that comes so many seconds after the model could not be opened tries once more.
_TRIED_AGAIN_AFTER = 10.0

OpenModel = Callable[[], Model | None]


def model_name(spec: str) -> str:
    """A spec in full: ``local`` alone is the default model."""
    return f"local:{DEFAULT}" if spec == "local" else spec


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How a person wants questions answered. ``model`` is a spec of ``Desk.models``; empty: the server's."""

    model: str = ""
    strictness: str = "balanced"
    passages: int = 8
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What can be shown of a question right now: its place in the queue (0: it is its turn), or a snapshot."""

    turn: str = ""
    place: int = 0
    answer: Answer | None = None
    steps: tuple[Step, ...] = ()


class ChatService:
    """One server's indexes, models and turns. Safe to use from several threads."""

    def __init__(
        self,
        shelves: Workspaces,
        uploads: Uploads,
        settings: Settings,
        spec: str = "none",
        open_model: OpenModel | None = None,
    ) -> None:
        """``open_model`` opens the server's own model ``spec``; `prepare` calls it in the background."""
        self.shelves, self.uploads, self.settings, self.spec = shelves, uploads, settings, spec
        self.batches = UploadBatches(UploadLimits())
        self._open_model = open_model or (lambda: None)
        self._models: dict[str, Model | None] = {}
        self._opening, self._preparing = threading.Lock(), threading.Lock()
        self._local, self._hosted = FairQueue(1), FairQueue(_HOSTED_AT_ONCE)
        self._reason = ""
        self._ready, self._tried = threading.Event(), 0.0

    def prepare(self, delay: float = 0.0) -> None:
        """Open the server's own model in the background, after ``delay`` seconds, unless that has been done.

        Loading it takes the whole machine for seconds, which a page that is being opened needs itself.
        """

        def load() -> None:
            with self._preparing:
                if not self._ready.is_set():
                    open_own()

        def open_own() -> None:
            try:
                self._models[self.spec], self._reason = self._open_model(), ""
            except (LLMError, ModelError, UsageError) as error:
                self._models[self.spec] = None
                self._reason = str(error)
            finally:
                self._tried = time.monotonic()
                self._ready.set()

        timer = threading.Timer(delay, load)
        timer.daemon = True
        timer.start()

    @property
    def reason(self) -> str:
        """Why the server's own model cannot be used, or nothing."""
        return self._reason

    # -- models ------------------------------------------------------------------------------------------------------

    def models(self) -> list[str]:
        """The specs a person may choose: the server's own, no model, and the embedded ones that are on this machine."""
        own = self.spec or "none"
        from rag.models.weights import TABLE, path_of

        here = [
            f"local:{weights.name}"
            for weights in TABLE.values()
            if weights.kind == "llm" and path_of(weights.name, self.settings.models) is not None
        ]
        # One model under two names would be loaded twice.
        others = [spec for spec in here if spec != model_name(own)]
        return list(dict.fromkeys([own, *others, "none"]))

    def _model(self, spec: str) -> tuple[Model | None, str]:
        """The model, or why quotes have to do."""
        spec = spec or self.spec
        if spec == self.spec:
            if self._reason and time.monotonic() - self._tried > _TRIED_AGAIN_AFTER:
                # Somebody may have started the server or fetched the weights meanwhile.
                self._ready.clear()
            if not self._ready.is_set():
                self.prepare()
            if not self._ready.wait(_MODEL_PATIENCE):
                name = model_name(spec).removeprefix("local:")
                return None, f"The model {name} is still being fetched or loaded; ask again in a while."
            return self._models.get(spec), self._reason
        if spec not in self.models():
            return None, f"The model {spec} cannot be chosen here; choose another one in the settings."
        with self._opening:
            try:
                if spec not in self._models:
                    self._models[spec] = open_llm(spec, self.settings)
            except (LLMError, ModelError) as error:
                return None, str(error)
            return self._models[spec], ""

    def _turns(self, spec: str) -> FairQueue:
        hosted = (spec or self.spec).partition(":")[0] in ("openai", "anthropic", "ollama", "openai-like")
        return self._hosted if hosted else self._local

    @property
    def waiting(self) -> int:
        """How many questions wait for their turn."""
        return self._local.waiting + self._hosted.waiting

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(
        self,
        user: str,
        index: Index,
        conversation: str,
        question: str,
        wishes: AskOptions,
        cancel: threading.Event,
    ) -> Iterator[Snapshot]:
        """Answer a question and keep it in the conversation; the last shot is done and kept.

        Setting ``cancel`` gives the place in the queue back, or ends the writing. Raises RagError.
        """
        question = question.strip()[:_LONGEST_QUESTION]
        history = History(index.folder)
        earlier = history_turns(history.turns(user, conversation))
        threshold = threshold_of(index, self.settings.threshold) * STRICTNESS.get(wishes.strictness, 1.0)
        options = replace(
            # A name is no glob, whatever stands in it.
            Options.of(self.settings, [glob.escape(source) for source in wishes.sources]),
            passages=wishes.passages,
            threshold=min(threshold, _STRICTEST),
        )
        with self._turns(wishes.model).take(user or conversation) as ticket:
            while not ticket.wait(0.5):
                if cancel.is_set():
                    return
                yield Snapshot(place=ticket.position)
            model, reason = self._model(wishes.model)
            kept, steps = "", _Steps()
            shots = answer(
                index,
                question,
                model=model,
                settings=self.settings,
                history=earlier,
                options=options,
                reranker=open_reranker(self.settings.reranker, self.settings.threads),
                cancel=cancel,
            )
            for shot in shots:
                steps.note(shot.state)
                if shot.state == "done":
                    if reason and not shot.notice:
                        shot = replace(shot, notice=f"{reason} Until then answers are quotes.", degraded=True)
                    if cancel.is_set():
                        shot = replace(shot, notice=f"{_STOPPED} {shot.notice}".strip())
                    kept = history.save(user, conversation, shot, kept).id
                elif not kept and shot.passages:
                    # From here on nothing that it may cite is deleted by an ingestion.
                    kept = history.save(user, conversation, shot).id
                yield Snapshot(kept, 0, shot, steps.so_far())

    def close(self) -> None:
        """End what is running, and let go of the models and indexes that were opened here."""
        self.uploads.close()
        self.batches.close()
        self.shelves.close()
        for model in list(self._models.values()):
            if model is not None:
                model.close()


class _Steps:
    """What was done so far, and how long each took."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock, self._since = clock, clock()
        self._done: list[Step] = []
        self._now = ""

    def note(self, state: str) -> None:
        if state != self._now:
            if self._now:
                self._done.append(Step(self._now, self._clock() - self._since))  # type: ignore[arg-type]
            self._now, self._since = state, self._clock()

    def so_far(self) -> tuple[Step, ...]:
        return tuple(self._done)


def history_turns(turns: Sequence[StoredTurn]) -> list[Turn]:
    """The last turns of a conversation as what was said."""
    return [
        turn
        for kept in turns[-_TURNS_REMEMBERED:]
        for turn in (Turn("user", kept.question), Turn("assistant", kept.answer.answer))
    ]


def conversation_for(history: History, user: str, id_: str) -> Conversation:
    """The conversation of that id, or a new one."""
    found = history.conversation(user, id_) if id_ else None
    return found or history.begin(user)
