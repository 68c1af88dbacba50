"""Cases in few bytes: what is packed comes back as it was, and a run of thousands of cases stays small."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rag.evaluate.packing import pack_cases, unpack_cases

scalars = st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text("ab\ud800é", max_size=4)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("xy", max_size=2), inner, max_size=2)
)
names = st.sampled_from(["source", "source_id", "title", "start", "end", "rank", "text", "verdict", "page"])
items = st.dictionaries(names, scalars, max_size=6)
passages = st.builds(
    lambda item, scores: {**item, "scores": scores}, items, st.dictionaries(st.text("sd", max_size=2), scalars)
)
answers = st.fixed_dictionaries(
    {},
    optional={
        "answer": st.text("ab ", max_size=9),
        "passages": st.lists(passages | items, max_size=3),
        "citations": st.lists(items, max_size=3),
        "sentences": st.lists(items, max_size=3),
        "calls": st.lists(items, max_size=2),
        "plan": values,
        "confidence": scalars,
    },
)
cases = st.fixed_dictionaries(
    {
        "id": st.text("ab", max_size=3),
        "answer": answers,
        "metrics": st.dictionaries(st.text("mn", max_size=3), scalars),
    },
    optional={"case": values, "error": st.text("e", max_size=1), "gold": st.lists(items, max_size=2)},
)


@given(st.lists(cases, max_size=4))
def test_what_is_packed_comes_back(originals: list[dict[str, Any]]) -> None:
    through_a_file = json.loads(json.dumps(pack_cases(originals), sort_keys=True))
    assert unpack_cases(through_a_file) == originals


def test_what_programs_look_for_stands_under_its_name() -> None:
    original = case(3)
    original["metrics"] |= {"right": 1.0, "f1": None}
    (row, _) = pack_cases([original, case(4)])["rows"]
    assert (row["id"], row["error"], row["metrics"]) == ("case-3", "", {"right": 1})
    assert (row["answer"]["answer"], row["answer"]["abstained"]) == (original["answer"]["answer"], False)


def test_packing_again_gives_the_same_bytes() -> None:
    originals = [case(number) for number in range(20)]
    packed = json.dumps(pack_cases(originals), sort_keys=True)
    assert json.dumps(pack_cases(unpack_cases(json.loads(packed))), sort_keys=True) == packed


def case(number: int) -> dict[str, Any]:
    """A case as large as those of the handbook's suite: eight passages, two citations, ninety metrics."""
    text = f"The ferry of line {number} carries {number} cars, and leaves every hour from its own pier. [1]"
    quote = text.removesuffix(" [1]")
    where = {"source": f"{number % 90}.md", "source_id": f"{number % 90:064x}", "title": "Ferries", "page": None}
    scores = {"dense": 0.5119, "dense_rank": number % 97, "fused": 0.9968, "keyword": 11.3428, "keyword_rank": 2}
    return {
        "id": f"case-{number}",
        "metrics": {f"metric@{n}/document": (1.0, 0.0, None, 0.333333)[(number + n) % 4] for n in range(90)},
        "answer": {
            "answer": text,
            "abstained": False,
            "citations": [{**where, "start": 10, "end": 10 + len(quote), "quote": quote, "cells": [], "boxes": []}] * 2,
            "passages": [{**where, "start": n, "end": n + 500, "rank": n, "scores": scores} for n in range(8)],
            "sentences": [{"text": text, "start": 0, "end": len(text), "verdict": "verified", "citations": [1]}],
        },
        "error": "",
    }


def test_thousands_of_cases_stay_small() -> None:
    """15 MB for 5,000 cases are 3,000 bytes a case."""
    originals = [case(number) for number in range(400)]
    plain, packed = (len(json.dumps(data, separators=(",", ":"))) for data in (originals, pack_cases(originals)))
    assert plain / 400 > 5000
    assert packed / 400 < 1500
