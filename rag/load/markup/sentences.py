"""Tell which elements stand in the middle of a sentence.

Owns: what stands before and behind an element. Knows nothing about blocks or words.
"""

from __future__ import annotations

from typing import Any

from rag.load.markup.elements import children, has_blocks

# Blocks that people put into a paragraph; HTML ends the paragraph before them, and what follows loses it.
_PUT_INTO_PARAGRAPHS = frozenset(("center", "address", "details"))
_ENDS = tuple(".!?:;…。！？।؟")
_DEPTH = 5
_CHARACTERS = 80


def is_in_sentence(node: Any) -> bool:
    """Tell whether an element stands between the two halves of a sentence, as in "Press <center>Start</center> now"."""
    if node.tag == "summary":
        return node.parent is not None and is_in_sentence(node.parent)
    if node.tag not in _PUT_INTO_PARAGRAPHS:
        return False
    before, after = node.prev, node.next
    if before is None or before.tag != "p" or after is None or after.tag != "-text":
        return False
    follows = (after.text_content or "").strip()
    ends = last_text(before).rstrip()
    if not follows or not ends or ends.endswith(_ENDS):
        return False
    return not any(child.tag != "summary" and has_blocks(child) for child in children(node))


def ends_before_sentence_goes_on(paragraph: Any) -> bool:
    """Tell whether an element that stands in the middle of its sentence follows a paragraph."""
    following = paragraph.next
    return paragraph.tag == "p" and following is not None and is_in_sentence(following)


def last_text(node: Any) -> str:
    """Return the text that an element ends with."""
    for _ in range(_DEPTH):
        last = node.last_child
        if last is None:
            return ""
        if last.tag == "-text":
            return (last.text_content or "")[-_CHARACTERS:]
        node = last
    return ""


def text_after(node: Any) -> str:
    """Return the beginning of the text that follows an element directly."""
    following = node.next
    for _ in range(_DEPTH):
        if following is None:
            return ""
        if following.tag == "-text":
            return (following.text_content or "")[:_CHARACTERS]
        following = following.child
    return ""
