"""The catalog in PostgreSQL beside that in SQLite, in one run: what each finds, and what each costs.

    python -m tests.benchmarks.postgres --chunks 50000

The suite of the handbook: which cases are right, refused and tentative, each index made from its files anew. SciFact:
nDCG@10 of the keyword ranking alone and of the product's hybrid, from an index in files and from its copy in
the database. Times: chunks of made-up text are published in batches and searched for, without vectors or a model. A
server of its own is started, with the settings that Debian gives it but for its port: what is committed is on the disk,
as with SQLite. Times are of the clock and of two processes, so only their ratios say something, on a quiet machine.
"""

from __future__ import annotations

import argparse
import os
import pwd
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from ir_measures import ScoredDoc

from rag.evaluate.results import read_results
from rag.settings import load_settings
from rag.store.catalog import Catalog
from rag.store.catalog.places import Place, schema_of
from rag.store.copying import copy_index
from rag.store.index import Index, open_index
from rag.text import query_terms
from tests.benchmarks import data, scifact
from tests.benchmarks.growth import versions
from tests.benchmarks.speed import question

_CHUNKS_A_BATCH = 500
_QUESTIONS = 60
_SOURCES = 100
_DEPTH = 100
_SUITE = Path(__file__).parents[1] / "suites" / "handbook" / "suite.yaml"
# What is compared of each case.
_OUTCOMES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "right": lambda case: case["metrics"].get("right"),
    "refused": lambda case: case["answer"]["abstained"],
    "tentative": lambda case: case["answer"]["tentative"],
    "the same answer": lambda case: case["answer"]["answer"],
}


@contextmanager
def server() -> Iterator[str]:
    """Start PostgreSQL in a temporary folder; yield the address of an empty database."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)
    if programs is None:
        raise SystemExit("PostgreSQL is not installed.")
    folder = Path(tempfile.mkdtemp(prefix="footnote-pg-", dir="/tmp"))
    as_user = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        shutil.chown(folder, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def run(name: str, *arguments: str) -> None:
        subprocess.run([programs / name, *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL, **as_user)

    run("initdb", "-D", f"{folder}/data", "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -h ''", "start")
    try:
        run("createdb", "-h", str(folder), "-U", "bench", "footnote")
        yield f"postgresql://bench@/footnote?host={folder}"
    finally:
        run("pg_ctl", "-D", f"{folder}/data", "-m", "fast", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def keywords(index: Index, queries: data.Queries) -> float:
    """nDCG@10 of the keyword ranking alone: a document scores as its best chunk."""
    run: list[ScoredDoc] = []
    for query, text in queries.text.items():
        found = index.catalog.search(query_terms(text), _DEPTH)
        chunks = index.catalog.chunks([id_ for id_, _ in found])
        best: dict[str, float] = {}
        for id_, score in found:
            best.setdefault(data.source_id(chunks[id_].source), score)
        run += [ScoredDoc(query, document, score) for document, score in best.items()]
    return scifact.measure(run, queries)


def built(documents: int, queries: data.Queries) -> Index:
    """SciFact in an index: all of it, or as many documents, the relevant ones among them."""
    if not documents:
        return scifact.build()
    corpus = {row["_id"]: (row["title"], row["text"]) for row in data.jsonl(data.folder("scifact") / "corpus.jsonl")}
    relevant = {document for found in queries.relevant.values() for document in found}
    chosen = sorted(corpus, key=lambda id_: (id_ not in relevant, f"{id_}.md"))[:documents]
    folder = data.HOME / "corpora" / f"scifact-{documents}"
    return data.indexed(f"scifact-{documents}", data.write_markdown(folder, {id_: corpus[id_] for id_ in chosen}))


def rankings(url: str, documents: int) -> None:
    """Print nDCG@10 on SciFact from both databases."""
    queries = data.beir(data.folder("scifact"), "test")
    print("SciFact nDCG@10 (test)     keywords   hybrid")
    with built(documents, queries) as index:
        in_files = keywords(index, queries), scifact.hybrid(index, queries)
        settings, folder, name = index.settings, index.folder, index.name
    print(f"in files (SQLite)          {in_files[0]:8.4f} {in_files[1]:8.4f}", flush=True)
    copy_index(Place(folder), Place(folder, url, schema_of(folder)), settings, "", False, lambda *_: None)
    with using(url), open_index(name, settings=settings) as copied:
        in_database = keywords(copied, queries), scifact.hybrid(copied, queries)
    print(f"in the database            {in_database[0]:8.4f} {in_database[1]:8.4f}")
    print(f"difference                 {in_database[0] - in_files[0]:8.4f} {in_database[1] - in_files[1]:8.4f}")


def suite(url: str) -> None:
    """Print which cases of the handbook's suite are answered otherwise from the database than from files."""
    home = data.HOME / "postgres"
    home.mkdir(parents=True, exist_ok=True)
    found = []
    for name, address in (("files", ""), ("database", url)):
        results = home / f"{name}.json"
        command = [sys.executable, "-m", "rag", "eval", str(_SUITE), "--corpus-anywhere", "--llm", "none"]
        environment = os.environ | {"RAG_HOME": str(home), "RAG_DATABASE_URL": address}
        ran = subprocess.run(
            [*command, "--json", str(results)], env=environment, stdout=subprocess.DEVNULL, check=False
        )
        if ran.returncode:
            raise SystemExit(f"rag eval ended with {ran.returncode}")
        found.append({case["id"]: case for case in read_results(results)["cases"]})
    in_files, in_database = found
    print(f"\nhandbook suite, {len(in_files)} cases    files database equal cases")
    for name, of in _OUTCOMES.items():
        counts = [sum(bool(of(case)) for case in cases.values()) for cases in found]
        equal = sum(of(case) == of(in_database[id_]) for id_, case in in_files.items())
        print(f"{name:29}{counts[0]:5}{counts[1]:9}{equal:9} of {len(in_files)}")
    for id_, case in in_files.items():
        if any(of(case) != of(in_database[id_]) for of in _OUTCOMES.values()):
            answers = [cases[id_]["answer"]["answer"] for cases in found]
            print(f"  {id_}: {answers[0]!r} in files, {answers[1]!r} in the database")


