"""Keep the libraries that load models from the network.

Owns: the variable that switches the Hugging Face hub off, and whether the user or Footnote has set it. Knows nothing
about models. A library never downloads by itself; a fetch that Footnote announces goes on unless the user has switched
the hub off.
"""

from __future__ import annotations

import os

_VARIABLE = "HF_HUB_OFFLINE"
_set_by_us = False


def keep_libraries_offline() -> None:
    """Switch the hub off for libraries, unless the user has set the variable; call it before one is imported."""
    global _set_by_us
    if _VARIABLE not in os.environ:
        os.environ[_VARIABLE] = "1"
        _set_by_us = True


def hub_switched_off() -> bool:
    """Return whether the user has switched the hub off."""
    return not _set_by_us and os.environ.get(_VARIABLE, "").lower() in ("1", "true", "yes", "on")
