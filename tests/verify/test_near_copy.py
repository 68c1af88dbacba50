"""Is a sentence a near-copy of its source: `rag.verify.near_copy`, `rag.verify.units`, `rag.verify.table_row`."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.near_copy import _runs
from rag.verify.parsed_text import parse_text
from rag.verify.rule_checker import RuleChecker
from rag.verify.rules.quotation import is_quotation
from rag.verify.table_row import read_cells
from rag.verify.units import match_in_order, units_of
from rag.verify.verdict import check_sentence
from tests.benchmarks.claims import claims_of, is_for_building, judged

# Each line: a sentence | its source, of which it is a near-copy.
COPIES = """
The ferry sails. | The ferry, built in Turku, sails.
The ferry sails at night. | The ferry (built in Turku) sails at night.
The ferry sails at night. | The old ferry sails at night.
The ferry sails in a storm. | The ferry sails in a strange dark storm.
Ada fixed the pump with a hammer. | Ada fixed the pump with a claw hammer.
Ada hired Bo. | Ada, who runs the mill, hired Bo.
Ada hired Bo. | In spring, Ada hired Bo.
Ada hired Bo. | Ada sold the barn and hired Bo.
A storm could sink the ferry. | A storm or a wave could sink the ferry.
Ada chairs the board of the mill. | Ada chairs the board and the union of the mill.
The rise was caused by rents. | The rise in wages, prices and fees was caused by rents.
The board meets in Oslo. | The board of Ada, Bo and Cy meets in Oslo.
The wall fell. | The wall of the town built in 1931 fell.
Ada hired Bo. | Ada sold the barn, and she hired Bo.
In 1990 Ada hired Bo. | Ada hired Bo in 1990.
Ada hired Bo in 1990. | In 1990 Ada hired Bo.
The storm damaged the mill. | The mill was damaged by the storm.
The mill was damaged by the storm. | The storm damaged the mill.
Ada Lund is a keen sailor. | The keen sailor Ada Lund hired Bo.
The ferry opened in March. | The ferry opened on 3 March.
Ada hired Bo and sold the barn. | Ada hired Bo. She sold the barn.
The mill opened in 1990 and it has two wheels. | The mill opened in 1990. It has two wheels.
The mill has two wheels. | The mill opened in 1990. It has two wheels.
The ferry waited because the storm came. | Because the storm came, the ferry waited.
If it rains, the ferry waits. | The ferry waits if it rains.
Some of the boats sank. | Therefore, some of the boats sank.
Small boats sink. | Badly repaired small boats sink.
For example, a storm sank the ferry. | A storm sank the ferry.
Close the valve, then open the lid. | 1. Close the valve. 2. Open the lid.
"""
# Each line: a sentence with the words of its source, that says something else.
OTHERS = """
Bo hired Ada. | Ada hired Bo.
Ada was hired by Bo. | Ada hired Bo.
Ada was hired. | Ada hired Bo.
The ferry sleeps. | The ferry captain sleeps.
The ferry waits and the boat sleeps. | The ferry waits and the boat captain sleeps.
Ada leads the Bern. | Ada leads the Bern office.
Bo slept. | Bo left and Ada slept.
Bo slept. | Bo left, and then he and Ada slept.
Ada hired Bo. | Ada met Cy, and she hired Bo.
Bo left and slept. | Bo left, and Ada slept.
Ada sleeps. | Ada of Oslo sings and Bo sleeps.
The US buys steel. | The UK buys steel.
Bo left Oslo. | Ada, who taught Bo, left Oslo.
Bo paints ships. | Ada, a pupil of Bo, paints ships.
The captain sleeps. | The mate of the captain sleeps.
The fire caused the fault. | The fault caused the fire.
The lift broke, so the power failed. | The lift broke, and the power failed.
The ferry waited before the storm came. | Before the ferry waited, the storm came.
The ferry waits if it rains. | If the ferry waits, it rains.
The power failed. | Because the power failed, the lift broke.
The lift broke because the power failed. | The power failed because the lift broke.
Norway sold fish to Poland. | Norway bought fish from Poland and sold ships to Poland.
The mayor of Hull resigned. | The mayor of York met the bishop of Hull and resigned.
Cod in Norway is sold in Spain. | Cod in Spain is sold in Norway.
Ada won the cup in 1995. | Ada won the cup in 1990 and the league in 1995.
Peru has 10%. | Peru has 13%, Chile 10%.
Rain stops the ferry. | Rain worries the crew that stops the ferry.
The plague was spread by rats. | The plague moved too fast to support the thesis that it was spread by rats.
Ada is a sailor and a doctor. | Ada is a sailor. Bo is a doctor.
Ada won the cup and the league. | Ada won the cup. The league expelled Bo.
Employees smoke. | Some employees smoke.
The drug causes headaches. | The drug may cause headaches.
Dan and her family live here. | Dan and his family live here.
The heater turns off at night. | The heater turns on at night.
Ada has fewer boats and more carts sink. | Ada has fewer boats and fewer carts sink.
Glass is fragile. | Glass is more fragile.
Ada goes before her. | Ada goes after her.
The cup is for tea or milk. | The cup is for tea and milk.
"""


def pairs(lines: str) -> list[list[str]]:
    return [line.split(" | ") for line in lines.strip().splitlines()]


@pytest.mark.parametrize("pair", pairs(COPIES), ids=" | ".join)
def test_parts_may_be_left_out(pair: list[str]) -> None:
    sentence, source = pair
    result = check_sentence(sentence, [source])
    assert result.verdict == "verified", result


@pytest.mark.parametrize("pair", pairs(OTHERS), ids=" | ".join)
def test_other_roles_are_no_copy(pair: list[str]) -> None:
    sentence, source = pair
    result = check_sentence(sentence, [source])
    assert result.verdict == "partly", result
    assert result.reason
    assert not result.objects


@pytest.mark.parametrize(
    ("sentence", "row", "verdict"),
    [
        ("Bo has 30 days.", "name: Bo; days: 30", "verified"),
        ("Ada of the red team scored 3.", "name: Ada; team: red; score: 3", "verified"),
        ("Ada of the blue team scored 3.", "name: Ada; team: red; score: 3", "partly"),
        ("Ada scored 5.", "name: Ada; age: 5; score: 3", "partly"),
        ("The red team scored 3.", "name: Ada; team: red; score: 3", "partly"),
    ],
)
def test_a_row_gives_each_value_under_its_own_name(sentence: str, row: str, verdict: str) -> None:
    assert check_sentence(sentence, [row]).verdict == verdict


def test_cells_are_read_from_a_row_alone() -> None:
    assert [[unit.word for unit in cell.value] for cell in read_cells("name: Ada Lund; days: 30")] == [
        ["ada", "lund"],
        ["30"],
    ]
    assert read_cells("Note: Ada sleeps") == []
    assert read_cells("Ada sleeps; Bo: awake") == []


def test_a_title_names_who_we_are() -> None:
    source = "We may seek a permit but have no assurance of a licence."
    assert check_sentence("Norpack has no assurance of a licence.", [source], "Norpack").verdict == "verified"
    assert check_sentence("Norpack has no assurance of a licence.", [source]).verdict == "partly"


def test_a_title_tells_of_what_a_line_speaks() -> None:
    source = ["The bridge is closed in winter."]
    assert check_sentence("The Lantern bridge is closed in winter.", source, "Lantern bridge").verdict == "verified"
    assert check_sentence("The Lantern bridge is closed in winter.", source).verdict == "partly"
    other = ["A bridge is closed in winter."]
    assert check_sentence("The Lantern bridge is closed in winter.", other, "Lantern bridge").verdict == "partly"


def test_a_pronoun_means_the_subject_of_the_line_before() -> None:
    lines = ["Ada Lund met Bo Kern.", "She sold the barn."]
    assert check_sentence("Ada Lund sold the barn.", lines[1:], everything=lines).verdict == "verified"
    assert check_sentence("Bo Kern sold the barn.", lines[1:], everything=lines).verdict == "partly"


# -- the measure on a strong model's sentences -------------------------------------------------------------------------


def test_marked_passages_are_cut_into_spans_of_their_own() -> None:
    row = {
        "id": "q1",
        "evidence": [
            {"number": 1, "head": "mill.txt", "text": "Ada hired Bo. She sold the barn."},
            {"number": 2, "head": "ferry.txt", "text": "The ferry sails."},
        ],
        "sentences": [
            {"text": "Ada hired Bo [1].", "marks": [1], "style": "close", "kind": "o"},
            {"text": "Bo hired Ada [1].", "marks": [1], "style": "wrong", "kind": "role"},
        ],
    }
    claims = claims_of(row)
    assert [span.quote for span in claims[0].named] == ["Ada hired Bo.", "She sold the barn."]
    assert [(span.source, span.start, span.end) for span in claims[0].everything] == [
        ("1.txt", 0, 13),
        ("1.txt", 14, 32),
        ("2.txt", 0, 16),
    ]
    found = judged(row, RuleChecker())
    assert [(one.text, one.judgement.verdict) for one in found] == [
        ("Ada hired Bo.", "verified"),
        ("Bo hired Ada.", "partly"),
    ]


def test_a_question_is_of_one_half() -> None:
    assert [is_for_building(name) for name in ("q1", "q2", "q3", "q4")] == [False, False, False, True]


# -- units -------------------------------------------------------------------------------------------------------------


def test_units_have_the_small_words_before_them() -> None:
    units = units_of(parse_text("For example, the ferry to Turku was not built in 1931.")).units
    assert [(unit.word, unit.before) for unit in units] == [
        ("ferry", ("the",)),
        ("turku", ("to",)),
        ("built", ("was", "not")),
        ("1931", ("in",)),
    ]
    assert [unit.is_upper for unit in units] == [False, True, False, False]


def test_words_are_matched_in_order() -> None:
    claim, line = (units_of(parse_text(text)).units for text in ("Bo met Ada.", "Ada met Bo, and Cy met Ada."))
    assert match_in_order(claim, line) == [(0, 2), (1, 4), (2, 5)]


@given(st.lists(st.sampled_from("ada bo ferry mill sails of in 1931 7 and".split()), max_size=12).map(" ".join))
def test_a_text_matches_itself(text: str) -> None:
    units = units_of(parse_text(text)).units
    assert match_in_order(units, units) == [(at, at) for at in range(len(units))]


@given(st.sets(st.integers(0, 30)))
def test_runs_hold_all_numbers(numbers: set[int]) -> None:
    runs = _runs(sorted(numbers))
    assert [number for run in runs for number in run] == sorted(numbers)
    assert all(run == list(range(run[0], run[-1] + 1)) for run in runs)


@pytest.mark.parametrize(
    "piece", ["ferry, ", "the ferry sails and ", "a: b; ", "7 of 8 in ", "Ada (", "was built by Bo "]
)
def test_long_text_is_compared_in_seconds(piece: str) -> None:
    text = piece * (64_000 // len(piece))
    begin = time.process_time()
    check_sentence(text, [text])
    check_sentence("Ada sails.", [text])
    assert time.process_time() - begin < 10


# -- quotations --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "source", "expected"),
    [
        ("Trucks pay 5 crowns.", "Cars pay 2. Trucks pay “5” crowns.", True),
        ("trucks pay 5  crowns", "- Trucks pay 5 crowns.", True),
        ("Trucks pay 5 crowns.", "Trucks pay 5 crowns, and cars pay 2.", True),
        ("Trucks pay 5 crowns.", "Trucks pay 5 crowns; cars pay 2.", True),
        ("Trucks pay 5 crowns.", "Trucks pay 5 crowns, but only on Sunday.", False),
        ("Trucks pay 5 crowns.", "Trucks pay 5 crowns if they are empty.", False),
        ("Trucks pay 5 crowns.", "Bo denies that trucks pay 5 crowns.", False),
        ("Trucks pay 5 crowns.", "Small trucks pay 5 crowns.", False),
        ("Trucks pay 5 crowns.", "On Sunday, trucks pay 5 crowns.", False),
        ("Trucks pay 5 %.", "Trucks pay 5 ‰.", False),
        ("Trucks pay 1.5 crowns.", "Trucks pay 15 crowns.", False),
        ("They pay 5 crowns.", "They pay 5 crowns.", False),
        ("5 crowns", "5 crowns", False),
    ],
)
def test_only_a_whole_sentence_or_main_clause_is_a_quotation(sentence: str, source: str, expected: bool) -> None:
    assert is_quotation(sentence, [source]) is expected


def test_a_quotation_is_named_as_what_decided() -> None:
    assert check_sentence("Trucks pay 5 crowns.", ["Trucks pay 5 crowns."]).checker == "quotation"
    assert check_sentence("Trucks pay 5 crowns.", ["Big trucks pay 5 crowns."]).checker == "near-copy"
    denied = check_sentence("Trucks pay 5 crowns.", ["It is false that trucks pay 5 crowns."])
    assert (denied.verdict, denied.reason.code) == ("partly", "scope")
