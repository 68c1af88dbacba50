"""One open thing to ask: an index and the models that answer from it, kept open from question to question.

Owns: opening both once and closing both, and asking from programs that block, stream or are asynchronous. Adds nothing
to how a question is answered.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.errors import UsageError
from rag.models.llm.model import Model
from rag.models.llm.opening import open_llm
from rag.models.weights import Fetch, pull
from rag.notices import Notice
from rag.retrieval.passages import Reranker, open_reranker, retrieve
from rag.settings import Settings
from rag.store.index import Index, open_index
from rag.types import Answer, IngestReport, Passage, Turn

if TYPE_CHECKING:
    from rag.ingestion.pipeline import Progress

Result = TypeVar("Result")
Named = TypeVar("Named", str, str | PathLike[str])

_CLOSED_INDEX = Notice("index-closed")


class Assistant:
    """An open index and the models that answer from it. Several threads and tasks may ask at once.

    The index is opened when the assistant is made, the language model with the first question; both stay open until the
    assistant is closed. Use it in a ``with`` or an ``async with``::

        with rag.Assistant("papers") as assistant:
            print(assistant.ask("What was measured?").answer)
    """

    def __init__(
        self,
        index: Index | str = "default",
        *,
        home: str | PathLike[str] | None = None,
        llm: str | None = None,
        settings: Settings | None = None,
        create: bool = False,
        fetch: Fetch | None = None,
    ) -> None:
        """Open an index by name, or take an open one, which its owner closes.

        Args:
            index: The name of an index, or an open index, whose settings then count.
            home: The folder in which indexes lie; None: the settings' one.
            llm: A language model as on the command line, such as ``local`` or ``ollama:NAME``; ``none`` answers with
                quotes. None: the settings' one. Weights that are absent are fetched.
            settings: The settings; None: those of the environment.
            create: Whether to make an empty index where there is none.
            fetch: Fetches known weights that are absent, by name; None: they are fetched silently.

        Raises:
            UsageError: An open index is given together with what opens one, or the name cannot name an index.
            IndexUnusable: There is no index, or it cannot be used.
            ModelError: The embedding model cannot be fetched.
        """
        if isinstance(index, Index):
            if index.closed:
                raise UsageError(_CLOSED_INDEX)
            if home is not None or settings is not None or create:
                raise UsageError(
                    "An open index has its home and settings already; give `home`, `settings` and "
                    "`create` to open_index."
                )
            self.index, self._owns_index = index, False
        elif not isinstance(index, str) or not isinstance(settings, Settings | None):
            raise UsageError("An assistant is made with the name of an index, or an open one, and with rag.Settings.")
        else:
            folder = None if home is None else Path(home)
            self.index = open_index(index, folder, settings=settings, create=create, fetch=fetch)
            self._owns_index = True
        self._spec = llm or self.index.settings.llm
        self._fetch = fetch or (lambda name: pull(name, self.index.settings.models))
        self._opening = threading.Lock()
        self._model: Model | None = None
        self._model_is_open = self._closed = False

    # -- asking ------------------------------------------------------------------------------------------------------

    def ask(
        self, question: str, *, history: Sequence[Turn] = (), sources: Sequence[str] = (), anyway: bool = False
    ) -> Answer:
        """Answer a question from the documents; every sentence cites the words it rests on.

        Args:
            question: The question, in words.
            history: The conversation so far, oldest message first, for a question that refers to it.
            sources: Globs such as ``reports/*.pdf``; only documents that match one are searched. Empty: all.
            anyway: Whether a question that would be refused is answered all the same, with ``tentative`` set.

        Returns:
            The finished answer. ``abstained`` says that the documents do not hold one; ``notices`` and ``degraded`` say
            that the model failed and quotes stand in for its words.

        Raises:
            UsageError: The model's name has no known form, no document matches ``sources``, or the assistant is closed.
            ModelError: The weights of a model cannot be fetched or loaded.
            LLMError: The language model's service cannot be used.
        """
        *_, last = self.ask_stream(question, history=history, sources=sources, anyway=anyway)
        return last

    def ask_stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        sources: Sequence[str] = (),
        anyway: bool = False,
        cancel: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Answer a question in snapshots: each is the whole answer so far, the last one is checked and done.

        Args:
            question: The question, in words.
            history: The conversation so far, oldest message first.
            sources: Globs; only documents that match one are searched. Empty: all.
            anyway: Whether a question that would be refused is answered all the same, with ``tentative`` set.
            cancel: Ends the writing when it is set; what was written is checked and shown.

        Yields:
            The answer so far; ``state`` says which step is at work. What a model has written is unchecked until then.

        Raises:
            UsageError: As for ``ask``.
            ModelError: As for ``ask``.
            LLMError: As for ``ask``.
        """
        if not isinstance(question, str) or not question.strip():
            raise UsageError("The question is empty; ask one in words.")
        if not all(isinstance(turn, Turn) for turn in history):
            raise UsageError("The history is a list of rag.Turn(role, content), oldest message first.")
        model = self.open_model()
        yield from answer(
            self.index,
            question,
            model=model,
            history=history,
            options=AnswerOptions.of(self.index.settings, _several(sources), anyway),
            reranker=self._reranker(),
            cancel=cancel,
        )

    async def aask(
        self, question: str, *, history: Sequence[Turn] = (), sources: Sequence[str] = (), anyway: bool = False
    ) -> Answer:
        """Answer a question without blocking the event loop; arguments, result and errors as of ``ask``.

        Args:
            question: The question, in words.
            history: The conversation so far, oldest message first.
            sources: Globs; only documents that match one are searched. Empty: all.
            anyway: Whether a question that would be refused is answered all the same, with ``tentative`` set.

        Returns:
            The finished answer. Where the task is cancelled, the model stops writing.
        """
        async with aclosing(self.aask_stream(question, history=history, sources=sources, anyway=anyway)) as snapshots:
            return [snapshot async for snapshot in snapshots][-1]

    async def aask_stream(
        self, question: str, *, history: Sequence[Turn] = (), sources: Sequence[str] = (), anyway: bool = False
    ) -> AsyncGenerator[Answer, None]:
        """Answer a question in snapshots without blocking the event loop; arguments and errors as of ``ask_stream``.

        Args:
            question: The question, in words.
            history: The conversation so far, oldest message first.
            sources: Globs; only documents that match one are searched. Empty: all.
            anyway: Whether a question that would be refused is answered all the same, with ``tentative`` set.

        Yields:
            The answer so far. Where the reader leaves or its task is cancelled, the model stops writing.
        """
        loop = asyncio.get_running_loop()
        snapshots: asyncio.Queue[Answer | Exception | None] = asyncio.Queue()
        cancel = threading.Event()

        def put(item: Answer | Exception | None) -> None:
            loop.call_soon_threadsafe(snapshots.put_nowait, item)

        def run() -> None:
            try:
                for snapshot in self.ask_stream(
                    question, history=history, sources=sources, anyway=anyway, cancel=cancel
                ):
                    if cancel.is_set():
                        return
                    put(snapshot)
                put(None)
            except Exception as error:
                put(error)

        answering = asyncio.create_task(asyncio.to_thread(run))
        try:
            while (item := await snapshots.get()) is not None:
                if isinstance(item, Exception):
                    raise item
                yield item
        finally:
            cancel.set()
            # The thread uses the index, which may be closed as soon as this ends.
            await asyncio.wait([answering])

    # -- beside asking -----------------------------------------------------------------------------------------------

    def retrieve(self, question: str, k: int = 8, sources: Sequence[str] = ()) -> list[Passage]:
        """Find the passages that bear most on a question, by meaning and by keywords.

        Args:
            question: The question, in words.
            k: The most passages to return.
            sources: Globs; only documents that match one are searched. Empty: all.

        Returns:
            At most ``k`` passages, best first; ``scores`` says how each was ranked.

        Raises:
            UsageError: No document matches ``sources``, ``k`` is no number from 1, or the assistant is closed.
            ModelError: The reranker that the settings name cannot be loaded.
        """
        self._check_open()
        if not isinstance(k, int) or k < 1:
            raise UsageError(f"k is how many passages are wanted, a whole number from 1; it is {k!r}.")
        return retrieve(self.index, question, k, sources=_several(sources), reranker=self._reranker())

    async def aretrieve(self, question: str, k: int = 8, sources: Sequence[str] = ()) -> list[Passage]:
        """Find passages without blocking the event loop; arguments, result and errors as of ``retrieve``.

        Args:
            question: The question, in words.
            k: The most passages to return.
            sources: Globs; only documents that match one are searched. Empty: all.

        Returns:
            At most ``k`` passages, best first.
        """
        return await self._in_thread(lambda: self.retrieve(question, k, sources))

    def ingest(self, paths: Sequence[str | PathLike[str]], progress: Progress | None = None) -> IngestReport:
        """Make the index mirror files and folders; a file that cannot be read does not stop the others.

        Args:
            paths: Files and folders. Folders are searched for every format that Footnote reads.
            progress: Called while files are read and embedded.

        Returns:
            What happened to each file.

        Raises:
            UsageError: A path does not exist, or the assistant is closed.
            IndexUnusable: Another process writes to the index.
        """
        from rag.ingestion.pipeline import ingest

        self._check_open()
        return ingest(self.index, [Path(path) for path in _several(paths)], progress)

    async def aingest(self, paths: Sequence[str | PathLike[str]], progress: Progress | None = None) -> IngestReport:
        """Ingest without blocking the event loop; arguments, result and errors as of ``ingest``.

        Args:
            paths: Files and folders.
            progress: Called in another thread while files are read and embedded.

        Returns:
            What happened to each file.
        """
        return await self._in_thread(lambda: self.ingest(paths, progress))

    # -- opening and closing -----------------------------------------------------------------------------------------

    def open_model(self) -> Model | None:
        """Open the language model, unless that has been done; the first question does it, too.

        Returns:
            The model; None where answers are quotes.

        Raises:
            UsageError: Its name has no known form, or the assistant is closed.
            ModelError: Its weights cannot be fetched or loaded.
            LLMError: Its service cannot be used.
        """
        with self._opening:
            self._check_open()
            if not self._model_is_open:
                self._model = open_llm(self._spec, self.index.settings, self._fetch)
                self._model_is_open = True
            return self._model

    def close(self) -> None:
        """Close the model, and the index where it was opened here. What is being written ends."""
        with self._opening:
            if self._closed:
                return
            self._closed = True
            if self._model:
                self._model.close()
        if self._owns_index:
            self.index.close()

    def __enter__(self) -> Assistant:
        self._check_open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def __aenter__(self) -> Assistant:
        self._check_open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await asyncio.to_thread(self.close)

    def _reranker(self) -> Reranker | None:
        settings = self.index.settings
        return open_reranker(settings.reranker, settings.threads, settings.device, settings.models)

    def _check_open(self) -> None:
        if self._closed:
            raise UsageError(Notice("assistant-closed"))
        if self.index.closed:
            raise UsageError(_CLOSED_INDEX)

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        """Return what ``work()`` returns; where the task is cancelled, wait for the thread, which uses the index."""
        working = asyncio.create_task(asyncio.to_thread(work))
        try:
            return await asyncio.shield(working)
        finally:
            await asyncio.wait([working])


def _several(named: Sequence[Named] | Named) -> Sequence[Named]:
    """Return what was given, or the one thing that was given: a text is no list of its letters."""
    return [named] if isinstance(named, str | PathLike) else named
