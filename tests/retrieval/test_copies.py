"""Copies among passages: `rag.retrieval.copies`."""

from __future__ import annotations

from rag.retrieval.copies import first_of_copies, without_copies


def test_a_copy_is_left_out_and_another_number_is_none() -> None:
    passages = [
        ("The fee is 22 crowns. The office opens at eight.", "a"),
        ("THE FEE IS 22 CROWNS.\nThe office opens at eight", "copy"),
        ("The office opens at eight.", "part"),
        ("The fee is 24 crowns. The office opens at eight.", "b"),
    ]
    assert without_copies(passages, 8) == ["a", "b"]
    assert without_copies(passages, 1) == ["a"]


def test_the_first_of_equal_sentences_counts() -> None:
    assert first_of_copies(["It is 3.", "It  is 3", "It is 4."]) == [0, 2]
