"""Which rules are asked of a sentence, and in which order. Pure.

Owns: the table of rules; the first that objects gives the reason. The package ``rules`` has a module for each thing
that is compared. Knows nothing about verdicts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import get_args

from rag.errors import UsageError
from rag.notices import Notice
from rag.verify.rule import Comparison, Rule, Severity
from rag.verify.rules import (
    bound,
    condition,
    date,
    direction,
    negation,
    number,
    other_number,
    qualifier,
    quotation,
    scope,
)

RULES: tuple[Rule, ...] = (
    Rule("number-contradicted", "contradiction", number.number_contradicted),
    Rule("date-contradicted", "contradiction", date.date_contradicted),
    Rule("quotation-absent", "objection", quotation.quotation_absent),
    Rule("number-absent", "objection", number.number_absent),
    Rule("date-absent", "objection", date.date_absent),
    Rule("scale-left-out", "objection", other_number.scale_left_out),
    Rule("currency-contradicted", "objection", other_number.currency_contradicted),
    Rule("sign-contradicted", "objection", other_number.sign_contradicted),
    Rule("period-contradicted", "objection", other_number.period_contradicted),
    Rule("scope", "doubt", scope.scope),
    Rule("different-label", "doubt", number.different_label),
    Rule("weekday-absent", "doubt", date.weekday_absent),
    Rule("contradicted-negation", "doubt", negation.contradicted_negation),
    Rule("opposite-word", "doubt", direction.opposite_word),
    Rule("opposite-bound", "doubt", bound.opposite_bound),
    Rule("contrary-modal", "doubt", qualifier.contrary_modal),
    Rule("contrary-quantifier", "doubt", qualifier.contrary_quantifier),
    Rule("unit-on-one-side", "doubt", number.unit_on_one_side),
    Rule("misattributed-number", "doubt", number.misattributed_number),
    Rule("different-bound", "doubt", bound.different_bound),
    Rule("different-modal", "doubt", qualifier.different_modal),
    Rule("different-quantifier", "doubt", qualifier.different_quantifier),
    Rule("condition-left-out", "doubt", condition.condition_left_out),
    Rule("existence-left-open", "doubt", condition.existence_left_open),
)
"""Every rule, in the order in which they are asked."""

RulesBySeverity = Mapping[Severity, Sequence[Rule]]


@lru_cache(maxsize=8)
def rules_without(off: frozenset[str] = frozenset()) -> RulesBySeverity:
    """Return the rules of each severity in order, without those whose ids are given."""
    return {
        severity: tuple(rule for rule in RULES if rule.severity == severity and rule.id not in off)
        for severity in get_args(Severity)
    }


def first_objection(rules: Sequence[Rule], comparison: Comparison) -> Notice | None:
    """Ask rules in turn until one objects.

    Args:
        rules: The rules.
        comparison: What they compare.

    Returns:
        The reason of the first that objects, whose code is the id of the rule; None where none does.
    """
    for rule in rules:
        values = rule.find(comparison)
        if values is not None:
            return Notice(rule.id, values)
    return None


def read_rules_off(setting: str) -> frozenset[str]:
    """Return the ids of rules that ``RAG_RULES_OFF`` names, with commas between them.

    Raises:
        UsageError: There is no rule of one of these ids.
    """
    off = frozenset(filter(None, (part.strip() for part in setting.split(","))))
    known = [rule.id for rule in RULES]
    if unknown := sorted(off.difference(known)):
        raise UsageError(Notice("rule-unknown", {"name": unknown[0], "known": known}))
    return off
