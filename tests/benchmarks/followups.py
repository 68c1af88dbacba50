"""Follow-up questions: which way of making them stand alone finds the right place?

Each case over the handbook is a conversation and a follow-up that leans on it; a hit means that one of the three best
passages is from the right page and holds the expected words. ``followup_cases`` holds conversations over small
documents that repeat each other's words, whole questions among them, which must keep their words. ``--model`` tries the
small language model, too.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.models.llm.model import Model
from rag.models.llm.opening import open_llm
from rag.planning.follow_up import Exchange, is_follow_up, read_exchanges, rewrite_with_model, stand_alone
from rag.prompts import read_prompt
from rag.question.leaning import read_leaning
from rag.retrieval.asked_words import rank_by_asked
from rag.retrieval.evidence import rank_evidence
from rag.retrieval.passages import retrieve
from rag.store.index import Index
from rag.types import Turn
from tests.benchmarks import data, squad2
from tests.benchmarks.followup_cases import DOCUMENTS, FIRST, SECOND, Talk


@dataclass(frozen=True)
class FollowUp:
    """A first question, a follow-up, the page that answers it, and words that stand there."""

    first: str
    question: str
    source: str
    words: str


CASES = (
    FollowUp("How do I use Ollama?", "Which address does it use?", "models.md", "11434"),
    FollowUp("Which embedding model does Footnote use?", "How big is it?", "models.md", "92 MB"),
    FollowUp("How does Footnote read scanned PDF files?", "What must I install for that?", "ingest.md", "tesseract"),
    FollowUp("What is a verdict of a sentence?", "Which ones are there?", "citations.md", "partly"),
    FollowUp("How are sources named?", "And when two folders have the same one?", "ingest.md", "folder"),
    FollowUp("What is the vector cache?", "Where is it kept?", "architecture.md", "vectors.sqlite"),
    FollowUp("How do I rebuild an index?", "When is that needed?", "ingest.md", "embedding model"),
    FollowUp("How do I open the chat?", "On which port does it listen?", "chat.md", "7860"),
    FollowUp("How do I open the chat?", "Can other machines reach it?", "chat.md", "127.0.0.1"),
    FollowUp("What does a reranker do?", "How do I turn one on?", "models.md", "RAG_RERANKER"),
    FollowUp("How are model weights fetched?", "How are they checked?", "privacy.md", "SHA-256"),
    FollowUp("How do I change the prompts?", "Which setting names their folder?", "models.md", "RAG_PROMPTS"),
    FollowUp("What does rag doctor do?", "How does it mend things?", "troubleshooting.md", "--fix"),
    FollowUp("How do I use a Chroma server?", "Which variable names it?", "settings.md", "RAG_CHROMA_URL"),
    FollowUp("What happens when ingestion is interrupted?", "What about a crash?", "privacy.md", "crash"),
    FollowUp("How do I ask a question from the terminal?", "And several at once?", "ask.md", "standard input"),
    FollowUp("What does rag ask --json print?", "What does its exit code mean?", "ask.md", "Exit code"),
    FollowUp("Which files does Footnote skip?", "What is the limit for their size?", "ingest.md", "100 MB"),
    FollowUp("How do I use OpenAI?", "Where does its key come from?", "models.md", "OPENAI_API_KEY"),
    FollowUp("What is a citation?", "How can I check one?", "citations.md", "rag show"),
)


def hit(index: Index, question: str, case: FollowUp) -> bool:
    passages = retrieve(index, question, 3)
    return any(p.source == case.source and case.words.lower() in p.text.lower() for p in passages)


def handbook(model: Model | None) -> None:
    """Print how often each way of rewriting finds the right place in the handbook; a model is one of the ways."""
    index = data.indexed("handbook", Path(__file__).resolve().parents[2] / "docs")
    prompt = read_prompt("condense", data.bench_settings().prompts)
    ways: dict[str, list[bool]] = {"as asked": [], "joined": [], "by rule": [], "by the small model": []}
    for case in CASES:
        exchanges = [Exchange(case.first, case.first, "")]
        ways["as asked"].append(hit(index, case.question, case))
        ways["joined"].append(hit(index, f"{case.first} {case.question}", case))
        ways["by rule"].append(hit(index, stand_alone(case.question, exchanges), case))
        if model is not None:
            rewritten = rewrite_with_model(case.question, exchanges, model, prompt) or case.question
            ways["by the small model"].append(hit(index, rewritten, case))
    index.close()
    print(f"handbook: right place among the top 3, n = {len(CASES)}")
    for way, hits in ways.items():
        if hits:
            print(f"  {way:30} {sum(hits) / len(hits):.2f}")


def conversations(name: str, talks: Sequence[Talk]) -> None:
    """Print how the rule does on conversations, and each question that it gets wrong."""
    squad2.build("report").close()
    corpus = data.HOME / "corpora" / "conversations"
    for source, text in DOCUMENTS.items():
        (corpus / source).parent.mkdir(parents=True, exist_ok=True)
        (corpus / source).write_text(text, encoding="utf-8")
    for article in (data.HOME / "corpora" / "squad2-report").glob("*.md"):
        (corpus / article.name).write_text(article.read_text(encoding="utf-8"), encoding="utf-8")
    index = data.indexed("conversations", corpus)
    found: list[bool] = []
    best: list[bool] = []
    kept: list[bool] = []
    for talk in talks:
        history = [
            Turn(role, text) for role, text in zip(itertools.cycle(("user", "assistant")), talk.turns, strict=False)
        ]
        question = stand_alone(talk.question, read_exchanges(history))
        passages = retrieve(index, question, 8)
        sentences = rank_evidence(index, question, passages).sentences
        if question != talk.question:
            sentences = rank_by_asked(index, question, talk.question, passages, sentences)
        first = sentences[0].span
        found.append(passages[0].source == talk.source)
        best.append(talk.words in first.quote)
        if talk.whole:
            kept.append(question == talk.question)
        if not (found[-1] and best[-1] and (not talk.whole or kept[-1])):
            print(f"  {talk.turns[-2]!r} {talk.question!r} -> {question!r}: {first.quote!r} of {first.source}")
    index.close()
    print(
        f"{name}: n = {len(talks)}, right document first {sum(found) / len(found):.2f}, right sentence first "
        f"{sum(best) / len(best):.2f}, whole questions kept {sum(kept)} of {len(kept)}"
    )


def topic_shifts() -> None:
    """Print how many whole questions of SQuAD 2.0 are taken for follow-ups, and some of them."""
    asked = [case.question for case in squad2.cases("report") if case.gold]
    leaning = [question for question in asked if is_follow_up(question)]
    print(f"whole questions taken for follow-ups: {len(leaning)} of {len(asked)}, for example")
    for question in leaning[:: max(1, len(leaning) // 20)]:
        print(f"  {read_leaning(question)}: {question}")


def main() -> None:
    model = open_llm("local", data.bench_settings()) if "--model" in sys.argv else None
    handbook(model)
    if model is not None:
        model.close()
    conversations("first half", FIRST)
    conversations("second half", SECOND)
    topic_shifts()


if __name__ == "__main__":
    main()
