"""Keep the libraries that load models from the network.

Owns: the variable that switches the Hugging Face hub off, and whose wish it is. A fetch that Footnote announces is
the user's wish and goes on; a library never begins one by itself.
"""

from __future__ import annotations

import os

_VARIABLE = "HF_HUB_OFFLINE"
_set_by_us = False


def keep_libraries_offline() -> None:
    """Switch the hub off for libraries, unless the user has decided. Call it before one of them is imported."""
    global _set_by_us
    if _VARIABLE not in os.environ:
        os.environ[_VARIABLE] = "1"
        _set_by_us = True


def hub_switched_off() -> bool:
    """Whether the user has switched the hub off."""
    return not _set_by_us and os.environ.get(_VARIABLE, "").lower() in ("1", "true", "yes", "on")
