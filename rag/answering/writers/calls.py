"""What a model wrote in the form of data instead of words. Pure.

Owns: reading a call of a tool as the line ``SEARCH: words`` or ``OPEN: number`` that was asked for, and an answer in
JSON or in a fence of code as its words. Knows nothing about what becomes of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rag.marks import EVIDENCE_MARK, plain_marks

# What services and models put around a call.
_WRAPPING = re.compile(
    r"</?(?:tool_calls?|function_calls?|tool_code|tools?|invoke)>|\[/?TOOL_CALLS\]|<\|(?:python_tag|tool_call(?:_begin"
    r"|_end|s)?|tool_calls?_section_(?:begin|end))\|>|<function=(?P<name>\w{1,20})>|</function>",
    re.I,
)
_JSON_FENCE = re.compile(r"^[ \t]{0,8}(`{3,}|~{3,})[ \t]*(?:json|tool_call|tool_code)?[ \t]*$", re.M | re.I)
_JSON_START = re.compile(r"^[ \t]{0,8}(?=[{\[])", re.M)
_CALL = re.compile(
    r"\A\W{0,8}(?:python|tool_code)?\s{0,4}(?:\w{1,30}\.)?(search|open)\(\s*(?:\w{1,20}\s*=\s*)?[\"']?([^\n]{1,400}?)[\"']?\s*\)"
    r"[\s`]*\Z",
    re.I,
)
# "functions.search:0{…}", with the name before the arguments.
_NAMED_CALL = re.compile(
    r"^[ \t]{0,8}(?:to=)?(?:functions?|tools?|multi_tool_use)\.(?P<name>\w{1,40})(?::\d{1,4})?[ \t]*"
    r"(?:<\|[\w ]{1,40}\|>)?\s{0,4}(?=\{)",
    re.M | re.I,
)
# "Action: search" above "Action Input: the toll".
_ACTION = re.compile(
    r"^[ \t*_]{0,6}Action[*_]{0,3}[ \t]*:[*_ \t]{0,4}(?P<name>[\w.]{1,40})[ \t*_]*(?:\n\s{0,8}|[ \t]+)[*_]{0,3}"
    r"Action[ _]Input[*_]{0,3}[ \t]*:"
    r"[*_ \t]{0,4}(?P<input>[^\n]{0,400})$",
    re.M | re.I,
)
# A step of a plan that is no answer, beside such a call.
_STEP = re.compile(r"^[ \t*_]{0,6}(?:Thought|Observation)[*_]{0,3}[ \t]*:[^\n]*$", re.M | re.I)
# Values that are tried, and characters of a text in JSON.
_MOST_VALUES, _LONGEST = 5, 100_000
# So many words beside a call only lead in to it.
_MOST_WORDS_BESIDE = 40
# What is named like a tool and is the answer.
_ANSWERS = frozenset(("final_answer", "final answer", "answer", "respond", "response", "reply", "finish"))
_DEEPEST = 6
_NAMES = ("name", "tool", "tool_name", "function", "action", "command", "recipient_name", "type")
_ARGUMENTS = ("arguments", "args", "parameters", "params", "input", "action_input", "tool_input")
_TOOL_NAME = re.compile(r"[A-Za-z_][\w.:-]{0,60}")
_TEXTS = (
    "answer",
    "response",
    "text",
    "content",
    "final_answer",
    "reply",
    "output",
    "result",
    "antwort",
    "sentence",
    "action_input",
)
_TEXTS_OF_ITEM = (*_TEXTS, "claim", "statement", "item", "point")
_MARKS = ("citations", "citation", "sources", "source", "evidence", "marks", "references", "refs", "belege", "quellen")
_LISTS = ("sentences", "answers", "claims", "statements", "items", "points", "answer", "list")
_SHORT = ("short", "short_answer")
_WHOLE_FENCE = re.compile(r"\A\s*(`{3,}|~{3,})[ \t]*([\w+-]{0,20})[ \t]*\n(.*?)\n?[ \t]*\1[`~]*\s*\Z", re.S)
_PROSE = frozenset({"markdown", "md", "text", "txt", "plain", "plaintext", "answer", "xml", "html"})
_SENTENCE_END = re.compile(r"\w{2,}[\"”)\]]?\s?(?:\[\d{1,3}\]\s?)*[.!?。！？]\s?(?:\[\d{1,3}\]\s?)*\Z")


def with_calls_as_lines(text: str) -> str:
    """Return a text in which each call of a tool that searches or opens is a line ``SEARCH: …`` or ``OPEN: …``.

    Args:
        text: What a model wrote, without its reasoning.
    """
    text = _ACTION.sub(_as_call, text) if "ction" in text else text
    text = _NAMED_CALL.sub(lambda call: f"<function={call['name'][:20]}>\n", text)
    is_wrapped = _WRAPPING.search(text) is not None
    # What cites evidence is an answer, in which such code is an example.
    if not is_wrapped and EVIDENCE_MARK.search(plain_marks(text)):
        return text
    if "{" in text:
        names = [match["name"].lower() for match in _WRAPPING.finditer(text) if match["name"]]
        bare = _JSON_FENCE.sub("", _WRAPPING.sub("\n", text))
        for match in list(_JSON_START.finditer(bare))[:_MOST_VALUES]:
            value, end = _decoded(bare, match.end())
            lines = list(_requests(value, names[0] if names else "")) if end else []
            if end and not lines and (is_call(value) or (names and isinstance(value, Mapping))):
                # A tool that there is not: nothing is done, and nothing of it is shown.
                rest = _STEP.sub("", f"{bare[: match.start()]}\n{bare[end:]}").strip()
                return rest if len(rest.split()) > _MOST_WORDS_BESIDE else ""
            if lines:
                return "\n".join(filter(None, (bare[: match.start()].strip(), *lines, bare[end:].strip())))
    return _CALL.sub(_as_line, text) if "(" in text else text


def is_call(value: Any) -> bool:
    """Tell whether a value of JSON is a call of a tool: it has a name, arguments, and no words of an answer.

    Args:
        value: The value; of a list, each item must be one.
    """
    if isinstance(value, list):
        return bool(value) and all(map(is_call, value))
    if not isinstance(value, Mapping):
        return False
    inner = next((value[key] for key in ("function", "function_call") if isinstance(value.get(key), Mapping)), None)
    if inner is not None:
        return is_call(inner)
    if any(isinstance(value.get(key), str) and value[key].casefold() in _ANSWERS for key in _NAMES):
        return False
    if isinstance(value.get("tool_calls"), list):
        return is_call(value["tool_calls"])
    has_name = any(isinstance(value.get(key), str) and _TOOL_NAME.fullmatch(value[key]) for key in _NAMES)
    return has_name and any(key in value for key in _ARGUMENTS)


def unwrapped(text: str) -> str:
    """Return the words of an answer that is wholly in JSON or in a fence; any other text as it is.

    Args:
        text: What a model wrote. A fence of code stays, where what stands in it is code.
    """
    fence = _WHOLE_FENCE.match(text)
    inside = fence[3] if fence and f"\n{fence[1]}" not in f"\n{fence[3]}" else ""
    words = _answer_in_json((inside or text).strip())
    if words:
        return words
    name = fence[2].lower() if fence else ""
    if fence and inside and (name in _PROSE or (not name and _is_prose(inside))):
        return inside
    return text


def _is_prose(text: str) -> bool:
    """Return whether what is fenced are sentences: they have marks, or end as sentences do."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        return False
    if EVIDENCE_MARK.search(plain_marks(text)):
        return True
    return len(lines[-1].split()) > 3 and _SENTENCE_END.search(lines[-1]) is not None


