"""The words of every code, whatever its values are: `rag.notices`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from rag.notices import LANGUAGES, Notice, wordings


class Recording(Mapping[str, Any]):
    """Values that note which of them are asked for; each is there."""

    def __init__(self, value: Any) -> None:
        self.value, self.asked = value, set[str]()

    def __getitem__(self, name: str) -> Any:
        self.asked.add(name)
        return self.value

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Unprintable:
    def __str__(self) -> str:
        raise RuntimeError("no words")


ODD = [None, "", "a {b} c", 3, 2.5, -1, True, [], [1, None], {}, {"code": "number-absent"}, {"code": 1}, Unprintable()]


def value_names(code: str) -> set[str]:
    """Name the values that the words of a code are made from."""
    asked: set[str] = set()
    for value in ("x", "", 1, ["x"], {"code": "text"}):
        recording = Recording(value)
        Notice(code, recording).text()
        asked |= recording.asked
    return asked


@pytest.mark.parametrize("code", wordings())
def test_words_are_made_of_any_values(code: str) -> None:
    names = value_names(code)
    for language in (*LANGUAGES, "fr"):
        assert Notice(code, {}).text(language)
        for odd in ODD:
            values = dict.fromkeys(names, odd)
            assert isinstance(Notice(code, values).text(language), str)
            for name in names:
                assert isinstance(Notice(code, {**values, name: "x"}).text(language), str)
                assert isinstance(Notice(code, {key: "x" for key in names if key != name}).text(language), str)
        assert isinstance(Notice(code, None).text(language), str)  # type: ignore[arg-type]


def test_a_notice_without_its_values_has_the_words_it_brings_or_its_code() -> None:
    assert Notice("number-absent", {}).text("de") == "number-absent"
    assert Notice("number-absent", {"text": "No."}).text("de") == "No."
    assert not Notice("number-absent", {}).has_its_values()
    assert Notice("number-absent", {"number": 3, "instead": 4}).has_its_values()


def test_a_code_from_outside_may_have_german_words() -> None:
    both = Notice("taste-doubted", {"text": "It is bland.", "text_de": "Es ist fade."})
    assert [both.text(language) for language in ("en", "de", "fr")] == ["It is bland.", "Es ist fade.", "It is bland."]
    assert Notice("taste-doubted", {"text": "It is bland."}).text("de") == "It is bland."
    assert Notice("taste-doubted").text("de") == "taste-doubted"
    assert both.has_its_values()


def test_each_kind_of_part_has_a_german_name() -> None:
    from rag.notices.parts import _KINDS
    from rag.parts import _TABLES

    assert _KINDS.keys() == _TABLES.keys()
