"""The workers of an ingestion on a Ray cluster.

Owns: what is sent to a node for a file, how often a file is tried whose reader dies, and the end of the connection.
"""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from rag.cluster.address import ClusterAddress
from rag.cluster.calls import Calls, Died
from rag.cluster.connection import connect, nodes_of
from rag.cluster.model_files import SentModel, send_model
from rag.cluster.node import Failed, FileToRead, ModelAbsent, Unseen, WantedModel, read_file, this_node
from rag.cluster.seats import Seats
from rag.errors import LoadError, ModelError
from rag.ingestion.read_ahead import Bounds, ReadAhead
from rag.ingestion.workers import CutDocument, Hire, Workers, WorkersFailed, chunk_limit, read_limits
from rag.load.loader import read_whole
from rag.models.encoder import Encoder, SentenceEncoder, Vectors
from rag.models.encoders import folder_of_model
from rag.notices import Notice
from rag.precision import precision_of
from rag.settings import Settings

_LOG = logging.getLogger(__name__)
# A file whose reader dies so often is what it dies of.
_TRIES = 3
_MOST_FILES_AT_ONCE = 128


def hire_on(address: ClusterAddress) -> Hire:
    """Return what makes the workers of an ingestion on a cluster.

    Args:
        address: Where the cluster is.

    Returns:
        Makes them, where there is such a cluster and its nodes can work.
    """
    return partial(_hire, address)


def _hire(address: ClusterAddress, encoder: Encoder, settings: Settings) -> Workers:
    ray = connect(address)
    try:
        return ClusterWorkers(ray, encoder, settings)
    except BaseException:
        ray.shutdown()
        raise


class ClusterWorkers:
    """Read and cut files as tasks of a cluster, and embed in its actors."""

    def __init__(self, ray: Any, encoder: Encoder, settings: Settings) -> None:
        """See which nodes can work.

        Args:
            ray: The module, connected; the workers end the connection.
            encoder: The embedding model of the index.
            settings: The limits of reading, the size of chunks, and the embedding model.

        Raises:
            UsageError: No node can.
        """
        self._ray, self._settings = ray, settings
        self._calls = Calls(ray)
        self._limits, self._chunk_limit = read_limits(settings), chunk_limit(encoder, settings)
        self._model = WantedModel(
            settings.embedding_model,
            encoder.fingerprint,
            precision_of(encoder.fingerprint),
            settings.query_prompt,
            settings.passage_prompt,
            this_node(asks_for_gpu=False).versions,
            settings.device,
        )
        self._read_there = ray.remote(read_file).options(max_retries=0, num_cpus=1, scheduling_strategy="SPREAD")
        self._sent: SentModel | None = None
        self._sending = threading.Lock()
        self._ends = threading.Lock()
        with self._calls.using():
            nodes = nodes_of(ray)
        self._seats = Seats(self._calls, nodes, self._model, self._ask)
        self.files_at_once = min(_MOST_FILES_AT_ONCE, sum(node.cpus for node in nodes))
        # While the last texts of a batch are computed, other processes begin with the next.
        self.batches_at_once = max(2, self._seats.count // 4)
        _LOG.info("cluster joined", extra={"nodes": len(nodes), "encoders": self._seats.count})

    def read(self, path: Path, source: str) -> CutDocument:
        """Read and cut a file on a node.

        Args:
            path: The file, as this machine sees it.
            source: The name of its source.

        Returns:
            Its document, with its chunks.

        Raises:
            LoadError: It cannot be read, or is not to be.
            WorkersFailed: Its readers died again and again.
        """
        for _ in range(_TRIES):
            try:
                return self._read_once(path, source)
            except Died as death:
                _LOG.warning("a process that reads has died (%s); its file is read again", death)
        raise WorkersFailed(Notice("cluster-file-kills", {"times": _TRIES}))

    def encode(self, parts: Sequence[Sequence[str]]) -> Iterator[Vectors]:
        """Embed texts on the nodes; see ``Workers``."""
        bounds = Bounds(self._seats.count, 2 * self._seats.count, math.inf)
        ahead = ReadAhead(self._seats.encode, lambda *_: 1.0, lambda: None, bounds)
        for _, vectors in ahead.over(parts):
            yield vectors

    def close(self) -> None:
        """Give up what is at work, and leave the cluster; one that was started here ends."""
        self._calls.give_up()
        with self._ends:
            if self._ray.is_initialized():
                self._ray.shutdown()

    def _read_once(self, path: Path, source: str) -> CutDocument:
        try:
            status = path.stat()
        except OSError:
            # Says in one sentence what it is.
            read_whole(path, self._limits.max_file_mb)
            raise LoadError(Notice("file-gone")) from None
        file = FileToRead(str(path), source, status.st_size, status.st_mtime_ns)
        result = self._ask(self._reading(file))
        if isinstance(result, Unseen):
            data = read_whole(path, self._limits.max_file_mb)
            file = FileToRead(str(path), source, len(data), status.st_mtime_ns, data)
            result = self._ask(self._reading(file))
        assert isinstance(result, CutDocument), "with its bytes, a file is seen"
        return result

    def _reading(self, file: FileToRead) -> Callable[[SentModel | None], Any]:
        return lambda sent: self._read_there.remote(file, self._limits, self._chunk_limit, self._model, sent)

    def _ask(self, ask: Callable[[SentModel | None], Any]) -> Any:
        """Ask a node; where it lacks the model, send that and ask again.

        Raises:
            Died: The one that was asked has died.
            LoadError: The file cannot be read.
            ModelError: The model cannot be used there.
        """
        result = self._calls.result(lambda: ask(self._sent))
        if isinstance(result, ModelAbsent):
            sent = self._model_to_send()
            result = self._calls.result(lambda: ask(sent))
        if isinstance(result, Failed):
            raise result.error()
        return result

    def _model_to_send(self) -> SentModel:
        """Return the files of the model, which all nodes may have from now on."""
        with self._sending:
            if self._sent is None:
                folder = folder_of_model(self._settings)
                if folder is None:
                    raise ModelError(Notice("cluster-model-absent", {"model": self._model.spec}))
                _LOG.info("the embedding model is sent to nodes that lack it")
                self._export(folder)
                with self._calls.using():
                    self._sent = send_model(folder, self._ray.put, self._ray.get)
            return self._sent

    def _export(self, folder: Path) -> None:
        """Make the export that processors compute with, which each node would make for itself otherwise."""
        # Without torch, too, the files may do for a node.
        with suppress(ModelError, ImportError):
            SentenceEncoder(self._model.spec, folder, self._settings.threads, precision=self._model.precision).prepare()
