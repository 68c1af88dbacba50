"""What questions are read as: ``python -m tests.benchmarks.kinds``.

All questions of SQuAD 2.0 here ask for facts, so that few may be read as anything else; and where one is read to ask
for a person, a date or a number, its answers must have that form. Reads no document and no model.
"""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from collections.abc import Callable

from rag.question.reading import Question, read_question
from rag.question.vocabulary import NUMBER
from tests.benchmarks import squad2

_DIGIT = re.compile(r"\d")
_NUMBER = re.compile(
    rf"\d|\b(?:{NUMBER}|once|twice|half|third|quarter|hundred|thousand|million|billion|dozen|no|none)s?\b", re.I
)
_DATE = re.compile(
    r"\d|\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday"
    r"|wednesday|thursday|friday|saturday|sunday|century|centuries|decade|winter|spring|summer|autumn|fall|age|era"
    r"|period"
    r"|years?|months?|weeks?|days?|night|morning|evening|today)\b",
    re.I,
)
_CAPITAL = re.compile(r"\b[A-ZÀ-Þ]")
_FORMS: dict[str, Callable[[str], bool]] = {
    "person": lambda gold: bool(_CAPITAL.search(gold)),
    "place": lambda gold: bool(_CAPITAL.search(gold)),
    "date": lambda gold: bool(_DATE.search(gold)),
    "year": lambda gold: bool(_DATE.search(gold)),
    "time": lambda gold: bool(_NUMBER.search(gold)),
    "duration": lambda gold: bool(_NUMBER.search(gold)),
    "money": lambda gold: bool(_NUMBER.search(gold)),
    "percentage": lambda gold: bool(_NUMBER.search(gold)),
    "number": lambda gold: bool(_NUMBER.search(gold)),
}
_MOST_OTHER, _MOST_NOT_LOOKED_UP = 0.015, 0.06


def main() -> None:
    asked = [*squad2.cases("fit"), *squad2.cases("report")]
    started = time.process_time()
    read = [(case, read_question(case.question)) for case in asked]
    each = 1000 * (time.process_time() - started) / len(read)
    kinds = Counter(question.kind for _, question in read)
    print(f"{len(read)} questions, {each:.2f} ms each")
    for kind, count in kinds.most_common():
        print(f"  {kind:<12} {count:>5} {count / len(read):.4f}")
    looked_up = kinds["fact"] + kinds["yes-no"]
    other = len(read) - looked_up - kinds["how-to"] - kinds["list"] - kinds["comparison"]
    print(
        f"neither fact nor yes or no {1 - looked_up / len(read):.4f}, nor how-to, list, "
        f"comparison {other / len(read):.4f}"
    )
    print("type of the answer: questions, share of gold answers of that form")
    _print_forms([(case.gold, question) for case, question in read if case.gold and question.kind == "fact"])
    if other / len(read) > _MOST_OTHER or 1 - looked_up / len(read) > _MOST_NOT_LOOKED_UP:
        sys.exit("too many questions of fact are read as something else")


def _print_forms(read: list[tuple[tuple[str, ...], Question]]) -> None:
    for answer_type, count in Counter(question.answer_type for _, question in read).most_common():
        fits = _FORMS.get(answer_type or "")
        golds = [golds for golds, question in read if question.answer_type == answer_type]
        share = f"{sum(any(map(fits, gold)) for gold in golds) / count:.3f}" if fits else "–"
        print(f"  {answer_type or 'any words':<12} {count:>5} {share}")


if __name__ == "__main__":
    main()
