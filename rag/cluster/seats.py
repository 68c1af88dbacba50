"""The processes of a cluster that embed.

Owns: how many there are and where, which of them is free, and that one that dies is made anew: on its node, or on
another one where that has died, too. Knows nothing about files.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from rag.cluster.calls import Calls, Died
from rag.cluster.connection import Node, on_node
from rag.cluster.node import EncoderSeat, WantedModel
from rag.errors import UsageError
from rag.ingestion.workers import NotEmbedded, WorkersFailed
from rag.models.device import CPU
from rag.models.encoder import Vectors
from rag.notices import Notice

_LOG = logging.getLogger(__name__)
# Whoever dies so often over the same texts dies of them.
_TRIES = 3


@dataclass(slots=True)
class _Seat:
    """A place for a process: on a node, with a GPU or without; the process is started when it is first asked."""

    node: str
    model: WantedModel
    gpus: int
    actor: Any = None


class Seats:
    """As many processes as a cluster has GPUs and nodes without one."""

    def __init__(self, calls: Calls, nodes: Sequence[Node], model: WantedModel, ask: Any) -> None:
        """Start none yet.

        Args:
            calls: Waits for results.
            nodes: The nodes.
            model: The model, with the device of the settings.
            ask: Asks a node: is given a function from the files of a model that are sent, or None, to a reference, and
                returns the result. It sends the model where the node lacks it.
        """
        self._calls, self._ask = calls, ask
        self._actors = calls.ray.remote(EncoderSeat)
        self._free: queue.LifoQueue[_Seat] = queue.LifoQueue()
        self._moving = threading.Lock()
        self.count = 0
        for node in nodes:
            wants_gpu = bool(node.gpus) and model.device != CPU
            # What has no GPU of its own must not take that of another.
            device = model.device if wants_gpu else CPU
            for _ in range(node.gpus if wants_gpu else 1):
                seated = replace(model, device=device, threads=node.cpus)
                self._free.put(_Seat(node.id, seated, 1 if wants_gpu else 0))
                self.count += 1

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Embed texts in the next process that is free.

        Args:
            texts: The texts, which are computed together.

        Returns:
            Their vectors, of shape ``(texts, dimension)``.

        Raises:
            NotEmbedded: Processes died over some of the texts again and again.
            UsageError: No node is left.
            ModelError: The model cannot be used there.
        """
        for _ in range(_TRIES):
            seat = self._free.get()
            try:
                return self._encode_in(seat, texts)
            except Died as death:
                _LOG.warning("a process that embeds has died (%s); it is made anew", death)
                seat.actor = None
            finally:
                self._free.put(seat)
        if len(texts) == 1:
            raise NotEmbedded(frozenset(texts), WorkersFailed(Notice("cluster-text-kills", {"times": _TRIES})))
        return self._one_by_one(texts)

    def _one_by_one(self, texts: Sequence[str]) -> Vectors:
        """Embed texts alone: those that others died beside are good."""
        vectors, refused = [], list[NotEmbedded]()
        for text in texts:
            try:
                vectors.append(self.encode([text]))
            except NotEmbedded as one:
                refused.append(one)
        if refused:
            raise NotEmbedded(frozenset().union(*(one.texts for one in refused)), refused[0].error)
        return np.concatenate(vectors)

    def _encode_in(self, seat: _Seat, texts: Sequence[str]) -> Vectors:
        if seat.actor is None:
            with self._calls.using():
                self._find_place(seat)
                placed = {"num_cpus": 0, "num_gpus": seat.gpus, "max_restarts": 0}
                seat.actor = self._actors.options(scheduling_strategy=on_node(seat.node), **placed).remote()
        actor, model = seat.actor, seat.model
        vectors: Vectors = self._ask(lambda sent: actor.encode.remote(list(texts), model, sent))
        return vectors

    def _find_place(self, seat: _Seat) -> None:
        """Move a seat whose node has died to another one, where it computes on the processor."""
        with self._moving:
            alive = {node["NodeID"]: node for node in self._calls.ray.nodes() if node["Alive"]}
        if seat.node not in alive:
            cpus = {id_: int(node["Resources"].get("CPU", 0)) for id_, node in alive.items()}
            place = max((id_ for id_ in cpus if cpus[id_]), key=lambda id_: (cpus[id_], id_), default=None)
            if place is None:
                raise UsageError(Notice("cluster-lost", {"cause": "no node is left"}))
            seat.node, seat.gpus = place, 0
            seat.model = replace(seat.model, device=CPU, threads=cpus[place])
