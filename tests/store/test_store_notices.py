"""The words of errors about indexes, vectors, sources and suites: both languages fill, and every code in use exists."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.notices import Notice, wordings
from rag.notices.checking import WORDINGS as OF_CHECKING
from rag.notices.stores import WORDINGS

ROOT = Path(__file__).parents[2]
# One value of each name that a wording takes.
VALUES: dict[str, Any] = {
    "folder": "/home/f", "path": "/home/p", "cause": "disk full", "format": "7", "readable": 2, "index": "tolls",
    "home": "/home", "seconds": 60,
    "made_with": "minilm", "configured": "potion", "model": "potion", "name": "milvus", "known": ["chroma", "exact"],
    "url": "ftp://a", "source": "a.md", "globs": ["*.md", "*.pdf"], "place": "suite.yaml:3", "id": "case-1",
    "file": "cases.jsonl", "cases": "/home/cases.jsonl", "megabytes": 10, "kept": "in-store", "store": "milvus",
    "to_set": ["RAG_VECTOR_STORE=milvus"], "to_unset": [], "spec": "x:y", "argument": "y", "classes": ["neutral", "no"],
    "package": "footnote-rtf 1.0", "characters": 30_000, "most": 20_000,
}  # fmt: skip
CODES = [*WORDINGS, *(code for code in OF_CHECKING if code.startswith("checker-")), "rule-unknown"]


@pytest.mark.parametrize("code", CODES)
def test_both_languages_fill(code: str) -> None:
    notice = Notice(code, VALUES)
    english, german = notice.text("en"), notice.text("de")
    assert notice.has_its_values()
    assert english != german
    for text in (english, german):
        assert text == " ".join(text.split())
        assert "{" not in text
        assert "[" not in text
    assert "'" not in german
    assert Notice.from_json(json.loads(json.dumps(notice.as_json()))).text("de") == german


@pytest.mark.parametrize("code", [code for code in CODES if isinstance(wordings()[code][0], str)])
def test_both_languages_say_the_same_values(code: str) -> None:
    english, german = (
        {name for _, name, *_ in string.Formatter().parse(str(words)) if name} for words in wordings()[code]
    )
    assert english == german


@pytest.mark.parametrize(
    ("kept", "to_set", "to_unset", "english", "german"),
    [
        ("on-server", ["RAG_VECTOR_STORE=chroma", "RAG_CHROMA_URL"], [],
         "on a Chroma server: set RAG_VECTOR_STORE=chroma and RAG_CHROMA_URL,",
         "auf einem Chroma-Server: Setzen Sie RAG_VECTOR_STORE=chroma und RAG_CHROMA_URL,"),
        ("in-folder", ["RAG_VECTOR_STORE=chroma"], ["RAG_CHROMA_URL"],
         "beside it: set RAG_VECTOR_STORE=chroma and unset RAG_CHROMA_URL,",
         "in seinem Ordner: Setzen Sie RAG_VECTOR_STORE=chroma und löschen Sie RAG_CHROMA_URL,"),
        ("in-folder", [], ["RAG_CHROMA_URL"], "beside it: unset RAG_CHROMA_URL,",
         "in seinem Ordner: Löschen Sie RAG_CHROMA_URL,"),
        ("in-store", ["RAG_VECTOR_STORE=milvus"], [], "in the store 'milvus': set RAG_VECTOR_STORE=milvus,",
         "im Speicher „milvus“: Setzen Sie RAG_VECTOR_STORE=milvus,"),
    ],
)  # fmt: skip
def test_where_vectors_are_kept(kept: str, to_set: list[str], to_unset: list[str], english: str, german: str) -> None:
    values = {"index": "tolls", "kept": kept, "store": "milvus", "to_set": to_set, "to_unset": to_unset}
    notice = Notice("index-vectors-elsewhere", values)
    assert str(notice) == (
        f"The index 'tolls' keeps its vectors {english} or move them with: rag ingest --index tolls --rebuild"
    )
    assert notice.text("de") == (
        f"Der Index „tolls“ hat seine Vektoren {german} oder verschieben Sie die Vektoren mit: rag ingest --index "
        "tolls --rebuild"
    )


def test_a_format_may_be_unknown() -> None:
    notice = Notice("index-of-other-format", {"folder": "f", "format": "", "readable": 2})
    assert str(notice).startswith("The index at f has format unknown, this version reads 2; ")
    assert notice.text("de").startswith("Der Index in f hat ein unbekanntes Format, diese Version liest das Format 2; ")


# -- codes in use ------------------------------------------------------------------------------------------------------


def codes_in(tree: ast.AST) -> Iterator[str]:
    """Every code that stands in a call of ``Notice``, alone or as one of two."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Notice":
            code = node.args[0]
            for part in (code.body, code.orelse) if isinstance(code, ast.IfExp) else (code,):
                if isinstance(part, ast.Constant):
                    yield part.value


def plain_errors_in(tree: ast.AST) -> Iterator[str]:
    """Every error that is made of words instead of a notice."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") in ("IndexUnusable", "ModelError", "UsageError")
            and any(isinstance(part, ast.JoinedStr | ast.Constant) for part in node.args)
        ):
            yield ast.unparse(node)


def modules(*folders: str) -> Iterator[tuple[Path, ast.AST]]:
    for folder in folders:
        for path in (ROOT / folder).rglob("*.py"):
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_every_code_in_use_has_words_and_every_code_is_in_use() -> None:
    used = {code for _, tree in modules("rag", "ui") for code in codes_in(tree)}
    assert used <= wordings().keys()
    assert set(CODES) <= used


def test_every_error_about_an_index_has_a_code() -> None:
    folders = ("rag/store", "rag/ingestion", "rag/retrieval", "rag/answering", "rag/verify")
    assert [(path.name, line) for path, tree in modules(*folders) for line in plain_errors_in(tree)] == []


def test_an_error_without_a_code_would_be_found() -> None:
    tree = ast.parse(
        'raise UsageError("no")\nraise IndexUnusable(f"no {x}")\nraise UsageError(Notice("a" if x == "b" else "c"))'
    )
    assert len(list(plain_errors_in(tree))) == 2
    assert list(codes_in(tree)) == ["a", "c"]
