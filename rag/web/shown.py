"""An address as it may be shown.

Owns: that no password which somebody wrote into an address is printed. Imports nothing heavy.
"""

from __future__ import annotations

import re

_SECRET = re.compile(r"(?<=//)[^/?#\s]*@")


def shown_address(text: str) -> str:
    """Return an address that a person gave, without the name and the password in it."""
    return _SECRET.sub("…@", text.strip())
