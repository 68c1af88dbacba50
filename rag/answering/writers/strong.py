"""Answer with a strong model: its draft over numbered evidence, checked sentence by sentence.

Owns: the course of such an answer. Knows nothing about retrieval.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.answering.closing import finish_abstained, finish_composed
from rag.answering.composer import Composer
from rag.answering.computed_lines import ComputedLineChecker
from rag.answering.context import AnswerContext
from rag.answering.draft import CheckedDraft, add_draft, check_draft
from rag.answering.inert_text import without_live_addresses
from rag.answering.material import Material
from rag.answering.notices import ending_notices, failure_notice, left_out_notice
from rag.answering.short_answers.said_of_question import word_of
from rag.answering.short_answers.strong_answer import (
    phrase_to_judge,
    refused,
    short_answer_of_draft,
    supported_short,
)
from rag.answering.writers.calls import with_calls_as_lines
from rag.answering.writers.long_reading import read_in_parts
from rag.answering.writers.reading_on import Reading, look_up, named_sources, search
from rag.answering.writers.reply import Reply, read_reply
from rag.answering.writers.requests import Request, read_requests, shown_while_writing
from rag.errors import LLMError
from rag.marks import plain_marks
from rag.models.llm.budget import count_fitting, longest_answer
from rag.models.llm.model import Message, Model, reading_window
from rag.models.llm.reasoning import without_reasoning
from rag.notices import Notice
from rag.prompts import SENTINEL, Prompt
from rag.question.question_words import QUESTION_CHARACTERS
from rag.types import Answer, Kind, LeftOut, PlannedSearch, Span, Usage
from rag.verify.absence import (
    is_absence,
    is_qualified,
    is_unmarked_absence,
    lacks_only_a_part,
    mentions_something_else,
    opens_with_absence,
)
from rag.verify.checker import Checker, NumberedEvidence
from rag.verify.claims import read_claims, supporting_spans
from rag.verify.declines import is_declining
from rag.verify.layout import is_fenced_code

# How often a model may look something up before it answers, and the tokens that all calls for one answer may have.
_ROUNDS, _TOKENS = 3, 48_000
# Kinds of questions that a phrase can answer.
_WITH_SHORT_ANSWER: tuple[Kind, ...] = ("fact", "yes-no", "computation", "comparison", "how-to")
# Of a question of these kinds an answer either holds what is asked, or not.
_ASKING_ONE_THING: tuple[Kind, ...] = ("fact", "yes-no", "computation", "how-to")
_BARE_ANSWER = re.compile(
    r"\W{0,4}(?:yes|no|ja|nein|oui|non|sí|si|sì|no|sim|não|ja|nee|да|нет|是|否|是的|不是|有|没有|はい|いいえ|نعم|لا)\W{0,4}",
    re.I,
)
# Marks of three digits and fewer are read.
_HIGHEST_MARK = 999
_MARKUP = re.compile(r"\s*(?:[-*+•#>|]|\d{1,3}[.)])\s")
# What joins two questions: "… and when did it …?"
_ASKING = (
    r"(?:what|when|where|who|whom|how|why|which|was|wann|wo|wer|wie|warum|welche\w{0,2}|quand|où|qui|comment|combien"
    r"|quel\w{0,4}|qué|cuándo|cuánt\w{1,2}|quién|cómo|dónde|quando|quanto|dove|chi|come|onde|quem|wanneer|waar|hoeveel"
    r"|когда|где|кто|сколько|как)"
)
_SEVERAL_PARTS = re.compile(
    rf"\?[^?]*\?|(?:\A\W*(?:is|are|does?|did|can|was|were|has|have|ist|sind|hat|kann)|\b{_ASKING})\b.{{0,400}}?"
    rf"(?:\b(?:and|or|und|oder|et|ou|y|e|o|en|и|или)|[,;،，、和])\s*(?:\w+\s+){{0,2}}?(?:{_ASKING}\b|什么|何时|谁|多少)",
    re.I | re.S,
)
# Evidence that is added below this room, in tokens, would leave none for the answer.
_LEAST_ROOM = 256


@dataclass(frozen=True, slots=True)
class _Written:
    """What a model wrote at last, and why it failed, if it did."""

    text: str
    failure: Notice | None = None


@dataclass(frozen=True, slots=True)
class StrongWriter:
    """Gives the passages as numbered evidence, streams the draft, then checks and cites sentence by sentence.

    Attributes:
        model: The open language model.
        prompt: The prompt with places for the evidence and the question.
        checker: What checks its words.
        rules: What checks them where the model failed or was stopped, so that nobody waits for it again.
        trace: What the checker asked of models, and what that cost.
        cancel: Set by the caller to end the writing early; None where nobody can.
    """

    model: Model
    prompt: Prompt
    checker: Checker
    rules: Checker
    trace: Sequence[Notice] = ()
    cancel: threading.Event | None = None

    @property
    def prompt_id(self) -> str:
        """The id of the prompt."""
        return self.prompt.id

    def write(self, snapshot: Answer, material: Material, context: AnswerContext) -> Iterator[Answer]:
        """Let the model write; it says itself when the passages do not hold the answer.

        Args:
            snapshot: The answer so far, with its passages.
            material: What was gathered.
            context: The context of the answer.

        Yields:
            The draft as it grows, unchecked, then the finished answer. Where the draft is empty or nothing of it is
            supported, that is what needs no model; where it says that the evidence does not hold the answer, an
            abstention.
        """
        if not material.strong_words:
            yield finish_composed(snapshot, material.compose(), material, context)
            return
        if not material.selected.passages:
            yield finish_abstained(snapshot, material, context)
            return
        reading = Reading()
        written = yield from self._write(snapshot, material, context, reading)
        snapshot = _with_reading(context.clock.stamp(snapshot, "write_ms"), reading, context.meter.usage)
        is_stopped = self.cancel is not None and self.cancel.is_set()
        ended = [] if written.failure or is_stopped else self._ending(written.text, context)
        notices = [written.failure] if written.failure else ended
        evidence = reading.evidence()
        titles = {passage.source: passage.title for passage in reading.passages}
        is_cut = bool(notices) or is_stopped
        reply = read_reply(written.text, len(evidence), context.plan.question, titles, is_cut)
        notices += [Notice("answer-repeats")] if reply.repeats else []
        unfinished = LeftOut(reply.torn, "unsupported", Notice("sentence-unfinished"))
        torn = (unfinished,) if reply.torn else ()
        if says_it_is_absent(reply):
            yield self._absent(snapshot, material, context)
            return
        if declines(reply):
            notices = [Notice("model-declined", {"model": self.model.name}), *notices]
            yield self._composed(replace(snapshot, left_out=torn), material, context, notices, degraded=True)
            return
        if not reply.text:
            if not notices and not is_stopped:
                notices = self._ending("", context) or [Notice("wrote-nothing", {"model": self.model.name})]
            snapshot = replace(snapshot, left_out=torn)
            yield self._composed(snapshot, material, context, notices, bool(notices))
            return
        yield replace(snapshot, answer=without_live_addresses(reply.text), state="checking")
        checker = self.rules if written.failure or is_stopped else self.checker
        checker = ComputedLineChecker(checker, reply.computations)
        asked = context.plan.question[:QUESTION_CHARACTERS]
        phrase = phrase_to_judge(context.question, reply.short, reply.text)
        draft = check_draft(reply.text, evidence, context.options.policy, checker, phrase, asked)
        notices += draft.failures
        snapshot = _with_checks(context.clock.stamp(snapshot, "check_ms"), draft, self.trace)
        told = [left_out_notice(draft.left_out)] if draft.left_out else []
        left_out = (*draft.left_out, *torn)
        is_degraded = written.failure is not None
        supported = draft.count("verified", "partly") > 0
        if (reply.opens_with_sentinel or opens_with_absence(reply.text)) and not supported:
            yield self._absent(replace(snapshot, left_out=(*draft.without_support, *torn)), material, context)
        elif refuses(reply, context) and not (context.options.anyway and material.band != "refused"):
            yield self._hinted(replace(snapshot, left_out=left_out), material, context, reply, draft, [*told, *notices])
        elif draft.count("verified", "partly", "unsupported") or _says_something_else(draft):
            snapshot = replace(snapshot, left_out=left_out)
            yield self._drafted(snapshot, material, context, reply, draft, [*told, *notices], is_degraded)
        else:
            snapshot = replace(snapshot, left_out=left_out)
            if bare := _with_quotes(draft, evidence, material, context):
                yield finish_composed(
                    snapshot, bare, _sure(material), context, left_out=left_out, notices=[*told, *notices]
                )
                return
            told = told or [Notice("claims-unsupported")]
            yield self._composed(snapshot, material, context, [*told, *notices], is_degraded)

    def _ending(self, text: str, context: AnswerContext) -> list[Notice]:
        most = self._longest(context)
        given = context.meter.most.get("answer", most)
        return ending_notices(context.meter.last("answer"), most, given, not text.strip())

    def _drafted(
        self,
        snapshot: Answer,
        material: Material,
        context: AnswerContext,
        reply: Reply,
        draft: CheckedDraft,
        notices: list[Notice],
        degraded: bool,
    ) -> Answer:
        """Finish with the model's own words, which no band holds back: it had the whole question."""
        composer = Composer(context.language)
        add_draft(composer, draft)
        composer.short_answer = _short_answer(reply, draft, composer, context)
        _say_what_is_lacking(composer, reply.lacking)
        sure = _sure(material)
        return finish_composed(
            snapshot, composer, sure, context, left_out=snapshot.left_out, notices=notices, degraded=degraded
        )

    def _hinted(
        self,
        snapshot: Answer,
        material: Material,
        context: AnswerContext,
        reply: Reply,
        draft: CheckedDraft,
        notices: list[Notice],
    ) -> Answer:
        """Finish with the abstention in the model's words, and with what it says that the documents hold instead."""
        composer = Composer(context.language)
        if reply.opens_with_sentinel:
            composer.say(Notice("not-in-documents"))
        add_draft(composer, draft)
        snapshot = replace(snapshot, notices=(*notices, *snapshot.notices))
        return finish_abstained(snapshot, _sure(material), context, composer)

    def _absent(self, snapshot: Answer, material: Material, context: AnswerContext) -> Answer:
        """Finish where the model says that the evidence does not hold the answer: with what comes nearest, if asked."""
        if context.options.anyway and material.band != "refused":
            return self._composed(snapshot, replace(material, band="tentative"), context, [], False)
        return finish_abstained(snapshot, material, context)

    def _composed(
        self, snapshot: Answer, material: Material, context: AnswerContext, notices: list[Notice], degraded: bool
    ) -> Answer:
        """Finish with what needs no model, where there is any that bears on the question."""
        if material.band == "refused":
            snapshot = replace(snapshot, notices=(*notices, *snapshot.notices), degraded=degraded)
            return finish_abstained(snapshot, material, context)
        return finish_composed(
            snapshot,
            material.compose(),
            material,
            context,
            left_out=snapshot.left_out,
            notices=notices,
            degraded=degraded,
        )

    def _write(
        self, snapshot: Answer, material: Material, context: AnswerContext, reading: Reading
    ) -> Generator[Answer, None, _Written]:
        """Let the model write, and look up what it asks for, a few times.

        Yields:
            What is shown of the draft as it grows.

        Returns:
            What it wrote at last.
        """
        yield replace(snapshot, state="writing")
        text, failure = "", None
        try:
            messages = self._first_messages(material, context, reading)
        except LLMError as error:
            return _Written("", failure_notice(error))
        for rounds_left in range(_ROUNDS, -1, -1):
            text = ""
            snapshot = replace(snapshot, prompt="\n\n".join(message.content for message in messages))
            yield replace(snapshot, answer="", state="writing")
            try:
                most = self._longest(context)
                for delta in self.model.stream(messages, max_tokens=most, cancel=self.cancel, purpose="answer"):
                    if not text:
                        snapshot = context.clock.stamp(snapshot, "first_token_ms")
                    text += delta
                    yield replace(snapshot, answer=shown_while_writing(text), state="writing")
            except LLMError as error:
                failure, text = failure_notice(error), without_reasoning(text)
                break
            text = without_reasoning(text)
            text = with_calls_as_lines(text)
            requests = read_requests(plain_marks(text))
            is_spent = context.meter.usage.tokens > _TOKENS
            if not requests or not rounds_left or is_spent or (self.cancel and self.cancel.is_set()):
                break
            found = self._look_up(requests, messages, context, reading, rounds_left == 1)
            messages = [*messages, Message("assistant", text), Message("user", found)]
        return _Written(text, failure)

    def _look_up(
        self,
        requests: list[Request],
        messages: list[Message],
        context: AnswerContext,
        reading: Reading,
        is_last: bool,
    ) -> str:
        """Look up what a model asks for, and return the message that tells what was found.

        Args:
            requests: What it asks for.
            messages: What was said so far.
            context: The context of the answer.
            reading: What it has read; it is added to.
            is_last: Whether it must answer after this.
        """
        first = len(reading.passages) + 1
        for request in requests:
            look_up(request, reading, context)
        sent = [message.content for message in messages]
        fitting = self._count_fitting(reading.blocks(first), sent, context)
        reading.drop_last(len(reading.passages) - (first - 1) - fitting)
        blocks = reading.blocks(first)
        if not blocks:
            return "Nothing else was found. Answer now from the evidence that you have."
        now = "Now answer the question" + (
            "; no more is looked up." if is_last else ", or look up what is still lacking."
        )
        return "\n\n".join(["More evidence:", *blocks, now])

    def _first_messages(self, material: Material, context: AnswerContext, reading: Reading) -> list[Message]:
        """Return the prompt with the passages that fit into the model's window, or with notes on all of them.

        At least the best passage is given, whether it fits or not.

        Raises:
            LLMError: The model failed while it took notes.
        """
        reading.add(context.index, material.selected.passages)
        reading.given = len(reading.passages)
        if not material.reads_all or reading.given < context.options.passages:
            # Whatever its kind was taken for, the model is given what the whole question finds.
            search(PlannedSearch(context.plan.question, named_sources(context.plan)), reading, context)
        question = _question_of(material, context)
        system, user = self.prompt.fill(evidence="", question=question, sentinel=SENTINEL)
        wishes = _wishes(context.options.instructions)
        fixed = [system + wishes, user]
        blocks = reading.blocks()
        count = max(1, self._count_fitting(blocks, fixed, context))
        if material.reads_all and count < len(blocks):
            notes = read_in_parts(self.model, self.prompt, blocks, question, self.cancel)
            fitting = self._count_fitting(notes, fixed, context)
            evidence = "\n\n".join(notes[:fitting])
        else:
            evidence = ""
        if not evidence:
            reading.drop_last(len(reading.passages) - count)
            evidence = "\n\n".join(blocks[:count])
        system, user = self.prompt.fill(evidence=evidence, question=question, sentinel=SENTINEL)
        return [Message("system", system + wishes), Message("user", user)]

    def _longest(self, context: AnswerContext) -> int:
        """Return how many tokens the answer may have at most."""
        return longest_answer(self.model.context_window, context.options.max_tokens)

    def _count_fitting(self, blocks: list[str], fixed: list[str] | tuple[str, ...], context: AnswerContext) -> int:
        kept_free = self._longest(context) + _LEAST_ROOM
        return count_fitting(blocks, reading_window(self.model), kept_free, fixed, self.model.count_tokens)


