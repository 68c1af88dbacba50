"""Make a follow-up question stand alone.

Owns: which questions are follow-ups, and what they refer to. Knows nothing about retrieval.

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

# Words that point to something said before.
_REFERRING_WORDS = frozenset(
    """it its itself they them their theirs he him his she her hers this that these those there one ones former latter
    same both others another else then so such""".split()
)
# Words that point to people, whose names may stand in the last answer only.
_PEOPLE = frozenset("he him his she her hers they them their theirs who whose".split())
# How a follow-up opens.
_OPENERS = re.compile(
    r"^\s*(and|or|but|so|also|then|what about|how about|why\s*\??$|why not|how come|in what|since when)\b", re.I
)
# What stands before the subject of a question: "Can you tell me how long is".
_QUESTION_HEAD = re.compile(
    r"^\W*(?:(?:and|so|but|please|tell me|show me|explain|describe|do you know|can you tell me)\s+)*"
    r"(?:(?:in|at|on|by|for|to|from|of|with)\s+)?"
    r"(?:who|whom|whose|what|when|where|which|why|how)?"
    r"(?:\s+(?:long|many|much|often|far|old|big|large|high|tall|deep|wide|fast|soon))?"
    r"(?:\s+(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had))?"
    r"(?:\s+(?:i|you|we|one))?\s+",
    re.I,
)
# A run of words with capitals that does not open a sentence.
_NAME = re.compile(r"(?<![.!?]\s)(?<!^)\b\w*[A-ZÀ-ÞΑ-ΩА-Я]\w*(?:[ -]\w*[A-ZÀ-ÞΑ-ΩА-Я]\w*)*")
# Characters of a subject that a question is given.
_SUBJECT_CHARACTERS = 160
# Names of the last answer that a subject is given, and the characters of the answer they are looked for in.
_NAMES, _ANSWER_CHARACTERS = 2, 400
# What a model is shown of the conversation: its last messages, each cut.
_MESSAGES_SHOWN, _MESSAGE_CHARACTERS = 6, 1000
# A rewritten question that is longer is none; a model that rambles is stopped.
_REWRITTEN_CHARACTERS, _REWRITTEN_TOKENS = 400, 120


def rewrite_query(question: str, history: Sequence[Turn], model: Model | None, prompt: Prompt) -> str:
    """Rewrite a question as it would be asked without the conversation.

    Args:
        question: The question as the user put it.
        history: The conversation before it, oldest message first.
        model: The language model; only a strong one is asked. None: the rule alone.
        prompt: The prompt for the model.

    Returns:
        A question that stands alone; the same one where it already does.
    """
    if not history:
        return question
    if model is not None and not model.weak:
        rewritten = rewrite_with_model(question, history, model, prompt)
        if rewritten:
            return rewritten
    if not is_follow_up(question):
        return question
    subject = conversation_subject(history, bool(_PEOPLE & set(words(question))))
    return f"{question.strip()} ({subject})" if subject else question


def rewrite_with_model(question: str, history: Sequence[Turn], model: Model, prompt: Prompt) -> str:
    """Let a model rewrite a question.

    Args:
        question: The question as the user put it.
        history: The conversation before it; its last six messages are shown.
        model: The language model.
        prompt: The prompt, with places for the history and the question.

    Returns:
        The first line of what the model writes; "" where it fails, writes nothing or far too much.
    """
    conversation = "\n".join(
        f"{turn.role}: {strip_marks(turn.content)[:_MESSAGE_CHARACTERS]}" for turn in history[-_MESSAGES_SHOWN:]
    )
    system, user = prompt.fill(history=conversation, question=question)
    messages = [Message("system", system), Message("user", user)]
    try:
        text = "".join(model.stream(messages, max_tokens=_REWRITTEN_TOKENS)).strip()
    except LLMError:
        return ""
    line = text.splitlines()[0].strip(' \t"“”') if text else ""
    return line if len(line) <= _REWRITTEN_CHARACTERS else ""


def is_follow_up(question: str) -> bool:
    """Tell whether a question cannot be understood without what was said before."""
    question_words = words(question)
    content = [word for word in question_words if word not in STOPWORDS]
    return (
        bool(_OPENERS.match(question)) or any(word in _REFERRING_WORDS for word in question_words) or len(content) < 2
    )


def conversation_subject(history: Sequence[Turn], people: bool) -> str:
    """Find what the conversation is about: the last question that stands alone, without its question words.

    Args:
        history: The conversation, oldest message first.
        people: Whether two names of the last answer are appended: "who is the keeper?" is followed by "when was she
            born?".

    Returns:
        The subject, cut to 160 characters; "" where nothing was asked.
    """
    for turn in reversed(history):
        if turn.role == "user" and not is_follow_up(turn.content):
            subject = _QUESTION_HEAD.sub("", turn.content.strip(), count=1).strip(" ?!.\t\n")
            break
    else:
        questions = [turn.content for turn in history if turn.role == "user"]
        subject = questions[-1].strip(" ?!.") if questions else ""
    if people and history and history[-1].role == "assistant":
        opening = strip_marks(history[-1].content)[:_ANSWER_CHARACTERS]
        names = [name for name in dict.fromkeys(_NAME.findall(opening)) if normalise(name) not in normalise(subject)]
        subject = " ".join([subject, *names[:_NAMES]]).strip()
    return " ".join(subject.split())[:_SUBJECT_CHARACTERS]
