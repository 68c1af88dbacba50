"""The rules of `rag.verify.rules`, each by the examples in its docstring: ``Fires: sentence | source``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

from rag.verify import rules
from rag.verify.compare import CONTRADICTION_RULES, DOUBT_RULES
from rag.verify.parsed_text import parse_text
from rag.verify.verdict import source_lines

MODULES = [import_module(f"{rules.__name__}.{module.name}") for module in iter_modules(rules.__path__)]
EXAMPLE = re.compile(r"^(Fires|Silent): (.+) \| (.+)$", re.M)


def rules_of(module: ModuleType) -> Iterator[Callable[..., str]]:
    """The public functions of a module that return a reason in words."""
    for name, function in inspect.getmembers(module, inspect.isfunction):
        is_own = function.__module__ == module.__name__ and not name.startswith("_")
        if is_own and inspect.signature(function).return_annotation == "str":
            yield function


RULES = [rule for module in MODULES for rule in rules_of(module)]
EXAMPLES = [(rule, *example) for rule in RULES for example in EXAMPLE.findall(inspect.getdoc(rule) or "")]


def reason(rule: Callable[..., str], sentence: str, source: str) -> str:
    """What a rule says, given those of its arguments that it takes."""
    arguments = {
        "sentence": sentence,
        "quotes": [source],
        "claim": parse_text(sentence),
        "lines": [parse_text(line) for line in source_lines(source)],
        "above": parse_text(""),
    }
    return rule(**{name: arguments[name] for name in inspect.signature(rule).parameters})


@pytest.mark.parametrize(
    ("rule", "outcome", "sentence", "source"), EXAMPLES, ids=lambda part: getattr(part, "__name__", part)
)
def test_a_rule_does_what_its_docstring_says(
    rule: Callable[..., str], outcome: str, sentence: str, source: str
) -> None:
    assert bool(reason(rule, sentence, source)) == (outcome == "Fires"), reason(rule, sentence, source)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_rule_has_an_example_of_each_kind(rule: Callable[..., str]) -> None:
    assert {outcome for other, outcome, *_ in EXAMPLES if other is rule} == {"Fires", "Silent"}


def test_every_rule_is_asked_and_listed() -> None:
    asked_before_alignment = {"mismatched_quotation", "mismatched_number", "mismatched_date", "mismatched_name"}
    asked = {rule.__name__ for rule in (*CONTRADICTION_RULES, *DOUBT_RULES)} | asked_before_alignment
    assert {rule.__name__ for rule in RULES} == asked
    assert all(name in (rules.__doc__ or "") for name in asked)