def says_it_is_absent(reply: Reply) -> bool:
    """Tell whether a reply says nothing but that the evidence does not hold the answer.

    Args:
        reply: What the model wrote.

    Returns:
        True for the sentinel and nothing else that states something, and for one or more sentences that only say in
        other words what it says.
    """
    claims = [claim for claim in read_claims(reply.text, _HIGHEST_MARK) if any(map(str.isalpha, claim.text))]
    if any(mentions_something_else(claim.text) for claim in claims):
        return False
    absent = [is_absence(one.text) or (not one.marks and is_unmarked_absence(one.text)) for one in claims]
    says_nothing = all(is_one or _adds_nothing(claim.text) for claim, is_one in zip(claims, absent, strict=True))
    return says_nothing and ((bool(reply.lacking) and not reply.torn) or absent[:1] == [True])


def declines(reply: Reply) -> bool:
    """Tell whether a model says that it does not do what it is asked, and nothing that it cites evidence for.

    Args:
        reply: What the model wrote.

    Returns:
        True for "I'm sorry, I can't help with that.", with what else it says of itself; False for what it says of the
        documents.
    """
    claims = [claim for claim in read_claims(reply.text, _HIGHEST_MARK) if any(map(str.isalpha, claim.text))]
    stating = [claim for claim in claims if len(claim.text.split()) > 2 or is_declining(claim.text)]
    return bool(stating) and is_declining(stating[0].text) and not any(claim.marks for claim in claims)


