"""What a strong model's reply says, without what only surrounds it. Pure.

Owns: reading a reply: its draft with plain marks, the phrase it puts first, what it says with the sentinel, what was
torn off at its end, and what it repeats; a preface and a list of sources are no part of it. Knows nothing about
prompts, or about how a draft is checked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.answering.arithmetic import Computed, fill_computations
from rag.answering.short_answers.strong_answer import split_short_line
from rag.answering.writers.calls import unwrapped, with_calls_as_lines
from rag.answering.writers.requests import without_requests
from rag.languages.identify import identify
from rag.marks import EVIDENCE_MARK, plain_marks
from rag.prompts import SENTINEL
from rag.text.abbreviations import ALWAYS, BEFORE_NUMBER
from rag.verify.claims import Claim, read_claims
from rag.verify.layout import cells, is_row
from rag.verify.texts.source_list import SourceNames, read_source_list

# What opens a reply and says nothing: courtesy, "Here is the answer:", and a label.
_COURTESY = (
    r"(?:sure(?: thing)?|certainly|of course|absolutely|okay|ok|great question|good question|happy to help|gerne|gern"
    r"|natürlich|selbstverständlich|klar|bien sûr|certainement|claro(?: que sí)?|por supuesto|certo|certamente"
    r"|natuurlijk|конечно|当然|好的|もちろんです|بالتأكيد)"
)
_DOCUMENT_WORDS = (
    r"(?:answer|response|reply|summary|overview|breakdown|evidence|documents?|sources?|information|context|passages?|excerpts?"
    r"|text|antwort|zusammenfassung|überblick|dokumente?n?|belege?n?|quellen?|informationen|réponse|résumé|documents"
    r"|respuesta|resumen|documentos|risposta|documenti|resposta|antwoord|ответ|документ\w*"
    r"|答案|回答|文档|资料|信息|根拠|資料)"
)
_HERE_IS = (
    r"(?:here(?:'s|’s| is| are)|below (?:is|are)|the following (?:is|are)|based on|according to|hier (?:ist|sind|kommt)"
    r"|im folgenden|auf (?:der )?grundlage|voici|d['’]après|aquí (?:está|tienes?|tiene)|ecco"
    r"|aqui está|вот|以下|根据)"
)
# "Here are the fees:" leads in what follows; "Here is the answer:" says nothing.
_PREFACE = re.compile(
    rf"\A\s*(?:{_COURTESY}\s?[!.。！]+\s*)*(?:(?:{_COURTESY}\s?[!,.。！，]+\s*)?{_HERE_IS}"
    rf"(?=[^\n:：]{{0,160}}{_DOCUMENT_WORDS})"
    r"[^\n\[\]:：\d]{0,160}[:：][ \t]*(?:\n|\Z))?",
    re.I,
)
_LABEL = re.compile(
    r"\A\s*[*_#]{0,4}\s?(?:final answer|answer|antwort|réponse|respuesta|ответ|答案|回答)[*_]{0,3}\s?[:：][*_]{0,3}\s*",
    re.I,
)
_QUESTION_LABEL = re.compile(r"\A\s*[*_#]{0,4}\s?(?:question|frage|q)[*_]{0,3}\s?[:：][*_]{0,3}\s*", re.I)
_MARKS_AT_END = re.compile(
    r"\n[ \t]{0,8}[-*_#>(]{0,4}[ \t]?(?:sources?|references?|citations?|evidence|quellen?|belege?|fuentes?|fonti"
    r"|источники|来源|出典)[*_]{0,3}\s?[:：]?[*_]{0,3}\s*(?:(?:\[\d{1,3}\]|\d{1,3})[\s,;&.)]*){1,30}\Z",
    re.I,
)
# A model has no picture to show.
_PICTURE = re.compile(r"[ \t]?!\[[^\[\]\n]{0,200}\]\([^()\s]{0,2000}(?:\s{1,4}\"[^\"\n]{0,200}\")?\)")
_RULE_AT_END = re.compile(r"\n[ \t]{0,8}(?:-{3,}|\*{3,}|_{3,})\s*\Z")
# What a label of a part is introduced by: "As for lorries:", "Zu den Lastwagen:".
_ABOUT = re.compile(
    r"^\W*(?:(?:as for|for|regarding|concerning|on|about|as to|und|and|but|zu|zum|zur|für|was|pour|quant à|para|per"
    r"|voor|для|关于|について)\s+)?",
    re.I,
)
_REST = re.compile(
    r"(?:(?:all |everything )?(?:the )?(?:rest|remainder|remaining part|other (?:part|question|half)"
    r"|second (?:part|question)|others?)(?: of (?:it|the question|your question))?"
    r"|(?:den|das|dem|der) (?:rest|übrige[nr]?)|übrige[nsr]?|le reste"
    r"|(?:el|lo) (?:resto|demás)|il resto|o resto|de rest|остальн\w+|其余|其他|残り)\W*",
    re.I,
)
# Models write it with spaces, and with its underscores escaped.
_ANY_SENTINEL = SENTINEL.replace("_", r"(?:\\?_|[ -])")
_SENTINEL_ALONE = re.compile(rf"[\s*_`\"'“”]{{0,8}}(?:SHORT:\s{{0,4}})?{_ANY_SENTINEL}[\s*_`\"'“”.!]{{0,8}}", re.I)
# What stands with it in its sentence: what is lacking, or that it is only spoken of.
_LACKING_BEHIND = re.compile(
    r"\s*(?:for|about|on|regarding|concerning|as\s+(?:to|for)|with\s+(?:regard|respect)\s+to|of|für|zu|zum|zur|über"
    r"|bezüglich|pour|sur|quant\s+à|para|sobre|per|su|voor|over|для|о|об|关于|關於|について)\s+",
    re.I,
)
_SPOKEN_OF_BEFORE = re.compile(
    r"\b(?:sentinel|token|keyword|word|string|marker|code|phrase|label|say|write|reply|return|answer|with|wort|kennwort)"
    r"(?:\s+is)?[\s:\"'“„`*_]*\Z",
    re.I,
)
_SPOKEN_OF_BEHIND = re.compile(
    r"\s*(?:(?:is|was|isn['’]t|does|doesn['’]t|would|wouldn['’]t|should|can|cannot|applies|need|needs|ist|wird|gilt|est|es)\b)",
    re.I,
)
_GOES_ON = re.compile(
    r"[:;]\s|[,–—]\s*(?:but|however|although|though|while|yet|aber|jedoch|doch|mais|pero|ma|mas|maar|но|since|because|denn|weil)\b\s*|[,–—]\s+(?=\w)",
    re.I,
)
_END_OF_SENTENCE = re.compile(r"(?:[.!?]+(?=\s|\Z)|[。！？؟]|\n|\Z)")
_SENTINEL_PIECE = re.compile(rf"[*_`\"'“”]{{0,4}}(?<!\w){_ANY_SENTINEL}(?!\w)[*_`\"'“”]{{0,4}}[.!]?")
# Behind one of these a label of a part begins anew.
_BREAK = re.compile(r"[.!?;。！？]\s|\]\.?\s|\n")
_LIST_SIGN = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s*")
_LONGEST_LABEL = 120
_SENTENCE_ENDS = ".!?…。！？؟۔।"
# The word before a full stop that may be an abbreviation: after "by approx." a sentence goes on.
_WORD_BEFORE_STOP = re.compile(r"(?:\A|[\s(\[“„\"'/-])((?:\w{1,20}\.){0,3}\w{1,20})\.\Z")
_ENGLISH_ABBREVIATIONS = frozenset(
    """approx appr est vs cf incl excl dr mr mrs ms messrs prof st no nos nr
    fig figs eq eqs sec secs vol vols pp ch chap
    ed eds al etc min max dept gov gen col capt lt sgt rep sen rev hon jr sr inc ltd co corp bros ave blvd rd hwy mt ft
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun ca viz resp temp avg
    art arts par para paras pt pts ref refs op ibid ie eg aka misc univ assn intl natl cont orig abbr alt""".split()
)
_CLOSING = "\"'”’»)]*_`」』）】 \t|~"
# A mark that is torn off names at least this number.
_BEGUN_MARK = re.compile(r"(?<=\s)(\[\d{1,3}(?:,\s?\d{1,3})*),?\s?\Z")
_ENDS_WITH_MARK = re.compile(r"\[\d{1,3}(?:[,;–-]\d{1,3})*\][\s*_|.!?。！？؟)]*\Z")
# "0." may be the beginning of "0.31".
_TORN_NUMBER = re.compile(r"\d[.,]\Z")
# A sentence of so many words that stands there so often is a loop.
_LOOP_WORDS, _LOOP_TIMES = 3, 3
# A longer sentence of ever the same words is one, too.
_LONG, _LEAST_DISTINCT = 60, 0.15


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model's reply says.

    Attributes:
        text: The draft; each mark has the form ``[1]``.
        short: The phrase that answers the question by itself; "" for none.
        computations: What was computed for it.
        lacking: What it says with the sentinel that the evidence lacks; "" for the rest, or for all.
        torn: The unfinished sentence at its end, which is no part of ``text``; "" for none.
        repeats: Whether it said the same again and again; ``text`` says it once.
        opens_with_sentinel: Whether the sentinel stands before all else.
    """

    text: str
    short: str = ""
    computations: Sequence[Computed] = ()
    lacking: tuple[str, ...] = ()
    torn: str = ""
    repeats: bool = False
    opens_with_sentinel: bool = False


