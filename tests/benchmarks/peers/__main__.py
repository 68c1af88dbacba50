"""The table of the README: the same work in Footnote and its peers, each in processes of its own.

    python -m tests.benchmarks.peers [--json] [--rounds N] [--quick] [--keep FOLDER] [--only NAME …]

For each peer a virtual environment is made, in a temporary folder or in that of ``--keep``, where a later run finds it;
what is fetched is said first. Then every round gives each system its turn: ingestion of the same folder into an empty
store, a question put to a new process, and many to one that stays open. The least of the rounds counts; the median
stands beside it. A peer that cannot be installed, or fails, has a column that says why.

On a quiet machine with two cores three rounds take eight minutes, and the first installation about as long.
Seconds of processor say more where other programs run at the same time.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.models.encoders import open_encoder
from rag.models.weights import pull
from rag.settings import Settings
from tests.benchmarks.peers import corpus, environments, table
from tests.benchmarks.peers.environments import FOOTNOTE, PEERS, Environment, System
from tests.benchmarks.peers.measure import Failed, Took, run
from tests.benchmarks.peers.table import Column, Figures

ROOT = Path(__file__).parents[3]
_MODEL = "all-minilm-l6-v2"
_PASSAGES = 8
_LIMIT_SECONDS = 900
# No system asks the network for models, or tells anyone that it was used.
_QUIET = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "DO_NOT_TRACK": "1",
}


@dataclass(frozen=True)
class Work:
    """What every system is given."""

    corpus: corpus.Corpus
    model: Path
    environment: dict[str, str]

    def round(self, system: System, python: Path, store: Path) -> Figures:
        """Do the work once with an empty store, and say what it took."""
        asked = [asdict(each) for each in self.corpus.questions]
        if system is FOOTNOTE:
            return self._round_of_footnote(python, store, asked)
        script = [
            str(python),
            "-P",
            str(Path(__file__).with_name("work.py")),
            str(environments.SYSTEMS / system.script),
        ]
        ingested = self._run([*script, "ingest", str(self.corpus.folder), str(store), str(self.model)])
        ask = [*script, "ask", str(store), str(self.model), str(_PASSAGES)]
        cold = self._run(ask, json.dumps(asked[:1]))
        return _figures(ingested, json.loads(ingested.out)["passages"], cold, self._run(ask, json.dumps(asked)))

    def _round_of_footnote(self, python: Path, store: Path, asked: Sequence[dict]) -> Figures:
        """As a user has it: the command, for all but the questions to a process that stays open."""
        rag = [str(python), "-m", "rag"]
        place = ["--index", "peers", "--home", str(store)]
        ingested = self._run([*rag, "ingest", str(self.corpus.folder), "--json", *place])
        first = asked[0]["question"]
        cold = self._run([*rag, "retrieve", first, "-k", str(_PASSAGES), "--json", *place])
        answer = self._run([*rag, "ask", first, "--llm", "none", "--json", *place])
        script = [
            str(python),
            "-P",
            str(Path(__file__).with_name("work.py")),
            str(environments.SYSTEMS / "footnote.py"),
        ]
        warm = self._run([*script, "ask", str(store), str(self.model), str(_PASSAGES)], json.dumps(asked))
        return _figures(ingested, json.loads(ingested.out)["chunks"], cold, warm, answer)

    def _run(self, command: Sequence[str], stdin: str = "") -> Took:
        return run(command, self.environment, _LIMIT_SECONDS, stdin)


def _script(python: Path, system: System) -> list[str]:
    """The command that runs a system's script; the scripts here hide no package of the same name."""
    return [str(python), "-P", str(Path(__file__).with_name("work.py")), str(environments.SYSTEMS / system.script)]


