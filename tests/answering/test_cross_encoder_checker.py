"""A cross-encoder as the judge of an answer: `rag.answering.cross_encoder_checker`, with a model trained here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.answering.checkers import CheckerContext, open_checker
from rag.answering.cross_encoder_checker import CrossEncoderChecker
from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.errors import ModelError, UsageError
from rag.ingestion.pipeline import ingest
from rag.models.cross_encoder import LoadedCrossEncoder
from rag.models.entailment import EntailmentModel, Inference, SentenceAndSource, load_entailment_model
from rag.scoring.file import shipped_scoring
from rag.settings import load_settings
from rag.types import Answer, Span
from rag.verify.checker import ClaimToCheck, Judgement, NumberedEvidence
from tests.conftest import Opener, with_settings, write_files
from tests.fakes import ScriptedModel
from tests.tiny_checker import new_model, save, train_checker, word_tokenizer

SUPPORT = shipped_scoring().support


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small model that was trained for inference."""
    return train_checker(tmp_path_factory.mktemp("models") / "tiny-inference")


# -- a judge whose model one can compute by eye ------------------------------------------------------------------------


class Lookup:
    """Finds in a source what it is told to; 30 words fit."""

    most_tokens, own_tokens = 30, 3

    def __init__(self, **found: Inference) -> None:
        self.found = {word.replace("_", " "): inference for word, inference in found.items()}
        self.calls: list[list[SentenceAndSource]] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def infer(self, pairs: Sequence[SentenceAndSource]) -> list[Inference]:
        self.calls.append(list(pairs))
        for sentence, source in pairs:
            assert sum(self.count_tokens([sentence, source])) + self.own_tokens <= self.most_tokens
        return [
            next((found for word, found in self.found.items() if word in source), Inference(0.1, 0.0))
            for _, source in pairs
        ]


def judge(model: Lookup, *claims: ClaimToCheck) -> list[Judgement]:
    checker: EntailmentModel = model  # type: ignore[assignment]
    return CrossEncoderChecker(checker, SUPPORT).check(claims)


def piece(number: int, *sentences: str) -> NumberedEvidence:
    spans, start = [], 0
    for sentence in sentences:
        spans.append(Span(f"{number}.txt", f"id-{number}", "", start, start + len(sentence), sentence))
        start += len(sentence) + 1
    return NumberedEvidence(number, f"{number}.txt", " ".join(sentences), tuple(spans))


def claim(sentence: str, *evidence: NumberedEvidence, marks: tuple[int, ...] = ()) -> ClaimToCheck:
    everything = tuple(span for one in evidence for span in one.spans)
    named = tuple(span for one in evidence if one.number in marks for span in one.spans)
    return ClaimToCheck(sentence, named, everything, marks=marks, evidence=evidence)


ALPHA = piece(1, "Alpha goes to the old harbour every day.", "It is painted in a dark red.")
BRAVO = piece(2, "Bravo stays at home.")


@pytest.mark.parametrize(
    ("inference", "verdict"),
    [
        (Inference(0.8), "verified"),
        (Inference(0.79, 0.0), "partly"),
        (Inference(0.2, 0.0), "partly"),
        (Inference(0.1, 0.89), "unsupported"),
        (Inference(0.05, 0.9), "contradicted"),
    ],
)
def test_the_limits_of_the_scoring_decide(inference: Inference, verdict: str) -> None:
    (judgement,) = judge(Lookup(Bravo=inference), claim("Bravo is away.", BRAVO))
    assert (judgement.verdict, judgement.confidence) == (verdict, inference.supported)


def test_a_supported_claim_rests_on_the_spans_that_share_most_with_it() -> None:
    (judgement,) = judge(Lookup(painted=Inference(0.9)), claim("It is red.", ALPHA, marks=(1,)))
    assert [span.quote for span in judgement.spans] == ["It is painted in a dark red."]


