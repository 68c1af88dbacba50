"""What is measured of an encoder: `rag.languages.parallel` and `rag.models.languages`."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.languages.identify import identify, languages_of_document
from rag.languages.parallel import REFERENCE, Measured, Scale, compare, languages_of, measured_language, parallel_texts
from rag.models.encoder import EncodedTokens
from rag.models.languages import measure, stated_languages
from rag.settings import Settings

OWN, OTHER = Scale(0.7, 0.75, 0.9), Scale(0.0, 0.2, 0.8)


class ConceptEncoder:
    """A stand-in for a model that reads the languages given: each of the twelve pairs lies on an axis of its own there.

    Texts of any other language lie on one axis. ``offset`` is what all of them have in common.
    """

    name, fingerprint, max_tokens = "concepts", "concepts", 256

    def __init__(self, reads: str, offset: float = 0.0) -> None:
        self._offset = offset
        self._axis = {
            text: number
            for language, pairs in parallel_texts().items()
            for number, pair in enumerate(pairs)
            for text in (pair if language in reads.split() else ())
        }

    def encode_tokens(self, texts: list[str], question: bool = False) -> list[EncodedTokens]:
        return [self._encoded(text) for text in texts]

    def _encoded(self, text: str) -> EncodedTokens:
        vector = np.zeros(14, dtype=np.float32)
        vector[self._axis.get(text, 12)] = 1
        vector[13] = self._offset
        vector /= np.linalg.norm(vector)
        return EncodedTokens(vector, vector[np.newaxis], ((0, len(text)),))


def test_all_languages_have_the_same_pairs_and_each_is_told() -> None:
    texts = parallel_texts()
    assert {len(pairs) for pairs in texts.values()} == {12}
    for language, pairs in texts.items():
        assert languages_of_document("\n".join(" ".join(pair) for pair in pairs)) == (language,)
        assert sum(identify(text) == language for pair in pairs for text in pair) >= 23


def test_points_go_onto_points_and_what_lies_between_goes_between() -> None:
    assert [OWN.onto(OTHER, value) for value in (0.7, 0.75, 0.9)] == pytest.approx([0.0, 0.2, 0.8])
    assert OWN.onto(OTHER, 0.825) == pytest.approx(0.5)
    assert OWN.onto(OTHER, 0.65) == pytest.approx(-0.2)
    assert OWN.onto(OTHER, 1.0) == 1.0
    assert OWN.onto(OWN, 0.8) == pytest.approx(0.8)


@given(st.floats(-1, 1), st.floats(-1, 1))
def test_the_nearer_one_stays_the_nearer_one(left: float, right: float) -> None:
    low, high = sorted((left, right))
    assert OWN.onto(OTHER, low) <= OWN.onto(OTHER, high) + 1e-9


def test_a_model_that_tells_nothing_apart_finds_all_foreign() -> None:
    assert Scale(0.9, 1.0, 0.9).onto(OTHER, 1.0) == 0.0


def test_what_similarities_say() -> None:
    # Two of three questions find their own passage first; foreign ones are 0.1 but for one 0.5.
    measured = compare([[0.9, 0.1, 0.1], [0.1, 0.9, 0.1], [0.1, 0.5, 0.3]], np.eye(3))
    assert measured.first == pytest.approx(2 / 3)
    assert measured.similarity == Scale(foreign=0.1667, nearest_foreign=0.2333, matching=0.7)
    assert measured.nearness == Scale(0.0, 0.0, 1.0)
    assert not measured.reads(REFERENCE)
    assert Measured.from_json(json.loads(json.dumps(measured.as_json()))) == measured


@pytest.mark.parametrize("offset", [0.0, 2.0])
def test_an_encoder_reads_what_it_tells_apart(offset: float) -> None:
    encoder = ConceptEncoder("en de zh", offset)
    english = measure(encoder, "en", "en")
    read = [language for language in parallel_texts() if measure(encoder, language, language).reads(english)]
    assert read == ["en", "de", "zh"]
    assert measure(encoder, "de", "zh").reads(english)
    assert not measure(encoder, "de", "fr").reads(english)
    # A matching text is one on the scale of the reference, whatever all texts have in common.
    scale = measure(encoder, "en", "en").similarity
    assert scale.onto(REFERENCE.similarity, scale.matching) == pytest.approx(0.7182)


def test_a_relative_stands_in_for_a_language_without_texts() -> None:
    assert [measured_language(code) for code in ("de", "uk", "sv", "ko")] == ["de", "ru", "nl", ""]


def test_codes_of_languages() -> None:
    assert languages_of(["en", "zh-CN", "PT_br", "multilingual", "", " de ", "x1"]) == {"en", "zh", "pt", "de"}


CARD = "---\nlicense: mit\nlanguage:\n- en\n- zh-CN\n- no\n---\n# A model\n"


@pytest.mark.parametrize(
    ("card", "languages"),
    [
        (CARD, {"en", "zh", "no"}),
        ("---\nlanguage: de\n---\n", {"de"}),
        ("---\nlanguage: multilingual\n---\n", set()),
        ("---\nlicense: mit\n---\n", set()),
        ("---\nlanguage: [en\n---\n", set()),
        ("---\n- en\n---\n", set()),
        ("---\nlanguage: en\n", set()),
        ("language: en\n", set()),
        ("", set()),
        (None, set()),
    ],
)
def test_what_a_card_states(tmp_path: Path, card: str | None, languages: set[str]) -> None:
    if card is not None:
        (tmp_path / "README.md").write_text(card, encoding="utf-8")
    assert stated_languages(str(tmp_path), Settings()) == languages


def test_the_setting_goes_before_what_is_known(tmp_path: Path) -> None:
    assert stated_languages("all-minilm-l6-v2", Settings(models=tmp_path)) == {"en"}
    assert stated_languages("all-minilm-l6-v2", Settings(models=tmp_path, languages="en, de")) == {"en", "de"}
    assert stated_languages("prefix:model", Settings(models=tmp_path)) == set()


def test_the_languages_of_a_document_are_those_of_much_of_it() -> None:
    german = "Die Fähre fährt um acht Uhr ab, und sie kommt am Abend zurück. " * 40
    english = "The ferry leaves at eight, and it comes back in the evening. " * 10
    assert languages_of_document(f"{english}\n\n{german}") == ("de", "en")
    assert languages_of_document(f"{english}\n\n{german * 4}") == ("de",)
    assert languages_of_document("") == languages_of_document("4711 0815 " * 900) == ()
