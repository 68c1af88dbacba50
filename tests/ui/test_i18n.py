"""The texts of the page: in every language, and none too many or too few."""

from __future__ import annotations

import re
from pathlib import Path

from ui.i18n import LANGUAGES, all_texts, translator

UI = Path(__file__).resolve().parents[2] / "ui"
KEYS = all_texts("en")


def sources() -> str:
    """All code, scripts and templates that could show a text."""
    files = [path for path in UI.rglob("*") if path.suffix in (".py", ".js", ".jinja") and path.parent.name != "texts"]
    return "\n".join(path.read_text("utf-8") for path in files)


def test_every_language_has_every_text_with_the_same_placeholders() -> None:
    for language in LANGUAGES:
        texts = all_texts(language)
        assert texts.keys() == KEYS.keys()
        for key, text in texts.items():
            assert text.strip(), key
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", KEYS[key])), key
    assert translator("xx")("copy") == "Copy", "a language that is not there is English"


def prefixes(code: str) -> tuple[str, ...]:
    """Return what keys begin with that are put together where they are used: ``t("mark " ~ mark)``."""
    return tuple(re.findall(r"""(?<![A-Za-z0-9])_?t\(\s*f?["'`]([a-z ]+ )(?:["'`]\s*[~+]|\$?\{)""", code))


def test_every_text_is_used() -> None:
    code = sources()
    unused = [key for key in KEYS if f'"{key}"' not in code and f"'{key}'" not in code]
    assert [key for key in unused if not key.startswith(prefixes(code))] == []


def test_every_key_that_is_used_has_a_text() -> None:
    code = sources()
    used = set(re.findall(r"""(?<![A-Za-z0-9])_?t\(\s*["']([^"']+)["']""", code))
    assert len(used) > 80
    assert used - set(prefixes(code)) <= KEYS.keys()
    for prefix in prefixes(code):
        assert any(key.startswith(prefix) for key in KEYS), prefix