def test_a_claim_in_other_words_rests_on_the_span_that_says_most_of_it() -> None:
    model = Lookup(every_day=Inference(0.95), painted=Inference(0.5))
    (judgement,) = judge(model, claim("Sie fährt täglich.", ALPHA))
    assert [span.quote for span in judgement.spans] == ["Alpha goes to the old harbour every day."]
    assert len(model.calls) == 3


def test_a_contradicted_claim_is_told_with_the_words_that_deny_it() -> None:
    model = Lookup(painted=Inference(0.02, 0.97))
    (judgement,) = judge(model, claim("It goes to the old harbour green every day.", ALPHA, BRAVO))
    assert judgement.reason is not None
    assert judgement.reason.code == "contradicted-by-source"
    assert {name: judgement.reason.values[name] for name in ("source", "start", "end", "quote")} == {
        "source": "1.txt", "start": 41, "end": 69, "quote": "It is painted in a dark red.",
    }  # fmt: skip


def test_what_one_window_denies_and_another_supports_is_not_contradicted() -> None:
    model = Lookup(Alpha=Inference(0.01, 0.98), Bravo=Inference(0.5))
    assert judge(model, claim("All stay at home.", ALPHA, BRAVO))[0].verdict == "partly"


def test_long_evidence_is_read_in_windows_of_which_the_best_counts() -> None:
    long = piece(1, *(f"Sentence {number} says nothing at all." for number in range(20)), "Bravo stays at home.")
    model = Lookup(Bravo=Inference(0.9))
    (judgement,) = judge(model, claim("Bravo is in.", long))
    assert judgement.verdict == "verified"
    assert [span.quote for span in judgement.spans] == ["Bravo stays at home."]
    assert len(model.calls[0]) == 10


def test_a_claim_that_joins_two_pieces_is_held_against_both_together() -> None:
    first, second = piece(1, "Alpha goes."), piece(2, "Bravo stays.")
    joined = claim("Alpha goes while Bravo stays.", first, second, marks=(1, 2))
    model = Lookup(**{"Alpha_goes.\n\n2.txt": Inference(0.9), "goes": Inference(0.4)})
    (judgement,) = judge(model, joined)
    assert judgement.verdict == "verified"
    assert [span.quote for span in judgement.spans] == ["Alpha goes.", "Bravo stays."]


def test_beside_its_marks_evidence_may_support_a_claim_and_not_deny_it() -> None:
    wrong_mark = claim("Bravo is in.", ALPHA, BRAVO, marks=(1,))
    model = Lookup(Bravo=Inference(0.9))
    assert [span.quote for span in judge(model, wrong_mark)[0].spans] == ["Bravo stays at home."]
    assert [len(call) for call in model.calls] == [1, 1, 0]
    assert judge(Lookup(Bravo=Inference(0.0, 0.99)), wrong_mark)[0].verdict == "unsupported"


def test_all_claims_are_asked_about_in_one_call() -> None:
    model = Lookup(Alpha=Inference(0.9), Bravo=Inference(0.9))
    verdicts = [one.verdict for one in judge(model, claim("Alpha goes.", ALPHA), claim("Bravo stays.", BRAVO))]
    assert verdicts == ["verified", "verified"]
    assert [len(call) for call in model.calls] == [2, 0, 0]


def test_it_cannot_tell_where_there_is_nothing_or_no_room() -> None:
    assert judge(Lookup(), claim("Bravo stays.")) == [Judgement(None)]
    assert judge(Lookup(), claim("Bravo " * 20, BRAVO)) == [Judgement(None)]
    assert judge(Lookup()) == []


# -- a real one --------------------------------------------------------------------------------------------------------


def check(trained: Path, sentence: str, *sources: str) -> Judgement:
    pieces = [piece(number, *source.split("|")) for number, source in enumerate(sources, 1)]
    return CrossEncoderChecker(load_entailment_model(str(trained), 1), SUPPORT).check([claim(sentence, *pieces)])[0]


