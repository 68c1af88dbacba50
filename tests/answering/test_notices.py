"""What the program says of an answer, and how it is told apart from claims: `rag.notices.answers`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from rag.answering.notices import not_mentioned, remarks
from rag.cli.lines import answer_lines
from rag.notices import Notice, plain
from rag.notices.answers import WORDINGS, is_own_sentence
from rag.types import Answer, LeftOut, Passage, Sentence

TOLD: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "empty-index",
        {"index": "a"},
        "The index 'a' is empty; add files: rag ingest PATH",
        "Der Index „a“ ist leer; fügen Sie Dateien hinzu: rag ingest PFAD",
    ),
    (
        "instructions-not-followed",
        {"sources": ["a.md", "b.md"]},
        "Instructions to a language model stand in a.md, b.md; they were not followed.",
        "In a.md, b.md stehen Anweisungen an ein Sprachmodell; sie wurden nicht befolgt.",
    ),
    ("claims-left-out", {"count": 1}, "1 claim left out: not supported.", "1 Aussage weggelassen: nicht belegt."),
    ("claims-left-out", {"count": 2}, "2 claims left out: not supported.", "2 Aussagen weggelassen: nicht belegt."),
    (
        "claims-unsupported",
        {},
        "The model's words were not supported by the documents.",
        "Was das Modell schrieb, ist durch die Dokumente nicht belegt.",
    ),
    ("wrote-nothing", {"model": "m"}, "m wrote nothing", "m hat nichts geschrieben"),
    (
        "asked-for-tool",
        {"model": "m"},
        "m asked for a tool that it was not offered, and wrote nothing else; ask again, or choose another model.",
        "m hat ein Werkzeug verlangt, das ihm nicht angeboten war, und sonst nichts geschrieben; fragen Sie noch "
        "einmal, oder wählen Sie ein anderes Modell.",
    ),
    ("writing-failed", {"text": "Gone {away}."}, "Gone {away}.", "Gone {away}."),
    ("writing-failed", {"text": ""}, "The language model failed.", "Das Sprachmodell ist ausgefallen."),
    ("not-mentioned", {"words": ["a", "b"]}, "Nothing found mentions: a; b", "Keine gefundene Stelle erwähnt: a; b"),
    ("not-in-documents", {}, "The documents do not say.", "Die Dokumente sagen dazu nichts."),
    (
        "part-not-in-documents",
        {"words": ["a", "b"]},
        "The documents do not say: a; b.",
        "Dazu sagen die Dokumente nichts: a; b.",
    ),
    (
        "sources-disagree",
        {"about": "3 or {4}"},
        "The sources disagree: 3 or {4}.",
        "Die Quellen widersprechen sich: 3 or {4}.",
    ),
    ("quote", {"words": "a {b}"}, "“a {b}”", "„a {b}“"),
]


@pytest.mark.parametrize(("code", "values", "english", "german"), TOLD)
def test_the_words_of_a_code(code: str, values: dict[str, Any], english: str, german: str) -> None:
    notice = Notice(code, values)
    assert (notice.text(), notice.text("de"), notice.text("fr")) == (english, german, english)


def test_every_code_has_words_of_its_own_in_both_languages() -> None:
    for code, (english, german) in WORDINGS.items():
        assert english != german, code


def test_only_the_fixed_sentence_is_no_claim() -> None:
    assert is_own_sentence(" Die Dokumente sagen dazu nichts. ")
    assert not is_own_sentence("The documents do not say: it is 3.")
    assert not is_own_sentence("The sources disagree: 3 or 4.")


def given(language: str) -> Answer:
    passage = Passage("c", "a.pdf", "id", "A", 0, 3, "toll", "", 7, 1, {})
    return Answer(
        "q",
        "q",
        "A",
        abstained=True,
        sentences=(Sentence("A", 0, 1, "partly", (), Notice("not-in-documents")),),
        passages=(passage,),
        left_out=(LeftOut("B", "unsupported", plain("why")),),
        notices=(
            Notice("claims-left-out", {"count": 1}),
            plain("Broke off."),
            Notice("not-mentioned", {"words": ["x"]}),
        ),
        language=language,
    )


def test_the_lines_of_an_english_answer() -> None:
    assert list(answer_lines(given("en"))) == [
        "A",
        "Only partly supported: “A” (The documents do not say.)",
        "Left out (not supported): “B” (why)",
        "Nothing found mentions: x",
        "",
        "Nearest passages:",
        "1. a.pdf, page 7 (0:3)",
        "    toll",
        "To see what comes nearest all the same, ask with --anyway.",
        "",
        "Note: 1 claim left out: not supported. Broke off.",
    ]


def test_the_lines_of_a_german_answer() -> None:
    assert list(answer_lines(given("de"))) == [
        "A",
        "Nur teilweise belegt: „A“ (Die Dokumente sagen dazu nichts.)",
        "Weggelassen (nicht belegt): „B“ (why)",
        "Keine gefundene Stelle erwähnt: x",
        "",
        "Nächstliegende Stellen:",
        "1. a.pdf, Seite 7 (0:3)",
        "    toll",
        "Mit --anyway sehen Sie trotzdem, was am nächsten kommt.",
        "",
        "Hinweis: 1 Aussage weggelassen: nicht belegt. Broke off.",
    ]


JUDGED = Answer(
    "q",
    "q",
    "It grew by 5. It is old.",
    sentences=(
        Sentence("It grew by 5.", 0, 13, "verified", (), Notice("computed", {"calculation": "8 − 3 = 5"})),
        Sentence("It is old.", 14, 24, "unsupported", (), Notice("words-not-in-source")),
    ),
    left_out=(
        LeftOut(
            "It is 4 m.",
            "contradicted",
            Notice(
                "number-contradicted",
                {
                    "instead": "3 m",
                    "number": "4 m",
                    "source": "a.pdf",
                    "start": 2,
                    "end": 13,
                    "quote": "It is\x1b 3 m.",
                    "page": 7,
                },
            ),
        ),
        LeftOut(
            "It is blue.",
            "contradicted",
            Notice("contradicted-by-source", {"source": "b.md", "start": 0, "end": 10, "quote": "It is red."}),
        ),
        LeftOut("It is new.", "contradicted"),
    ),
)


def test_the_lines_of_every_verdict() -> None:
    quote = "It is\N{REPLACEMENT CHARACTER} 3 m."
    assert list(answer_lines(JUDGED)) == [
        "It grew by 5. It is old.",
        "Calculated: “It grew by 5.” (computed from the source: 8 − 3 = 5)",
        "Not found in the documents: “It is old.” (its words do not stand in the source)",
        "Left out (contradicted): “It is 4 m.” (the source says 3 m, the answer 4 m) — source says "
        f"“{quote}” (a.pdf, page 7)",
        "Left out (contradicted): “It is blue.” — source says “It is red.” (b.md)",
        "Left out (contradicted): “It is new.”",
    ]
    assert list(answer_lines(replace(JUDGED, language="de")))[1:] == [
        "Berechnet: „It grew by 5.“ (aus der Quelle berechnet: 8 − 3 = 5)",
        "Nicht in den Dokumenten gefunden: „It is old.“ (seine Worte stehen nicht in der Quelle)",
        "Weggelassen (widersprochen): „It is 4 m.“ (in der Quelle steht 3 m, in der Antwort 4 m) — in der Quelle steht "
        f"„{quote}“ (a.pdf, Seite 7)",
        "Weggelassen (widersprochen): „It is blue.“ — in der Quelle steht „It is red.“ (b.md)",
        "Weggelassen (widersprochen): „It is new.“",
    ]


def test_an_answer_without_marks_tells_only_what_is_left_out() -> None:
    lines = list(answer_lines(replace(JUDGED, marked=False)))
    assert [line.split(":")[0] for line in lines[1:]] == ["Left out (contradicted)"] * 3


def test_what_is_not_mentioned_is_told_apart_from_the_rest() -> None:
    assert not_mentioned(given("en")) == ["x"]
    assert remarks(given("en"), without=["claims-left-out"]) == "Broke off."


def test_a_stored_notice_without_its_words_names_nothing() -> None:
    for values in ({}, {"words": None}, {"words": "toll"}):
        assert not_mentioned(Answer("?", "?", notices=(Notice("not-mentioned", values),))) == []
