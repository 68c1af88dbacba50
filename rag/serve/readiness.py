"""Whether a service can answer.

Owns: what is looked at: that an index can be opened, and that the language model is loaded. Knows nothing about routes.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

from rag.errors import RagError
from rag.hosting.access import Caller
from rag.notices import Notice
from rag.serve.service import Service


class Readiness:
    """Looks at a service. Safe to use from several threads: one looks, and the others are told what it saw before."""

    def __init__(self, service: Service) -> None:
        """Look at nothing yet.

        Args:
            service: The service.
        """
        self._service = service
        self._looking = threading.Lock()
        self._seen: Mapping[str, Notice | None] = {"index": Notice("model-still-loading", {"model": service.spec})}

    def checks(self) -> Mapping[str, Notice | None]:
        """Return what was looked at, each with why it is not ready; None for what is."""
        # Whoever asks needs no key, and an index takes seconds to open: many must not hold a thread each.
        if self._looking.acquire(blocking=False):
            try:
                self._seen = {"index": self._index(), "model": self._model()}
            finally:
                self._looking.release()
        return self._seen

    def _index(self) -> Notice | None:
        """Return why no index can be opened; one that cannot does not keep the others from being served."""
        if self._service.opened():
            return None
        everybody = Caller()
        problem = None
        try:
            names = self._service.names(everybody)
        except RagError as error:
            return error.notice
        for name in names:
            try:
                self._service.open(everybody, name)
            except RagError as error:
                problem = problem or error.notice
            else:
                return None
        return problem or Notice("no-such-index")

    def _model(self) -> Notice | None:
        model = self._service.model
        if model.settled and model.reason is not None:
            # Tries to open it again after a while: a service that nobody is sent to has no questions that would.
            model.get()
        return model.reason if model.settled else Notice("model-still-loading", {"model": self._service.spec})