def read_reply(
    reply: str, known: int, question: str = "", titles: Mapping[str, str] | None = None, is_cut: bool = False
) -> Reply:
    """Read a reply.

    Args:
        reply: What the model wrote, without its reasoning.
        known: How much evidence it was given.
        question: The question.
        titles: The title of each source that it was given.
        is_cut: Whether it broke off before its end.

    Returns:
        What it says.
    """
    words = _PICTURE.sub("", with_calls_as_lines(reply if "json" in question.casefold() else unwrapped(reply)))
    text = without_requests(plain_marks(words, range(1, known + 1)))
    text, torn = _split_torn(text, reply.rstrip(" \t").endswith("\n")) if is_cut else (text, "")
    short, text = split_short_line(without_preface(text, question))
    text = without_preface(text, question)
    text, lacking, opens = _split_sentinel(text)
    text, computations = fill_computations(text)
    text = without_sources(text, titles or {})
    text, repeats = _without_loops(text)
    if _is_monotonous(torn):
        torn, repeats = "", True
    return Reply(text.strip(), short, computations, lacking, torn, repeats, opens)


def without_preface(text: str, question: str = "") -> str:
    """Return a draft without courtesy, a label, and the question repeated before the answer.

    Args:
        text: The draft.
        question: The question.

    Returns:
        The draft; as it is where nothing else stands in it.
    """
    asked = _letters(question)
    rest = text
    for _ in range(3):
        before = rest
        rest = rest[preface.end() :] if (preface := _PREFACE.match(rest)) else rest
        first, newline, others = rest.lstrip().partition("\n")
        if newline and asked and _letters(_QUESTION_LABEL.sub("", first)) == asked:
            rest = others
        rest = _LABEL.sub("", rest, count=1)
        if rest == before:
            break
    return rest.lstrip("\n") if any(map(str.isalnum, rest)) else text


