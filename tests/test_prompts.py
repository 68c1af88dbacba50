"""Prompts: the shipped ones are sound, and a wrong one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.prompts import PLACEHOLDERS, SENTINEL, prompts_folder, read_prompt

VALUES = {
    "sentinel": SENTINEL,
    "evidence": "[1] It cost $5.",
    "question": "Cost of $HOME?",
    "history": "User: hi",
    "sentences": "S1: It cost $6.",
    "title": "Costs",
    "answer": "It cost $5.",
    "text": "It cost $5.",
    "task": "Ask for the cost.",
    "passages": "It cost $5.",
    "criteria": "- cost: Is it $5?",
    "reference": "$5",
}


def test_every_shipped_prompt_is_known_and_fills() -> None:
    assert {path.stem for path in prompts_folder().glob("*.md")} == set(PLACEHOLDERS)
    for name, placeholders in PLACEHOLDERS.items():
        prompt = read_prompt(name)
        system, user = prompt.fill(**{key: VALUES[key] for key in placeholders})
        assert len(prompt.id) == 8
        assert system
        for key in placeholders - {"sentinel"}:
            assert VALUES[key] in user


def test_the_system_part_is_the_same_for_every_question() -> None:
    """It holds nothing of the question, so that a model may keep it in its cache."""
    for name, placeholders in PLACEHOLDERS.items():
        values = {key: VALUES[key] for key in placeholders}
        other = {**values, "question": "Another?"}
        assert read_prompt(name).fill(**values)[0] == read_prompt(name).fill(**other)[0]


def test_a_users_prompt_replaces_ours_and_changes_the_id(tmp_path: Path) -> None:
    (tmp_path / "condense.md").write_text("## system\n\nShort.\n\n## user\n\n$history\n$question costs $$1\n")
    prompt = read_prompt("condense", tmp_path)
    assert prompt.fill(history="h", question="q") == ("Short.", "h\nq costs $1")
    assert prompt.id != read_prompt("condense").id
    assert read_prompt("answer", tmp_path) == read_prompt("answer")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("## system\ns\n## user\n$history $question $evidence", "unknown placeholder \\$evidence"),
        ("## system\ns\n## user\n$question", "lacks the placeholder \\$history"),
        ("## system\ns\n## user\n$history $question $", "begins no placeholder"),
        ("$history $question", "sections"),
        ("## system\ns\n## user\n$history $question\n## more\n", "sections"),
        ("## user\n$history $question\n## system\ns", "sections"),
    ],
)
def test_a_wrong_prompt_is_named(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "condense.md").write_text(text)
    with pytest.raises(UsageError, match=words) as caught:
        read_prompt("condense", tmp_path)
    assert str(tmp_path / "condense.md") in str(caught.value)
    assert str(tmp_path / "condense.md") in caught.value.notice.text("de") != str(caught.value)


def test_unreadable_prompts(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="RAG_PROMPTS") as caught:
        read_prompt("condense", tmp_path / "absent")
    assert caught.value.notice.text("de").startswith("Den Ordner für Prompts ")
    (tmp_path / "condense.md").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UsageError, match="UTF-8"):
        read_prompt("condense", tmp_path)