def refuses(reply: Reply, context: AnswerContext) -> bool:
    """Tell whether a reply does not answer, but says first that the evidence lacks the answer, and then what it holds.

    Args:
        reply: What the model wrote.
        context: The context of the answer.

    Returns:
        True for a refusal with a hint; False for a question in several parts, and for one that asks for several things,
        since the rest of the reply may answer another part.
    """
    if context.plan.kind not in _ASKING_ONE_THING or _SEVERAL_PARTS.search(context.plan.question):
        return False
    if reply.opens_with_sentinel:
        return True
    first = next((claim.text for claim in read_claims(reply.text, 0) if claim.states), "")
    return opens_with_absence(first) and not is_qualified(first) and not lacks_only_a_part(first, context.plan.question)


def _says_something_else(draft: CheckedDraft) -> bool:
    """Return whether what claims nothing is worth showing: code, or that the documents lack something."""
    return any(is_absence(one.text) or is_fenced_code(one.text) for one in draft.sentences)


def _adds_nothing(sentence: str) -> bool:
    """Tell whether a sentence beside such a statement says nothing of its own: an offer, or the statement again."""
    return is_absence(sentence) or sentence.endswith("?") or len(sentence.split()) <= 2


def _short_answer(reply: Reply, draft: CheckedDraft, composer: Composer, context: AnswerContext) -> str | None:
    """Return the phrase that the model put first, if what it cites supports that, or the one its first sentence holds.

    A summary or a list has none, and neither has a question whose yes or no was found wrong.
    """
    question, asked = context.question, context.plan.question
    if context.plan.kind not in _WITH_SHORT_ANSWER:
        return None
    numbers = {number for one in composer.sentences if one.verdict == "verified" for number in one.citations}
    cited = [citation.span for citation in composer.citations if citation.number in numbers]
    short = reply.short
    phrase = phrase_to_judge(question, short, reply.text)
    if phrase and refused(question, asked, phrase, draft.short, composer.sentences):
        if word_of(phrase) and question.kind == "yes-no":
            return None
        short = ""
    supported = supported_short(question, short, cited)
    return supported or short_answer_of_draft(question, asked, composer.sentences, cited)


