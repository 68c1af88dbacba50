"""The scoring file: read strictly, found by the embedding model's fingerprint, replaced by a user's own."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from rag.errors import UsageError
from rag.retrieval.answerability import Features, threshold_of
from rag.scoring.file import (
    describe_scoring,
    parse_scoring_file,
    read_scoring_file,
    scoring_file_text,
    scoring_for,
    scoring_id,
    shipped_files,
    shipped_scoring,
    value_paths,
)
from rag.scoring.values import Coefficients
from rag.settings import Settings
from rag.store.index import open_index
from tests.conftest import ROOT, Command
from tests.fakes import WordEncoder

FILES = sorted((ROOT / "rag" / "scoring" / "files").glob("*.json"))
SHIPPED = shipped_files()["all-minilm-l6-v2"]


def changed(path: str, value: Any) -> str:
    """The text of the shipped file with one value replaced, or taken away where it is ``...``."""
    whole = json.loads(scoring_file_text(SHIPPED))
    *parents, last = path.split(".")
    record = whole
    for name in parents:
        record = record[name]
    if value is ...:
        del record[last]
    else:
        record[last] = value
    return json.dumps(whole)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_file_is_what_the_program_would_write(path: Path) -> None:
    assert scoring_file_text(shipped_files()[path.stem]) == path.read_text(encoding="utf-8")


def test_a_number_that_came_later_may_be_absent() -> None:
    read = parse_scoring_file(changed("values.quotes.least_gain", ...), "mine.json").scoring
    assert read.quotes == replace(SHIPPED.scoring.quotes, least_gain=0.0)


def test_the_shipped_numbers_stay_what_they_are() -> None:
    """Other numbers are other answers: whoever moves one says so in the changelog, and then here."""
    assert scoring_id(SHIPPED.scoring) == "3e044981c577"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_number_says_what_shaped_it(path: Path) -> None:
    file = shipped_files()[path.stem]
    fitted = {path for data_set in file.fitted for path in data_set.fits}
    for number in value_paths(file.scoring):
        groups = [number.rsplit(".", depth)[0] for depth in range(number.count(".") + 1)]
        assert (number in fitted) != any(group in file.chosen for group in groups), number
    assert fitted <= set(value_paths(file.scoring))
    assert all(reason.endswith(".") for reason in file.chosen.values())


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("values.fusion.dense_weight", ..., "values.fusion.dense_weight is missing"),
        ("values.fusion.sparse_weight", 0.5, "values.fusion.sparse_weight is unknown"),
        ("values.fusion.dense_weight", "0.5", "values.fusion.dense_weight is '0.5' and must be a number"),
        ("values.fusion.dense_weight", True, "must be a number"),
        ("values.fusion.dense_weight", float("nan"), "must be a number"),
        ("values.fusion.dense_weight", 1.5, "values.fusion.dense_weight is 1.5 and must be a number from 0 to 1"),
        ("values.fusion.candidates", 0, "must be a whole number of at least 1"),
        ("values.fusion.candidates", 2.5, "must be a whole number of at least 1"),
        ("values.fusion.candidates", 10_001, "values.fusion.candidates is 10001 and must be at most 10000"),
        ("values.fusion.reranked", 10**400, "must be at most 10000"),
        ("values.quotes.most", 10_001, "values.quotes.most is 10001 and must be at most 10000"),
        ("values.fusion.full_keyword_score", 0, "values.fusion.full_keyword_score is 0 and must be a number above 0"),
        ("values.fusion.full_keyword_score", -1.5, "must be a number above 0"),
        ("values.fusion.full_keyword_score", 1001, "must be at most 1000"),
        ("values.answerability.intercept", -1e30, "values.answerability.intercept is -1e+30 and must be at most 1000"),
        ("values.answerability.coefficients.dense", 1e9, "must be at most 1000"),
        ("values.answerability.coefficients.dense", 10**400, "must be a number"),
        ("values.support.verdicts.entailed", 0.01, "refuted is 0.2 and must be at most entailed, 0.01"),
        ("values.answerability.coefficients", [1, 2], "values.answerability.coefficients must be an object"),
        ("values.answerability.coefficients.dense", None, "must be a number"),
        ("values.support.verdicts", ..., "values.support.verdicts is missing"),
        ("encoder.fingerprint", 7, "encoder.fingerprint is 7 and must be a text"),
        ("fitted", {}, "fitted must be a list"),
        ("chosen", [], "chosen must be an object"),
        ("version", 2, "version is 2 and must be 1"),
        ("surprise", 1, "surprise is unknown"),
    ],
)
def test_a_wrong_file_is_refused_with_what_and_where(path: str, value: Any, complaint: str) -> None:
    with pytest.raises(UsageError) as raised:
        parse_scoring_file(changed(path, value), "mine.json")
    assert complaint in str(raised.value)
    assert "mine.json" in str(raised.value)
    german = raised.value.notice.text("de")
    assert german.startswith("Die Bewertungsdatei mine.json ist fehlerhaft: ")
    assert path.partition(".")[0] in german


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000, "null"])
def test_what_is_no_file_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"mine\.json is wrong: ") as raised:
        parse_scoring_file(text, "mine.json")
    assert raised.value.notice.text("de").endswith(". Berichtigen Sie sie, oder löschen Sie RAG_SCORING.")


def test_data_may_be_of_any_size() -> None:
    whole = json.loads(changed("version", 1))
    whole["fitted"][0] |= {"rows": 250_000, "figures": {"bits": 1e6}}
    assert parse_scoring_file(json.dumps(whole), "").fitted[0].rows == 250_000


def test_a_whole_number_stands_for_a_number() -> None:
    assert parse_scoring_file(changed("values.fusion.dense_weight", 1), "").scoring.fusion.dense_weight == 1.0


def test_a_coefficient_for_each_feature() -> None:
    assert [one.name for one in fields(Coefficients)] == [one.name for one in fields(Features)]


def test_numbers_are_found_by_the_fingerprint_of_the_model() -> None:
    assert scoring_for(SHIPPED.scoring.encoder.fingerprint) == (SHIPPED.scoring, True)
    assert scoring_for("another") == (shipped_scoring(), False)


def test_what_was_fitted_for_another_model_is_said(index: Any) -> None:
    assert not index.scoring_is_fitted
    sentence = str(describe_scoring(index.scoring, "words", index.encoder.fingerprint))
    assert "as fitted for all-minilm-l6-v2; none was fitted for words" in sentence
    assert "rag calibrate" in sentence
    fitted = describe_scoring(index.scoring, "words", index.scoring.encoder.fingerprint)
    assert str(fitted) == "scored as fitted for all-minilm-l6-v2"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A user's own file, with a threshold of 0.7, fitted for the fake encoder."""
    scoring = SHIPPED.scoring
    encoder = replace(scoring.encoder, name="words", fingerprint=WordEncoder().fingerprint)
    answerability = replace(scoring.answerability, threshold=0.7)
    path = tmp_path / "own.json"
    file = replace(SHIPPED, scoring=replace(scoring, encoder=encoder, answerability=answerability))
    path.write_text(scoring_file_text(file), encoding="utf-8")
    return path