@pytest.mark.parametrize(
    ("sentence", "sources", "verdict"),
    [
        ("The ferry is large.", ["The ferry is big."], "verified"),
        ("The ferry is big.", ["The ferry is big.|This is wrong."], "unsupported"),
        ("The ferry is small.", ["The ferry is big."], "contradicted"),
        ("The ferry is old.", ["The ferry is big."], "unsupported"),
        ("The ferry is warm.", ["The ferry is big.", "The ferry is hot."], "verified"),
    ],
)
def test_a_trained_model_judges(trained: Path, sentence: str, sources: list[str], verdict: str) -> None:
    assert check(trained, sentence, *sources).verdict == verdict


def test_a_trained_model_reads_what_is_longer_than_its_window(trained: Path) -> None:
    filler = "|".join(["The keeper of the harbour writes a letter."] * 30)
    judgement = check(trained, "The ferry is large.", f"{filler}|The ferry is big.|{filler}")
    assert judgement.verdict == "verified"
    assert [span.quote for span in judgement.spans] == ["The ferry is big."]


# -- an answer ---------------------------------------------------------------------------------------------------------

FILES = {
    "ferry.txt": "The ferry is big. The ferry is slow.\n",
    "bridge.txt": "The bridge is old.\nThis is wrong.\n",
}
QUESTION = "How are the ferry and the bridge?"
PARAPHRASE, COPY, CONTRADICTION = "The ferry is large.", "The bridge is old.", "The ferry is quick."


def ask(open_again: Opener, folder: Path, checker: str, monkeypatch: pytest.MonkeyPatch) -> Answer:
    write_files(folder, FILES)
    index = open_again()
    ingest(index, [folder])
    monkeypatch.setenv("RAG_CHECKER", checker)
    load_settings.cache_clear()
    asked = with_settings(index, checker=load_settings().checker)
    draft = f"{PARAPHRASE} [1, 2] {COPY} [1, 2] {CONTRADICTION} [1, 2]"
    *_, last = answer(asked, QUESTION, model=ScriptedModel([draft]), options=AnswerOptions(policy="flag"))
    return last


def verdicts(last: Answer) -> dict[str, str]:
    return {one.text.partition(" [")[0]: one.verdict for one in [*last.sentences, *last.left_out]}


def test_an_answer_is_judged(
    trained: Path, open_again: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    last = ask(open_again, tmp_path / "files", f"cross-encoder:{trained}", monkeypatch)
    assert verdicts(last) == {PARAPHRASE: "verified", COPY: "unsupported", CONTRADICTION: "contradicted"}
    (left_out,) = last.left_out
    assert CONTRADICTION not in last.answer
    assert left_out.reason is not None
    assert left_out.reason.values["quote"] == "The ferry is slow."
    assert [citation.quote for citation in last.citations] == ["The ferry is big."]
    assert not last.degraded


def test_a_model_that_fails_changes_no_verdict(
    trained: Path, open_again: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of memory")

    by_rules = verdicts(ask(open_again, tmp_path / "files", "rules", monkeypatch))
    monkeypatch.setattr(LoadedCrossEncoder, "predict", fail)
    last = ask(open_again, tmp_path / "files", str(trained), monkeypatch)
    assert verdicts(last) == by_rules
    notices = [notice for notice in last.notices if notice.code == "checker-failed"]
    assert [notice.values["cause"] for notice in notices] == ["RuntimeError"]
    assert not last.degraded


# -- what cannot be used -----------------------------------------------------------------------------------------------


def test_a_checker_without_a_name_is_one_sentence() -> None:
    with pytest.raises(UsageError, match="add its folder or name"):
        open_checker("cross-encoder:", CheckerContext())


def test_a_model_that_is_not_on_this_machine_is_one_sentence() -> None:
    with pytest.raises(ModelError, match=r"'owner/model' cannot be loaded .*hf download"):
        open_checker("cross-encoder:owner/model", CheckerContext())


def test_a_damaged_model_is_one_sentence(tmp_path: Path) -> None:
    tokenizer = word_tokenizer()
    folder = save(new_model(["yes", "no"], tokenizer), tokenizer, tmp_path / "checker")
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(ModelError, match=r"cannot be loaded .*RAG_CHECKER"):
        open_checker(str(folder), CheckerContext())