def _sure(material: Material) -> Material:
    """Return material for the model's own words, which no band holds back: what passages lack it says itself."""
    return replace(material, band="sure", selected=replace(material.selected, missing=()))


def _with_quotes(
    draft: CheckedDraft, evidence: Sequence[NumberedEvidence], material: Material, context: AnswerContext
) -> Composer | None:
    """Return a bare yes or no of a model with the words of its evidence that bear on the question; None for any other.

    What the word affirms is the question, which no sentence of the draft states: the word is the short answer only
    where the evidence gives the same without a model.
    """
    said = [one.text for one in draft.sentences if _BARE_ANSWER.fullmatch(one.text)]
    marks = {number for one in draft.sentences for number in one.marks}
    if len(said) != 1 or draft.left_out or not marks:
        return None
    spans = [span for piece in evidence if piece.number in marks for span in piece.spans]
    limits = context.index.scoring.support.alignment
    nearest = supporting_spans(context.plan.question, spans, limits) or _nearest(spans, context)
    if not nearest:
        return None
    composer = Composer(context.language)
    composer.add(said[0], (), "not a claim")
    for number, span in enumerate(nearest):
        composer.quote(span, before="\n\n" if number == 0 else "\n")
    word, sure = said[0].strip("*_ .!。"), material.compose().short_answer or ""
    composer.short_answer = word if sure.casefold().startswith(word.casefold()) else None
    return composer