def test_the_file_of_a_user_counts_instead(settings: Settings, own: Path) -> None:
    chosen = settings.model_copy(update={"scoring": own})
    with open_index("mine", settings=chosen, create=True, encoder=WordEncoder()) as index:
        assert threshold_of(index) == 0.7
        assert index.scoring_is_fitted
    with open_index("other", settings=chosen, create=True, encoder=WordEncoder("others")) as index:
        assert threshold_of(index) == 0.7
        assert not index.scoring_is_fitted


def test_the_file_of_a_user_is_named(own: Path) -> None:
    scoring, _ = scoring_for("", own)
    file = f"scored by {own} ({scoring_id(scoring)}), which is fitted for words"
    assert str(describe_scoring(scoring, "words", WordEncoder().fingerprint, own)) == file
    other = str(describe_scoring(scoring, "other", "no fingerprint", own))
    assert other.startswith(f"{file} and not for other: choose a threshold with rag calibrate, or fit one")
    default = SHIPPED.scoring.encoder
    instead = describe_scoring(scoring, default.name, default.fingerprint, own)
    assert str(instead) == (
        f"{file} and not for all-minilm-l6-v2: unset RAG_SCORING to be scored as fitted for all-minilm-l6-v2, or "
        "choose a threshold with rag calibrate"
    )
    assert "Nehmen Sie RAG_SCORING weg" in instead.text("de")


def test_a_file_of_a_user_that_is_not_there_is_an_error_in_words(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.json cannot be read \(FileNotFoundError\); set RAG_SCORING"):
        read_scoring_file(tmp_path / "none.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="UnicodeDecodeError"):
        read_scoring_file(tmp_path / "bytes.json")
    chosen = settings.model_copy(update={"scoring": tmp_path})
    with pytest.raises(UsageError, match="cannot be read"):
        open_index("mine", settings=chosen, create=True, encoder=WordEncoder())


# -- the command line --------------------------------------------------------------------------------------------------

WARNING = "rag: Scored as fitted for all-minilm-l6-v2; none was fitted for words"


def test_the_command_line_says_what_was_fitted_for_another_model(
    rag: Command, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAG_SCORING")
    ingested, asked = rag("ingest", library, "--json"), rag("ask", "How many cars?", "--json")
    for ran in (ingested, asked):
        assert ran.err.count(WARNING) == 1
        json.loads(ran.out)
        assert "fitted" not in ran.out
    assert "scoring: scored as fitted for all-minilm-l6-v2; none was fitted for words" in rag("status").out
    assert "none was fitted for words" in rag("doctor").out


def test_nothing_is_said_once_the_user_chose_a_threshold(
    rag: Command, library: Path, own: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RAG_SCORING")
    rag("ingest", library)
    monkeypatch.setenv("RAG_THRESHOLD", "0.2")
    assert WARNING not in rag("ask", "How many cars?").err
    monkeypatch.delenv("RAG_THRESHOLD")
    assert WARNING in rag("ask", "How many cars?").err
    monkeypatch.setenv("RAG_SCORING", str(own))
    assert WARNING not in rag("ask", "How many cars?").err
    assert f"scoring: scored by {own} (" in rag("status").out


# -- the data ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif("FOOTNOTE_DATA" not in os.environ, reason="FOOTNOTE_DATA names no folder of public data")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_file_names_the_data_by_their_checksums(path: Path) -> None:
    root = Path(os.environ["FOOTNOTE_DATA"])
    named = [file for data_set in shipped_files()[path.stem].fitted for file in data_set.files]
    assert named
    for file in named:
        assert hashlib.sha256((root / file.path).read_bytes()).hexdigest() == file.sha256, file.path