def _decoded(text: str, start: int) -> tuple[Any, int]:
    """Return the JSON value that begins at a place of a text, and where it ends; 0 where none begins there."""
    try:
        value, length = json.JSONDecoder(strict=False).raw_decode(text[start : start + _LONGEST])
        return value, start + length
    except (ValueError, RecursionError):
        return None, 0


def _requests(value: Any, name: str = "", depth: int = 0) -> Iterator[str]:
    """Yield the lines of the calls in a value of JSON."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _requests(item, name, depth + 1)
    elif isinstance(value, Mapping):
        named = next((value[key] for key in _NAMES if isinstance(value.get(key), str) and _kind(value[key])), name)
        arguments = next((value[key] for key in _ARGUMENTS if key in value), None)
        if kind := _kind(named):
            yield from _line(kind, _argument(arguments if arguments is not None else _others(value)))
            return
        for key, inner in value.items():
            if isinstance(inner, str | int) and (kind := _kind(str(key))) and not isinstance(inner, bool):
                yield from _line(kind, str(inner))
            elif isinstance(inner, Mapping | list):
                yield from _requests(inner, str(key) if _kind(str(key)) else "", depth + 1)


def _kind(name: str) -> str:
    """Return ``SEARCH`` or ``OPEN`` for the name of a tool that does this; "" for any other."""
    words = re.split(r"[^a-z]+", name.lower())
    if "search" in words:
        return "SEARCH"
    return "OPEN" if "open" in words else ""


def _others(value: Mapping[str, Any]) -> dict[str, Any]:
    return {key: inner for key, inner in value.items() if key not in _NAMES}


def _argument(arguments: Any) -> str:
    """Return the words or the number that a call has."""
    if isinstance(arguments, str) and arguments.lstrip()[:1] in "{[" and arguments.strip():
        decoded, end = _decoded(arguments.lstrip(), 0)
        arguments = decoded if end else arguments
    if isinstance(arguments, Mapping):
        arguments = next((one for one in arguments.values() if isinstance(one, str | int | list)), "")
    if isinstance(arguments, list):
        arguments = " ".join(str(one) for one in arguments if isinstance(one, str | int))
    return str(arguments) if isinstance(arguments, str | int) else ""


def _line(kind: str, argument: str) -> Iterator[str]:
    words = " ".join(argument.split())
    if words:
        yield f"{kind}: {words}"


def _as_call(action: re.Match[str]) -> str:
    """Return a call in JSON; of arguments in words, with them."""
    given = action["input"].strip()
    arguments, end = _decoded(given, 0) if given[:1] == "{" else (None, 0)
    return json.dumps({"name": action["name"], "arguments": arguments if end else given.strip("\"'`")})


def _as_line(call: re.Match[str]) -> str:
    return f"{call[1].upper()}: {call[2]}"


def _answer_in_json(text: str) -> str:
    """Return the words of an answer in JSON, with a mark for each number that it names as a source; "" for none."""
    if text[:1] not in ("{", "["):
        return ""
    value, end = _decoded(text, 0)
    if not end or text[end:].strip():
        return ""
    return _words_of(value)


def _words_of(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(filter(None, map(_item, value)))
    if not isinstance(value, Mapping):
        return ""
    keys = {str(key).lower().replace(" ", "_"): inner for key, inner in value.items()}
    items = next((keys[key] for key in _LISTS if isinstance(keys.get(key), list)), None)
    words = _words_of(items) if items is not None else _item(value)
    short = next((keys[key] for key in _SHORT if isinstance(keys.get(key), str)), "")
    return f"SHORT: {short}\n\n{words}" if short and words else words or short


def _item(value: Any) -> str:
    """Return the words of a sentence in JSON, with its marks."""
    if isinstance(value, str):
        return value.strip()
    if not isinstance(value, Mapping):
        return ""
    keys = {str(key).lower().replace(" ", "_"): inner for key, inner in value.items()}
    words = next((keys[key] for key in _TEXTS_OF_ITEM if isinstance(keys.get(key), str)), "").strip()
    numbers = [number for key in _MARKS for number in _numbers(keys.get(key))]
    if not words or EVIDENCE_MARK.search(plain_marks(words)):
        return words
    return words + "".join(f" [{number}]" for number in dict.fromkeys(numbers))


def _numbers(value: Any) -> list[int]:
    """Return the small numbers in a value of JSON: 1, "[1]", ["1", "2"], [{"id": 1}]."""
    if isinstance(value, bool) or value is None:
        return []
    if isinstance(value, int):
        return [value] if 0 < value < 1000 else []
    if isinstance(value, str):
        match = re.fullmatch(r"\W*(?:[a-z]{1,12}\s?)?(\d{1,3})\W*", value, re.I)
        return [int(match[1])] if match else []
    if isinstance(value, Mapping):
        value = [
            inner for key, inner in value.items() if str(key).lower() in ("id", "number", "index", "source", "evidence")
        ]
    return [number for one in value for number in _numbers(one)] if isinstance(value, list) else []
