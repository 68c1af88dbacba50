"""Who reads, cuts and embeds can be replaced: `rag.ingestion.workers`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.ingestion.pipeline import ingest
from rag.ingestion.workers import LocalWorkers, NotEmbedded, WorkersFailed
from rag.models.encoder import Vectors
from rag.notices import Notice
from tests.conftest import Opener, consistent, statuses, texts_of, write_files


class Squeamish(LocalWorkers):
    """Workers that die of texts about storms."""

    def encode(self, parts: Sequence[Sequence[str]]) -> Iterator[Vectors]:
        for part in parts:
            bad = frozenset(text for text in part if "storm" in text)
            if bad:
                raise NotEmbedded(bad, WorkersFailed(Notice("cluster-text-kills", {"times": 3})))
            yield self._encoder.encode_passages(part)


def test_a_text_that_nobody_embeds_fails_its_files_alone(open_again: Opener, tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {f"{n}.txt": f"The ferry{n} is late." for n in range(3)})
    write_files(tmp_path / "docs", {"bad.txt": "The storm came.", "worse.txt": "Another storm came."})
    index = open_again()
    report = ingest(index, [tmp_path / "docs"], hire=Squeamish)
    assert statuses(report) == {
        "0.txt": "added", "1.txt": "added", "2.txt": "added", "bad.txt": "failed", "worse.txt": "failed",
    }  # fmt: skip
    assert consistent(index) == []
    assert set(texts_of(index)) == {"0.txt", "1.txt", "2.txt"}
    again = statuses(ingest(index, [tmp_path / "docs"]))
    assert again["bad.txt"] == again["worse.txt"] == "added", "it is tried again by the next run"


def test_the_version_before_is_kept_where_workers_fail(open_again: Opener, tmp_path: Path) -> None:
    write_files(tmp_path / "docs", {"a.txt": "The ferry is late."})
    index = open_again()
    ingest(index, [tmp_path / "docs"])
    write_files(tmp_path / "docs", {"a.txt": "The storm is late."})
    assert statuses(ingest(index, [tmp_path / "docs"], hire=Squeamish)) == {"a.txt": "failed"}
    assert texts_of(index) == {"a.txt": ["The ferry is late."]}
