"""The tool ``verify``: the sentences of a text against an index, or against texts that the caller brings along.

Owns: which of the two is meant, and which language model judges. Adds nothing to how a sentence is checked.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.hosting.calls import note_index
from rag.mcp_server.arguments import VerifyArguments
from rag.mcp_server.call import Call
from rag.mcp_server.cited import citation_results, notice_results, sentence_result
from rag.mcp_server.results import VerifyResult
from rag.notices import Notice

if TYPE_CHECKING:
    from rag.models.llm.model import Model


async def verify(call: Call, arguments: VerifyArguments) -> VerifyResult:
    """Check a text.

    Args:
        call: Who asks, and what is open.
        arguments: The text, and what it is checked against.

    Returns:
        Its sentences with their verdicts.

    Raises:
        UsageError: Texts and an index are given at once, or the text cannot be checked against either.
    """
    if arguments.texts and (arguments.index or arguments.sources):
        raise UsageError("Check against texts, or against an index and its sources: not both at once.")
    names = [given.name for given in arguments.texts]
    if double := next((name for name, number in Counter(names).items() if number > 1), None):
        raise UsageError(f"Two texts have the name {double!r}; give each a name of its own.")
    name = None if arguments.texts else await call.index_name(arguments.index)
    return await call.in_turn(lambda cancel: _verify(call, arguments, name, cancel))


def _verify(call: Call, arguments: VerifyArguments, name: str | None, cancel: threading.Event) -> VerifyResult:
    from rag.answering.checkers import open_checker_for
    from rag.answering.index_check import verify_against_index
    from rag.verify.texts.document import VERDICTS, verify_text

    model, told = _judge(call)
    if name is None:
        call.progress.say("checking")
        given = {text.name: text.text for text in arguments.texts}
        checked = verify_text(arguments.text, given, open_checker_for(call.served.settings, model, cancel=cancel))
        sources = list(given)
    else:
        note_index(name)
        among = call.searched_sources(name, arguments.sources)
        call.progress.say("opening the index")
        index = call.served.index(name)
        index.refresh()
        call.progress.say("checking")
        checker = open_checker_for(index.settings, model, encoder=index.encoder, cancel=cancel)
        checked, sources = verify_against_index(index, arguments.text, checker, among)
    return VerifyResult(
        index=name,
        sources=sources,
        sentences=[sentence_result(sentence, sentence.text) for sentence in checked.sentences],
        citations=citation_results(checked.citations),
        counts={verdict: checked.count(verdict) for verdict in VERDICTS},
        notices=notice_results([*told, *checked.notices]),
    )


def _judge(call: Call) -> tuple[Model | None, list[Notice]]:
    """Return the language model that judges; None where the rules check alone, and what must be told of that."""
    from rag.answering.checkers import BY_LANGUAGE_MODEL, read_spec
    from rag.models.llm.opening import is_known_weak
    from rag.verify.judge import JUDGE_FAILED

    served = call.served
    is_asked = read_spec(served.settings.checker) == (BY_LANGUAGE_MODEL, "")
    # The models that are fetched by name are too weak to judge, so that none of them is loaded.
    if not is_asked or is_known_weak(served.spec, served.settings.llm_trust):
        return None, []
    model, problem = served.model()
    if problem is not None:
        return None, [Notice(JUDGE_FAILED, {"model": served.spec, "cause": problem.as_json()})]
    return (None if model is None or model.weak else model), []