def without_sources(text: str, titles: Mapping[str, str]) -> str:
    """Return a draft without the list of its sources at its end: each sentence cites what it rests on.

    Args:
        text: The draft.
        titles: The title of each source.

    Returns:
        The draft; as it is where nothing else stands in it.
    """
    lines = read_source_list(text, SourceNames(titles)).lines
    ends = [0, *(end for _, end in lines)]
    starts = [*(start for start, _ in lines), len(text)]
    rest = "".join(text[end:start] for end, start in zip(ends, starts, strict=True)).rstrip()
    rest = _RULE_AT_END.sub("", _MARKS_AT_END.sub("", rest)) if rest != text or _MARKS_AT_END.search(rest) else rest
    return rest if any(map(str.isalpha, EVIDENCE_MARK.sub("", rest))) else text


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _split_torn(text: str, ends_line: bool = False) -> tuple[str, str]:
    """Return a draft without the sentence that its end tears off, and that sentence; "" where it ends with a whole one.

    The second half of a sentence may say the opposite of its first: a torn one is not shown as one. Whole is what ends
    as a sentence does and with no abbreviation, with a mark, or, of an item of a list, with its line.
    """
    text = _BEGUN_MARK.sub(r"\1]", text.rstrip())
    claims = read_claims(text, 0)
    if not claims or _ENDS_WITH_MARK.search(text):
        return text, ""
    last = claims[-1]
    if last.text.startswith(("```", "~~~")):
        fence = re.match(r"[`~]{3,}", last.text)
        is_closed = fence is not None and "\n" in last.text and last.text.endswith(fence.group())
        return (text, "") if is_closed or fence is None else (f"{text}\n{fence.group()}", "")
    is_table = len(claims) > 1 and is_row(claims[-2].text)
    if is_table and "|" in last.text:
        is_whole = is_row(last.text) and len(cells(last.text)) == len(cells(claims[-2].text))
    else:
        end = last.text.rstrip(_CLOSING)
        is_item = _LIST_SIGN.match(text[: last.start].rpartition("\n")[2] + last.text) is not None
        is_whole = (ends_line and is_item) or (
            end.endswith(tuple(_SENTENCE_ENDS)) and not _TORN_NUMBER.search(last.text) and not _may_go_on(end)
        )
    if is_whole or not last.states:
        return text, ""
    rest = _LIST_SIGN.sub("", text[: last.start].rstrip(" \t").rpartition("\n")[2])
    kept = text[: last.start].rstrip() if rest else text[: last.start].rstrip(" \t").rpartition("\n")[0].rstrip()
    return kept, last.text


