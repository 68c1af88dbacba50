"""Is a sentence a near-copy of its source: `rag.verify.copies`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify.copies.families import same_family
from rag.verify.copies.near_copy import _runs
from rag.verify.copies.table_row import agrees_with_bars, read_cells
from rag.verify.copies.units import match_in_order, units_of
from rag.verify.parse.lexicon import OPPOSITES
from rag.verify.parse.parsed_text import parse_text
from rag.verify.parse.source_lines import source_lines
from rag.verify.rule_checker import RuleChecker
from rag.verify.rules.quotation import is_quotation
from rag.verify.verdict import check_sentence
from tests.benchmarks.claims import claims_of, is_for_building, judged
from tests.processor_time import at_most

# Each line: a sentence | its source, of which it is a near-copy.
COPIES = """
The ferry takes 20 to 30 cars. | The ferry takes 20–30 cars.
The ferry takes between 20 and 30 cars. | The ferry takes 20–30 cars.
The ferry takes 20–30 cars. | The ferry takes 20 to 30 cars.
The trip takes one and a half hours. | The trip takes 90 minutes.
The trip takes an hour and a half. | The trip takes 1½ hours.
The trip takes half an hour. | The trip takes 30 minutes.
Die Fahrt dauert anderthalb Stunden. | Die Fahrt dauert 1,5 Stunden.
The pole is two and a half metres long. | The pole is 2½ m long.
The margin was -5 %. | The margin was (5) %.
The margin was minus five per cent. | The margin was (5) %.
Since 1990 the mill is closed. | Since 1990 the mill is closed.
The mill is closed. | Since 1990 the mill is closed.
The mill was closed. | The mill was closed until 2010.
The mill was closed. | The mill is closed.
President Lund hired Bo. | The former President Lund hired Bo.
Ada owned the mill. | Ada owns the mill.
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
The ferry carries dull stripes. | The ferry carries dull, almost grey stripes.
Ada hired a weaver. | Ada hired a tall-masted and seaworthy weaver.
Mr. Lund hired Bo. | Lund hired Bo.
On the other hand, the mill burned. | The mill burned.
The mill burned in 1990. | Records showed that the mill burned in 1990.
Green ferries are slow. | Bo met Green ferries (which are slow).
As they were tired, they left the mill. | They were tired, so they left the mill.
The best weaver was Ada. | Ada was the best weaver.
Ada is a weaver who sings at night. | As a weaver, Ada sings at night.
The crane can lift a car. | The crane has the ability to lift a car.
The crane lifted a car. | The crane managed to lift a car.
Ada sank the ferry. | Ada has few boats, yet she managed to sink the ferry.
The walk is about 3 miles long. | The walk is about 5 km (3 miles) long.
The play was sold in Hull. | The play was sold in Oslo, Bergen and Hull.
The book covers the economic rise. | The book covers the economical rise.
The discovery of gold made Hull rich. | Discovering gold made Hull rich.
The cost of the storage of grain rose. | The cost of storing grain rose.
Ada Lund is a weaver living in Hull. | Ada Lund is a weaver who lives in Hull.
The thief was tricked into a sale in May. | Ada and Bo tricked the thief into a sale in May.
The lid can be opened with a key. | You can open the lid with a key.
The mill was built in 1990 by Ada Lund. | Ada Lund built the mill in 1990.
The Tern is in Hull. | The Tern is a ferry in Hull.
Ada sold boats in Hull. | Ada sold 5 boats in Hull.
The Tern sails in Hull. | The Tern sails in Hull -- see the map.
The mill makes rope and sails. | The mill makes goods such as rope, sails and nets.
The mill sells rope, nets and sails. | The mill sells sails, rope and nets.
The mill closed because of the storm. | The mill closed due to the storm.
The mill holds about 50 boats. | The mill holds approximately 50 boats.
The roof of the mill is red. | The mill's roof is red.
The red roof of the old mill fell. | The old mill's red roof fell.
The mill's roof is red. | The roof of the mill is red.
The fee rose to 7 dollars. | The fee rose from 5 dollars to 7 dollars.
To open the lid, close the valve. | Close the valve to open the lid.
Its main goods are rope and nets. | Rope and nets are its main goods.
The song, released in 1990, is about rain. | The song was released in 1990 and is about rain.
The company's costs rose. | Our costs rose.
Malva is a herb. | Malva (Old: Malv; New: Mallow) is a herb.
"""
# Each line: a sentence with the words of its source, that says something else.
OTHERS = """
The mill is closed. | The mill was closed until 2010.
Ada owns the mill. | Ada owned the mill.
Ada runs the mill. | Ada ran the mill.
Ada is the mayor. | Ada is the former mayor.
Ada is the mayor of Hull. | Ada is the deputy mayor of Hull.
The boat has a sail. | The toy boat has a sail.
Bo met the next mayor. | Bo met the former next mayor.
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
The mill burned in 1990. | Records suggested that the mill burned in 1990.
The mill burned in 1990. | Records never showed that the mill burned in 1990.
Green ferries sank. | Bo met Green ferries and sank.
The best weaver was Ada. | Bo was the best weaver and Ada a singer.
Ada is a weaver who sings at night. | As a weaver, Ada hired Cy, who sings at night.
The crane lifted a car. | The crane has the ability to lift a car.
The walk is about 3 miles long. | The walk is about 5 km long and 3 miles off.
The play was sold in Hull. | The play was sold in Oslo, and Hull paid.
The mine closed in 1990. | Ada feared the closure of the mine in 1990.
Ada discovered gold in the river. | Ada hoped for the discovery of gold in the river.
The closure of the king pleased Bo. | The king closed the mine and pleased Bo.
The thief was tricked into a sale. | The thief tricked Ada into a sale.
Bo was hired in May. | Ada, who hired Bo, left in May.
The Tern is in Hull. | The Tern is a book in which Hull burns.
The son of Ada sings. | Ada sings of the son.
The mayor of Hull met the mayor of York. | York's mayor met Hull's mayor.
The mill was built in 1990 by Ada Lund. | Ada Lund burned the mill in 1990 and Bo built the barn.
The mill sells rope and buys nets and sails. | The mill sells sails and buys rope and nets.
Ada, Bo and Cy ran first, second and third. | Cy, Ada and Bo ran first, second and third.
Ada, Bo and Cy got 5, 6 and 7 boats. | Ada, Cy and Bo got 5, 6 and 7 boats.
To close the valve, open the lid. | Close the valve to open the lid.
The song is about rain. | The song was sold and the film is about rain.
The company's costs rose. | Our rival's costs rose.
The company hired Bo. | Bo hired us.
Ada hired Bo. | Ada's rival hired Bo.
The mill sank. | The mill's servant sank.
Ferries leave at nine. | Ferries leave at noon, trains at nine.
"""
# Each line: a sentence | two lines of its source, of which it is put together | the verdict.
JOINED = """
Bo hired Cy, who runs the mill. | Bo hired Cy. | Cy runs the mill. | verified
Bo hired Cy, who runs the mill. | Bo hired Cy. | Bo runs the mill. | partly
Bay is a song by Bo and praises rivers. | Bay is a song by Bo. | The song praises rivers. | verified
Bay is a song by Bo and praises rivers. | Bay is a song by Bo. | The poem praises rivers. | partly
Bay praises rivers. | Bay is a song by Bo. | The song praises rivers. | verified
Bay praises rivers. | Bay is a song by Bo. | The poem praises rivers. | partly
The sign that Ada Lund was ill grew. | Ada Lund was a painter. | The sign that the painter was ill grew. | verified
Ada Lund hired Cy. | Ada Lund met Bo. | Lund hired Cy. | verified
Ada Kern hired Cy. | Ada Lund met Kern. | Kern hired Cy. | partly
Ada Lund's best song is Bright Bay. | Ada Lund met Bo. | Her best song is Bright Bay. | verified
Bo's best song is Bright Bay. | Ada Lund met Bo. | Her best song is Bright Bay. | partly
In Hull Ada sold 5 boats, and in Oslo 6 boats. | In Hull Ada sold 5 boats. | In Oslo Ada sold 6 boats. | verified
In Hull Ada sold 5 boats, and in Oslo 6 boats. | In Hull Ada sold 5 boats. | In Oslo Bo sold 6 boats. | partly
Bo left Ada, who slept. | Bo left Ada. | The dog slept. | partly
The mill, built in 1990, is red. | The mill was built in 1990. | It is red. | verified
The mill, built in 1990, is red. | The barn was built in 1990. | The mill is red. | partly
Built in 1990, the mill is red. | The mill was built in 1990. | It is red. | verified
Built in 1990, the mill is red. | The barn was built in 1990. | The mill is red. | partly
Ada Lund, who sold the mill, lives in Hull. | Ada Lund sold the mill. | She lives in Hull. | verified
Ada Lund, who sold the mill, lives in Hull. | Bo Berg sold the mill. | Ada Lund lives in Hull. | partly
Ada, who hired Bo, lives in Hull. | Bo hired Ada. | Ada lives in Hull. | partly
The Tern is a red mill in Hull that sells rope. | The Tern is a red mill in Hull. | It sells rope. | verified
Ada is a captain of a ship that sank. | Ada is a captain of a ship. | Ada sank. | partly
The Grey Lantern cat's coat is thick. | The Grey Lantern is a cat. | The coat is thick. | verified
Bo's coat is thick. | Ada met Bo. | The coat is thick. | partly
The east arm of the Vale begins at Hull. | The Vale is a river. | The east arm begins at Hull. | verified
The east arm of the Tyne begins at Hull. | The Vale is a river. | The east arm begins at Hull. | partly
The Tern is a ferry. | The Tern (built in St. | Ives ) is a ferry. | verified
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


