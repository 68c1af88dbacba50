"""What becomes of a strong model's sentences, end to end: ``python -m tests.benchmarks.judged_claims``.

The data set ``claims`` has questions with the evidence that a model was given for each, and sentences that people
judged by that evidence: supported ones in natural prose and close to the wording, and wrong ones. It becomes an index,
a file a piece; each question is asked as ``--llm openai-like:URL`` of a server on this machine that writes the
sentences of one style, and that judges, where it is asked to, by the labels (``--judge perfect``), in prose
(``prose``), half (``half``), in nonsense (``nonsense``) or not at all (``fail``). ``--judge none`` asks by rules alone.

The questions are split by the parity of the SHA-256 of their ids: rules were written and constants chosen on the half
``dev`` only; ``held-out`` is for measuring. ``--show`` prints the sentences of ``dev`` that fell out wrongly.
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from rag.answering.options import AnswerOptions
from rag.answering.pipeline import answer
from rag.evaluate.statistics import wilson_interval
from rag.ingestion.pipeline import ingest
from rag.models.llm.opening import open_llm
from rag.settings import load_settings
from rag.store.index import Index, open_index
from rag.types import Answer
from tests.benchmarks.claims import HALVES, STYLES, is_for_building, rows

JUDGES = ("perfect", "none", "prose", "half", "nonsense", "fail")
MODEL = "claims-70b"
_MARK = re.compile(r"\s*\[[\d,\s–-]+\]")
_SENTENCE_LINE = re.compile(r"^\s*S(\d+): (.*)$", re.M)
_EVIDENCE_LINE = re.compile(r"^\[(\d+)\] \(", re.M)

# A shorter piece of a sentence, such as "Yes.", tells nothing of it.
_LEAST_LETTERS = 12

Row = Mapping[str, Any]


def letters(text: str) -> str:
    """Return what is compared of a sentence: its letters and digits, without its marks."""
    return re.sub(r"\W+", "", _MARK.sub("", text)).lower()


@dataclass
class Player:
    """Writes sentences that it is given, and judges them by their labels.

    Attributes:
        judge: How it judges.
        sentences: The sentences of the question that is asked now.
        evidence: Its evidence.
        judged: How often it was asked to judge.
        unplaced: Sentences left unwritten because none of their evidence stood in the prompt.
    """

    judge: str
    sentences: Sequence[Row] = ()
    evidence: Sequence[Row] = ()
    judged: int = 0
    unplaced: int = 0

    def reply(self, prompt: str) -> str | None:
        """Return what it writes to a prompt; None for a failure."""
        asked = _SENTENCE_LINE.findall(prompt)
        if asked:
            self.judged += 1
            return self._ruling(prompt, asked)
        numbers = self._numbers(prompt)
        return " ".join(self._written(numbers)) if numbers else ""

    def _written(self, numbers: Mapping[int, int]) -> Iterator[str]:
        for sentence in self.sentences:
            marks = [numbers[mark] for mark in sentence["marks"] if mark in numbers]
            if sentence["marks"] and not marks:
                self.unplaced += 1
                continue
            words = _MARK.sub("", sentence["text"]).rstrip()
            end = words[-1] if words.endswith((".", "!", "?")) else ""
            yield words.removesuffix(end) + "".join(f" [{mark}]" for mark in marks) + end

    def _ruling(self, prompt: str, asked: Sequence[tuple[str, str]]) -> str | None:
        if self.judge == "fail":
            return None
        if self.judge == "prose":
            return "I have read all of it, and I think that every sentence is fine."
        if self.judge == "nonsense":
            return "\n".join(f"S{number}: supported, surely, or else absent" for number, _ in asked)
        lines = [self._ruling_line(number, text, self._numbers(prompt)) for number, text in asked]
        return "\n".join(lines[: len(lines) // 2] if self.judge == "half" else lines)

    def _ruling_line(self, number: str, text: str, numbers: Mapping[int, int]) -> str:
        key = letters(text)
        # A list that was judged as one is asked about item by item.
        sentence = next((one for one in self.sentences if key and key in letters(one["text"])), None)
        if sentence is None:
            return f"S{number}: absent"
        marks = ",".join(str(numbers[mark]) for mark in sentence["marks"] if mark in numbers)
        if sentence["supported"]:
            return f"S{number}: supported {marks}".rstrip()
        word = "absent" if sentence["kind"] == "addition" else f"contradicted {marks}"
        return f"S{number}: {word}".rstrip()

    def _numbers(self, prompt: str) -> dict[int, int]:
        """Return under which number each piece of evidence stands in a prompt."""
        starts = [(match.start(), int(match[1])) for match in _EVIDENCE_LINE.finditer(prompt)]
        found = {}
        for piece in self.evidence:
            first = re.escape(" ".join(piece["text"].split())[:50]).replace(r"\ ", r"\s+")
            place = re.search(first, prompt)
            before = [number for start, number in starts if place and start < place.start()]
            if before:
                found[piece["number"]] = before[-1]
        return found


@contextmanager
def served(player: Player) -> Iterator[str]:
    """Serve a player by OpenAI's protocol on this machine; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model"}]}))

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            text = player.reply("\n".join(message["content"] for message in asked["messages"]))
            if text is None:
                self._send(json.dumps({"error": {"message": "It failed."}}), status=500)
                return
            deltas = (({"role": "assistant", "content": text}, None), ({}, "stop"))
            pieces = [{"index": 0, "delta": delta, "finish_reason": reason} for delta, reason in deltas]
            common = {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": MODEL}
            events = [json.dumps({**common, "choices": [piece]}) for piece in pieces]
            self._send("".join(f"data: {event}\n\n" for event in (*events, "[DONE]")), "text/event-stream")

        def _send(self, text: str, kind: str = "application/json", status: int = 200) -> None:
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Outcome:
    """What became of the sentences: counts of verdicts by style, and those that fell out wrongly."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    wrongly: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, row: Row, style: str, sentences: Sequence[Row], given: Answer) -> None:
        """Count the sentences of one answer."""
        shown = {letters(one.text): (one.verdict, one.reason) for one in given.sentences}
        left_out = {letters(one.text): (f"left out, {one.verdict}", one.reason) for one in given.left_out}
        for sentence in sentences:
            key = letters(sentence["text"])
            verdict, reason = _found(key, left_out) or _found(key, shown) or ("not shown", None)
            self.counts[style][verdict] += 1
            good = {"verified", "not a claim"} if sentence["supported"] else {"unsupported", "left out, contradicted"}
            if verdict not in good:
                self.wrongly.append((row["id"], style, sentence["kind"], verdict, str(reason or ""), sentence["text"]))


def _found(key: str, outcomes: Mapping[str, Any]) -> Any:
    """Return what became of a sentence, or of the longer or shorter piece that it was read as."""
    pieces = (other for other in outcomes if key in other or (len(other) >= _LEAST_LETTERS and other in key))
    return outcomes.get(key) or next((outcomes[other] for other in pieces), None)


def measure(questions: Sequence[Row], judge: str, report: Callable[[str], None] = print) -> tuple[Outcome, Player]:
    """Ask every question in every style.

    Args:
        questions: The questions.
        judge: How the model judges.
        report: Is told what was asked so far.

    Returns:
        What became of the sentences, and the model.
    """
    player, outcome = Player(judge), Outcome()
    with tempfile.TemporaryDirectory() as folder, served(player) as url:
        settings = load_settings().model_copy(
            update={
                "home": Path(folder) / "home",
                "llm_trust": "strong",
                "llm_retries": 0,
                "checker": "rules" if judge == "none" else "auto",
            }
        )
        model = open_llm(f"openai-like:{url}#{MODEL}", settings)
        with open_index("claims", settings.home, settings=settings, create=True) as index:
            ingest(index, [_written(Path(folder) / "documents", questions)])
            for at, row in enumerate(questions, 1):
                for style in STYLES:
                    sentences = [sentence for sentence in row["sentences"] if sentence["style"] == style]
                    if sentences:
                        player.sentences, player.evidence = sentences, row["evidence"]
                        outcome.add(row, style, sentences, _asked(index, row, model))
                if at % 10 == 0:
                    report(f"{at} of {len(questions)} questions")
    return outcome, player


def _written(folder: Path, questions: Sequence[Row]) -> Path:
    for row in questions:
        for piece in row["evidence"]:
            path = folder / row["id"] / f"{piece['number']:02d}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            title = piece["head"].split("›")[-1].strip() or row["id"]
            path.write_text(f"# {title}\n\n{piece['text']}\n", "utf-8")
    return folder


def _asked(index: Index, row: Row, model: Any) -> Answer:
    options = AnswerOptions.of(index.settings, [f"*{row['id']}/*"])
    *_, last = answer(index, row["question"], model=model, options=options)
    return last


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", choices=JUDGES, default="perfect")
    parser.add_argument("--half", choices=HALVES, default="all")
    parser.add_argument("--show", action="store_true", help="print the sentences of dev that fell out wrongly")
    arguments = parser.parse_args()
    outcome, player = measure(rows(arguments.half), arguments.judge)
    for item in outcome.wrongly if arguments.show else ():
        if is_for_building(item[0]):
            print(" | ".join(item))
    print(f"judge {arguments.judge}, half {arguments.half}: {player.judged} rulings, {player.unplaced} not written")
    for style in STYLES:
        total = sum(outcome.counts[style].values())
        shares = []
        for verdict, count in outcome.counts[style].most_common():
            low, high = wilson_interval(count, total)
            shares.append(f"{verdict} {count / total:.3f} ({low:.2f}–{high:.2f})")
        print(f"{style:8} n={total:4}  {'  '.join(shares)}")


if __name__ == "__main__":
    main()
