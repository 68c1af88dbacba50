"""Answers, sources and the pages about them as HTML, computed by eye, and with every payload in every place."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from rag.notices import Notice, plain
from rag.store.catalog import Conversation, Feedback, FoundConversation, SourceListing, StoredTurn
from rag.types import (
    Answer,
    Citation,
    CitedCell,
    Conflict,
    Evidence,
    LeftOut,
    ModelCall,
    Passage,
    RowCell,
    Sentence,
    Span,
)
from tests.ui.payloads import PAYLOADS
from ui.i18n import translator
from ui.page.page_state import TabState, messages_of
from ui.service.steps import Step
from ui.views.answer import answer_html, error_html, question_html, waiting_html
from ui.views.answer_sources import cited_documents
from ui.views.asked_words import asked_stems, excerpt, in_parts
from ui.views.copied import copied_markdown, copied_text
from ui.views.documents import marked, rows_html
from ui.views.explain import why_html, why_json
from ui.views.history import found_html, list_html
from ui.views.panels import source_html
from ui.views.preview import preview_html
from ui.views.rephrasing import rephrasing
from ui.views.source import BoxOnPage, SourceView

T = translator("en")


def answer(words: str = "x", **changes: object) -> Answer:
    """One verified and one partly supported sentence, one left out, two sources that disagree; ``words`` everywhere."""
    text = f"The toll is 3. [1] {words} [2]"
    citations = (
        Citation(1, f"{words}.md", "id1", words, 0, 14, f"The toll is 3. {words}"),
        Citation(2, f"{words}.pdf", "id2", words, 5, 9, words, 7, header=f"a | {words}"),
    )
    passage = Passage(
        "c",
        f"{words}.md",
        "id1",
        words,
        0,
        40,
        f"passage {words}",
        words,
        None,
        1,
        {"dense": 0.5, "dense_rank": 2.0, "keyword": 1.0, "fused": 0.9},
        words,
    )
    other = replace(passage, rank=2, start=100, end=140, page=3)
    base = Answer(
        f"question {words}",
        f"standalone {words}",
        text,
        sentences=(
            Sentence("The toll is 3. [1]", 0, 18, "verified", (1,)),
            Sentence(f"{words} [2]", 19, len(text), "partly", (2,), plain(f"reason {words}")),
        ),
        citations=citations,
        passages=(passage, other),
        model=words,
        prompt_id=words,
        index={"name": words},
        timings={"retrieve_ms": 12.0, "total_ms": 1500.0},
        left_out=(LeftOut(f"claim {words}", "unsupported", plain(f"why {words}")),),
        conflicts=(Conflict(plain(f"about {words}"), (1, 2)),),
        evidence=(Evidence(Span(words, "id1", words, 0, 3, words), 0.5, 0.4, 0.3, 1),),
        prompt=f"prompt {words}",
        notices=(plain(f"notice {words}"), Notice("not-mentioned", {"words": [f"part {words}"]})),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def judged_answer(words: str = "x", **changes: object) -> Answer:
    """A sentence that is calculated, one that is not found, one claim that the first passage says otherwise."""
    base = answer(
        words,
        answer=f"It grew by 5. [1] {words}",
        sentences=(
            Sentence(
                "It grew by 5. [1]", 0, 17, "verified", (1,), Notice("computed", {"calculation": f"8 − 3 {words}"})
            ),
            Sentence(words, 18, 18 + len(words), "unsupported", (), plain(f"reason {words}")),
        ),
        left_out=(
            LeftOut(f"old {words}", "unsupported", plain(f"why {words}")),
            LeftOut(f"claim {words}", "contradicted", otherwise(words)),
        ),
        conflicts=(),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def otherwise(words: str, code: str = "text") -> Notice:
    """Why a claim is contradicted: the first passage of ``answer(words)`` says otherwise on page 4."""
    quote = f"passage {words}"
    place = {"source": f"{words}.md", "start": 0, "end": len(quote), "quote": quote, "page": 4}
    return Notice(code, {"text": f"because {words}", **place})


def turn(given: Answer) -> StoredTurn:
    return StoredTurn("t1", "c1", given.question, given, "2026-01-01", Feedback("down", given.question, "2026-01-01"))


class Elements(HTMLParser):
    """What a browser would make of a piece of HTML: its elements with their attributes, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def shape(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements and the names of their attributes, without the words."""
    return [(tag, tuple(attributes)) for tag, attributes in Elements(text).elements]


# -- what is shown -----------------------------------------------------------------------------------------------------


def test_a_verified_answer_is_text_with_numbers() -> None:
    text = "The toll is 3. [1]\n\nIn short: 3. [1]"
    sentences = (
        Sentence("The toll is 3. [1]", 0, 18, "verified", (1,)),
        Sentence("3. [1]", 30, 36, "verified", (1,)),
    )
    given = answer(answer=text, sentences=sentences, left_out=(), conflicts=(), notices=())
    page = Elements(answer_html(given, T, "own:a/t1"))
    assert page.words.startswith("The toll is 3.[1]In short: 3.[1]")
    assert [tag for tag, attributes in page.elements if attributes.get("class") == "f-paragraph"] == ["div", "div"]
    chips = [attributes for tag, attributes in page.elements if attributes.get("class") == "f-cite"]
    assert [(chip["name"], chip["value"]) for chip in chips] == [("own:a/t1", "c1"), ("own:a/t1", "c1")]
    assert chips[0]["title"] == "x.md"


def test_a_partly_supported_sentence_is_marked_and_says_why() -> None:
    page = Elements(answer_html(answer(), T, "own:a/t1"))
    marked = [attributes for _, attributes in page.elements if attributes.get("class") == "f-partly"]
    assert [one["title"] for one in marked] == ["Only partly supported: reason x"]


def test_a_sentence_that_is_not_found_is_marked_and_says_why() -> None:
    page = Elements(answer_html(judged_answer(), T, "own:a/t1"))
    (marked,) = [attributes for _, attributes in page.elements if attributes.get("class") == "f-unsupported"]
    assert marked["title"] == "Not found in the documents: reason x"
    assert "x (not found in the documents)reason x" in page.words
    assert "details" in {tag for tag, _ in page.elements}, "the reason opens for a finger, too"


def test_a_calculation_stands_beside_its_sentence() -> None:
    page = Elements(answer_html(judged_answer(), T, "own:a/t1"))
    assert "It grew by 5. (8 − 3 x)[1]" in page.words
    (shown,) = [attributes for _, attributes in page.elements if attributes.get("class") == "f-calculation"]
    assert shown["title"] == "computed from the source: 8 − 3 x"


def test_what_the_sources_contradict_is_counted_apart_and_opens_its_source() -> None:
    page = Elements(answer_html(judged_answer(), T, "own:a/t1"))
    first, second = page.words.index("1 claim left out: the sources say otherwise"), page.words.index("not supported")
    assert first < second
    assert "claim xbecause xpassage xx.md, page 4" in page.words
    (opens,) = [one for _, one in page.elements if one.get("class") == "f-open" and one["value"][0] == "x"]  # type: ignore[index]
    assert (opens["name"], opens["value"]) == ("own:a/t1", "x2"), "its place among all that is left out"
    assert "claim x" not in page.words[:first], "never a part of the text"


def test_a_reason_that_only_quotes_is_not_said_twice() -> None:
    reason = otherwise("x", "contradicted-by-source")
    page = Elements(answer_html(judged_answer(left_out=(LeftOut("c", "contradicted", reason),)), T, "own:a/t1"))
    assert page.words.count("passage x") == 1, page.words
    explained = Elements(
        why_html(turn(judged_answer(left_out=(LeftOut("c", "contradicted", reason),))), "own:a", T, True)
    )
    assert "left out: contradictedc“passage x”x.md, page 4" in explained.words


def test_without_marks_sentences_stand_alone_and_what_is_left_out_is_still_counted() -> None:
    page = Elements(answer_html(judged_answer(marked=False), T, "own:a/t1"))
    assert "not found" not in page.words
    assert "f-unsupported" not in {attributes.get("class") for _, attributes in page.elements}
    assert "1 claim left out: the sources say otherwise" in page.words


def test_claims_that_were_left_out_are_counted_once() -> None:
    given = answer(notices=(Notice("claims-left-out", {"count": 1}), plain("The model broke off.")))
    text = Elements(answer_html(given, T, "own:a/t1")).words
    assert text.count("1 claim left out") == 1
    assert "The model broke off." in text
    two = answer(left_out=(LeftOut("a", "unsupported"), LeftOut("c", "unsupported")))
    assert "2 claims left out" in Elements(answer_html(two, T, "own:a/t1")).words


def test_disagreeing_sources_stand_side_by_side() -> None:
    text = Elements(answer_html(answer(), T, "own:a/t1")).words
    assert "Your sources disagree: about xThe toll is 3. x[1]x.mdx[2]x.pdf, page 7" in text


def test_an_abstention_says_what_is_missing_and_what_is_near() -> None:
    page = Elements(answer_html(answer(abstained=True, conflicts=()), T, "own:a/t1"))
    assert "The toll is 3." not in page.words, "no sentence is shown as an answer"
    assert "Not in your documents" in page.words
    assert "part x" in page.words
    assert [a["value"] for tag, a in page.elements if a.get("class") == "f-open"] == ["p1", "p2"]


def test_an_abstention_with_a_hint_shows_the_hint() -> None:
    text = "The documents do not say. The toll is 3. [1]"
    sentences = (
        Sentence("The documents do not say.", 0, 25, "not a claim"),
        Sentence("The toll is 3. [1]", 26, len(text), "verified", (1,)),
    )
    given = answer(answer=text, sentences=sentences, citations=answer().citations[:1], abstained=True, conflicts=())
    assert "Not in your documentsThe documents do not say. The toll is 3.[1]" in Elements(answer_html(given, T)).words


def test_nothing_can_be_clicked_before_it_is_stored() -> None:
    assert "button" not in {tag for tag, _ in shape(answer_html(answer(), T))}
    draft = answer(state="writing", sentences=(), citations=())
    assert "button" not in {tag for tag, _ in shape(answer_html(draft, T, "own:a/t1"))}


def test_while_it_works_it_says_what_it_does() -> None:
    unfinished = Answer("q", "q", state="reading")
    text = Elements(answer_html(unfinished, T, steps=(Step("searching", 0.31),))).words
    assert text == "Reading"
    found = replace(unfinished, passages=answer().passages)
    assert Elements(answer_html(found, T)).words == "Reading 2 passages"
    assert Elements(waiting_html(3, T)).words == "Waiting: place 3 in the queue"


def test_quotes_stand_as_they_will_while_a_small_model_writes() -> None:
    quote = "Staff get 27 days."
    citation = Citation(1, "a.md", "id", "A", 0, len(quote), quote)
    text = f"“{quote}” [1]"
    sentences = (Sentence(text, 0, len(text), "verified", (1,)),)
    writing = Answer(
        "q", "q", text, sentences=sentences, citations=(citation,), short_answer="27 days", state="writing"
    )
    html = str(answer_html(writing, T, "own:a/t1"))
    assert Elements(html).words.startswith("Writing")
    assert '<p class="f-short">27 days</p>' in html
    assert '<blockquote class="f-quote">' in html
    assert "“" not in html
    assert "<button" not in html, "nothing of it can be clicked yet"
    # The first words of a large model are a draft.
    assert "f-short" not in answer_html(replace(writing, sentences=()), T, "own:a/t1")


def test_a_rating_is_shown_again() -> None:
    (_, message) = messages_of([turn(answer())], TabState("own:a", "c1"), T)
    assert 'f-act-bad f-chosen"' in message["content"]
    assert 'f-act-good f-chosen"' not in message["content"]


def test_only_what_the_chat_lets_through_is_used() -> None:
    """Gradio's sanitiser drops every other element and attribute, so what needs one would silently be lost."""
    tags = set("div p span button details summary ul li s b i small blockquote footer".split())
    names = {"class", "title", "type", "name", "value", "open"}
    for given in (answer(), judged_answer(), answer(abstained=True), answer(state="writing")):
        for tag, attributes in shape(answer_html(given, T, "own:a/t1")):
            assert tag in tags
            assert set(attributes) <= names


def test_each_document_stands_once_below_the_answer_and_what_was_also_looked_at_is_folded() -> None:
    more = (*answer().citations, replace(answer().citations[1], number=3, page=9))
    page = Elements(answer_html(answer(citations=more), T, "own:a/t1"))
    sources = page.words[page.words.index("not supported") :]
    assert sources.count("x.pdf") == 0, "a file that is named like its document is not named again"
    assert "x1 The toll is 3. xx2 page 73 page 9Also looked atxpage 3" in sources.replace("\u00a0", " ")
    chips = [one["value"] for _, one in page.elements if "f-place" in str(one.get("class")).split()]
    assert chips == ["c1", "c2", "c3", "p2"]


def test_a_place_is_named_by_its_page_its_row_or_its_heading() -> None:
    passage = replace(answer().passages[0], context="Fees › Harbour › item | price", start=0, end=50)
    cells = (RowCell(4, 5, "", "code", 0, True), RowCell(7, 9, "", "fee", 0))
    row = Citation(1, "fees.csv", "id2", "Harbour fees", 4, 9, "7: 40", cells=cells)
    given = answer(
        passages=(passage,),
        citations=(
            row,
            Citation(2, "x.md", "id1", "x", 3, 8, "The toll is due."),
            Citation(3, "n.txt", "n", "", 0, 9, "It rained."),
        ),
    )
    documents = cited_documents(given, T)
    assert [(one.title, one.file, [place.name for place in one.places]) for one in documents] == [
        ("Harbour fees", "fees.csv", ["code 7"]),
        ("x", "", ["Harbour"]),
        ("n.txt", "", ["It rained."]),
    ]


def quoting(*quotes: str, kind: str = "fact", before: str = "", first: int = 1) -> Answer:
    """An answer that quotes whole lines."""
    text, sentences, citations = before, [], []
    if before:
        sentences.append(Sentence(before.strip(), 0, len(before.strip()), "not a claim"))
    for number, quote in enumerate(quotes, start=first):
        line = f"“{quote}” [{number}]"
        sentences.append(Sentence(line, len(text), len(text) + len(line), "verified", (number,)))
        citations.append(Citation(number, "a.md", "a", "A", 0, len(quote), quote))
        text += f"{line}\n"
    return Answer("q", "q", text.rstrip(), kind=kind, sentences=tuple(sentences), citations=tuple(citations))  # type: ignore[arg-type]


def test_quotes_are_set_off_without_quotation_marks_and_more_than_two_are_folded() -> None:
    page = Elements(answer_html(quoting("One.", "Two `2`.", "Three.", "Four."), T))
    assert "One.[1]Two `2`.[2]2 more quotesThree.[3]Four.[4]" in page.words
    assert "“" not in page.words
    listed = Elements(answer_html(quoting("One.", "Two.", "Three.", "Four.", kind="list"), T))
    assert "details" not in {tag for tag, _ in listed.elements}, "the quotes of a list are the list"


def test_two_sides_of_a_comparison_stand_side_by_side() -> None:
    one, other = quoting("One.", before="left:\n"), quoting("Two.", before="right:\n", first=2)
    moved = [
        replace(sentence, start=sentence.start + len(one.answer) + 2, end=sentence.end + len(one.answer) + 2)
        for sentence in other.sentences
    ]
    given = replace(
        one,
        answer=f"{one.answer}\n\n{other.answer}",
        sentences=(*one.sentences, *moved),
        citations=(*one.citations, *other.citations),
        kind="comparison",
    )
    page = Elements(answer_html(given, T))
    assert [a["class"] for _, a in page.elements if a.get("class") in ("f-compared", "f-quotes")] == [
        "f-compared",
        "f-quotes",
        "f-quotes",
    ]
    assert "leftOne.[1]rightTwo.[2]" in page.words


def test_words_of_the_question_are_marked_in_what_comes_nearest() -> None:
    stems = asked_stems("What does the toll cost for lorries?")
    assert [part.words for part in in_parts("The tolls for a lorry", stems) if part.is_asked] == ["tolls", "lorry"]
    assert "".join(part.words for part in in_parts("The tolls for a lorry", stems)) == "The tolls for a lorry"
    long = "It rained. " * 40 + "The toll of a lorry is 9 crowns. " + "It rained. " * 40
    assert excerpt(long, stems, 60).startswith("…The toll of a lorry is 9 crowns.")
    assert len(excerpt(long, stems, 60)) <= 61
    assert excerpt("short", stems, 60) == "short"
    in_code = [part.words for part in in_parts("`toll` is a toll, as is `my toll`", stems) if part.is_asked]
    assert in_code == ["toll"], "code stays whole, so that it is shown as code"


def test_what_comes_nearest_is_read_without_the_signs_of_markdown() -> None:
    text = "# Tolls\n\nRoom # 3 | 4.\n\n## Cars\n| kind | toll |\n| --- | :-: |\n| `car` | 3 |\n| lorry | |\n"
    assert excerpt(text, [], 200) == "Tolls Room # 3 | 4. Cars kind · toll; car · 3; lorry"


def test_another_wording_is_offered_only_where_the_documents_have_its_words() -> None:
    near = replace(
        answer().passages[0], text="The toll of the bridge is 3 crowns.", title="Bridge", context="Bridge › Toll"
    )
    refused = Answer("What is the toll on Mars?", "q", abstained=True, passages=(near,))
    assert rephrasing(refused) == "What does “Bridge” say about toll?"
    assert rephrasing(replace(refused, question="toll")) == "What does “Bridge” say about “Toll”?"
    assert rephrasing(replace(refused, language="de")) == "Was sagt „Bridge“ zu toll?"
    assert rephrasing(replace(refused, question="Who won the chess olympiad?")) == ""
    unknown = Notice("not-mentioned", {"words": ["brigde"]})
    typed = replace(refused, question="How long is the brigde?", notices=(unknown,))
    assert rephrasing(typed) == "How long is the bridge?"
    page = Elements(answer_html(refused, T, "own:a/t1"))
    buttons = [one["value"] for tag, one in page.elements if tag == "button"]
    assert buttons == ["p1", "suggest", "anyway", "copy", "retry", "good", "bad", "more"]


def test_a_preview_has_the_cited_words_in_what_stands_around_them() -> None:
    text = "An older paragraph.\n\nThe bridge is long. The toll is 3. It is due\nat once.\n\nNext."
    start = text.index("The toll")
    citation = Citation(1, "b.md", "id", "Bridge", start, start + 14, "The toll is 3.", 4)
    html = str(preview_html(citation, text, "Fees", T))
    assert html == (
        "<b>Bridge</b><small>page 4 · Fees · b.md</small>"
        "<p>The bridge is long. <mark>The toll is 3.</mark> It is due at once.</p>"
    )
    gone = Elements(preview_html(citation, "", "", T))
    assert gone.words == "Bridgepage 4 · b.mdThe toll is 3."


def test_what_is_copied_has_numbers_and_sources() -> None:
    given = answer(short_answer="3 crowns")
    assert copied_text(given, T) == ("3 crowns\n\nThe toll is 3. [1] x [2]\n\nSources\n[1] x\n[2] x, page 7")
    markdown = copied_markdown(turn(given), T)
    assert markdown.startswith("## question x\n")
    assert "page 7" in markdown


def test_a_pdf_says_where_its_pages_and_marks_are() -> None:
    view = SourceView(
        "pdf",
        "a.pdf",
        "id",
        "A",
        (),
        0,
        5,
        page=2,
        pages=3,
        sizes=((500.0, 800.0, 3),),
        boxes=(BoxOnPage(2, 10, 20, 30, 4.00049),),
    )
    page = Elements(
        source_html(view, "/i/own:a/turns/t/c1", "own:a", T, also=[Citation(2, "a.pdf", "id", "A", 8, 12, "word", 3)])
    )
    (article,) = [attributes for tag, attributes in page.elements if tag == "article"]
    assert article["data-pages"] == "/i/own:a/pages/id"
    assert json.loads(article["data-marks"]) == {
        "page": 2,
        "span": [0, 5],
        "sizes": [[500.0, 800.0, 3]],
        "boxes": [[2, 10, 20, 30, 4.0]],
        "also": [[8, 12, 3]],
    }
    assert [attributes["href"] for tag, attributes in page.elements if tag == "a"] == ["/i/own:a/files/id?source=a.pdf"]
    assert "of 3" in page.words
    assert "cited" in [attributes.get("value") for tag, attributes in page.elements if tag == "button"]
    assert "a.pdf" in page.words


def test_a_row_says_what_a_document_is() -> None:
    listing = SourceListing("sea/a.md", "id", "A map", "text/markdown", None, 2, None, False, size=2_540_000)
    broken = SourceListing("b.pdf", None, "", "", None, 0, plain("damaged"), False, status="failed", size=900)
    page = Elements(rows_html([listing, broken], 25, "own:a", "MAP", {"c.md"}, T))
    rows = [a for _, a in page.elements if a.get("role") == "row"]
    assert [(a["aria-rowindex"], a["data-name"], a["data-status"]) for a in rows] == [
        ("27", "sea/a.md", "read"),
        ("28", "b.pdf", "failed"),
    ]
    assert rows[0]["data-load"] == "/i/own:a/documents/id?source=sea%2Fa.md"
    assert rows[1]["data-load"] == "", "what holds nothing cannot be opened"
    assert "MDA mapsea/a.md2.5 MBRead" in page.words
    assert "PDFb.pdfb.pdf1 KBFaileddamaged" in page.words
    assert [tag for tag, _ in page.elements].count("mark") == 1
    work = Elements(rows_html([broken], 0, "own:a", "", {"b.pdf"}, T))
    assert "Reading" in work.words
    assert "damaged" not in work.words


def test_hits_are_marked_whatever_their_case() -> None:
    assert marked("The ferry, FERRY", "ferry") == [("The ", False), ("ferry", True), (", ", False), ("FERRY", True)]
    assert marked("a.b", ".") == [("a", False), (".", True), ("b", False)]
    assert marked("a", "") == [("a", False)]


def test_a_document_says_its_day_and_what_of_it_was_not_read() -> None:
    warnings = tuple(Notice("reading-pages-pictures", {"pages": [number]}) for number in range(1, 6))
    hostile = Notice("file-unreadable", {"place": "file", "error": "<img src=x onerror=alert(1)>"})
    listing = SourceListing(
        "a.pdf", "id", "A", "application/pdf", 9, 2, None, False, "2024-05-01", warnings, "part", "2024-05-01"
    )
    other = replace(listing, source="b.pdf", warnings=(hostile,))
    html = rows_html([listing, other], 0, "own:a", "", (), T)
    words = Elements(html).words
    assert "9 p.2024-05-01Read in part · 5" in words
    for number in range(1, 6):
        assert f"page {number} is a picture: not read" in words
    assert not [tag for tag, attributes in Elements(html).elements if tag == "img"]
    german = Elements(rows_html([listing], 0, "own:a", "", (), translator("de"))).words
    assert "Seite 1 ist ein Bild: nicht gelesen" in german
    assert "01.05.2024" in german


def test_why_shows_everything_and_gives_it_as_json() -> None:
    page = Elements(why_html(turn(answer()), "own:a", T, alone=False)).words
    for part in ("standalone x", "0.500 (2)", "prompt x", "claim x", "verified", "retrieve 12 ms"):
        assert part in page
    stored = json.loads(why_json(turn(answer())))
    assert stored["answer"]["evidence"][0]["similarity"] == 0.4
    assert "No language model was asked." in page


def test_why_shows_the_calls_and_what_they_cost() -> None:
    calls = (
        ModelCall("answer", "large", 2000, 200, estimated=False, seconds=1.25, cost=0.0007),
        ModelCall("judge", "strict", 1120, 40, estimated=False, seconds=0.5, cost=0.0002),
    )
    page = Elements(why_html(turn(answer(calls=calls)), "own:a", T, alone=False)).words
    for part in ("2 calls, 3,120 tokens sent, 240 written, 0.0009", "the answerlarge2,0002001.20.0007", "strict"):
        assert part in page
    german = Elements(why_html(turn(answer(calls=calls)), "own:a", translator("de"), alone=False)).words
    assert "2 Aufrufe, 3.120 Token gesendet, 240 geschrieben, 0,0009" in german
    unpriced = (replace(calls[0], cost=None), calls[1])
    page = Elements(why_html(turn(answer(calls=unpriced)), "own:a", T, alone=False)).words
    assert "3,120 tokens sent, 240 written," not in page
    assert "2,0002001.2–" in page
    assert json.loads(why_json(turn(answer(calls=calls))))["answer"]["usage"]["cost"] == 0.0009


# -- hostile words -----------------------------------------------------------------------------------------------------


OF_MARKDOWN = set("h3 h4 h5 h6 ul ol li strong em code pre hr br table thead tbody tr th td span div".split())


def plain_shape(view: str, html: str) -> list[tuple[str, tuple[str, ...]]]:
    """The elements and their attributes, without what Markdown in the text of an answer may add.

    Nor what depends on the words that a question and a passage share: their marks, and another wording.
    """
    if view not in ("answer", "verdicts", "draft", "abstention", "tentative"):
        return shape(html)
    shown = [one for one in Elements(html).elements if one[1].get("value") != "suggest"]
    return [(tag, tuple(names)) for tag, names in shown if tag not in OF_MARKDOWN | {"b", "small"}]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_words_stay_words_in_every_view(payload: str) -> None:
    """A payload everywhere changes no element and no attribute's name, and no address leaves the page.

    In the text of an answer it may be Markdown, of which nothing but harmless elements can come.
    """
    views: dict[str, Callable[[str], str]] = {
        "answer": lambda text: answer_html(answer(text), T, "own:a/t1"),
        "verdicts": lambda text: answer_html(judged_answer(text), T, "own:a/t1"),
        "why of verdicts": lambda text: why_html(turn(judged_answer(text)), "own:a", T, alone=True),
        "abstention": lambda text: answer_html(answer(text, abstained=True), T, "own:a/t1"),
        "draft": lambda text: answer_html(answer(text, state="writing", sentences=()), T),
        "question": question_html,
        "error": lambda text: error_html(text, T),
        "preview": lambda text: preview_html(answer(text).citations[1], f"abc  {text} {text}", f"heading {text}", T),
        "tentative": lambda text: answer_html(answer(text, tentative=True), T, "own:a/t1"),
        "why": lambda text: why_html(turn(answer(text)), "own:a", T, alone=True),
        "list": lambda text: list_html([Conversation("c1", "", text, "", "")], (), T, datetime.now(UTC)),
        "found": lambda text: found_html(
            [FoundConversation(Conversation("c1", "", text, "", ""), text, ((0, 1),))], (), False, T
        ),
        "source": lambda text: source_html(
            SourceView("text", text, "id", text, (text, text), 0, 0), "/i/own:a/turns/t/c1", "own:a", T
        ),
        "documents": lambda text: rows_html(
            [
                SourceListing(text, "id", text, "", 3, 2, None, False),
                SourceListing(text, None, text, "", None, 0, plain(text), True, status="skipped"),
            ],
            0,
            "own:a",
            "",
            (),
            T,
        ),
    }
    for name, view in views.items():
        page = Elements(view(payload))
        assert plain_shape(name, view(payload)) == plain_shape(name, view("harmless")), name
        for tag, attributes in page.elements:
            assert not [key for key in attributes if key.startswith("on")], (name, tag)
            for key in ("href", "src", "data-load"):
                assert (attributes.get(key) or "/i/").startswith("/i/"), (name, attributes)
        assert "\u202e" not in view(payload), name


def test_a_quoted_row_is_a_table_with_the_cell_that_answers_marked() -> None:
    quote = "Name: <b>Barge</b>; Toll: 40"
    cells = (RowCell(16, 28, "", "Name", 0, True), RowCell(36, 38, "", "Toll", 0))
    citation = Citation(1, "a.csv", "id", "A", 10, 10 + len(quote), quote, cells=cells, cell=CitedCell(36, 38))
    text = f"“{quote}” [1]"
    sentence = Sentence(text, 0, len(text), "verified", (1,))
    answered = Answer("q", "q", answer=text, sentences=(sentence,), citations=(citation,))
    page = str(answer_html(answered, translator("en"), "turn"))
    assert '<th scope="col">Name</th><th scope="col">Toll</th>' in page
    assert '<th scope="row">&lt;b&gt;Barge&lt;/b&gt;</th>' in page
    assert '<td class="f-answers"><mark>40</mark></td>' in page
    assert "“Name" not in page
    assert "style=" not in page
    assert 'value="c1"' in page
