"""Follow-up questions over the handbook: which way of making them stand alone finds the right place?

Each case is a conversation about the handbook and a follow-up that leans on it; a hit means that one of the three best
passages is from the right page and holds the expected words.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.models.llm.opening import open_llm
from rag.planning.follow_up import conversation_subject, is_follow_up, rewrite_query, rewrite_with_model
from rag.prompts import read_prompt
from rag.retrieval.passages import retrieve
from rag.store.index import Index
from rag.types import Turn
from tests.benchmarks import data


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


def main() -> None:
    index = data.indexed("handbook", Path(__file__).resolve().parents[2] / "docs")
    chosen = data.bench_settings()
    prompt = read_prompt("condense", chosen.prompts)
    model = open_llm("local", chosen)
    assert model is not None
    ways: dict[str, list[bool]] = {"as asked": [], "joined": [], "subject appended (the rule)": [], "small model": []}
    for case in CASES:
        history = [Turn("user", case.first)]
        ways["as asked"].append(hit(index, case.question, case))
        ways["joined"].append(hit(index, f"{case.first} {case.question}", case))
        ways["subject appended (the rule)"].append(
            hit(index, rewrite_query(case.question, history, None, prompt), case)
        )
        rewritten = rewrite_with_model(case.question, history, model, prompt) or case.question
        ways["small model"].append(hit(index, rewritten, case))
        about = conversation_subject(history, False)
        print(f"{case.question!r} follows up: {is_follow_up(case.question)}; {about=}; model: {rewritten!r}")
    model.close()
    print(f"right place among the top 3, n = {len(CASES)}")
    for way, hits in ways.items():
        print(f"  {way:30} {sum(hits) / len(hits):.2f}")


if __name__ == "__main__":
    main()
