"""The tool ``verify``: the sentences of a text against an index, or against texts that the caller brings along.

Owns: which documents of an index a text is compared with. Adds nothing to how a sentence is checked.

Each sentence is searched for in the index, and compared with the paragraphs around what is found: in a large index not
with every document. A span is one of the whole document all the same.
"""

from __future__ import annotations

import re
import threading
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rag.errors import UsageError
from rag.hosting.calls import note_index
from rag.mcp_server.arguments import VerifyArguments
from rag.mcp_server.call import Call
from rag.mcp_server.cited import citation_results, notice_results, sentence_result
from rag.mcp_server.results import VerifyResult
from rag.mcp_server.threads import in_thread
from rag.notices import Notice

if TYPE_CHECKING:
    from rag.models.llm.model import Model
    from rag.store.index import Index
    from rag.types import Block, Document, Passage
    from rag.verify.texts.document import Verification

_MOST_SENTENCES = 200
_PASSAGES_A_SENTENCE = 4
_MOST_DOCUMENTS = 40
_HIGHEST_MARK = 999
_MARK = re.compile(r"\[\^?\d{1,3}\]")


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
    name = None if arguments.texts else call.index_name(arguments.index)
    cancel = threading.Event()
    async with call.turn():
        return await in_thread(lambda: _verify(call, arguments, name, cancel), cancel)


def _verify(call: Call, arguments: VerifyArguments, name: str | None, cancel: threading.Event) -> VerifyResult:
    from rag.answering.checkers import open_checker_for
    from rag.verify.texts.document import VERDICTS, verify_text

    text = arguments.text
    index = call.served.index(name) if name else None
    sources: Mapping[str, Document | str] = {given.name: given.text for given in arguments.texts}
    if index is not None:
        note_index(index.name)
        call.progress.say("searching")
        found = _documents(index, text, call.searched_sources(index.name, arguments.sources), cancel)
        text, sources = _without_marks_of_nothing(text, found), found
    call.progress.say("checking")
    model, told = _judge(call)
    settings = index.settings if index else call.served.settings
    checker = open_checker_for(settings, model, encoder=index.encoder if index else None, cancel=cancel)
    checked: Verification = verify_text(text, sources, checker)
    return VerifyResult(
        index=name,
        sources=list(sources),
        sentences=[
            sentence_result(sentence, arguments.text[sentence.start : sentence.end]) for sentence in checked.sentences
        ],
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
    cause = {"model": served.spec, "cause": problem.as_json()} if problem else {}
    return model, [Notice(JUDGE_FAILED, cause)] if problem else []


def _documents(index: Index, text: str, sources: Sequence[str], cancel: threading.Event) -> dict[str, Document]:
    """Return the documents that hold what bears on the sentences of a text, each with the blocks around that alone."""
    from rag.retrieval.passages import retrieve
    from rag.verify.claims import read_claims

    claims = [claim.text for claim in read_claims(text, _HIGHEST_MARK) if claim.states and claim.text.strip()]
    if len(claims) > _MOST_SENTENCES:
        raise UsageError(f"The text has {len(claims)} sentences; check at most {_MOST_SENTENCES} at a time.")
    found: defaultdict[str, list[Passage]] = defaultdict(list)
    for claim in claims:
        if cancel.is_set():
            break
        for passage in retrieve(index, claim, _PASSAGES_A_SENTENCE, sources=sources):
            found[passage.source].append(passage)
    most_found = sorted(found, key=lambda source: (-len(found[source]), source))[:_MOST_DOCUMENTS]
    documents: dict[str, Document] = {}
    for source in sorted(most_found):
        # A version that was replaced meanwhile is not stored any more: its successor is for the next call.
        document = index.catalog.document(found[source][0].source_id)
        if document is not None:
            documents[source] = replace(document, blocks=_blocks_around(document.blocks, found[source]))
    return documents


def _blocks_around(blocks: Sequence[Block], passages: Sequence[Passage]) -> tuple[Block, ...]:
    """Return the headings, and the blocks that passages are cut from with their neighbours."""
    kept = {number for number, block in enumerate(blocks) if block.kind == "heading"}
    starts = [block.start for block in blocks]
    for passage in passages:
        first = bisect_right(starts, passage.start) - 1
        last = bisect_right(starts, passage.end - 1) - 1
        kept.update(range(max(0, first - 1), min(len(blocks), last + 2)))
    return tuple(blocks[number] for number in sorted(kept))


def _without_marks_of_nothing(text: str, documents: Mapping[str, Document]) -> str:
    """Return a text with spaces for its marks, unless a list at its end says which source each of them names.

    The documents of an index have no numbers: ``[1]`` would name the first by chance.
    """
    from rag.verify.texts.source_list import SourceNames, read_source_list

    if read_source_list(text, SourceNames({name: document.title for name, document in documents.items()})).entries:
        return text
    return _MARK.sub(lambda mark: " " * len(mark.group()), text)
