"""Make a follow-up question stand alone.

Owns: which questions lean on the conversation, and what they lean on. Knows nothing about retrieval.

A strong model rewrites the question. Without one, a follow-up gets the subject of the questions before it appended in
brackets: small models rewrite worse than this rule (see ``tests/benchmarks/followups.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.errors import LLMError
from rag.marks import strip_marks
from rag.models.llm.model import Message, Model
from rag.prompts import Prompt
from rag.text import STOPWORDS, normalise, words
from rag.types import Turn

_LEANING = frozenset(
    """it its itself they them their theirs he him his she her hers this that these those there one ones former latter
    same both others another else then so such""".split()
)
_PEOPLE = frozenset("he him his she her hers they them their theirs who whose".split())
_OPENERS = re.compile(
    r"^\s*(and|or|but|so|also|then|what about|how about|why\s*\??$|why not|how come|in what|since when)\b", re.I
)
_QUESTION_HEAD = re.compile(
    r"^\W*(?:(?:and|so|but|please|tell me|show me|explain|describe|do you know|can you tell me)\s+)*"
    r"(?:(?:in|at|on|by|for|to|from|of|with)\s+)?"
    r"(?:who|whom|whose|what|when|where|which|why|how)?"
    r"(?:\s+(?:long|many|much|often|far|old|big|large|high|tall|deep|wide|fast|soon))?"
    r"(?:\s+(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had))?"
    r"(?:\s+(?:i|you|we|one))?\s+",
    re.I,
)
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b\w*[A-ZÀ-ÞΑ-ΩА-Я]\w*(?:[ -]\w*[A-ZÀ-ÞΑ-ΩА-Я]\w*)*")
_LONGEST_SUBJECT = 160


def is_follow_up(question: str) -> bool:
    """Whether a question cannot be understood without what was said before."""
    found = words(question)
    content = [word for word in found if word not in STOPWORDS]
    return bool(_OPENERS.match(question)) or any(word in _LEANING for word in found) or len(content) < 2


def conversation_subject(history: Sequence[Turn], people: bool) -> str:
    """What the conversation is about: the last question that stands alone, without its question words.

    With ``people`` the names in the last answer come with it: "who is the keeper?" is followed by "when was she born?".
    """
    for turn in reversed(history):
        if turn.role == "user" and not is_follow_up(turn.content):
            about = _QUESTION_HEAD.sub("", turn.content.strip(), count=1).strip(" ?!.\t\n")
            break
    else:
        users = [turn.content for turn in history if turn.role == "user"]
        about = users[-1].strip(" ?!.") if users else ""
    if people and history and history[-1].role == "assistant":
        first = strip_marks(history[-1].content)[:400]
        names = [name for name in dict.fromkeys(_NAME.findall(first)) if normalise(name) not in normalise(about)]
        about = " ".join([about, *names[:2]]).strip()
    return " ".join(about.split())[:_LONGEST_SUBJECT]


def rewrite_query(question: str, history: Sequence[Turn], model: Model | None, prompt: Prompt) -> str:
    """The question as it would be asked without the conversation; unchanged when it already stands alone."""
    if not history:
        return question
    if model is not None and not model.weak:
        rewritten = rewrite_with_model(question, history, model, prompt)
        if rewritten:
            return rewritten
    if not is_follow_up(question):
        return question
    about = conversation_subject(history, bool(_PEOPLE & set(words(question))))
    return f"{question.strip()} ({about})" if about else question


def rewrite_with_model(question: str, history: Sequence[Turn], model: Model, prompt: Prompt) -> str:
    spoken = "\n".join(f"{turn.role}: {strip_marks(turn.content)[:1000]}" for turn in history[-6:])
    system, user = prompt.fill(history=spoken, question=question)
    messages = [Message("system", system), Message("user", user)]
    try:
        text = "".join(model.stream(messages, max_tokens=120)).strip()
    except LLMError:
        return ""
    line = text.splitlines()[0].strip(' \t"“”') if text else ""
    return line if 0 < len(line) <= 400 else ""
