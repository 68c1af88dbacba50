"""The tokens of a chat template that a server leaves in a reply. Pure.

Owns: what opens and ends a turn of the known templates, and taking it off. Knows nothing about thoughts or answers.
"""

from __future__ import annotations

import re

from rag.marks import code_spans, spans_outside

# What opens the model's turn: of ChatML, Llama 3 and 2, Gemma, Phi, Zephyr, DeepSeek; and its name alone on a line.
_OPENING = re.compile(
    r"\A\s*(?:(?:<s>|<bos>|<\|begin_of_text\|>|\[/INST\])\s*)*"
    r"(?:<\|im_start\|>\s?assistant\s*\n|<\|start_header_id\|>\s?assistant\s?<\|end_header_id\|>\s*|<\|assistant\|>\s*"
    r"|<start_of_turn>\s?model\s*\n|<[｜|]Assistant[｜|]>\s*"
    r"|(?:Assistant|ASSISTANT|### (?:Assistant|Response))\s?:\s*)?"
)
# What ends it. What follows is another turn, which the model has made up.
_END = re.compile(
    r"(?:<\|(?:im_end|im_start|eot_id|eom_id|start_header_id|end|endoftext|end_of_text|end_of_turn|user)\|>"
    r"|<(?:start_of_turn|end_of_turn|eos)>|</s>(?=\s{0,8}\Z)|\[/?INST\]|<[｜|](?:end▁of▁sentence|User)[｜|]>)"
)

# A word before a token and one behind it in one sentence.
_WORD_BEFORE = re.compile(r"[^\W\d_][,:]? \Z")
_GOES_ON = re.compile(r" [a-zß-ÿ]|[.,;] ?")
_LOOKED_BACK = 3


def without_opening(text: str) -> str:
    """Return a reply, whole or as far as it came, without what opens the model's turn."""
    opening = _OPENING.match(text)
    return text[opening.end() :] if opening and opening.group().strip() else text


def without_ending(text: str) -> str:
    """Return an answer, whole or as far as it came, without what ends the model's turn, and without what follows it.

    Args:
        text: The answer.

    Returns:
        The answer; as it is where no such token stands in it, or only in code or as a word of a sentence.
    """
    ends = [match.span() for match in _END.finditer(text) if not _is_told_of(text, match)]
    end = next(spans_outside(code_spans(text), ends), None) if ends else None
    return text if end is None else text[: end[0]].rstrip()


def _is_told_of(text: str, token: re.Match[str]) -> bool:
    """Tell whether a sentence tells of a token: "GPT-2 puts <|endoftext|> between texts"."""
    before = _WORD_BEFORE.search(text, max(0, token.start() - _LOOKED_BACK), token.start())
    return bool(before and _GOES_ON.match(text, token.end()))
