"""An index that this user may only read answers all the same, and says in one sentence what it cannot do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import open_index
from tests.conftest import ROOT, write_files
from tests.fakes import WordEncoder

# In a process for which modes of files count, also where the tests run as the superuser.
CHILD = """
import sys
from pathlib import Path
from rag.answering.pipeline import answer
from rag.errors import IndexUnusable
from rag.ingestion.pipeline import ingest
from rag.settings import Settings
from rag.store.index import open_index
from tests.fakes import WordEncoder

home, library = map(Path, sys.argv[1:])
settings = Settings(home=home, llm="none", threads=1)
for _ in range(2):
    with open_index(settings=settings, encoder=WordEncoder()) as index:
        *_, last = answer(index, "How long is the bridge?", model=None)
        assert "412" in last.answer, last
        try:
            ingest(index, [library])
            raise SystemExit("it was written to")
        except IndexUnusable as error:
            print(error)
"""


@pytest.mark.skipif(os.name != "posix", reason="modes of files do not count")
@pytest.mark.parametrize("with_log", [False, True], ids=["closed", "killed while open"])
def test_a_read_only_index_answers(tmp_path: Path, library: Path, settings: Settings, with_log: bool) -> None:
    before: tuple[str, ...] = ("setpriv", "--bounding-set=-all", "--inh-caps=-all") if os.geteuid() == 0 else ()
    if before and (not shutil.which("setpriv") or subprocess.run([*before, "true"], check=False).returncode):
        pytest.skip("the superuser's rights cannot be dropped")
    with open_index(settings=settings, create=True, encoder=WordEncoder()) as index:
        ingest(index, [library])
        if with_log:
            # The log and its table as they are while the index is open.
            index.catalog.set(note="in the log")
            shutil.copytree(settings.home, tmp_path / "open")
    home = tmp_path / "open" if with_log else settings.home
    assert (home / "default/catalog.sqlite-wal").exists() == with_log
    write_files(library, {"new.txt": "Another one."})
    paths = [home, *home.rglob("*")]
    files = {path: path.read_bytes() for path in paths if path.is_file()}
    for path in paths:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        command = [*before, sys.executable, "-c", CHILD, str(home), str(library)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    finally:
        for path in paths:
            path.chmod(0o700 if path.is_dir() else 0o600)
    assert ran.returncode == 0, ran.stderr
    assert len(lines := ran.stdout.splitlines()) == 2
    assert all("cannot be written to" in line and "change its permissions" in line for line in lines), lines
    assert {path: path.read_bytes() for path in files if not path.name.endswith("-shm")} == {
        path: content for path, content in files.items() if not path.name.endswith("-shm")
    }