@pytest.mark.parametrize("case", pairs(JOINED), ids=" | ".join)
def test_two_lines_are_joined_where_they_speak_of_the_same(case: list[str]) -> None:
    sentence, first, second, verdict = case
    assert check_sentence(sentence, [first, second]).verdict == verdict


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("Heron takes 90 t.", "verified"),
        ("The oldest open ferry takes 90 t.", "verified"),
        ("The oldest ferry takes 90 t.", "partly"),
        ("Heron takes 40 t.", "partly"),
        ("Heron is in the free harbour and takes 90 t.", "partly"),
    ],
)
def test_a_row_with_bars_gives_whole_cells(sentence: str, verdict: str) -> None:
    rows = ["| Heron-12 | ferry | 90 t | the oldest open ferry |", "| Tern-3 | ferry | 40 t | for the free harbour |"]
    assert check_sentence(sentence, rows).verdict == verdict


def test_a_number_is_of_one_unit_in_a_row_with_bars() -> None:
    row = "| Heron | 90 t | 40 t |"
    assert not agrees_with_bars(units_of(parse_text("Heron 90 t")).units, row)
    assert agrees_with_bars(units_of(parse_text("Heron 90 t")).units, "| Heron | 90 t | 40 m |")
    assert not agrees_with_bars((), row)


