"""A model that only chats as a LlamaIndex ``LLM``.

Owns: what LlamaIndex asks about such a model, and a completion as a conversation of one message. Knows nothing about
how a model is reached: a class of this kind brings ``stream_chat`` and ``chat``.
"""

from __future__ import annotations

from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index.core.llms import CustomLLM
from llama_index.core.llms.callbacks import llm_completion_callback


class ChatLLM(CustomLLM):
    """What the models that only chat have in common."""

    model_name: str
    context_window: int
    num_output: int

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex asks about a model: its name, window and answer length, in tokens."""
        return LLMMetadata(
            context_window=self.context_window,
            num_output=self.num_output,
            is_chat_model=True,
            model_name=self.model_name,
        )

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:  # noqa: ARG002
        """Answer a prompt, yielded piece by piece.

        Args:
            prompt: The text, sent as a message of the user.
            formatted: Part of LlamaIndex's interface; ignored.
            **kwargs: As of ``stream_chat``.

        Returns:
            An iterator of responses, each with the text so far and what it adds.
        """

        def answer() -> CompletionResponseGen:
            for response in self.stream_chat([ChatMessage(role="user", content=prompt)], **kwargs):
                yield CompletionResponse(text=response.message.content or "", delta=response.delta)

        return answer()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:  # noqa: ARG002
        """Answer a prompt, whole.

        Args:
            prompt: The text, sent as a message of the user.
            formatted: Part of LlamaIndex's interface; ignored.
            **kwargs: As of ``stream_chat``.

        Returns:
            The whole answer.
        """
        return CompletionResponse(text=self.chat([ChatMessage(role="user", content=prompt)], **kwargs).message.content)
