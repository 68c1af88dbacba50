"""Answer a person's questions: open an index and a model, wait for a turn, answer, store.

Owns: the indexes and models that one server has opened, whose question is next, and the course of a question from the
moment it is asked to the moment its answer is stored. Knows nothing about HTML or requests.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.errors import DatabaseUnusable, IndexUnusable, LLMError, ModelError, UsageError
from rag.hosting.collection_trash import Deleted
from rag.hosting.fair_queue import FairQueue
from rag.hosting.own_model import OpenModel, OwnModel, with_reasons
from rag.hosting.shared_batches import SharedBatches
from rag.hosting.state import MemoryState, State
from rag.hosting.upload_batches import UploadBatches
from rag.hosting.uploads import UploadLimits, Uploads
from rag.hosting.workspaces import Workspaces
from rag.models.llm.model import Model
from rag.models.llm.named_server import NamedServer, open_server
from rag.models.llm.opening import is_hosted, open_llm
from rag.notices import Notice
from rag.retrieval.answerability import tentative_of, threshold_of
from rag.retrieval.passages import open_reranker
from rag.store.catalog import Conversation, History, StoredTurn, UnansweredQuestions
from rag.store.index import Index
from rag.types import Answer, Turn
from ui.service.document_choice import asked_notice, source_patterns
from ui.service.follow_ups import FollowUps
from ui.service.model_choices import ModelChoice, choices
from ui.service.model_fetching import ModelFetching
from ui.service.model_servers import PREFIX, ModelServers
from ui.service.preferences import FEWEST_PASSAGES, MOST_PASSAGES, POLICIES, STRICTNESS, PreferenceFiles, Preferences
from ui.service.question_state import QuestionState
from ui.service.running_answer import RunningAnswer
from ui.service.shared_answers import AnswerElsewhere, SharedAnswers
from ui.service.shares import Shares
from ui.service.steps import StepTimer
from ui.service.suggestions import Suggestions
from ui.service.unstored_answers import UnstoredAnswers
from ui.service.watching import Watching

_HIGHEST_THRESHOLD = 0.95
_HISTORY_TURNS = 4
_LONGEST_QUESTION = 4000
# Hosted models take several questions at once; an embedded one takes the whole machine.
_HOSTED_AT_ONCE = 8
# Questions of one conversation that are answered or wait at one time.
_MOST_RUNNING = 8
# Seconds that the server's end waits for an answer, which is stored as far as it is.
_CLOSING_SECONDS = 5.0
# Seconds between two states of a question that waits for its turn.
_POSITION_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class AskOptions:
    """How a person wants a question answered.

    Attributes:
        model: A spec of `ChatService.models`; empty: the server's own.
        strictness: A key of ``STRICTNESS``.
        passages: How many passages are read for an answer.
        sources: The sources to ask only about; none: all.
        anyway: Whether a question that would be refused is answered tentatively.
        tentative: Whether a question that the documents may not answer gets a tentative answer.
        policy: What becomes of a sentence that the documents do not support; empty: as the settings say.
        checker: What checks a model's sentences; empty: as the settings say.
        instructions: How the answer is to be written, in the person's words.
        follow_ups: Whether a strong model suggests what to ask next.
    """

    model: str = ""
    strictness: str = "balanced"
    passages: int = 8
    sources: tuple[str, ...] = ()
    anyway: bool = False
    tentative: bool = True
    policy: str = ""
    checker: str = ""
    instructions: str = ""
    follow_ups: bool = True


def _nobody(_: str) -> bool:
    return False


class ChatService:
    """One server's indexes, models and queues. Safe to use from several threads."""

    def __init__(
        self,
        workspaces: Workspaces,
        uploads: Uploads,
        spec: str = "none",
        open_model: OpenModel | None = None,
        state: State | None = None,
    ) -> None:
        """Make a service whose model is not opened yet.

        Args:
            workspaces: The indexes.
            uploads: The ingestion jobs.
            spec: The server's own model.
            open_model: Opens that model; called by `prepare` in the background.
            state: What the server remembers for a while, and shares with others on one database; None: a memory of its
                own.
        """
        self.workspaces, self.uploads, self.spec = workspaces, uploads, spec
        # The settings of the server: those of the index that it was started with.
        self.settings = workspaces.first.settings
        self.watching = Watching(uploads)
        # Whether a user is an operator; the server says, which knows its users and who can reach it.
        self.is_operator: Callable[[str], bool] = _nobody
        home = workspaces.first.folder.parent
        self.preferences, self.servers, self.shares = PreferenceFiles(home), ModelServers(home), Shares(home)
        self.fetching = ModelFetching(self.settings.models)
        self.suggestions, self.follow_ups = Suggestions(self._is_idle), FollowUps()
        self.unstored = UnstoredAnswers()
        self._own = OwnModel(spec, open_model or (lambda: None))
        # The models that were opened, each with the server that it was opened at.
        self._models: dict[str, tuple[NamedServer | None, Model | None]] = {}
        self._opening_others = threading.Lock()
        self._local_queue, self._hosted_queue = FairQueue(1), FairQueue(_HOSTED_AT_ONCE)
        self._guard = threading.RLock()
        # The answers that are being made, by the folder of the index and the conversation.
        self._running: dict[tuple[Path, str], list[RunningAnswer]] = {}
        self.state = state or MemoryState()
        self._shared = SharedAnswers(self.state, self._own_answers) if self.state.is_shared else None
        self.batches: UploadBatches | SharedBatches = (
            SharedBatches(UploadLimits(), self.state, home) if self.state.is_shared else UploadBatches(UploadLimits())
        )

    # -- models ------------------------------------------------------------------------------------------------------

    def prepare(self, delay: float = 0.0) -> None:
        """Open the server's own model in the background, unless that has been done.

        Args:
            delay: Seconds before it begins: loading takes the whole machine for seconds, which a page that is being
                opened needs itself.
        """
        self._own.prepare(delay)

    @property
    def reason(self) -> Notice | None:
        """Why the server's own model cannot be used; None when it can, or was not tried yet."""
        return self._own.reason

    def choices(self) -> list[ModelChoice]:
        """Return the models that a person may choose, the server's own first."""
        return choices(self.spec, self.settings, self.servers.all())

    def models(self) -> list[str]:
        """Return the specs of these models."""
        return [choice.spec for choice in self.choices()]

    def model_of(self, preferences: Preferences) -> str:
        """Return the spec of the model that answers a person: the server's own where the chosen one is gone."""
        return preferences.model if preferences.model in self.models() else self.spec or "none"

    def passages_of(self, preferences: Preferences) -> int:
        """Return how many passages are read for an answer."""
        return preferences.passages or min(MOST_PASSAGES, max(FEWEST_PASSAGES, self.settings.top_k))

    def options_of(self, user: str, sources: tuple[str, ...] = (), anyway: bool = False) -> AskOptions:
        """Return how a person wants a question answered.

        Args:
            user: The person; empty where there are no users.
            sources: The sources to ask only about; none: all.
            anyway: Whether a question that would be refused is answered tentatively.
        """
        wanted = self.preferences.of(user)
        return AskOptions(
            model=self.model_of(wanted),
            strictness=wanted.strictness,
            passages=self.passages_of(wanted),
            sources=sources,
            anyway=anyway,
            tentative=wanted.tentative,
            policy=wanted.policy,
            checker=wanted.checker,
            instructions=wanted.instructions,
            follow_ups=wanted.follow_ups,
        )

    def forget_model(self, spec: str) -> None:
        """Open a model anew the next time that it is asked; an answer that it is writing goes on."""
        with self._opening_others:
            self._models.pop(spec, None)

    def _model(self, spec: str) -> tuple[Model | None, Notice | None]:
        """Return the model, and, if that is None, why quotes have to do."""
        spec = spec or self.spec
        return self._own.get() if spec == self.spec else self._other_model(spec)

    def _other_model(self, spec: str) -> tuple[Model | None, Notice | None]:
        if spec not in self.models():
            return None, Notice("model-not-offered", {"model": spec})
        with self._opening_others:
            try:
                kept = self.servers.find(spec) if spec.startswith(PREFIX) else None
                server = self.servers.reachable(kept.server) if kept else None
                # Another chat on this home may have given the server another key.
                if spec not in self._models or self._models[spec][0] != server:
                    opened = open_server(server, self.settings) if server else open_llm(spec, self.settings)
                    self._models[spec] = server, opened
            except (LLMError, ModelError, UsageError) as error:
                return None, error.notice
            return self._models[spec][1], None

    def _queue(self, spec: str) -> FairQueue:
        spec = spec or self.spec
        return self._hosted_queue if spec.startswith(PREFIX) or is_hosted(spec) else self._local_queue

    def chooses_folders(self, user: str, workspace: str) -> bool:
        """Return whether a user sees and chooses the folders that a workspace watches: an operator who looks after it.

        Args:
            user: The user.
            workspace: The id of the workspace; nobody chooses those of one that they do not see.
        """
        with suppress(UsageError):
            return self.is_operator(user) and self.workspaces.looks_after(user, workspace, True)
        return False

    def lists_unanswered(self, user: str, workspace: str) -> bool:
        """Return whether a user's questions in a workspace that others look after are listed where they find no answer.

        Args:
            user: The user.
            workspace: The id of the workspace.
        """
        try:
            shared = not self.workspaces.writable(user, workspace)
            return shared and bool(UnansweredQuestions(self.workspaces.open(user, workspace).folder).since())
        except (UsageError, IndexUnusable):
            return False

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(
        self,
        user: str,
        index: Index,
        conversation: str,
        question: str,
        options: AskOptions,
        after: str | None = None,
    ) -> RunningAnswer:
        """Begin to answer a question; the answer is stored in the conversation, whether anybody watches or not.

        Args:
            user: Who asks; empty where there are no users.
            index: The index to ask.
            conversation: The id of the conversation, one of the user's.
            question: The question; it is cut after 4,000 characters.
            options: How it is to be answered.
            after: The id of the turn that it follows, "" for a first one; None: the last one that is shown.

        Returns:
            The answer in the making. Its states: while it waits, its position; then the answer as it grows. The last
            one is done and stored, unless it was taken back.

        Raises:
            UsageError: The conversation is not the user's, or too many of its questions wait already.
            IndexUnusable: The index cannot be read.
        """
        question = question.strip()[:_LONGEST_QUESTION]
        key = (index.folder, conversation)
        elsewhere = self._shared.elsewhere(conversation) if self._shared else ()
        with self._guard:
            if len(self._running.get(key, ())) + len(elsewhere) >= _MOST_RUNNING:
                raise UsageError(Notice("too-many-questions", {"most": _MOST_RUNNING}))
            history = History(index.folder)
            asked_only = asked_notice(options.sources, index.catalog)
            begun = Answer(question, question, notices=(asked_only,) if asked_only else (), state="searching")
            turn = history.save(user, conversation, begun, after=after)

            def make(cancel: threading.Event) -> Iterator[QuestionState]:
                return self._states(user, index, turn, options, cancel)

            def at_end(ended: RunningAnswer) -> None:
                with self._guard:
                    self._running[key].remove(ended)
                    if not self._running[key]:
                        del self._running[key]
                if self._shared:
                    self._shared.forget(ended)

            self.follow_ups.make_way(conversation, self._queue(options.model))
            running = RunningAnswer(turn.id, make, at_end)
            self._running.setdefault(key, []).append(running)
        if self._shared:
            # It is being made by now; where it cannot be told, it is a second later.
            with suppress(DatabaseUnusable):
                self._shared.tell(conversation, running)
        return running

    def running(self, index: Index, conversation: str) -> list[RunningAnswer | AnswerElsewhere]:
        """Return the answers that are being made in a conversation, in the order in which they were asked for.

        Those that other servers make come first.
        """
        elsewhere = self._shared.elsewhere(conversation) if self._shared else ()
        with self._guard:
            return [*elsewhere, *self._running.get((index.folder, conversation), ())]

    def _own_answers(self) -> list[tuple[str, RunningAnswer]]:
        """Return the answers that this server makes, each with the id of its conversation."""
        with self._guard:
            return [(conversation, one) for (_, conversation), made in self._running.items() for one in made]

    def _is_idle(self) -> bool:
        """Whether nobody waits for an answer."""
        with self._guard:
            return not self._running

    def delete_workspace(self, user: str, id_: str) -> Deleted:
        """Move a workspace into the trash; answers that are being made in it are ended first, and stored in it.

        Args:
            user: Who does it.
            id_: The workspace.

        Returns:
            What can be brought back.

        Raises:
            UsageError: The workspace is not the user's own, it is the only one, or files are being added to it.
            IndexUnusable: Another program writes into it, or it cannot be opened.
        """
        index = self.workspaces.open(user, id_)
        if not self.workspaces.is_shared(user, id_):
            if any(not job.state().over for job in self.uploads.jobs(index)):
                raise UsageError(Notice("upload-running"))
            with self._guard:
                running = [one for (folder, _), made in self._running.items() if folder == index.folder for one in made]
            for one in running:
                one.cancel()
            for one in running:
                one.wait(_CLOSING_SECONDS)
            self.watching.end(index)
        return self.workspaces.delete(user, id_)

    def _states(
        self, user: str, index: Index, turn: StoredTurn, options: AskOptions, cancel: threading.Event
    ) -> Iterator[QuestionState]:
        """Answer the question of a turn, which is stored, and store the answer in its place."""
        history = History(index.folder)
        answer_options = self._answer_options(index, options)
        queue = self._queue(options.model)
        with queue.take(user or turn.conversation) as ticket:
            while not ticket.wait(_POSITION_SECONDS):
                if cancel.is_set():
                    history.withdraw(user, turn.id)
                    yield QuestionState(turn.id, taken_back=True)
                    return
                yield QuestionState(turn.id, ticket.position)
            model, reason = self._model(options.model)
            settings = index.settings
            is_stored, timer = False, StepTimer()
            for current in answer(
                index,
                turn.question,
                model=model,
                history=_messages(history.before(user, turn, _HISTORY_TURNS)),
                options=answer_options,
                reranker=open_reranker(settings.reranker, settings.threads, settings.device, settings.models),
                cancel=cancel,
            ):
                steps = timer.enter(current.state)
                if current.state == "done":
                    current = with_reasons(current, reason, cancel.is_set())
                # As it was when the question was asked: the first of the notices.
                current = replace(current, notices=(*turn.answer.notices, *current.notices))
                # Stored as soon as there are passages: from then on no ingestion deletes what it may cite.
                if current.state == "done" or (current.passages and not is_stored):
                    current = self.unstored.store(index.folder, user, turn, current)
                    is_stored = True
                yield QuestionState(turn.id, 0, current, steps)
        if options.follow_ups and not cancel.is_set():
            self.follow_ups.begin(index, turn.id, turn.conversation, current, model, queue)

    def _answer_options(self, index: Index, options: AskOptions) -> AnswerOptions:
        threshold = threshold_of(index, index.settings.threshold) * STRICTNESS.get(options.strictness, 1.0)
        if not options.tentative:
            # What would be a tentative answer is none.
            threshold = max(threshold, tentative_of(index, index.settings.tentative))
        by_settings = AnswerOptions.of(index.settings, source_patterns(options.sources), options.anyway)
        return replace(
            by_settings,
            passages=options.passages,
            threshold=min(threshold, _HIGHEST_THRESHOLD),
            policy=POLICIES.get(options.policy, by_settings.policy),
            checker=options.checker,
            instructions=options.instructions,
        )

    def close(self) -> None:
        """End what is running, and let go of the models and indexes that were opened here."""
        with self._guard:
            running = [one for answers in self._running.values() for one in answers]
        # What is being read and what is being written end side by side.
        self.watching.stop()
        for one in running:
            one.cancel()
        for one in running:
            one.wait(_CLOSING_SECONDS)
        if self._shared:
            self._shared.close()
        self.fetching.close()
        self.suggestions.close()
        self.follow_ups.close()
        self.watching.close()
        self.uploads.close()
        self.batches.close()
        self.workspaces.close()
        self._own.close()
        for _, model in list(self._models.values()):
            if model is not None:
                model.close()


def _messages(turns: Sequence[StoredTurn]) -> list[Turn]:
    """Return questions and their answers as messages, without those that were interrupted."""
    return [
        message
        for turn in turns
        if turn.answer.state == "done"
        for message in (Turn("user", turn.question), Turn("assistant", turn.answer.answer))
    ]


def conversation_for(history: History, user: str, id_: str) -> Conversation:
    """Return the user's conversation of an id, or a new one.

    Args:
        history: The conversations of an index.
        user: Whose conversation it is; empty where there are no users.
        id_: Its id; empty, or one that is not the user's: a new conversation is begun.

    Returns:
        The conversation.
    """
    conversation = history.conversation(user, id_) if id_ else None
    return conversation or history.begin(user)
