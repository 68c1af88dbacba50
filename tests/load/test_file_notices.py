"""The reasons why a file is not read, in English and German: `rag.notices.files`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.errors import LoadError
from rag.load.limits import Limits
from rag.load.loader import Loader
from rag.load.walk import walk
from rag.notices import LANGUAGES, Notice, plain
from rag.notices.files import _CITABLE, _KINDS, WORDINGS
from rag.types import FileReport, IngestReport
from tests.load import broken_files

ROOT = Path(__file__).parents[2]
VALUES: dict[str, list[dict[str, Any]]] = {
    "file-damaged": [{"media_type": "application/pdf"}, {"media_type": "text/x-unknown"}],
    "file-not-text": [{"kind": kind} for kind in _KINDS],
    "file-old-office": [{"suffixes": [".docx"]}, {"suffixes": [".docx", ".xlsx", ".pptx"]}],
    "file-not-its-name": [{"format": "PDF"}],
    "file-json-nested": [{"levels": 100}],
    "file-picture-needs-ocr": [{"kind": "png"}],
    "file-picture-too-large": [{"megapixels": 120}],
    "file-too-large": [{"megabytes": 0.5}],
    "file-too-much-text": [{"megabytes": 50.0}],
    "file-too-many-pages": [{"pages": 5000}],
    "file-too-many-slides": [{"slides": 5000}],
    "file-zip-bomb": [{"factor": 200}],
    "file-too-slow": [{"seconds": 120}],
    "file-too-slow-on-clock": [{"seconds": 600}],
    "file-needs-memory": [{"megabytes": 4096}],
    "file-no-permission": [{"place": "file"}, {"place": "folder"}],
    "file-absent": [{"place": "file"}, {"place": "folder"}],
    "file-unreadable": [{"place": "file", "error": "input/output {error}"}, {"place": "folder", "error": "x"}],
    "file-pdf-unreadable": [{"error": "is a directory"}],
    "file-page-absent": [{"page": 3, "pages": 2}],
    "file-reader-failed": [{"reader": "rtf", "package": "footnote-rtf 1.0", "error": "ValueError"}],
    "file-library-absent": [{"library": "openpyxl"}],
    "file-reader-absent": [{"reader": "rtf"}],
    "file-uncitable": [{"reader": "rtf", "package": "footnote-rtf 1.0", "fault": fault} for fault in _CITABLE],
    "file-version-kept": [{"problem": Notice("file-empty").as_json()}],
}
CASES = [Notice(code, values) for code in WORDINGS for values in VALUES.get(code, [{}])]


@pytest.mark.parametrize("notice", CASES, ids=lambda notice: f"{notice.code}-{list(notice.values.values())}")
def test_each_reason_has_words_in_each_language(notice: Notice) -> None:
    texts = [notice.text(language) for language in LANGUAGES]
    for text in texts:
        assert text
        assert "\n" not in text
        assert text != notice.code
        assert "{}" not in text
    assert len(set(texts)) == len(LANGUAGES)
    assert Notice.from_json(json.loads(json.dumps(notice.as_json()))).text("de") == texts[1]
    for value in notice.values.values():
        if isinstance(value, (int, float)):
            # A German sentence has a decimal comma.
            assert f"{value:g}" in texts[0]
            assert f"{value:g}".replace(".", ",") in texts[1]


def test_values_are_given_for_codes_that_there_are() -> None:
    assert VALUES.keys() <= WORDINGS.keys()


def codes_in_use() -> Iterator[str]:
    for folder in ("rag/load", "rag/ingestion"):
        for path in (ROOT / folder).rglob("*.py"):
            yield from re.findall(r'"(file-[a-z-]+)"', path.read_text(encoding="utf-8"))


def test_every_code_in_use_has_words_and_every_code_is_in_use() -> None:
    assert set(codes_in_use()) == WORDINGS.keys()


def test_what_no_file_of_a_broken_folder_lacks_is_a_code(tmp_path: Path) -> None:
    broken_files.build(tmp_path)
    codes = set()
    with Loader(Limits()) as loader:
        for file in walk(tmp_path):
            notice = file.problem
            if notice is None:
                try:
                    loader.load(file.path, file.relative)
                except LoadError as error:
                    notice = error.notice
            if notice is not None:
                assert notice.code in WORDINGS, file.relative
                codes.add(notice.code)
    assert len(codes) > 10


def test_a_report_as_json_says_its_reasons_in_english() -> None:
    reasons = (Notice("file-empty"), None, plain("x"))
    report = IngestReport("default", 0.5, tuple(FileReport("a", "failed", reason) for reason in reasons)).as_json()
    assert [file["reason"] for file in report["files"]] == ["empty: there is no text in it", "", "x"]
