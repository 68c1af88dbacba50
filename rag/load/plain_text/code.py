"""Cut source code into blocks.

Owns: which lines open a definition, in many languages at once. Parses none of them.
"""

from __future__ import annotations

import re

from rag.load.plain_text.line_blocks import BlockCollector, split_lines
from rag.types import Block

_DEFINITION = re.compile(
    r"(?:export |default |pub |public |private |protected |static |async |abstract |final )*"
    r"(?:def|class|function|func|fn|struct|enum|trait|impl|interface|type|module|namespace|package|"
    r"create|CREATE|alter|ALTER|insert|INSERT|select|SELECT)\b"
)
# How decorators and comments begin.
_DECORATIONS = ("@", "#", "//", "/*", " *", "--")
# From so many lines on, a block ends at the next blank line.
_LONG_BLOCK = 60


def code_blocks(text: str) -> tuple[Block, ...]:
    """Return blocks that begin at each definition at the margin, and at blank lines where a block has grown long."""
    collector = BlockCollector()
    after_blank = False
    for line in split_lines(text):
        content = line[1]
        if not content or content.isspace():
            after_blank = True
            continue
        at_margin = not content[0].isspace() and content[0] not in ")]}"
        is_long = len(collector.open_lines) >= _LONG_BLOCK
        is_definition = _DEFINITION.match(content) is not None and not _is_decorated(collector)
        if (after_blank and (at_margin or is_long)) or (at_margin and is_definition):
            collector.take(line, "code")
        else:
            collector.take(line)
        if len(collector.open_lines) == 1:
            collector.kind = "code"
        after_blank = False
    collector.close()
    return tuple(collector.blocks)


def _is_decorated(collector: BlockCollector) -> bool:
    """Tell whether the line above belongs to the definition below it: a decorator or a comment."""
    return bool(collector.open_lines) and collector.open_lines[-1][1].startswith(_DECORATIONS)
