"""Which checker a setting names, and those that ship: `rag.answering.checkers` and `rag.answering.shipped_checkers`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from rag.answering.checkers import CHECKERS, CheckerContext, open_checker, read_spec
from rag.answering.draft import check_draft
from rag.errors import ModelError, UsageError
from rag.types import Span
from rag.verify.checker import Checker, ClaimToCheck, Judgement, NumberedEvidence
from tests.fakes import ScriptedModel, WordEncoder

SOURCE = "The keeper lit the lamp of the bridge."
EVIDENCE = Span("a.txt", "id-a", "", 0, len(SOURCE), SOURCE)
# By the rules: verified; a word is absent; most words are absent.
COPY, PARAPHRASE, OTHER_WORDS = SOURCE, "The keeper lit the lamp of the bridge gladly.", "Somebody crossed the bridge."


class Doubter:
    """Doubts everything; the argument is its name."""

    def __init__(self, argument: str, context: CheckerContext) -> None:
        if argument == "broken":
            raise OSError("no  such\nfile")
        if argument == "exit":
            raise SystemExit("no")
        self.name, self.encoder = argument or "doubter", context.encoder

    def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
        return [Judgement("unsupported", claim.named) for claim in claims]


def nothing(argument: str, context: CheckerContext) -> Any:
    return object()


@pytest.fixture
def outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkers that another package brings: one that doubts, one that is none, one that cannot be imported."""
    group = CHECKERS.group
    entries = (
        EntryPoint("doubter", f"{__name__}:Doubter", group),
        EntryPoint("gone", "no_such_package:Checker", group),
        EntryPoint("nothing", f"{__name__}:nothing", group),
    )
    monkeypatch.setattr("rag.parts.entries_of", lambda asked: entries if asked == group else ())


def context(**more: Any) -> CheckerContext:
    return CheckerContext(WordEncoder(), **more)


def judge(checker: Checker, sentence: str) -> Judgement:
    (judgement,) = checker.check([ClaimToCheck(sentence, (EVIDENCE,), (EVIDENCE,))])
    return judgement


# -- what a setting names ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spec", "name", "argument"),
    [
        ("", "llm", ""),
        ("auto", "llm", ""),
        ("rules", "rules", ""),
        ("llm", "llm", ""),
        ("llm:openai:gpt-5", "llm", "openai:gpt-5"),
        ("cross-encoder:some/model", "cross-encoder", "some/model"),
        ("some/model", "cross-encoder", "some/model"),
        ("other", "cross-encoder", "other"),
        ("./other:model", "cross-encoder", "./other:model"),
        ("some/model:2", "cross-encoder", "some/model:2"),
        (r"C:\models\checker", "cross-encoder", r"C:\models\checker"),
        ("doubter", "doubter", ""),
        ("doubter:a:b", "doubter", "a:b"),
    ],
)
@pytest.mark.usefixtures("outside")
def test_a_setting_names_a_checker_and_what_is_behind_it(spec: str, name: str, argument: str) -> None:
    assert read_spec(spec) == (name, argument)


def test_a_folder_that_exists_is_a_cross_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "llm:small").mkdir()
    assert read_spec("llm:small") == ("cross-encoder", "llm:small")


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("rules:all", "write only rules"),
        ("llm:gpt", "RAG_CHECKER=llm:gpt cannot be used: 'gpt' names no language model"),
        ("cross-encoder:", "add its folder or name"),
        ("doubter:broken", r"cannot be opened \(OSError\)"),
        ("doubter:exit", r"cannot be opened \(SystemExit\)"),
        ("exact:x", "names the checker 'exact', which is not there; the checkers are rules, .*, doubter"),
        ("https://host/model", "names the checker 'https'"),
        ("nothing", "has no name or no check"),
        ("gone", "cannot be used"),
    ],
)
@pytest.mark.usefixtures("outside")
def test_a_setting_that_names_no_checker_is_one_sentence(spec: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        open_checker(spec, context())


@pytest.mark.usefixtures("outside")
def test_a_setting_that_names_no_checker_is_told_in_german() -> None:
    told = {}
    for spec in ("gone", "exact:x", "doubter:broken"):
        with pytest.raises(UsageError) as refused:
            open_checker(spec, context())
        told[spec] = refused.value.notice.text("de")
    assert told["gone"] == (
        "RAG_CHECKER=gone lässt sich nicht benutzen: Der Prüfer „gone“ von einem unbekannten Paket lässt sich nicht "
        "benutzen (ModuleNotFoundError); aktualisieren oder entfernen Sie das zugehörige Paket"
    )
    assert told["exact:x"].startswith("RAG_CHECKER=exact:x nennt den Prüfer „exact“, den es nicht gibt; die Prüfer")
    assert told["doubter:broken"].startswith("Der Prüfer „doubter“ von ")


def test_a_cross_encoder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="RAG_CHECKER"):
        open_checker(str(tmp_path), context())


# -- what they find ----------------------------------------------------------------------------------------------------


def test_the_rules_alone_hold_a_sentence_to_its_words() -> None:
    rules = open_checker("rules", context())
    assert [judge(rules, sentence).verdict for sentence in (COPY, PARAPHRASE, OTHER_WORDS)] == [
        "verified",
        "partly",
        "unsupported",
    ]


def test_without_a_strong_language_model_the_rules_decide() -> None:
    weak = ScriptedModel(["S1: absent"], weak=True)
    for without in (context(), context(model=weak)):
        judgement = judge(open_checker("auto", without), COPY)
        assert (judgement.verdict, judgement.failures) == ("verified", ())
    assert weak.asked == []


@pytest.mark.usefixtures("outside")
def test_a_checker_from_outside_is_asked_behind_the_rules() -> None:
    judgement = judge(open_checker("doubter:strict", context()), PARAPHRASE)
    assert (judgement.verdict, judgement.checker) == ("unsupported", "strict")


def test_rules_that_are_off_are_off_behind_every_setting() -> None:
    off = frozenset({"scope"})
    false = "The keeper lit the lamp over the bridge."
    source = "Suppose the keeper lit the lamp over the bridge."
    span = Span("a.txt", "id-a", "", 0, len(source), source)
    for spec in ("rules", ""):
        claim = ClaimToCheck(false, (span,), (span,))
        assert open_checker(spec, context()).check([claim])[0].verdict != "verified"
        assert open_checker(spec, context(rules_off=off)).check([claim])[0].verdict == "verified"


def test_a_draft_is_checked_in_one_call() -> None:
    asked: list[int] = []

    class Counting:
        name = "counting"

        def check(self, claims: Sequence[ClaimToCheck]) -> list[Judgement]:
            asked.append(len(claims))
            return [Judgement("verified", claim.named) for claim in claims]

    evidence = [NumberedEvidence(1, "a.txt", SOURCE, (EVIDENCE,))]
    draft = check_draft(f"{COPY} [1] {OTHER_WORDS} [1]", evidence, "strict", Counting())
    assert asked == [2]
    assert [sentence.spans for sentence in draft.sentences] == [(EVIDENCE,), (EVIDENCE,)]
