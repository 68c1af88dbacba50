"""Untrusted text as HTML.

Owns: the escaping of what documents, models and people wrote. Characters stand one for one: what is shown has as many
as the text.
"""

from __future__ import annotations

import html

from rag.text import printable

# A template engine on the way to the reader must find nothing to fill in.
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;", "$": "&#36;", "`": "&#96;"})


def escape(text: str) -> str:
    """Return text for an element or a quoted attribute, without what could hide or reorder its words."""
    return html.escape(printable(text), quote=True).translate(_BRACES)
