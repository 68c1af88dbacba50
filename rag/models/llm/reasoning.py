"""What a model that reasons first writes before its answer. Pure.

Owns: the marks that models put around their thoughts, and telling thoughts and answer apart, while they come and
afterwards. Knows nothing about services or answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from copy import copy
from functools import cache
from string import ascii_uppercase
from typing import NamedTuple

from rag.models.llm.turn_tokens import without_ending, without_opening


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
    """How a thought at the beginning of a reply is marked.

    Attributes:
        marks: What stands before it.
        closes: What stands behind it.
        is_held: Whether it counts as answer where its end never comes.
        hides: Whether a prompt may hold its beginning, so that a reply holds its end alone.
        pattern: What stands before it, where that is more than the marks.
    """

    marks: tuple[str, ...]
    closes: tuple[str, ...]
    is_held: bool = False
    hides: bool = False
    pattern: str = ""


def _tag_form(tag: str, hides: bool) -> _Form:
    marks = tuple(f"<{before}{tag}{behind}>" for before in ("", " ") for behind in ("", " "))
    closes = tuple(f"<{slash}{tag}{behind}>" for slash in ("/", "/ ", " /") for behind in ("", " "))
    return _Form(marks, closes, hides=hides, pattern=f"< ?{tag}{_ATTRIBUTES} ?>")


def _titled(*words: str) -> tuple[str, ...]:
    """Return how a line may begin that has one of these words as its title."""
    signs = (("", ":"), ("**", ":**"), ("**", "**:"), ("# ", "\n"), ("## ", "\n"), ("### ", "\n"))
    return tuple(f"{before}{word}{behind}" for word in words for before, behind in signs)


_ATTRIBUTES = r"(?:\s[^<>\n]{0,200})?"
_WORDS = ("think", "thinking", "thought", "thoughts", "reasoning")
# Tags whose beginning a chat template may write into the prompt; and tags that count only where it stands in the reply.
_HIDING_TAGS = (*_WORDS, "seed:think", "longcat_think", "mm:think")
_OTHER_TAGS = (
    *("antthinking", "reflection", "scratchpad", "analysis", "reason", "thought_process", "thinking_process"),
    *("inner_monologue", "internal_monologue", "inner_thoughts", "chain_of_thought", "monologue"),
)
_TO_FINAL = "<|channel|>final<|message|>"
_HARMONY_ENDS = ("<|end|>", "<|return|>")
_FORMS = (
    *(_tag_form(tag, True) for tag in _HIDING_TAGS),
    *(_tag_form(tag, False) for tag in _OTHER_TAGS),
    _Form(
        ("<details type=",),
        ("</details>",),
        pattern=rf"<details(?=\s[^<>\n]{{0,100}}\btype=[\"']?(?:reasoning|thinking)\b){_ATTRIBUTES}>",
    ),
    *(_Form((f"&lt;{tag}&gt;",), (f"&lt;/{tag}&gt;",)) for tag in _WORDS),
    *(_Form((f"[{tag}]",), (f"[/{tag}]",), hides=tag == "think") for tag in _WORDS),
    _Form(("◁think▷",), ("◁/think▷",), hides=True),
    _Form(("<|START_THINKING|>",), ("<|END_THINKING|>",), hides=True),
    _Form(("<|begin_of_thought|>",), ("<|end_of_thought|>",), hides=True),
    _Form(("<|channel>thought",), ("<channel|>",), hides=True),
    _Form(
        tuple(
            f"{start}<|channel|>{channel}<|message|>"
            for start in ("", "<|start|>assistant")
            for channel in ("analysis", "commentary")
        ),
        (*_HARMONY_ENDS, _TO_FINAL),
        hides=True,
    ),
    *(
        _Form(
            tuple(f"{fence}{word}{end}" for word in _WORDS for end in ("\n", " \n", "\r\n")),
            (f"\n{fence}\n", f"\n{fence}\r\n"),
        )
        for fence in ("```", "~~~")
    ),
    # A server that drops the special tokens of the form above leaves their words. A word that an answer may begin with
    # opens a thought only where the next one is written right behind it.
    _Form(("analysis",), ("assistantfinal",), is_held=True, pattern="(?-i:analysis(?=[A-Z]))"),
    _Form(("Here is my thought process:",), ("Here is my response:",), is_held=True),
    _Form(("Here's my thought process:",), ("Here's my response:", "Here is my response:"), is_held=True),
    _Form(("Here are my reasoning steps:",), ("[BEGIN FINAL RESPONSE]",), is_held=True),
    _Form(
        _titled("Thought", "Thoughts", "Thinking", "Reasoning", "Thought process", "Thinking process"),
        tuple(f"\n{title}" for title in _titled("Answer", "Final answer", "Antwort", "Réponse", "Respuesta")),
        is_held=True,
    ),
)
_OPENINGS = tuple(
    re.compile(form.pattern or "|".join(map(re.escape, form.marks)), re.ASCII | re.IGNORECASE) for form in _FORMS
)
# The beginning of a tag that has attributes.
_BEGUN = re.compile(
    rf"< ?(?:{'|'.join((*_HIDING_TAGS, *_OTHER_TAGS, 'details'))})\s[^<>\n]{{0,200}}\Z", re.ASCII | re.IGNORECASE
)
# What begins a thought between the sentences of an answer: a tag behind the end of one, or at the beginning of a line.
_ASIDES = tuple(f"<{tag}>" for tag in _WORDS)
_ASIDE = re.compile(
    rf"(?:(?<=\n)|(?<=[.!?:)\]。！？])|(?<=[.!?:)\]。！？] ))(?:{'|'.join(_ASIDES)})", re.ASCII | re.IGNORECASE
)
# Marks that end a thought even where its beginning was not written, because the prompt holds it.
_ENDS = tuple(dict.fromkeys(end for form in _FORMS if form.hides for end in form.closes if end not in _HARMONY_ENDS))
# What the answer behind a thought may be wrapped in.
_WRAPPERS = {
    **{f"<{tag}>": (f"</{tag}>",) for tag in ("answer", "response", "output", "solution", "final_answer")},
    "<|START_RESPONSE|>": ("<|END_RESPONSE|>",),
    "<|begin_of_solution|>": ("<|end_of_solution|>",),
    _TO_FINAL: _HARMONY_ENDS,
    f"<|start|>assistant{_TO_FINAL}": _HARMONY_ENDS,
}
_QUOTES = re.escape("`'\"“„«")
# With the quotation mark that may stand before it.
_LONGEST_END = max(len(end) for form in _FORMS for end in form.closes) + 1
_LONGEST_FENCE = 120
# Characters before a mark by which it is told whether it is quoted, or stands between sentences.
_LOOKED_BACK = 2
_FENCE = re.compile(rf"[ \t>]{{0,12}}(`{{3,40}}|~{{3,40}})([^`\n]{{0,{_LONGEST_FENCE}}})")
_SMALL = {ord(letter): letter.lower() for letter in ascii_uppercase}


class _Fences:
    """Tells whether a text that is read in pieces ends inside a fenced block of code.

    Attributes:
        opened: How many blocks have begun.
        are_open: Whether the last one has not ended.
    """

    def __init__(self) -> None:
        self.opened = 0
        self._line = self._fence = ""

    @property
    def are_open(self) -> bool:
        return bool(self._fence)

    def read(self, text: str) -> None:
        """Read on."""
        *lines, self._line = (self._line + text).split("\n")
        self._line = self._line[:_LONGEST_FENCE]
        for line in lines:
            found = _FENCE.fullmatch(line)
            if found and not self._fence:
                self._fence, self.opened = found[1], self.opened + 1
            elif found and not found[2].strip() and found[1].startswith(self._fence):
                self._fence = ""


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
        self._fences, self._passed_over = _Fences(), 0
        self._marks: tuple[str, ...] = ()
        self._noted = 0
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
        is_held = self._take in (self._in_held, self._in_aside)
        if self._take == self._in_thought or (is_cut and is_held):
            self._note("".join(self._held) or self._text)
            return []
        if self._take == self._in_answer:
            # A block that never ended was none; the last line may end it.
            self._fences.read(f"{self._text}\n")
            self.opens_unseen |= (
                self._ends is _ENDS and self._fences.are_open and self._passed_over == self._fences.opened
            )
            return [self._text] if self._text else []
        return self._held if is_held or not self.has_thought else [self._text] if self._text else []

    def _at_start(self, text: str, words: list[str]) -> str:
        self._held.append(text)
        self._text = head = (self._text + text).lstrip()
        wrappers = _WRAPPERS if self.has_thought else {}
        opening = next(filter(None, (pattern.match(head) for pattern in _OPENINGS)), None)
        if opening:
            form = _FORMS[_OPENINGS.index(opening.re)]
            rest = head[opening.end() :]
            opened = "".join(self._held).removesuffix(rest)
            self._turn_to(self._in_held if form.is_held else self._in_thought, form.closes)
            self._held = [opened] if form.is_held else []
            self._marks, self._noted = form.marks, len(self.thoughts)
            return rest
        small = _small(head[:_LONGEST_MARK])
        if end := next((end for end in _ENDS if small.startswith(_small(end)) and end not in wrappers), ""):
            return self._close("", head[len(end) :])
        if wrapper := next((wrapper for wrapper in wrappers if small.startswith(_small(wrapper))), ""):
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
            ends = self._ends
            rest = self._close(
                text[: end.start()], text[end.end() if _small(end.group()) != _TO_FINAL else end.start() :]
            )
            if any(mark in _small("".join(self.thoughts[self._noted :])) for mark in self._marks):
                # Another thought began in this one: what follows may be the rest of the outer one.
                self._turn_to(self._in_held, ends)
            return rest
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
        marks = (*self._ends, *_ASIDES)
        if not self._text and not _may_end(text, marks):
            words.append(text)
            self._fences.read(text)
            self._before = (self._before + text)[-_LOOKED_BACK:]
            return ""
        window, begin = self._before + self._text + text, len(self._before)
        end = self._end_of_thought(window, begin)
        if aside := self._aside(window, begin, end.start() if end else len(window)):
            words.append(window[begin : aside.start()])
            self._fences.read(window[begin : aside.start()])
            self._before, self._text, self._held = window[: aside.start()][-_LOOKED_BACK:], "", [aside.group()]
            self._take = self._in_aside
            return window[aside.end() :]
        if end:
            if self._ends is _ENDS:
                words.append(window[begin : end.end()])
                self.opens_unseen = True
                return self._close("", window[end.end() :])
            words.append(window[begin : end.start()])
            self._turn_to(self._in_answer, ())
            return window[end.end() :].lstrip()
        kept = _length_of_beginning(window[begin:], marks)
        self._text = window[len(window) - kept :]
        if certain := window[begin : len(window) - kept]:
            words.append(text if certain == text else certain)
            self._fences.read(certain)
            self._before = window[: len(window) - kept][-_LOOKED_BACK:]
        return ""

    def _in_aside(self, text: str, words: list[str]) -> str:  # noqa: ARG002
        """Hold a thought between the sentences of an answer until it ends; one that never ends was none."""
        self._held.append(text)
        window, opening = self._text + text, self._held[0]
        end = _pattern((f"</{opening[1:]}",)).search(window)
        if end is None:
            self._text = window[-_LONGEST_END:]
            return ""
        rest = window[end.end() :]
        self._note("".join(self._held)[len(opening) :].removesuffix(rest)[: -len(end.group())])
        self.has_thought = True
        self._take, self._held, self._text = self._in_answer, [], ""
        return rest

    def _aside(self, window: str, begin: int, before: int) -> re.Match[str] | None:
        """Return the first beginning of a thought between sentences that is not written inside a block of code."""
        fences, read = copy(self._fences), begin
        for aside in _ASIDE.finditer(window, begin):
            fences.read(window[read : aside.start()])
            read = aside.start()
            if aside.start() < before and not fences.are_open:
                return aside
        return None

    def _end_of_thought(self, window: str, begin: int) -> re.Match[str] | None:
        """Return the first mark that is not written inside a block of code."""
        fences = copy(self._fences)
        for end in _pattern(self._ends).finditer(window, begin):
            fences.read(window[begin : end.start()])
            begin = end.start()
            if not fences.are_open:
                return end
            self._passed_over = fences.opened
        return None

    def _turn_to(self, take: Callable[[str, list[str]], str], ends: tuple[str, ...]) -> None:
        self._take, self._ends = take, ends
        self._fences, self._passed_over = _Fences(), 0
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


def without_reasoning(text: str, is_cut: bool = False) -> str:
    """Return the answer in what a model wrote, without its thoughts and without tokens of a chat template.

    Args:
        text: What it wrote.
        is_cut: Whether more may come, or a limit cut it: what may be a thought then is one, although its end did not
            come.

    Returns:
        The answer.
    """
    separator = Separator()
    answer = "".join([*separator.feed(without_opening(text)), *separator.finish(is_cut)])
    if separator.opens_unseen:
        answer = answer[_end_of_thoughts(answer) :].lstrip()
    return without_ending(answer)


def _end_of_thoughts(text: str) -> int:
    """Return where the last mark ends that is not written inside a block of code; 0 without one."""
    last, passed_over, in_block = 0, 0, 0
    position, fences = 0, _Fences()
    for end in _pattern(_ENDS).finditer(text):
        fences.read(text[position : end.start()])
        position = end.start()
        if fences.are_open:
            passed_over, in_block = end.end(), fences.opened
        else:
            last = position = end.end()
            passed_over, fences = 0, _Fences()
    fences.read(f"{text[position:]}\n")
    return passed_over if passed_over and fences.are_open and in_block == fences.opened else last


def _small(text: str) -> str:
    """Return a text of the same length without capitals; marks have no other capitals than A to Z."""
    return text.translate(_SMALL)


def _may_grow(head: str, wrappers: Mapping[str, object]) -> bool:
    """Tell whether the beginning of a reply may become a mark with what comes next."""
    small = _small(head[:_LONGEST_MARK])
    return head in ("", "analysis") or small in _beginnings((*_MARKS, *wrappers)) or bool(_BEGUN.match(head))


@cache
def _beginnings(marks: tuple[str, ...]) -> frozenset[str]:
    """Return the beginnings of marks, which are not yet whole."""
    return frozenset(_small(mark[:length]) for mark in marks for length in range(1, len(mark)))


@cache
def _first_characters(marks: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join({mark[0] for mark in marks}))}]" if marks else r"(?!)")


def _may_end(text: str, marks: tuple[str, ...]) -> bool:
    return _first_characters(marks).search(text) is not None


@cache
def _pattern(ends: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of any of these marks where it is not quoted; one that begins a line never is."""
    quotable = [re.escape(end) for end in ends if not end.startswith("\n")]
    lines = [re.escape(end) for end in ends if end.startswith("\n")]
    pattern = [f"(?<![{_QUOTES}])(?:{'|'.join(quotable)})"] if quotable else []
    return re.compile("|".join([*pattern, *lines]) or r"(?!)", re.ASCII | re.IGNORECASE)


def _length_of_beginning(text: str, marks: tuple[str, ...]) -> int:
    """Return how many of the last characters may be the beginning of a mark."""
    small, begun = _small(text[-_LONGEST_END:]), _beginnings(marks)
    return next((length for length in range(len(small), 0, -1) if small[-length:] in begun), 0)


_MARKS = (*(mark for form in _FORMS for mark in form.marks), *_ENDS)
_LONGEST_MARK = max(map(len, (*_MARKS, *_WRAPPERS))) + 1
