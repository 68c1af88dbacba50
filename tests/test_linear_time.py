"""Every public function that takes text takes a time in proportion to its length, however odd the text is.

The functions are found by reading the modules: one that is new is tried at once, or the tests say what it lacks.
"""

from __future__ import annotations

import gc
import signal
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.public_functions import Function, argument, functions
from tests.untraced import untraced

TEXTS = {"spaces": " " * 64_000, "items": "1) " * 1333, "letters": "a" * 50_000}
# Seconds of a processor for one call: what is linear takes a hundredth, and what is quadratic an hour.
MOST = 4.0
# Parameters of these kinds are made by other functions, which are tried, from words, files and indexes.
MADE_ELSEWHERE = frozenset(
    (
        "AlignmentLimits; AnswerType; Asked; Band; Block; Callable[[], Model]; Checker; Citation | Passage | Span; "
        "ClaimToCheck; Conflicts; Connection; ConversationMode; ExpectedNumber; History; Index; Limits; Mapping[str, "
        "Document | str] | SourceIndex; Model; NameKind; NeededFigures; Notes; OrgNotes; Pairing; Path; Phrase; "
        "Policy; PostgresConnection; Prompt; Quantity; Question; RankedEvidence; Ranking; Row; SearchOptions; "
        "SelectedEvidence; Sentence; Service; Settings; Side; Sizes; Slot; SourceGains; SourceNames; Span; State; "
        "Term; TextOf; TimeWish; sqlite3.Connection"
    ).split("; ")
)
# What is not called here, and why.
LEFT_OUT: dict[str, str] = {}


def of_packages() -> dict[str, list[Function]]:
    found = defaultdict(list)
    for function in functions():
        if function.path not in LEFT_OUT and not {kind for _, kind in function.required} & MADE_ELSEWHERE:
            found[".".join(function.module.split(".")[:2])].append(function)
    return dict(found)


BY_PACKAGE = of_packages()


class TakesTooLong(BaseException):
    """A call took more of a processor than it may. Not an Exception, which a function may catch."""


@contextmanager
def limited() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TakesTooLong

    before = signal.signal(signal.SIGVTALRM, stop)
    # What is raised amid a collection of garbage is lost, and the call goes on.
    gc.disable()
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST)
    try:
        with untraced():
            yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        gc.enable()
        signal.signal(signal.SIGVTALRM, before)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="time of a processor is limited by a signal of POSIX")
@pytest.mark.parametrize("package", sorted(BY_PACKAGE))
def test_odd_text_takes_no_longer_than_in_proportion(package: str, capsys: pytest.CaptureFixture[str]) -> None:
    slow: list[str] = []
    for function in BY_PACKAGE[package]:
        call = function.load()
        for name, text in TEXTS.items():
            arguments = {parameter: argument(parameter, kind, text) for parameter, kind in function.required}
            try:
                with limited():
                    result = call(**arguments)
                    if isinstance(result, Iterator):
                        for _ in result:
                            pass
            except TakesTooLong:
                slow.append(f"{function.path}: {name}")
            except Exception as error:
                # What such text is refused with is looked at elsewhere; here only a call that is none counts.
                if isinstance(error, TypeError) and str(error).startswith(f"{function.name}()"):
                    raise
    capsys.readouterr()
    assert slow == []


def test_each_public_function_that_takes_text_is_tried() -> None:
    for of_package in BY_PACKAGE.values():
        for function in of_package:
            for parameter, kind in function.required:
                try:
                    argument(parameter, kind, "word")
                except KeyError:
                    pytest.fail(
                        f"{function.path}: say in tests/public_functions.py what can be given for {parameter}: {kind}"
                    )
    assert sum(map(len, BY_PACKAGE.values())) > 400
    known = {function.path for function in functions()}
    assert set(LEFT_OUT) <= known, set(LEFT_OUT) - known
