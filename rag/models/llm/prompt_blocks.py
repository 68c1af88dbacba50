"""Reading the beginning of a prompt once, without a word of the answer changing.

Owns: which blocks of a prompt the engine still holds from the prompt before it, and that it goes on behind them. Knows
nothing about weights, or about what is asked.

Numbers computed in another batch are rounded otherwise, and a rounding can change a word. So a prompt is computed in
blocks of one size, counted from its start, and only whole blocks are used again: what was computed for a block depends
on the tokens up to its end alone, never on what was asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import httpx

OnChunk = Callable[[dict[str, Any]], object]
Tokenize = Callable[[Sequence[Mapping[str, str]]], list[int]]


class BlockwiseServer:
    """A llama.cpp server with one slot, which reads only the blocks that the last prompt did not begin with.

    Callers ask one at a time.
    """

    def __init__(self, server: Any, tokenize: Tokenize, block: int) -> None:
        """Take a server that computes prompts in batches of ``block`` tokens.

        Args:
            server: An ``xllamacpp.Server`` with ``n_parallel`` 1 and ``n_ubatch`` equal to ``block``.
            tokenize: Returns the tokens that the server makes of messages.
            block: Tokens in a block.
        """
        self._server, self._tokenize, self._block = server, tokenize, block
        self._held: list[int] = []

    def chat(self, request: Mapping[str, Any], on_chunk: OnChunk) -> None:
        """Answer as ``handle_chat_completions`` does.

        Args:
            request: The request; whether the engine may use what it holds is decided here.
            on_chunk: Called with each part of the reply, or with the whole; returns whether to stop.

        Raises:
            Exception: What the engine raises.
        """
        try:
            prompt = self._tokenize(request["messages"])
        except (httpx.HTTPError, RuntimeError, KeyError, ValueError):  # a closed client, too
            prompt = []
        kept = reusable(self._held, prompt, self._block)
        # Unless this reply ends well, nobody knows how much of its prompt was computed.
        self._held = []
        if kept:
            self._forget_behind(prompt, kept)
        usage: dict[str, Any] = {}

        def watch(chunk: dict[str, Any]) -> object:
            usage.update(chunk.get("usage") or {})
            return on_chunk(chunk)

        self._server.handle_chat_completions({**request, "cache_prompt": kept > 0}, watch)
        used = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
        if usage.get("prompt_tokens") == len(prompt) and used in (0, kept):
            self._held = prompt

    def _forget_behind(self, prompt: Sequence[int], kept: int) -> None:
        """Leave the first tokens of a prompt in the engine, and one behind them that the prompt does not go on with.

        The engine goes on where its tokens and the prompt part, which is then behind the last whole block.
        """
        other = next(token for token in (*prompt, 0, 1) if token != prompt[kept])
        self._server.handle_completions(
            {"prompt": [*prompt[:kept], other], "n_predict": 0, "temperature": 0, "cache_prompt": True}, lambda _: False
        )


def reusable(held: Sequence[int], prompt: Sequence[int], block: int) -> int:
    """Return how many of the first tokens of a prompt are held in whole blocks. At least its last token is not.

    Args:
        held: The tokens of the prompt before it, which was computed in blocks.
        prompt: The tokens of the prompt.
        block: Tokens in a block.

    Returns:
        A multiple of ``block``.
    """
    alike = 0
    for was, token in zip(held, prompt[:-1], strict=False):
        if was != token:
            break
        alike += 1
    return alike // block * block
