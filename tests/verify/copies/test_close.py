"""Sentences close to the wording of their source, as strong models write them: `rag.verify.copies`.

Each line of the two files is a kind, a sentence and its source. The shares are counted over the files, so that a kind
which the rules do not know may stand there, too.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.verify.copies.clauses import clauses_of
from rag.verify.copies.families import same_family
from rag.verify.copies.line import possessives
from rag.verify.copies.units import units_of
from rag.verify.parse.parsed_text import parse_text
from rag.verify.verdict import check_sentence
from tests.processor_time import at_most

# Of the supported sentences at least this share is verified.
SUPPORTED = 0.78


def pairs(name: str) -> list[tuple[str, str, str]]:
    lines = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [(kind, sentence, source) for kind, sentence, source in (line.split(" | ") for line in lines)]


def is_verified(sentence: str, source: str) -> bool:
    return check_sentence(sentence, [source]).verdict == "verified"


def test_most_supported_sentences_are_verified() -> None:
    verified = [is_verified(sentence, source) for _, sentence, source in pairs("supported")]
    assert sum(verified) >= SUPPORTED * len(verified)


@pytest.mark.parametrize(("kind", "sentence", "source"), pairs("wrong"))
def test_a_wrong_sentence_is_not_verified(kind: str, sentence: str, source: str) -> None:
    assert not is_verified(sentence, source)


def test_no_supported_sentence_is_contradicted() -> None:
    for _, sentence, source in pairs("supported"):
        assert check_sentence(sentence, [source]).verdict in ("verified", "partly"), sentence


@pytest.mark.parametrize(
    ("line", "clause"),
    [
        ("Built in 1990, the mill is red.", ["mill", "built", "1990"]),
        ("The mill, which Ada sold, burned.", ["ada", "sold", "mill"]),
        ("Ada Lund left after having sold the mill.", ["ada", "lund", "sold", "mill"]),
        ("Ada Lund, a young smith, left.", ["young", "smith", "ada", "lund", "left"]),
        ("A theft involving two smiths shook Hull.", ["two", "smiths", "shook", "hull", "involving", "theft"]),
    ],
)
def test_a_clause_is_told_with_its_subject(line: str, clause: list[str]) -> None:
    clauses = clauses_of(units_of(parse_text(line)))
    assert clause in [[unit.word for unit in row.units] for row in clauses]


def test_a_possessive_goes_with_the_word_behind_it() -> None:
    assert possessives(["The mill's key and the smiths’ hall."]) == {("mill", "key"), ("smith", "hall")}


def test_words_of_one_meaning_are_one_family() -> None:
    assert same_family("began", "started")
    assert not same_family("began", "finished")


@pytest.mark.parametrize(
    "text",
    [
        lambda count: "Built in 1990, the mill, which Ada owned, " * (count // 40),
        lambda count: "the mill's " * (count // 11),
        lambda count: "a theft involving two smiths and " * (count // 33),
        lambda count: "in Hull " * (count // 8),
    ],
)
def test_long_lines_take_no_longer_than_in_proportion(text: Callable[[int], str]) -> None:
    check_sentence("The mill, built in 1990, is red and was sold in Hull.", [text(200)])
    with at_most(20):
        check_sentence("The mill, built in 1990, is red and was sold in Hull.", [text(64_000)])
