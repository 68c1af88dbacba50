"""A language model that shouts the first sentence of the evidence."""

from __future__ import annotations

import re
from typing import Any

from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_completion_callback

# A strong model is given "[1] (source › headings)" above the words of a passage, a weak one lines "title: sentence".
FIRST_OF_PASSAGE = re.compile(r"^\[1\] \(.*\)\n(?:.*\n)*?(\S.*?[.!?])(?:\s|$)", re.MULTILINE)
FIRST_OF_LINES = re.compile(r"^Text:\n.*?: (.*?[.!?])(?:\s|$)", re.MULTILINE)


class Parrot(CustomLLM):
    name: str

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(context_window=4096, model_name=self.name)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        found = FIRST_OF_PASSAGE.search(prompt) or FIRST_OF_LINES.search(prompt)
        return CompletionResponse(text=f"{found[1].rstrip('.!?')}! [1]" if found else "I see no evidence.")

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        said = ""
        for word in re.findall(r"\S+\s*", self.complete(prompt).text):
            said += word
            yield CompletionResponse(text=said, delta=word)
