"""What is named as missing from the documents: never a word of a question that they answer, always a foreign name.

Questions of SQuAD 2.0 that the documents answer, as they stand and with a made-up name in place of one of theirs; and
what the correction of spelling does to them untouched and with a typo.

    python -m tests.benchmarks.missing_words --limit 300
"""

from __future__ import annotations

import argparse
import random
import re

from rag.planning.spelling import correct_spelling
from rag.question.mentions import question_mentions
from rag.retrieval.missing import MissingWords, missing_words
from rag.retrieval.passages import retrieve
from rag.store.index import Index
from rag.text import terms
from tests.benchmarks.squad2 import Half, build, cases

_PASSAGES = 8
_SYLLABLES = "bra dun fel gor hul jor kev lom mav nor pel quin rul sov tam ulv vor wex yar zil".split()
_ENDINGS = "ack den field ing low mont ner ovic sted wick".split()


def questions(half: Half, limit: int) -> list[str]:
    """A sample of the questions that the articles answer."""
    answerable = [case.question for case in cases(half) if case.gold]
    return random.Random(7).sample(answerable, min(limit, len(answerable)))


def found_missing(index: Index, question: str) -> MissingWords:
    return missing_words(index, question, retrieve(index, question, _PASSAGES))


def with_foreign_name(index: Index, question: str, rng: random.Random) -> tuple[str, str] | None:
    """The question with a made-up name, which the index does not hold, in place of its last name; None without one."""
    names = [term for term in question_mentions(question) if term.kind == "name"]
    if not names:
        return None
    while True:
        name = (rng.choice(_SYLLABLES) + rng.choice(_SYLLABLES) + rng.choice(_ENDINGS)).capitalize()
        if not any(index.catalog.document_frequency([name.lower()]).values()):
            break
    return f"{question[: names[-1].start]}{name}{question[names[-1].end :]}", name


def with_typo(question: str, rng: random.Random, of_names: bool) -> tuple[str, str, str] | None:
    """The question with one edit in a word, the word as it was, and the word as it is now; None without such a word.

    Args:
        question: The question.
        rng: Chooses the word and the edit.
        of_names: Whether a name is misspelled, or else another content word.

    Returns:
        Two letters swapped, one doubled, left out, or taken for another, behind the first letter.
    """
    kind, shortest = ("name", 6) if of_names else ("word", 5)
    chosen = [
        term
        for term in question_mentions(question)
        if term.kind == kind and len(term.text) >= shortest and re.fullmatch("[A-Za-z]+", term.text)
    ]
    if not chosen:
        return None
    term = rng.choice(chosen)
    word, at = term.text, rng.randrange(1, len(term.text) - 1)
    edits = (
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at + 1 :],
        word[:at] + rng.choice("aeiounrst") + word[at + 1 :],
    )
    typo = rng.choice(edits)
    return (f"{question[: term.start]}{typo}{question[term.end :]}", word, typo) if typo != word else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=("fit", "report"), default="report")
    parser.add_argument("--limit", type=int, default=300, help="questions that are drawn")
    parser.add_argument("--show", action="store_true", help="print each question that goes wrong")
    arguments = parser.parse_args()
    index = build(arguments.half)
    asked = questions(arguments.half, arguments.limit)
    _report_missing(index, asked, arguments.show)
    _report_spelling(index, asked, arguments.show)


def _report_missing(index: Index, asked: list[str], show: bool) -> None:
    answered = [(question, found_missing(index, question)) for question in asked]
    wrong = [(question, found) for question, found in answered if found.certain]
    flagged = sum(bool(found.absent) for _, found in answered)
    rng = random.Random(11)
    foreign = [pair for question in asked if (pair := with_foreign_name(index, question, rng))]
    named = [(question, name, found_missing(index, question).certain) for question, name in foreign]
    right = sum(any(name in run for run in found) for _, name, found in named)
    print(f"answerable questions of which a word is called missing: {len(wrong)} of {len(asked)}")
    print(f"answerable questions with a name or value that is not in the passages: {flagged} of {len(asked)}")
    print(f"foreign names that are called missing: {right} of {len(named)}")
    if show:
        for question, found in wrong:
            print("  wrongly missing:", found.certain, "|", question)
        for question, name, found_names in named:
            if not any(name in run for run in found_names):
                print("  foreign name not named:", name, found_names, "|", question)


def _report_spelling(index: Index, asked: list[str], show: bool) -> None:
    untouched = [
        (question, corrected) for question in asked if (corrected := correct_spelling(index, question)).corrections
    ]
    print(f"untouched questions with a false correction: {len(untouched)} of {len(asked)}")
    if show:
        for question, corrected in untouched:
            print("  falsely corrected:", corrected.corrections, "|", question)
    for of_names in (False, True):
        rng = random.Random(13)
        typos = [typo for question in asked if (typo := with_typo(question, rng, of_names))]
        counts = {"right": 0, "wrong": 0, "left": 0}
        for question, word, typo in typos:
            corrected = correct_spelling(index, question)
            back = dict(corrected.corrections).get(typo)
            outcome = "left" if back is None else "right" if _same(back, word) else "wrong"
            counts[outcome] += 1
            if show and outcome != "right":
                print(f"  {outcome}:", word, typo, back)
        print(f"typos in {'names' if of_names else 'content words'}: {len(typos)}, {counts}")


def _same(left: str, right: str) -> bool:
    return terms(left) == terms(right)


if __name__ == "__main__":
    main()
