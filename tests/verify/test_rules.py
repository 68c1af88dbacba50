"""The rules of `rag.verify.rules`, each by the examples in its docstring: ``Fires: sentence | source``."""

from __future__ import annotations

import inspect
import re

import pytest

from rag.errors import UsageError
from rag.notices import Notice
from rag.notices.checking import WORDINGS
from rag.verify import rules
from rag.verify.compare import RULES, read_rules_off
from rag.verify.parse.parsed_text import parse_text
from rag.verify.rule import Comparison, Rule
from rag.verify.verdict import check_sentence, source_lines

EXAMPLE = re.compile(r"^(Fires|Silent): (.+) \| (.+)$", re.M)
EXAMPLES = [(rule, *example) for rule in RULES for example in EXAMPLE.findall(inspect.getdoc(rule.find) or "")]


def reason(rule: Rule, sentence: str, source: str) -> Notice | None:
    """What a rule says of a sentence and a source."""
    lines = [parse_text(line) for line in source_lines(source)]
    values = rule.find(Comparison(parse_text(sentence), lines, (), None, sentence, [source], 0.6))
    return None if values is None else Notice(rule.id, values)


@pytest.mark.parametrize(
    ("rule", "outcome", "sentence", "source"), EXAMPLES, ids=lambda part: getattr(part, "id", part)
)
def test_a_rule_does_what_its_docstring_says(rule: Rule, outcome: str, sentence: str, source: str) -> None:
    assert bool(reason(rule, sentence, source)) == (outcome == "Fires"), reason(rule, sentence, source)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_an_example_of_each_kind(rule: Rule) -> None:
    assert {outcome for other, outcome, *_ in EXAMPLES if other is rule} == {"Fires", "Silent"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_the_name_of_its_function_and_is_listed(rule: Rule) -> None:
    name = rule.find.__name__
    assert rule.id == name.replace("_", "-")
    assert name in (rules.__doc__ or "")
    assert [other.id for other in RULES].count(rule.id) == 1


@pytest.mark.parametrize(
    ("rule", "sentence", "source"), [(rule, *pair) for rule, outcome, *pair in EXAMPLES if outcome == "Fires"]
)
def test_a_reason_has_words_in_each_language(rule: Rule, sentence: str, source: str) -> None:
    found = reason(rule, sentence, source)
    assert found is not None
    english, german = found.text("en"), found.text("de")
    assert english != german
    for words in (english, german):
        assert words != rule.id
        assert not re.search(r"[{}]|None", words)


def test_words_of_our_own_are_put_into_the_language() -> None:
    off = frozenset({"opposite-word"})
    bound = check_sentence("Trucks pay at least 5 crowns.", ["Trucks pay at most 5 crowns."], off=off).reason
    assert bound == Notice("opposite-bound", {"value": "5", "bound": "at-least", "source_bound": "at-most"})
    assert bound.text() == "the sentence says at least 5, the source at most it"
    assert bound.text("de") == "der Satz nennt mindestens 5, die Quelle höchstens diesen Wert"
    weekday = check_sentence("The fair is on Monday.", ["The fair is on Tuesday."]).reason
    assert weekday == Notice("weekday-absent", {"weekday": "monday"})
    assert (weekday.text(), weekday.text("de")) == (
        "'Monday' does not stand in the source",
        "„Montag“ steht nicht in der Quelle",
    )


def test_every_wording_is_a_rule_or_given_by_the_verdict() -> None:
    others = {
        "words-absent", "words-not-in-source", "other-language", "word-elsewhere", "contrasting-word",
        "other-order", "other-role", "part-left-out",
        "too-many-numbers", "in-column-names", "computed", "not-found-by-checker", "partly-by-checker",
        "contradicted-by-source", "values-differ", "value-changed", "mark-names-nothing",
        "judge-too-weak",
    }  # fmt: skip
    settings = {code for code in WORDINGS if code.startswith("checker-")} | {"rule-unknown"}
    assert WORDINGS.keys() == {rule.id for rule in RULES} | others | settings


# -- switching rules off -----------------------------------------------------------------------------------------------


def test_a_rule_that_is_off_is_not_asked() -> None:
    sentence, source = "The ferry is cancelled.", "If it rains, the ferry is cancelled."
    assert check_sentence(sentence, [source]).reason.code == "condition-left-out"
    assert check_sentence(sentence, [source], off=read_rules_off("condition-left-out")).verdict == "verified"
    assert check_sentence(sentence, [source], off=read_rules_off("weekday-absent")).verdict == "partly"


def test_a_rule_that_is_off_leaves_the_next_one_to_object() -> None:
    sentence, source = "Sales fell to 5 percent.", "Sales rose to 5 percent."
    assert check_sentence(sentence, [source]).reason.code == "opposite-word"
    partly = check_sentence(sentence, [source], off=frozenset({"opposite-word"}))
    assert (partly.verdict, partly.reason.code) == ("partly", "words-absent")


def test_rules_are_named_with_commas_between_them() -> None:
    assert read_rules_off("") == frozenset()
    assert read_rules_off(" opposite-word, weekday-absent,") == {"opposite-word", "weekday-absent"}
    with pytest.raises(UsageError, match=r"'opposite-words'; the rules are number-contradicted, date-contradicted, "):
        read_rules_off("weekday-absent,opposite-words")


@pytest.mark.parametrize(
    ("sentence", "source", "values"),
    [
        ("On the 30 June., it closed.", "On 29 June it closed.", {"date": "30 June", "instead": "29 June"}),
        ("It closed on 30 June.", "It closed on 29 June., so.", {"date": "30 June", "instead": "29 June"}),
        ("The office closes on 30 June.", "The office has a cat.", {"date": "30 June"}),
    ],
)
def test_reasons_show_dates_without_the_marks_behind_them(sentence: str, source: str, values: dict[str, str]) -> None:
    reason = check_sentence(sentence, [source]).reason
    assert reason is not None
    assert dict(reason.values) == values
