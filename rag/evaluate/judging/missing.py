"""The verdicts that a judge did not give. Pure.

Owns: what is said of them. Knows nothing about why a judge fails.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.evaluate.types import Record


def judge_error_lines(records: Iterable[Record]) -> list[str]:
    """Return what to say of the verdicts that a judge did not give; empty where it gave all."""
    failed = [record for record in records if record.judge_errors]
    if not failed:
        return []
    count = sum(len(record.judge_errors) for record in failed)
    name, reason = next(iter(failed[0].judge_errors.items()))
    return [
        f"{count} verdict{'s' * (count > 1)} of the judge on {len(failed)} answer{'s' * (len(failed) > 1)} "
        f"{'are' if count > 1 else 'is'} missing; the first: {failed[0].id}, {name}: {reason}",
        "The answers and their own figures stand. Judge these again with the same command and --retry-failed.",
    ]