def _figures(ingested: Took, passages: int, cold: Took, warm: Took, answer: Took | None = None) -> Figures:
    told = json.loads(warm.out)
    first, others = told["first"], told["others"]
    return Figures(
        ingest=ingested.seconds,
        ingest_processor=ingested.processor,
        ingest_megabytes=ingested.megabytes,
        passages=passages,
        cold=cold.seconds,
        cold_processor=cold.processor,
        warm=statistics.median(others["seconds"]),
        warm_processor=others["processor"] / len(others["seconds"]),
        asked_megabytes=warm.megabytes,
        held=first["held"] + others["held"],
        answer=answer.seconds if answer else None,
        answer_processor=answer.processor if answer else None,
    )


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _ready(peers: Sequence[System], kept: Path) -> dict[System, Environment | str]:
    """Make the environments; a peer without one has the reason in its place."""
    ready: dict[System, Environment | str] = {}
    for peer in peers:
        folder = kept / Path(peer.script).stem
        _say(f"{peer.name}: {', '.join(peer.requires)} in {folder}, about {peer.megabytes} MB to fetch where absent")
        try:
            ready[peer] = environments.make(peer, folder)
            _say(f"{peer.name}: ready, {environments.megabytes_on_disk(folder):.0f} MB on the disk")
        except Failed as failed:
            ready[peer] = f"not installed: {failed}"
            _say(f"{peer.name}: {ready[peer]}")
    return ready


def _environment() -> dict[str, str]:
    """The environment of every process: that of the user, without settings of Footnote but where its models lie."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RAG_") or name == "RAG_MODELS"}
    return {**kept, **_QUIET, "PYTHONPATH": str(ROOT)}


def measured(
    systems: Sequence[System], work: Work, ready: dict[System, Environment | str], rounds: int
) -> list[Column]:
    """Give each system its turn in each round; one that fails is not asked again."""
    figures: dict[System, list[Figures]] = {system: [] for system in systems}
    problems = {system: state for system, state in ready.items() if isinstance(state, str)}
    for number in range(rounds):
        for system in systems:
            state = ready[system]
            if system in problems or isinstance(state, str):
                continue
            with tempfile.TemporaryDirectory(prefix="footnote-peers-store-") as store:
                try:
                    took = work.round(system, state.python, Path(store) / "store")
                except Failed as failed:
                    problems[system] = f"failed: {failed}"
                    _say(f"round {number + 1}, {system.name}: {problems[system]}")
                    continue
            figures[system].append(took)
            _say(f"round {number + 1}, {system.name}: ingestion {took.ingest:.1f} s, cold question {took.cold:.1f} s")
    versions = {system: state.versions for system, state in ready.items() if not isinstance(state, str)}
    return [
        Column(system.name, versions.get(system, {}), figures[system], problems.get(system, "")) for system in systems
    ]


def main() -> None:
    arguments = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    arguments.add_argument("--json", action="store_true", help="print one object with every round, and no table")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--questions", type=int, default=50)
    arguments.add_argument("--quick", action="store_true", help="a tenth of the files: to see that all works")
    arguments.add_argument("--keep", type=Path, metavar="FOLDER", help="keep the environments there")
    arguments.add_argument("--only", nargs="+", metavar="NAME", help="these peers: " + ", ".join(p.name for p in PEERS))
    chosen = arguments.parse_args()
    peers = [peer for peer in PEERS if not chosen.only or peer.name in chosen.only]
    # What the model needs once, its weights and its export, is there before anything is measured.
    models = Settings().models
    model = pull(_MODEL, models)
    open_encoder(Settings(embedding_model=_MODEL)).encode_question("ready")
    temporary = Path(tempfile.mkdtemp(prefix="footnote-peers-"))
    try:
        kept = (chosen.keep or temporary / "environments").expanduser().resolve()
        kept.mkdir(parents=True, exist_ok=True)
        ready: dict[System, Environment | str] = {FOOTNOTE: environments.here(FOOTNOTE), **_ready(peers, kept)}
        size = {"texts": 10, "pdfs": 1} if chosen.quick else {}
        made = corpus.make(temporary / "corpus", chosen.questions + 1, **size)
        columns = measured([FOOTNOTE, *peers], Work(made, model, _environment()), ready, chosen.rounds)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    day = datetime.datetime.now(datetime.UTC).date().isoformat()
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    if chosen.json:
        told = {
            "date": day,
            "machine": machine,
            "corpus": made.origin,
            "questions": len(made.questions),
            "model": _MODEL,
            "systems": [column.as_json() for column in columns],
        }
        print(json.dumps(told, indent=1))
        return
    print(table.markdown(columns))
    print(f"\n{day}, {machine}; {made.origin}; {len(made.questions)} questions, {_PASSAGES} passages each;", end=" ")
    print(f"least / median of {chosen.rounds} in turn.\n{table.below(columns)}")
    print(f"\nThe same divided by {columns[0].name}'s:\n\n{table.markdown(columns, ratios=True)}")


if __name__ == "__main__":
    main()