def test_a_computed_number_beside_copied_ones_is_verified_with_its_calculation() -> None:
    source = ["Heron takes 90 tonnes.", "Tern takes 40 tonnes."]
    result = check_sentence("Heron takes 90 tonnes and Tern takes 40 tonnes, a difference of 50 tonnes.", source)
    assert (result.verdict, result.reason.code) == ("verified", "computed")
    swapped = check_sentence("Tern takes 90 tonnes and Heron takes 40 tonnes, a difference of 50 tonnes.", source)
    assert swapped.verdict == "partly"
    assert check_sentence("This is a difference of 50 tonnes.", source).verdict == "partly"


def test_a_source_tells_who_we_are() -> None:
    source = ["In this report, “Norpack,” “we” and “our” mean Norpack AG.", "We have no assurance of a licence."]
    assert check_sentence("Norpack has no assurance of a licence.", source).verdict == "verified"
    assert check_sentence("Sudpack has no assurance of a licence.", source).verdict == "partly"


def test_a_semicolon_in_brackets_ends_no_clause() -> None:
    assert source_lines("Malva (Old: Malv; New: Mallow) is a herb; it blooms.") == (
        "Malva (Old: Malv; New: Mallow) is a herb",
        "it blooms.",
    )
    assert source_lines("Malva (Old: Malv; it blooms.") == ("Malva (Old: Malv", "it blooms.")


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


@pytest.mark.parametrize(
    ("sentence", "line", "title", "verdict"),
    [
        ("Tin Bay's first film was released in 1990.", "The first film was released in 1990.", "Tin Bay", "verified"),
        ("Tin Bay's first film was released in 1990.", "The first film was released in 1990.", "Red Bay", "partly"),
        ("Dan Berg met Ada in Oslo.", "Dan met Ada in Oslo.", "Dan Berg", "verified"),
        ("Dan Berg met Ada in Oslo.", "Dan met Ada in Oslo.", "Dan Lund", "partly"),
        (
            "Average rate of gain is a measure of profit.",
            "ARG is a measure of profit.",
            "Average rate of gain",
            "verified",
        ),
        (
            "Average rate of loss is a measure of profit.",
            "ARG is a measure of profit.",
            "Average rate of gain",
            "partly",
        ),
    ],
)
def test_a_title_tells_a_name_in_full(sentence: str, line: str, title: str, verdict: str) -> None:
    assert check_sentence(sentence, [line], title).verdict == verdict


# -- words of one family -----------------------------------------------------------------------------------------------

WORDS = sorted(
    {word for pair in OPPOSITES for words in pair for word in words.split()}
    | set("discover discovery close closure economy economic act action station state denial deny ability able".split())
)