@contextmanager
def using(url: str) -> Iterator[None]:
    """Let catalogs inside lie in a database."""
    os.environ["RAG_DATABASE_URL"] = url
    load_settings.cache_clear()
    try:
        yield
    finally:
        del os.environ["RAG_DATABASE_URL"]
        load_settings.cache_clear()


def milliseconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return (time.perf_counter() - started) * 1000


def measure(catalog: Catalog, chunks: int) -> dict[str, float]:
    """Fill a catalog and search it; return the time of each, in milliseconds."""
    made = [versions(start, min(chunks, start + _CHUNKS_A_BATCH)) for start in range(0, chunks, _CHUNKS_A_BATCH)]
    found = {"publishing a chunk": milliseconds(lambda: [catalog.publish(batch) for batch in made]) / chunks}
    seeded = random.Random(3)
    asked = [query_terms(question(seeded)) for _ in range(_QUESTIONS)]
    names = [name for name, _ in catalog.names()]
    some = sorted(seeded.sample(names, min(_SOURCES, len(names))))
    for way, sources in (("a search", None), (f"a search of {len(some)} sources", some)):
        first, *others = [milliseconds(partial(catalog.search, each, _DEPTH, sources)) for each in asked]
        times = sorted(others)
        found[f"{way}, the first"] = first
        found[f"{way}, p50"] = statistics.median(times)
        found[f"{way}, p95"] = times[int(0.95 * len(times))]
    found["the terms with two letters"] = milliseconds(lambda: catalog.vocabulary("tr"))
    removed = names[: len(names) // 50]
    found["removing a source"] = milliseconds(lambda: catalog.remove(removed)) / max(1, len(removed))
    return found


def times(url: str, chunks: int) -> None:
    """Print what publishing and searching made-up text takes in both databases."""
    work = Path(tempfile.mkdtemp(prefix="footnote-postgres-"))
    try:
        measured = []
        for place in (Place(work / "times"), Place(work / "times", url, schema_of(work / "times"))):
            place.folder.mkdir(exist_ok=True)
            with closing(Catalog(place, create=True)) as catalog:
                measured.append(measure(catalog, chunks))
    finally:
        shutil.rmtree(work, ignore_errors=True)
    in_files, in_database = measured
    print(f"\n{chunks:,} chunks of made-up text, ms    SQLite PostgreSQL   ratio")
    for name, value in in_files.items():
        print(f"{name:34}{value:8.2f}{in_database[name]:11.2f}{in_database[name] / value:8.1f}", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--chunks", type=int, default=50_000)
    arguments.add_argument("--documents", type=int, default=0, help="so many of SciFact; 0: all 5,183")
    arguments.add_argument("--only", choices=("rankings", "suite", "times"), help="measure this alone")
    read = arguments.parse_args()
    with server() as url:
        if read.only in (None, "rankings"):
            rankings(url, read.documents)
        if read.only in (None, "suite"):
            suite(url)
        if read.only in (None, "times"):
            times(url, read.chunks)


if __name__ == "__main__":
    main()