def _may_go_on(sentence: str) -> bool:
    """Return whether a sentence may end with an abbreviation, so that more of it would have followed."""
    found = _WORD_BEFORE_STOP.search(sentence[-_LONGEST_LABEL:])
    if found is None:
        return False
    word, language = found[1].casefold(), identify(sentence)
    if "." in word or (len(word) == 1 and word.isalpha()):
        return True
    listed = (*ALWAYS.get(language, ()), *BEFORE_NUMBER.get(language, ()))
    return word in _ENGLISH_ABBREVIATIONS or word in listed


def _split_sentinel(text: str) -> tuple[str, tuple[str, ...], bool]:
    """Return a draft without the sentinel, the parts of the question that are lacking, and whether it opens with it.

    In small letters it counts only as the whole of a reply.
    """
    if _SENTINEL_ALONE.fullmatch(text):
        return "", ("",), True
    lacking: list[str] = []
    pieces: list[str] = []
    position, opens = 0, False
    for match in _SENTINEL_PIECE.finditer(text):
        if match.start() < position:
            continue
        start, end, label = _labelled(text, position, match)
        if label is not None:
            opens = opens or (not label and not text[: match.start()].strip())
            lacking.append(label)
        pieces.append(text[position:start])
        position = end
        if text[end:].strip() and not text[end - 1].isalnum() and match.end() < end:
            # What goes on behind it is a sentence of its own.
            pieces.append(text[end].upper())
            position = end + 1
    if not position:
        return text, (), False
    rest = "".join([*pieces, text[position:]]).strip()
    return rest, tuple(dict.fromkeys(lacking)), opens


def _labelled(text: str, position: int, sentinel: re.Match[str]) -> tuple[int, int, str | None]:
    """Return where a sentence with the sentinel starts and ends, and what it says is lacking; None for nothing."""
    line_start = max(position, text.rfind("\n", position, sentinel.start()) + 1)
    line_end = text.find("\n", sentinel.end())
    line_end = len(text) if line_end < 0 else line_end
    line = text[line_start:line_end]
    if is_row(line.strip()):
        return line_start, min(len(text), line_end + 1), _named(cells(line.strip())[0])
    start = line_start
    for one in _BREAK.finditer(text, max(line_start, sentinel.start() - 400), sentinel.start()):
        start = one.end()
    label, end = text[start : sentinel.start()], _END_OF_SENTENCE.search(text, sentinel.end())
    behind = text[sentinel.end() : end.end()] if end and not sentinel.group().endswith((".", "!")) else ""
    goes_on = _GOES_ON.search(behind)
    if _SPOKEN_OF_BEHIND.match(behind) or (behind.strip() and _SPOKEN_OF_BEFORE.search(label)):
        return start, sentinel.end() + (goes_on.end() if goes_on else len(behind)), None
    if about := _LACKING_BEHIND.match(behind):
        named = behind[about.end() : goes_on.start() if goes_on else len(behind)].strip().rstrip(".!?。")
        last = goes_on.end() if goes_on else len(behind)
        return start, sentinel.end() + last, _named(label) or _named(named)
    if goes_on and not goes_on.start():
        return start, sentinel.end() + goes_on.end(), _named(label)
    return start, sentinel.end(), _named(label)


def _named(label: str) -> str:
    """Return what a label names; "" where it names the rest, or nothing."""
    words = " ".join(_ABOUT.sub("", _LIST_SIGN.sub("", label)).strip(" \t\n:：,;–—-*_`\"'|(").split())
    words = re.sub(r"\s(?:is|are|ist|sind|est)$", "", words)
    return "" if not words or len(words) > _LONGEST_LABEL or _REST.fullmatch(words) else words


def _without_loops(text: str) -> tuple[str, bool]:
    """Return a draft that says once what it says again and again, and whether it did."""
    claims = read_claims(text, 0)
    said = [_letters(claim.text) if _may_loop(claim) else "" for claim in claims]
    counts = Counter(filter(None, said))
    looping = {words for words, count in counts.items() if count >= _LOOP_TIMES}
    pieces: list[str] = []
    seen: set[str] = set()
    position = 0
    is_looping = False
    for number, claim in enumerate(claims):
        end = claims[number + 1].start if number + 1 < len(claims) else len(text)
        is_again = said[number] in looping and said[number] in seen
        if is_again or (claim.states and _is_monotonous(claim.text)):
            pieces.append(text[position : claim.start])
            position, is_looping = end, True
        seen.add(said[number])
    return ("".join([*pieces, text[position:]]).rstrip(), True) if is_looping else (text, False)


def _may_loop(claim: Claim) -> bool:
    return claim.states and not is_row(claim.text) and len(claim.text.split()) >= _LOOP_WORDS


def _is_monotonous(sentence: str) -> bool:
    words = sentence.casefold().split()
    return len(words) > _LONG and len(set(words)) < _LEAST_DISTINCT * len(words)
