"""Who calls the service, and what they may do: the callers of ``rag.hosting.access``.

Owns: nothing but these names.
"""

from __future__ import annotations

from rag.hosting.access import Access, Caller, CallerMustWait, GuardedAccess, OpenAccess, access_of

__all__ = ["Access", "Caller", "CallerMustWait", "GuardedAccess", "OpenAccess", "access_of"]