@pytest.mark.parametrize(
    "pair",
    """discover discovery, close closure, cover coverage, economic economy, economical economy, strong strength,
    act action, act activity, canada canadian, decide decision, receive reception, apply application, solve solution,
    extend extension, occur occurrence, deny denial, efficient efficiency, able ability, nature natural, fame famous,
    industry industrial, stable stability, produce production, volcano volcanic, academy academic""".split(","),
)
def test_words_of_one_family(pair: str) -> None:
    word, other = pair.split()
    assert same_family(word, other)


@pytest.mark.parametrize(
    "pair",
    """payer payee, trainer trainee, contract contractor, station state, general generation, universe university,
    party part, like unlike, nation native, commit commission, passion pass, legal illegal, invent inventor""".split(
        ","
    ),
)
def test_words_that_only_look_alike(pair: str) -> None:
    word, other = pair.split()
    assert not same_family(word, other)


@given(st.sampled_from(WORDS) | st.text("abcdeinostuy", max_size=12), st.sampled_from(WORDS))
def test_a_family_has_no_order(word: str, other: str) -> None:
    assert same_family(word, word)
    assert same_family(word, other) == same_family(other, word)


@pytest.mark.parametrize("pair", OPPOSITES, ids=str)
def test_opposites_are_of_no_family(pair: tuple[str, str]) -> None:
    left, right = (words.split() for words in pair)
    assert not [(word, other) for word in left for other in right if same_family(word, other)]


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
    "piece",
    [
        "ferry, ",
        "the ferry sails and ",
        "a: b; ",
        "7 of 8 in ",
        "Ada (",
        "was built by Bo ",
        "| a ",
        "Ada Bo, “we” ",
        "discovery of ",
    ],
)
def test_long_text_is_compared_in_seconds(piece: str) -> None:
    text = piece * (64_000 // len(piece))
    with at_most(10):
        check_sentence(text, [text])
        check_sentence("Ada sails.", [text])


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


@pytest.mark.parametrize(
    ("sentence", "source", "verdict"),
    [
        ("The drug cures fever.", "The drug cures fever in mice.", "partly"),
        ("The drug cured fever.", "The drug cured fever in children under five.", "partly"),
        ("The vaccine was effective.", "The vaccine was effective in vitro.", "partly"),
        ("The bridge is closed.", "The bridge is closed for lorries.", "partly"),
        ("Refunds are paid.", "Refunds are paid to members.", "partly"),
        ("Entry is free.", "Entry is free on Mondays.", "partly"),
        ("Dogs are allowed.", "Dogs are allowed on a lead.", "partly"),
        ("Staff may work from home.", "Staff may work from home with the consent of their manager.", "partly"),
        ("Lenses may be returned.", "Lenses may be returned within 30 days.", "partly"),
        ("The ferry leaves at 8.15.", "The ferry leaves at 8.15 on weekdays.", "partly"),
        ("Children under 12 travel free.", "Children under 12 travel free on weekdays only.", "partly"),
        ("Members pay no fee.", "Members pay no fee in the first year.", "partly"),
        ("Tickets cost 5 euros.", "Tickets cost 5 euros for members.", "partly"),
        ("The fee is 5 euros.", "The fee is 5 euros per hour.", "partly"),
        ("The firm will pay 5 crowns.", "The firm will pay 5 crowns, subject to approval.", "partly"),
        # A limit that opens the line, or stands behind those whom the rule is for.
        ("In theory, the drug lowers pain.", "In theory, the drug lowers pain.", "verified"),
        ("The drug lowers pain.", "In theory, the drug lowers pain.", "partly"),
        (
            "Velmorin cured joint swelling within nine days.",
            "In mice, velmorin cured joint swelling within nine days.",
            "partly",
        ),
        ("The museum is closed.", "On Sundays the museum is closed.", "partly"),
        ("Dogs are allowed.", "With a permit, dogs are allowed.", "partly"),
        ("Students travel free.", "Students with a card travel free.", "partly"),
        ("Adults get the vaccine.", "Adults over 65 get the vaccine.", "partly"),
        ("The ship sank.", "The ship with 40 passengers sank.", "verified"),
        ("The firm sold 5 boats.", "In May, the firm sold 5 boats.", "verified"),
        # What happened once, happened also without its place and time.
        ("Anna Berg was born in 1950.", "Anna Berg was born in 1950 in Leeds.", "verified"),
        ("The firm opened a store in Leeds.", "The firm opened a store in Leeds in May.", "verified"),
        ("The fee was paid by the tenant.", "The fee was paid by the tenant in March.", "verified"),
        ("The bridge is closed for lorries.", "The bridge is closed for lorries.", "verified"),
    ],
)
def test_a_rule_is_not_true_without_its_limit(sentence: str, source: str, verdict: str) -> None:
    assert check_sentence(sentence, [source]).verdict == verdict
