"""Refusal and notices where a language is not read well: `rag.retrieval.languages`, `answerability` and the notices."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from rag.answering.pipeline import answer
from rag.ingestion.pipeline import ingest, remove
from rag.languages.identify import identify
from rag.languages.parallel import REFERENCE, Measured, Scale
from rag.notices.languages import language_names, languages_in_short
from rag.retrieval.answerability import Features, confidence, confidence_by_words
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.languages import AS_THEY_ARE, Languages, Scales, are_on_scale, languages_of_search, scales_of
from rag.retrieval.passages import retrieve
from rag.retrieval.shared_words import SharedWords, shared_words
from rag.scoring.file import describe_scoring, shipped_scoring
from rag.store.index import Index
from rag.store.reading import languages_read, source_languages, summarised
from rag.types import Answer

MODEL = shipped_scoring().answerability
CODE = "language-not-read-well"
GERMAN = "# Die Fähre\n\nDie Fähre trägt achtundzwanzig Autos und legt am Abend in Skarholm an.\n"


@pytest.fixture
def english(index: Index) -> Index:
    """The library, with an encoder that is said to read English."""
    index.reading.stated = frozenset({"en"})
    return index


def ask(index: Index, question: str) -> Answer:
    return list(answer(index, question, model=None))[-1]


@pytest.mark.parametrize(
    ("features", "expected"),
    [
        (Features(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0), "0.0015011822567369917"),
        (Features(0.5, 0.6, 0.3, 0.5, 0.1, 0.0, 0.0), "0.3497814514261732"),
        (Features(0.7, 0.8, 0.4, 0.7, 0.3, 1.0, 0.0), "0.7251194977898229"),
        (Features(0.7, 0.8, 0.4, 0.7, 0.3, 0.0, 1.0), "0.22618142573054612"),
    ],
)
def test_the_confidence_of_features_is_what_it_was(features: Features, expected: str) -> None:
    assert repr(confidence(features, MODEL)) == expected


def test_in_english_the_fitted_encoder_is_taken_as_it_is(index: Index) -> None:
    index.scoring_is_fitted = True
    assert scales_of(index, Languages("en", "en", True, True)) is AS_THEY_ARE
    assert scales_of(index, Languages("", "", None, None)) is AS_THEY_ARE
    assert AS_THEY_ARE.similarity(0.123456789) == AS_THEY_ARE.nearness(0.123456789) == 0.123456789


def test_the_reference_lies_on_its_own_scale() -> None:
    scales = Scales(REFERENCE, REFERENCE)
    assert [scales.similarity(value) for value in (-0.1, 0.1, 0.5, 0.9)] == pytest.approx([-0.1, 0.1, 0.5, 0.9])


def test_similarities_of_another_encoder_are_put_on_one_scale_with_and_without_a_file_of_its_own(index: Index) -> None:
    own = index.reading.measure("en", "en", index.catalog)
    assert own is not None
    in_english = Languages("en", "en", True, True)
    assert scales_of(index, in_english) == Scales(own, REFERENCE)
    encoder = replace(index.scoring.encoder, fingerprint=index.encoder.fingerprint)
    index.scoring, index.scoring_is_fitted = replace(index.scoring, encoder=encoder), True
    assert scales_of(index, in_english) == Scales(own, REFERENCE)


def test_the_fresh_questions_on_other_subjects_are_others() -> None:
    folder = Path(__file__).parent
    known, fresh = (
        json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("off_topic", "off_topic_fresh")
    )
    assert list(known) == list(fresh) == ["en", "de", "es", "fr", "ru", "zh"]
    assert {len(set(questions)) for questions in fresh.values()} == {10}
    for language, questions in fresh.items():
        assert not set(questions) & set(known[language])
        assert [question for question in questions if identify(question) != language] == []
    # Each question in another language than English is told as such, so that an encoder for English brings its notice.
    for language in fresh.keys() - {"en"}:
        assert [question for question in known[language] if identify(question) in ("", "en")] == []


def test_what_is_not_read_is_not_put_on_any_scale(index: Index) -> None:
    assert scales_of(index, Languages("ru", "ru", False, False)) is AS_THEY_ARE
    assert scales_of(index, Languages("en", "zh", True, False)) is AS_THEY_ARE


@pytest.mark.parametrize(
    ("shared", "low", "high"),
    [
        (SharedWords(), 0.0, MODEL.threshold),
        (SharedWords(0.2, 1, 1), 0.0, MODEL.threshold),
        (SharedWords(0.5, 1, 1), MODEL.threshold, MODEL.tentative),
        # Frequent words, however many, make no answer sure.
        (SharedWords(1.0, 5, 1), MODEL.threshold, MODEL.tentative),
        (SharedWords(0.7, 3, 2), MODEL.tentative, 1.01),
    ],
)
def test_words_alone_make_a_band(shared: SharedWords, low: float, high: float) -> None:
    assert low <= confidence_by_words(shared, MODEL) < high


def test_small_words_are_not_shared(english: Index, tmp_path: Path) -> None:
    (tmp_path / "faehre.md").write_text(GERMAN, encoding="utf-8")
    ingest(english, [tmp_path / "faehre.md"])
    off, on = "Wie wird der Teig am besten gebacken?", "Wie viele Autos trägt die Fähre?"
    assert shared_words(english, off, "de", retrieve(english, off)) == SharedWords()
    assert shared_words(english, on, "de", retrieve(english, on)).share > 0.9


@pytest.mark.parametrize(
    "question", ["Welcher Planet hat die meisten Monde?", "Кто открыл пенициллин?", "谁发现了青霉素？"]
)
def test_a_foreign_question_in_a_language_that_is_not_read_is_refused_with_one_notice(
    english: Index, question: str
) -> None:
    told = ask(english, question)
    assert told.abstained
    (notice,) = [notice for notice in told.notices if notice.code == CODE]
    assert notice.values["about"] == "question"
    assert "RAG_EMBEDDING_MODEL=multilingual-e5-small" in notice.text()
    assert "rag ingest --rebuild" in notice.text("de")


def test_an_english_question_brings_no_notice(english: Index) -> None:
    for question in ("How many cars does the ferry carry?", "Who discovered penicillin?", "Who was Gegeen?"):
        assert CODE not in [notice.code for notice in ask(english, question).notices]


def test_a_document_that_is_not_read_is_told_by_file_in_sum_and_beside_an_answer(
    english: Index, tmp_path: Path
) -> None:
    folder = tmp_path / "foreign"
    folder.mkdir()
    (folder / "faehre.md").write_text(GERMAN, encoding="utf-8")
    (folder / "ferry.md").write_text("# The ferry\n\nIt is the ferry that carries the cars to the island.\n")
    report = ingest(english, [folder])
    reasons = {file.source: file.reason for file in report.files}
    (german,) = [source for source in reasons if source.endswith("faehre.md")]
    assert [source for source, reason in reasons.items() if reason] == [german]
    assert reasons[german].code == CODE
    assert source_languages(english.catalog) == {german: ("de",)}
    total = summarised(filter(None, reasons.values()))
    assert total is not None
    assert "1 of the files holds text in German" in total.text()
    remove(english, [german])
    assert source_languages(english.catalog) == {}
    assert summarised([]) is None


def test_an_answer_from_passages_that_are_not_read_says_so(english: Index, tmp_path: Path) -> None:
    remove(english, ["*"])
    (tmp_path / "faehre.md").write_text(GERMAN, encoding="utf-8")
    ingest(english, [tmp_path / "faehre.md"])
    (notice,) = [
        one for one in ask(english, "Which cars does the ferry to Skarholm carry?").notices if one.code == CODE
    ]
    assert (notice.values["about"], notice.values["languages"]) == ("passages", ["de"])


def test_what_is_measured_is_kept_with_the_index(index: Index) -> None:
    measured = index.reading.measure("de", "de", index.catalog)
    assert measured is not None
    assert "German" not in languages_read(index.catalog, index.settings)
    del index.__dict__["reading"]
    assert index.reading.measured["de-de"] == measured
    assert index.reading.measure("ko", "ko", index.catalog) is None
    assert index.reads("") is None


def test_passages_further_down_change_nothing_of_an_english_question(english: Index, tmp_path: Path) -> None:
    (tmp_path / "faehre.md").write_text(GERMAN * 3, encoding="utf-8")
    ingest(english, [tmp_path / "faehre.md"])
    told = ask(english, "How many cars does the ferry carry?")
    assert CODE not in [notice.code for notice in told.notices]
    found = [*retrieve(english, "Autos Fähre Skarholm"), *told.passages]
    languages = languages_of_search(english, "How many cars does the ferry carry?", found, told.evidence)
    assert (languages.question, languages.passages, languages.words_alone) == ("en", "en", False)


@pytest.mark.parametrize("message", ["你好", "ありがとう", "Wer bist du?", "¿Quién eres?", "你是谁？"])
def test_small_talk_brings_no_notice(english: Index, message: str) -> None:
    assert CODE not in [notice.code for notice in ask(english, message).notices]


def test_many_languages_are_told_in_short() -> None:
    assert language_names(["zh", "ja", "th"]) == "Chinese, Japanese and Thai"
    assert language_names(["de"], in_german=True) == "Deutsch"
    assert languages_in_short(["de", "en"]) == "German and English"
    assert languages_in_short(["af", "de", "en", "fr", *map(str, range(90))]) == "English, German, French and 91 more"


def test_sentences_are_scored_on_the_scale_that_is_asked_for(index: Index) -> None:
    question = "How many cars does the ferry carry?"
    passages = retrieve(index, question)
    doubled = Measured(Scale(0.0, 0.25, 0.5), Scale(0.0, 0.25, 0.5), 1.0, 9.0)
    onto = Measured(Scale(0.0, 0.5, 1.0), Scale(0.0, 0.5, 1.0), 1.0, 9.0)
    plain = rank_evidence(index, question, passages, AS_THEY_ARE)
    scaled = rank_evidence(index, question, passages, Scales(doubled, onto))
    similarities = {item.span: item.similarity for item in plain.sentences}
    for item, features in zip(scaled.sentences, scaled.features, strict=True):
        assert item.similarity == similarities[item.span]
        assert features.similarity == pytest.approx(min(1.0, 2 * item.similarity))


def test_of_an_encoder_on_scale_no_warning_is_due(index: Index) -> None:
    clear = Measured(Scale(0.7, 0.75, 0.9), Scale(0.7, 0.75, 0.9), 1.0, 6.0)
    for measured, on_scale in (
        (clear, True),
        (replace(clear, separation=2.0), False),
        (replace(clear, first=0.5), False),
    ):
        index.reading.measured["en-en"] = measured
        assert are_on_scale(index) is on_scale
    sentence = str(describe_scoring(index.scoring, "e5", "no fingerprint", is_measured=True))
    assert sentence == "scored as fitted for all-minilm-l6-v2, with the similarities of e5 put on its scale"
