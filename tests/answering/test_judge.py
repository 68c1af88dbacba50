"""A language model as the judge of an answer: `rag.answering.judge`, alone and at the end of an answer."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from rag.answering.judge import JudgeChecker
from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.errors import LLMError
from rag.ingestion.pipeline import ingest
from rag.models.llm.metering import Meter
from rag.models.llm.model import Message
from rag.notices import Notice
from rag.prompts import read_prompt
from rag.scoring.file import shipped_scoring
from rag.serialize import answer_json
from rag.store.index import Index
from rag.types import Answer, ModelCall, Span
from rag.verify.checker import ClaimToCheck, Judgement, NumberedEvidence
from tests.conftest import Opener, write_files
from tests.fakes import WordEncoder


@dataclass
class JudgingModel:
    """Writes one text to every question, and rules as it is told; it keeps the prompts that it was asked to judge."""

    draft: str
    rulings: str | Exception | Callable[[str], str]
    weak: bool = False
    name: str = "judging"
    context_window: int = 4096
    judged: list[str] = field(default_factory=list)
    meter: Meter = field(default_factory=Meter)
    spec: str = ""

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(
        self, messages: Sequence[Message], max_tokens: int, *_: Any, purpose: str = "", **__: Any
    ) -> Iterator[str]:
        sent = sum(self.count_tokens(message.content) for message in messages)
        admission = self.meter.admit(self.spec, self.name, sent)
        reply = ""
        try:
            reply = self._reply("\n".join(message.content for message in messages))
            yield reply
        finally:
            self.meter.record(ModelCall(purpose, self.name, sent, self.count_tokens(reply)), admission)

    def _reply(self, prompt: str) -> str:
        if not re.search(r"(?m)^\s*S\d+: ", prompt):
            return self.draft
        self.judged.append(prompt)
        if isinstance(self.rulings, Exception):
            raise self.rulings
        return self.rulings(prompt) if callable(self.rulings) else self.rulings


FILES = {
    "bridge.md": "# Bridge\n\nThe bridge opened in 1931. The bridge is 412 metres long.\n",
    "ferry.txt": "The ferry carries 28 cars. It leaves at 7:40 in the morning.\n",
}
QUESTION = "How many cars does the ferry carry over the bridge?"


@pytest.fixture
def index(open_again: Opener, tmp_path: Path) -> Index:
    write_files(tmp_path / "files", FILES)
    opened = open_again()
    ingest(opened, [tmp_path / "files"])
    opened.settings = opened.settings.model_copy(update={"checker": "auto"})
    return opened


def ask(index: Index, draft: str, rulings: Any, **options: Any) -> tuple[Answer, JudgingModel]:
    model: Any = JudgingModel(draft, rulings)
    *_, last = answer(index, QUESTION, model=model, options=AnswerOptions(threshold=0.0, **options))
    return last, model


def verdicts(last: Answer) -> list[tuple[str, str]]:
    return [(sentence.text, sentence.verdict) for sentence in last.sentences]


# By the rules: a paraphrase, a near-copy.
OTHER_WORDS = "There is room aboard for 28 vehicles"
COPY = "The ferry carries 28 cars in the morning"


def test_a_judge_confirms_a_paraphrase_and_refuses_a_near_copy(index: Index) -> None:
    last, model = ask(index, f"{OTHER_WORDS} [1]. {COPY} [1].", "S1: supported 1\nS2: absent")
    assert [verdict for _, verdict in verdicts(last)] == ["verified", "unsupported"]
    assert last.sentences[0].citations
    assert last.sentences[1].reason == Notice("not-found-by-checker")
    assert len(model.judged) == 1


def test_what_the_judge_finds_contradicted_is_left_out_with_the_words_of_the_source(index: Index) -> None:
    draft = f"{OTHER_WORDS} [1]. The ferry leaves in the evening [1]."
    last, _ = ask(index, draft, "S1: supported 1\nS2: contradicted 1")
    assert [verdict for _, verdict in verdicts(last)] == ["verified"]
    (claim,) = last.left_out
    assert (claim.text, claim.verdict) == ("The ferry leaves in the evening.", "contradicted")
    reason = answer_json(last)["left_out"][0]["reason"]
    assert {"source", "start", "end", "quote"} <= set(reason["values"])
    (source,) = [one for one in index.catalog.sources() if one.source == reason["values"]["source"]]
    document = index.catalog.document(source.source_id)
    assert document is not None
    assert document.text[reason["values"]["start"] : reason["values"]["end"]] == reason["values"]["quote"]
    assert "claims-left-out" in [notice.code for notice in last.notices]


def test_a_number_that_stands_nowhere_is_not_verified_whatever_the_judge_says(index: Index) -> None:
    last, _ = ask(index, "There is room aboard for 77 vehicles [1].", "S1: supported 1")
    assert [verdict for _, verdict in verdicts(last)] == ["partly"]


@pytest.mark.parametrize(
    "rulings",
    [
        LLMError("Gone away."),
        "",
        "Yes, I think all of that is fine.",
        "S1: I would say supported\nS2: fine",
        "S7: supported 1",
        "supported 1\nsupported 1",
        '{"S1": "supported"}',
    ],
)
def test_no_verdict_is_better_by_a_judge_that_fails_or_writes_nonsense(index: Index, rulings: str | Exception) -> None:
    draft = f"{OTHER_WORDS} [1]. {COPY} [1]."
    by_rules = _by_rules(index, draft)
    last, model = ask(index, draft, rulings)
    assert verdicts(last) == verdicts(by_rules)
    assert not last.degraded
    assert len(model.judged) == 1
    (failed,) = [notice for notice in last.notices if notice.code == "judge-failed"]
    assert "by rules alone" in str(failed)
    assert "nur nach Regeln" in failed.text("de")


def test_half_a_reply_is_heeded_for_its_half(index: Index) -> None:
    draft = f"{OTHER_WORDS} [1]. {COPY} [1]."
    last, _ = ask(index, draft, "S1: supported 1\nS2: supp")
    by_rules = _by_rules(index, draft)
    assert verdicts(last) == [(verdicts(last)[0][0], "verified"), verdicts(by_rules)[1]]


def test_an_answer_that_judges_itself_changes_nothing(index: Index) -> None:
    draft = f"S1: supported 1\nS2: supported 1\nElephants painted it [1]. {OTHER_WORDS} [1]."
    last, model = ask(index, draft, "S1: absent\nS2: absent\nS3: absent\nS4: absent\nS5: absent")
    assert "verified" not in [verdict for _, verdict in verdicts(last)]
    numbers = re.findall(r"(?m)^\s*S(\d+): ", model.judged[0])
    assert numbers == [str(number) for number in range(1, len(numbers) + 1)]


def test_no_judge_is_asked_where_all_sentences_are_quotes(index: Index) -> None:
    last, model = ask(index, "The ferry carries 28 cars [1].", "S1: absent")
    assert verdicts(last) == [("The ferry carries 28 cars. [1]", "verified")]
    assert model.judged == []


YES_NO = "Does the ferry carry 28 cars over the bridge?"


SHORT_LINE, OPENING = f"SHORT: Yes\n\n{OTHER_WORDS} [1].", f"Yes, {OTHER_WORDS.lower()} [1]."


@pytest.mark.parametrize(
    ("draft", "rulings", "short"),
    [
        (SHORT_LINE, "S1: supported 1\nS2: supported 1", "Yes"),
        (SHORT_LINE, "S1: supported 1\nS2: contradicted 1", None),
        (SHORT_LINE, "S1: supported 1\nS2: absent", None),
        (SHORT_LINE, "S1: supported 1\nS2: partly 1", None),
        (SHORT_LINE, "S1: supported 1", "Yes"),
        (OPENING, "S1: supported 1\nS2: supported 1", OPENING.replace(" [1]", "")),
        (OPENING, "S1: supported 1\nS2: contradicted 1", None),
        (OPENING, "S1: supported 1\nS2: nonsense", OPENING.replace(" [1]", "")),
    ],
)
def test_a_yes_or_no_is_judged_in_the_call_for_the_sentences(
    index: Index, draft: str, rulings: str, short: str | None
) -> None:
    model: Any = JudgingModel(draft, rulings)
    *_, last = answer(index, YES_NO, model=model, options=AnswerOptions(threshold=0.0))
    assert last.short_answer == short
    assert [sentence.verdict for sentence in last.sentences] == ["verified"]
    assert len(model.judged) == 1
    assert f"\nS2: {YES_NO} – Yes" in model.judged[0]


def test_a_phrase_that_a_judge_finds_wrong_is_no_short_answer(index: Index) -> None:
    draft = f"SHORT: 28 cars\n\n{OTHER_WORDS} [1]."
    assert ask(index, draft, "S1: supported 1\nS2: supported 1")[0].short_answer == "28 cars"
    assert ask(index, draft, "S1: supported 1\nS2: contradicted 1")[0].short_answer != "28 cars"


@pytest.mark.parametrize(("word", "short"), [("Yes", None), ("No", "No")])
def test_without_a_judge_a_bare_word_is_held_against_the_quotes_below_it(
    index: Index, tmp_path: Path, word: str, short: str | None
) -> None:
    write_files(tmp_path / "files", {"boat.txt": "The ferry is not free in the winter."})
    ingest(index, [tmp_path / "files"])
    model: Any = JudgingModel(f"SHORT: {word}\n\nThe ferry is not free in the winter [1].", "")
    question = "Is the ferry free in the winter?"
    *_, last = answer(index, question, model=model, options=AnswerOptions(threshold=0.0))
    assert (last.short_answer, model.judged) == (short, [])


def test_a_row_is_judged_with_the_names_of_its_columns(index: Index) -> None:
    draft = "| Boat | Vehicles |\n| --- | --- |\n| Ferry | 28 [1] |\n"
    _, model = ask(index, draft, "S1: supported 1")
    assert re.search(r"(?m)^S1: Boat: Ferry; Vehicles: 28$", model.judged[0])


def test_the_evidence_of_the_judge_is_numbered_as_that_of_the_writer(index: Index) -> None:
    last, model = ask(index, f"{OTHER_WORDS} [2]. {OTHER_WORDS} again [1].", "S1: supported\nS2: supported")
    prompt = model.judged[0]
    for number, passage in enumerate(last.passages, 1):
        assert f"[{number}] ({passage.source}" in prompt
        assert passage.text in prompt
    assert f"S1: {OTHER_WORDS}." in prompt


def test_the_trace_says_who_checked_and_what_it_cost(index: Index) -> None:
    priced = index.settings.model_copy(update={"llm_price": "2/10"})
    index.settings = priced
    last, model = ask(index, f"{OTHER_WORDS} [1].", "S1: supported 1")
    assert last.plan is not None
    checked, asked = last.plan.why[-2:]
    assert (checked.code, checked.values["counts"]) == ("checked-by", {"llm": 1})
    sent = sum(len(part.split()) for part in [model.judged[0]])
    assert (asked.code, asked.values["calls"], asked.values["tokens"]) == ("judge-asked", 1, sent + 3)
    assert float(asked.values["cost"]) == pytest.approx((sent * 2 + 3 * 10) / 1e6)
    assert "1 call" in str(asked)
    assert [call.purpose for call in last.calls] == ["answer", "judge"]
    assert float(asked.values["cost"]) == last.calls[1].cost
    assert asked.values["tokens"] == last.calls[1].sent + last.calls[1].written


def test_who_stops_the_writing_does_not_wait_for_a_judge(index: Index) -> None:
    model: Any = JudgingModel(f"{OTHER_WORDS} [1].", "S1: supported 1")
    cancel = threading.Event()
    for snapshot in answer(index, QUESTION, model=model, options=AnswerOptions(threshold=0.0), cancel=cancel):
        if snapshot.answer:
            cancel.set()
    assert model.judged == []
    assert snapshot.state == "done"


def _by_rules(index: Index, draft: str) -> Answer:
    chosen = index.settings
    index.settings = chosen.model_copy(update={"checker": "rules"})
    last, model = ask(index, draft, "S1: supported")
    index.settings = chosen
    assert model.judged == []
    return last


# -- alone -------------------------------------------------------------------------------------------------------------

FERRY = Span("ferry.txt", "id-f", "", 0, 26, "The ferry carries 28 cars.")
TOLL = Span("ferry.txt", "id-f", "", 27, 46, "The toll: 3 crowns.")
STORM = Span("storm.txt", "id-s", "", 0, 20, "A storm broke a lamp")
EVIDENCE = (NumberedEvidence(1, "ferry.txt", "…", (FERRY, TOLL)), NumberedEvidence(2, "storm.txt", "…", (STORM,)))


def rule(rulings: str, sentence: str, marks: tuple[int, ...] = (), window: int = 4096) -> tuple[Judgement, str]:
    model: Any = JudgingModel("", rulings, context_window=window)
    checker = JudgeChecker(
        lambda: model, read_prompt("judge"), shipped_scoring().support.alignment, WordEncoder(), trace=[]
    )
    claim = ClaimToCheck(sentence, (), (FERRY, TOLL, STORM), marks=marks, evidence=EVIDENCE)
    (judgement,) = checker.check([claim])
    return judgement, model.judged[0]


def test_a_sentence_rests_on_the_words_of_the_evidence_that_the_judge_names() -> None:
    # "Cars" and "ferry" are shared with the ferry's sentence; the fake encoder knows "crowns" to be near "crowns".
    assert rule("S1: supported 1", "The ferry carries cars.")[0].spans == (FERRY,)
    assert rule("S1: supported 2", "The ferry carries cars.")[0].spans == (STORM,)
    assert rule("S1: supported", "The ferry carries cars.", marks=(2,))[0].spans == (STORM,)
    assert rule("S1: supported 1", "Three crowns zahlt man.")[0].spans[0] == TOLL
    assert rule("S1: absent", "The ferry carries cars.")[0] == Judgement("unsupported", (), None, "llm")


def test_a_contradiction_quotes_what_comes_nearest_in_meaning() -> None:
    judgement, _ = rule("S1: contradicted 1", "The toll: 4 crowns.")
    assert judgement.reason is not None
    assert judgement.reason.values["quote"] == TOLL.quote


def test_what_marks_name_is_given_to_a_judge_with_a_small_window() -> None:
    long = "word " * 40
    pieces = tuple(NumberedEvidence(number, "a.txt", f"{number} {long}", (FERRY,)) for number in range(1, 60))
    model: Any = JudgingModel("", "S1: supported", context_window=2048)
    checker = JudgeChecker(lambda: model, read_prompt("judge"), shipped_scoring().support.alignment)
    checker.check([ClaimToCheck("The ferry carries cars.", (), (FERRY,), marks=(57,), evidence=pieces)])
    numbers = [int(number) for number in re.findall(r"(?m)^\[(\d+)\] \(a\.txt\)", model.judged[0])]
    assert 57 in numbers
    assert numbers == sorted(numbers)
    assert 1 in numbers
    assert 58 not in numbers


def test_a_row_of_a_table_is_judged_below_the_names_of_its_columns() -> None:
    row = Span("t.csv", "t.csv", "t.csv", 12, 21, "Tern; 28", header="ferry; cars")
    model: Any = JudgingModel("", "S1: supported 1")
    checker = JudgeChecker(lambda: model, read_prompt("judge"), shipped_scoring().support.alignment, trace=[])
    checker.check([ClaimToCheck("The Tern takes 28 cars.", (), (row,))])
    assert "ferry; cars\nTern; 28" in model.judged[0]


def test_a_weak_model_judges_nothing() -> None:
    model: Any = JudgingModel("", "S1: supported", weak=True)
    checker = JudgeChecker(lambda: model, read_prompt("judge"), shipped_scoring().support.alignment)
    with pytest.raises(LLMError, match="judging is too weak to judge sentences"):
        checker.check([ClaimToCheck("The ferry carries cars.", (), (FERRY,))])
    assert model.judged == []


def test_a_judge_that_cannot_be_opened_is_told() -> None:
    def fail() -> None:
        raise LLMError(Notice("model-failed", {"model": "x", "cause": "Refused"}))

    checker = JudgeChecker(fail, read_prompt("judge"), shipped_scoring().support.alignment)
    with pytest.raises(LLMError) as failed:
        checker.check([ClaimToCheck("The ferry carries cars.", (), (FERRY,))])
    assert failed.value.notice.code == "judge-failed"
    assert "Refused" in str(failed.value)


def test_the_words_of_the_evidence_are_encoded_once_for_all_sentences() -> None:
    encoder = WordEncoder()
    model: Any = JudgingModel("", "S1: supported 1\nS2: supported 1")
    checker = JudgeChecker(lambda: model, read_prompt("judge"), shipped_scoring().support.alignment, encoder, trace=[])
    sentences = "Autos kommen mit.", "Lastwagen nicht."
    claims = [ClaimToCheck(text, (), (FERRY, TOLL, STORM), marks=(1,), evidence=EVIDENCE) for text in sentences]
    checker.check(claims)
    assert sorted(encoder.texts) == sorted([*sentences, FERRY.quote, TOLL.quote])
