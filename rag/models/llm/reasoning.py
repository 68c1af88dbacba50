"""What a model that reasons first writes before its answer. Pure.

Owns: the marks that models put around their thoughts, and telling thoughts and answer apart, while they come and
afterwards. Knows nothing about services or answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple


class Thought(str):
    """A piece of a reply that is no word of the answer: the model thinks, and its server says so.

    Attributes:
        text: What it thinks; "" where the server tells only that it does.
    """

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str = "") -> Thought:
        """Make a piece without words of a thought."""
        piece = super().__new__(cls, "")
        piece.text = text
        return piece


class _Form(NamedTuple):
    """How a thought at the beginning of a reply is marked; a held one counts as answer if its end never comes."""

    opens: str
    closes: tuple[str, ...]
    is_held: bool = False


_TAGS = ("think", "thinking", "thought", "thoughts", "reasoning", "seed:think", "longcat_think", "mm:think")
_TO_FINAL = "<|channel|>final<|message|>"
_HARMONY_ENDS = ("<|end|>", "<|return|>")
_FORMS = (
    *(_Form(f"<{tag}>", (f"</{tag}>",)) for tag in _TAGS),
    _Form("[THINK]", ("[/THINK]",)),
    _Form("◁think▷", ("◁/think▷",)),
    _Form("<|START_THINKING|>", ("<|END_THINKING|>",)),
    _Form("<|channel>thought", ("<channel|>",)),
    *(
        _Form(f"{start}<|channel|>{channel}<|message|>", (*_HARMONY_ENDS, _TO_FINAL))
        for start in ("", "<|start|>assistant")
        for channel in ("analysis", "commentary")
    ),
    # A server that drops the special tokens of the form above leaves their words.
    _Form("analysis", ("assistantfinal",), is_held=True),
    _Form("Here is my thought process:", ("Here is my response:",), is_held=True),
    _Form("Here's my thought process:", ("Here's my response:", "Here is my response:"), is_held=True),
    _Form("Here are my reasoning steps:", ("[BEGIN FINAL RESPONSE]",), is_held=True),
)
# Marks that end a thought even where its beginning was not written, because the prompt holds it.
_ENDS = tuple(
    dict.fromkeys(end for form in _FORMS if not form.is_held for end in form.closes if end not in _HARMONY_ENDS)
)
# What the answer behind a thought may be wrapped in.
_WRAPPERS = {
    "<answer>": ("</answer>",),
    "<response>": ("</response>",),
    "<|START_RESPONSE|>": ("<|END_RESPONSE|>",),
    _TO_FINAL: _HARMONY_ENDS,
    f"<|start|>assistant{_TO_FINAL}": _HARMONY_ENDS,
}
_QUOTES = re.escape("`'\"“„«")
_LONGEST_END = max(len(end) for form in _FORMS for end in form.closes)


class Separator:
    """Tells thoughts from the words of the answer while a reply comes, piece by piece.

    Words are passed on as soon as they are certain to be no mark. Where the end of a thought comes whose beginning was
    not written, the words before it are passed on already: the mark is passed on behind them, and
    ``without_reasoning`` finds it in the whole reply.

    Attributes:
        thoughts: What was thought, in pieces.
        has_thought: Whether anything was.
        opens_unseen: Whether the end of a thought came whose beginning had not been written.
    """

    def __init__(self, opens_unseen: bool = False) -> None:
        """Make a separator for one reply.

        Args:
            opens_unseen: Whether the model is known to begin inside a thought: no word is passed on before its end.
        """
        self.thoughts: list[str] = []
        self.has_thought = self.opens_unseen = False
        self._begins_inside = opens_unseen
        self._is_apart = False
        self._take: Callable[[str, list[str]], str] = self._at_start
        self._held: list[str] = []
        self._text = ""
        self._before = ""
        self._ends: tuple[str, ...] = ()
        self._answer_ends: tuple[str, ...] = ()

    def tell(self, thought: Thought) -> None:
        """Take note of a thought that the server keeps apart from the reply."""
        self._is_apart = self.has_thought = True
        self._note(thought.text)

    def feed(self, piece: str) -> list[str]:
        """Return the words of the answer that are certain after another piece of the reply."""
        words: list[str] = []
        while piece:
            piece = self._take(piece, words)
        return words

    def finish(self, is_cut: bool = False) -> list[str]:
        """Return the words that were held back, after the last piece.

        Args:
            is_cut: Whether a limit cut the reply: what may be a thought then is one, although its end did not come.

        Returns:
            The last words of the answer.
        """
        if self._take == self._in_thought or (is_cut and self._take == self._in_held):
            self._note("".join(self._held) or self._text)
            return []
        if self._take == self._in_answer:
            return [self._text] if self._text else []
        return self._held if not self.has_thought else [self._text] if self._text else []

    def _at_start(self, text: str, words: list[str]) -> str:
        self._held.append(text)
        self._text = head = (self._text + text).lstrip()
        wrappers = _WRAPPERS if self.has_thought else {}
        if form := next((form for form in _FORMS if _opens(form, head)), None):
            rest = head[len(form.opens) :]
            opened = "".join(self._held).removesuffix(rest)
            self._turn_to(self._in_held if form.is_held else self._in_thought, form.closes)
            self._held = [opened] if form.is_held else []
            return rest
        if end := next((end for end in _ENDS if head.startswith(end) and end not in wrappers), ""):
            return self._close("", head[len(end) :])
        if wrapper := next((wrapper for wrapper in wrappers if head.startswith(wrapper)), ""):
            self._answer_ends = wrappers[wrapper]
            return self._close("", head[len(wrapper) :])
        if _may_grow(head, wrappers):
            return ""
        held = [head] if self.has_thought else self._held
        if self._begins_inside and not self.has_thought:
            self._turn_to(self._in_held, _ENDS)
            self._held = held[:-1]
            self._text = "".join(held[:-1])
            return held[-1]
        self._turn_to(self._in_answer, self._answer_ends if self.has_thought else _ENDS)
        return [self._in_answer(piece, words) for piece in held][-1]

    def _in_thought(self, text: str, words: list[str]) -> str:  # noqa: ARG002
        text = self._text + text
        if end := _pattern(self._ends).search(text):
            return self._close(text[: end.start()], text[end.end() if end.group() != _TO_FINAL else end.start() :])
        kept = min(len(text), _LONGEST_END)
        self._note(text[: len(text) - kept])
        self._text = text[len(text) - kept :]
        return ""

    def _in_held(self, text: str, words: list[str]) -> str:  # noqa: ARG002
        self._held.append(text)
        text = self._text + text
        if end := _pattern(self._ends).search(text):
            self.opens_unseen = self._ends is _ENDS
            whole = "".join(self._held)
            return self._close(whole[: len(whole) - len(text) + end.start()], text[end.end() :])
        self._text = text[-_LONGEST_END:]
        return ""

    def _in_answer(self, text: str, words: list[str]) -> str:
        if not self._text and not any(end[0] in text for end in self._ends):
            words.append(text)
            self._before = text[-1]
            return ""
        window, begin = self._before + self._text + text, len(self._before)
        if end := _pattern(self._ends).search(window, begin):
            if self._ends is _ENDS:
                words.append(window[begin : end.end()])
                self.opens_unseen = True
                return self._close("", window[end.end() :])
            words.append(window[begin : end.start()])
            self._turn_to(self._in_answer, ())
            return window[end.end() :].lstrip()
        kept = _length_of_beginning(window[begin:], self._ends)
        self._text = window[len(window) - kept :]
        if certain := window[begin : len(window) - kept]:
            words.append(text if certain == text else certain)
            self._before = certain[-1]
        return ""

    def _turn_to(self, take: Callable[[str, list[str]], str], ends: tuple[str, ...]) -> None:
        self._take, self._ends = take, ends
        self._text = self._before = ""
        self._held = []

    def _close(self, thought: str, rest: str) -> str:
        """Note the end of a thought, and return what follows: another one, or the answer."""
        self._note(thought)
        self.has_thought = True
        self._turn_to(self._at_start, ())
        return rest

    def _note(self, thought: str) -> None:
        if thought:
            self.thoughts.append(thought)
            self.has_thought = True


def without_reasoning(text: str) -> str:
    """Return the answer in what a model wrote, without the thoughts before it."""
    separator = Separator()
    answer = "".join([*separator.feed(text), *separator.finish()])
    if not separator.opens_unseen:
        return answer
    return answer[max(end.end() for end in _pattern(_ENDS).finditer(answer)) :].lstrip()


def _opens(form: _Form, head: str) -> bool:
    # A word that an answer may begin with opens a thought only where the next one is written right behind it.
    return head.startswith(form.opens) and (form.opens[-1] != "s" or head[len(form.opens) :][:1].isupper())


def _may_grow(head: str, wrappers: Mapping[str, object]) -> bool:
    """Tell whether the beginning of a reply may become a mark with what comes next."""
    marks = (*(form.opens for form in _FORMS), *_ENDS, *wrappers)
    return head in ("", "analysis") or any(len(mark) > len(head) and mark.startswith(head) for mark in marks)


@cache
def _pattern(ends: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of any of these marks where it is not quoted."""
    return re.compile(f"(?<![{_QUOTES}])(?:{'|'.join(map(re.escape, ends))})" if ends else r"(?!)")


def _length_of_beginning(text: str, marks: tuple[str, ...]) -> int:
    """Return how many of the last characters may be the beginning of a mark."""
    return max((length for mark in marks for length in range(1, len(mark)) if text.endswith(mark[:length])), default=0)
