"""Fusion against hand-worked numbers: `rag.retrieval.fusion`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.retrieval.fusion import fuse, min_max, neighbour_boost, share_of_best

KEYS = st.sampled_from("abcdefgh")
COSINES = st.dictionaries(KEYS, st.floats(-1, 1, width=16), max_size=8)
# BM25 scores are never negative.
SCORES = st.dictionaries(KEYS, st.floats(0, 10, width=16), max_size=8)


def test_min_max_by_hand() -> None:
    assert min_max({"a": 2.0, "b": 6.0, "c": 5.0}) == {"a": 0.0, "b": 1.0, "c": 0.75}
    assert min_max({"a": 3.0, "b": 3.0}) == {"a": 1.0, "b": 1.0}
    assert min_max({"a": 0.0}) == {"a": 1.0}
    assert min_max({}) == {}


def test_share_of_best_by_hand() -> None:
    assert share_of_best({"a": 2.0, "b": 8.0, "c": 0.0}, 1.0) == {"a": 0.25, "b": 1.0, "c": 0.0}
    assert share_of_best({}, 1.0) == {}


def test_neighbour_boost_by_hand() -> None:
    neighbours = {"a": ["b"], "b": ["a", "c"], "c": ["b", "d"]}
    assert neighbour_boost({"a": 4.0, "b": 8.0, "c": 2.0}, neighbours, 0.5) == {"a": 8.0, "b": 11.0, "c": 6.0}
    assert neighbour_boost({"a": 4.0}, {}, 0.5) == {"a": 4.0}


def test_fuse_by_hand() -> None:
    dense = {"a": 0.75, "b": 0.5, "c": 0.25}  # 1, 0.5, 0
    keyword = {"b": 16.0, "d": 4.0, "c": 12.0}  # 1, 0.25, 0.75
    assert fuse(dense, keyword, 0.5, 1.0) == [("b", 0.75), ("a", 0.5), ("c", 0.375), ("d", 0.125)]
    assert fuse(dense, keyword, 0.25, 1.0) == [("b", 0.875), ("c", 0.5625), ("a", 0.25), ("d", 0.1875)]


def test_one_ranking_alone_keeps_its_order() -> None:
    assert [key for key, _ in fuse({"a": 1.0, "b": 3.0}, {}, 0.5, 1.0)] == ["b", "a"]
    assert [key for key, _ in fuse({}, {"a": 1.0, "b": 3.0}, 0.5, 1.0)] == ["b", "a"]
    assert fuse({}, {}, 0.5, 1.0) == []


def test_ties_are_broken_by_id() -> None:
    assert fuse({"b": 1.0, "a": 1.0}, {"d": 1.0, "c": 1.0}, 0.5, 1.0) == [
        ("a", 0.5),
        ("b", 0.5),
        ("c", 0.5),
        ("d", 0.5),
    ]


@given(COSINES, SCORES, st.floats(0, 1, width=16))
def test_every_candidate_once_with_a_score_between_0_and_1(
    dense: dict[str, float], keyword: dict[str, float], weight: float
) -> None:
    fused = fuse(dense, keyword, weight, 1.0)
    assert sorted(key for key, _ in fused) == sorted(dense.keys() | keyword.keys())
    assert all(0 <= score <= 1 for _, score in fused)
    assert fused == sorted(fused, key=lambda pair: (-pair[1], pair[0]))


@given(COSINES, SCORES, st.randoms())
def test_the_order_of_the_input_does_not_matter(dense: dict[str, float], keyword: dict[str, float], random) -> None:
    shuffled = list(dense.items())
    random.shuffle(shuffled)
    assert fuse(dense, keyword, 0.5, 1.0) == fuse(dict(shuffled), dict(reversed(keyword.items())), 0.5, 1.0)


@given(COSINES, SCORES)
def test_better_in_both_rankings_is_never_worse_fused(dense: dict[str, float], keyword: dict[str, float]) -> None:
    ranks = {key: rank for rank, (key, _) in enumerate(fuse(dense, keyword, 0.5, 1.0))}
    fused = dict(fuse(dense, keyword, 0.5, 1.0))
    for left in dense.keys() & keyword.keys():
        for right in dense.keys() & keyword.keys():
            if dense[left] > dense[right] and keyword[left] > keyword[right]:
                assert fused[left] >= fused[right]
                assert ranks[left] < ranks[right] or fused[left] == pytest.approx(fused[right])


@given(COSINES, SCORES, st.sampled_from([0.5, 2.0, 8.0]), st.sampled_from([-4.0, 0.0, 16.0]))
def test_the_scale_of_the_dense_ranking_does_not_matter(
    dense: dict[str, float], keyword: dict[str, float], factor: float, shift: float
) -> None:
    moved = {key: score * factor + shift for key, score in dense.items()}
    # Moving may round two scores into one; then nothing is promised.
    if len(set(moved.values())) == len(set(dense.values())):
        left, right = dict(fuse(dense, keyword, 0.5, 1.0)), dict(fuse(moved, keyword, 0.5, 1.0))
        assert left == pytest.approx(right, abs=1e-6)


def test_keyword_scores_that_say_nothing_are_not_stretched() -> None:
    """A best score below 1 is its own share."""
    assert share_of_best({"a": 0.25, "b": 0.125}, 1.0) == {"a": 0.25, "b": 0.125}
    assert fuse({"a": 0.5, "b": 0.0}, {"b": 0.125}, 0.5, 1.0)[0][0] == "a"