def _nearest(spans: Sequence[Span], context: AnswerContext) -> list[Span]:
    """Return the span that comes nearest to the question by its meaning, which may be in another language."""
    if not spans:
        return []
    encoder = context.index.encoder
    vectors = encoder.encode_passages([span.quote for span in spans])
    return [spans[int((vectors @ encoder.encode_question(context.plan.question)).argmax())]]


def _say_what_is_lacking(composer: Composer, lacking: Sequence[str]) -> None:
    """Say which parts of a question the model found no answer to; an empty name stands for the rest."""
    before = "\n\n" if "\n" in composer.text or _MARKUP.match(composer.text) else " "
    if named := list(filter(None, lacking)):
        composer.say(Notice("part-not-in-documents", {"words": named}), before=before)
    elif lacking:
        composer.say(Notice("rest-not-in-documents"), before=before)


def _question_of(material: Material, context: AnswerContext) -> str:
    """Return the question as the model is asked it: with the person's own instructions and the task."""
    question = context.plan.question[:QUESTION_CHARACTERS]
    return "\n".join(filter(None, (question, *context.question.instructions, material.task)))


def _wishes(instructions: str) -> str:
    """Return what follows the rules where a person has wishes about every answer; nothing where they have none."""
    if not instructions.strip():
        return ""
    return (
        "\n\nThe reader's wishes about tone, language and length stand between <wishes> and </wishes>. Follow them as "
        "far as the rules above allow: the rules come first. Whatever a wish says, every "
        f"sentence ends with its numbers.\n<wishes>\n{instructions.strip()}\n</wishes>"
    )


def _with_checks(snapshot: Answer, draft: CheckedDraft, trace: Sequence[Notice]) -> Answer:
    """Note in an answer which checkers decided, and what the judge was asked."""
    if snapshot.plan is None or not draft.decided:
        return snapshot
    checked = Notice("checked-by", {"counts": dict(sorted(draft.decided.items()))})
    return replace(snapshot, plan=replace(snapshot.plan, why=(*snapshot.plan.why, checked, *trace)))


def _with_reading(snapshot: Answer, reading: Reading, usage: Usage) -> Answer:
    """Note in an answer what the model read, what it looked up, and what that cost."""
    plan = snapshot.plan
    if plan and reading.why:
        why = (*plan.why, *reading.why, Notice("model-tokens", {"tokens": usage.tokens}))
        plan = replace(plan, searches=(*plan.searches, *reading.searches), why=why)
    looked_up = tuple(
        replace(passage, rank=rank)
        for rank, passage in enumerate(reading.passages[reading.given :], len(snapshot.passages) + 1)
    )
    return replace(snapshot, plan=plan, passages=(*snapshot.passages, *looked_up))
