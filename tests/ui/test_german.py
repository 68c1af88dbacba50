"""The page in German: nothing that it shows has an English word of ours, and no text stands outside the tables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from rag.hosting.upload_job import JobState, UploadedFile
from rag.hosting.workspaces import Workspace
from rag.notices import Notice, plain, wordings
from rag.store.catalog import Conversation, Feedback, FoundConversation, SourceListing, StoredTurn
from rag.types import Answer, Citation, Conflict, Evidence, LeftOut, Passage, Sentence, Span
from tests.ui.german import ENGLISH_ONLY, english_words, sample
from ui.i18n import translator
from ui.service.steps import Step
from ui.views.answer import answer_html, error_html, waiting_html
from ui.views.documents import rows_html
from ui.views.explain import why_html
from ui.views.export import to_html, to_markdown
from ui.views.history import found_html, list_html
from ui.views.panels import instructions_html, source_html
from ui.views.shared import shared_page
from ui.views.source import SourceView
from ui.views.start import Start, start_html
from ui.views.templates import render_page
from ui.views.upload import job_json

UI = Path(__file__).resolve().parents[2] / "ui"
DE = translator("de")
TEMPLATED = [code for code, (_, german) in wordings().items() if isinstance(german, str)]
WORDS = "Der Zoll beträgt drei Kronen."


class Shown(HTMLParser):
    """What a reader sees and hears of a page: its words, hover texts and labels."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._skipped = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._skipped = tag if tag in ("style", "script") else ""
        self.parts += [value or "" for name, value in attrs if name in ("title", "alt", "aria-label", "placeholder")]

    def handle_endtag(self, tag: str) -> None:
        self._skipped = ""

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.parts.append(data)


def notice_of(code: str) -> Notice:
    """A notice whose words are a template, with a number for each of its values."""
    names = {name for words in wordings()[code] if isinstance(words, str) for name in re.findall(r"\{(\w+)", words)}
    return Notice(code, dict.fromkeys(names, 3.0))


def rich_answer(notice: Notice, abstained: bool = False) -> Answer:
    """Every verdict, a claim that is left out, a conflict; the notice is beside it and the reason of everything."""
    verdicts = ("verified", "partly", "unsupported", "contradicted", "not a claim")
    place = {"source": "zoll.md", "start": 0, "end": len(WORDS), "quote": WORDS, "page": 3}
    size = len(WORDS)
    passage = Passage("p", "zoll.md", "s", "Zoll", 0, size, WORDS, "", 3, 2, {"dense": 0.5, "dense_rank": 2}, WORDS)
    return Answer(
        WORDS,
        WORDS,
        WORDS * 5,
        abstained=abstained,
        confidence=0.25,
        sentences=tuple(
            Sentence(WORDS, n * size, (n + 1) * size, verdict, (1,), None if n == 0 else notice)
            for n, verdict in enumerate(verdicts)
        ),
        citations=(Citation(1, "zoll.md", "s", "Zoll", 0, size, WORDS, 2),),
        passages=(passage,),
        model="none",
        index={"name": "zoll"},
        timings={f"{name}_ms": 1200.5 for name in ("retrieve", "evidence", "first_token", "write", "check", "total")},
        left_out=(
            LeftOut(WORDS, "unsupported", notice),
            LeftOut(WORDS, "contradicted", Notice(notice.code, {**notice.values, **place})),
        ),
        conflicts=(Conflict(notice, (1,)),),
        evidence=(Evidence(Span("zoll.md", "s", "Zoll", 0, size, WORDS), 0.5, 0.4, 0.3, 1),),
        notices=(notice, Notice("not-mentioned", {"words": ["Zoll"]})),
        language="de",
    )


def views_of(answer: Answer, notice: Notice) -> Iterator[str]:
    turn = StoredTurn("t", "c", WORDS, answer, "2026-05-04T10:20:00.0Z", Feedback("up", WORDS, ""))
    head = Conversation("c", "", "Zoll", "2026-05-04T10:00:00.0Z", "2026-05-05T10:00:00.0Z")
    yield answer_html(answer, DE, "own:a/t")
    yield why_html(turn, "own:a", DE, alone=False)
    yield to_markdown(head, [turn], DE)
    yield to_html(head, [turn], DE)
    yield error_html(DE.notice(notice), DE)
    yield render_page("sign-in", language="de", title=DE("sign in"), problem=DE.notice(notice), then="", t=DE)
    for documents, writable in ((0, True), (0, False), (3, True)):
        workspace = Workspace("own:a", "Zoll", not writable, writable, "a")
        recent, newest = [("c", "Zoll")], [("zoll.md", "Zoll", "s")]
        yield start_html(Start(workspace, documents, "2026-05-04T10:00:00Z", None, recent, newest, notice), DE)
    lossy = (notice, Notice("reading-pages-pictures", {"pages": [2]}), *[Notice("reading-picture-ocr")] * 3)
    listing = SourceListing("zoll.md", "s", "Zoll", "text/markdown", 3, 2, None, False, "2026-05-04", lossy, "part")
    failed = SourceListing("z.pdf", None, "", "", None, 0, notice, False)
    yield rows_html([listing, failed], 0, "own:a", "", (), DE)


@pytest.mark.parametrize("abstained", [False, True])
@pytest.mark.parametrize("code", TEMPLATED)
def test_a_notice_is_german_in_every_view(code: str, abstained: bool) -> None:
    notice = notice_of(code)
    for view in views_of(rich_answer(notice, abstained), notice):
        shown = " ".join(Shown(view).parts)
        assert english_words(shown) == set(), shown


def test_words_that_are_made_by_a_function_are_german() -> None:
    made = {code: sample(german) for code, (_, german) in wordings().items() if callable(german)}
    assert made["sign-in-too-often"] == "Das waren zu viele Versuche; versuchen Sie es in 2.0 Minuten noch einmal."
    for code, words in made.items():
        assert english_words(words) == set(), code


ZOLL = [Conversation("c", "", "Zoll", "2026-05-04", f"2026-{month:02}-04T10:00:00Z") for month in range(1, 13)]


def test_every_other_view_is_german() -> None:
    passage = rich_answer(plain("Zoll")).passages[0]
    views = [
        answer_html(Answer("q", "q", WORDS, state="writing"), DE, steps=(Step("searching", 1.25),)),
        waiting_html(0, DE),
        waiting_html(3, DE),
        instructions_html(passage, DE),
        list_html(ZOLL, {"c"}, DE, datetime.now(UTC)),
        found_html([FoundConversation(ZOLL[0], "Zoll", ((0, 4),))], (), False, DE),
        found_html([], (), False, DE),
        shared_page(ZOLL[0], [StoredTurn("t", "c", "Zoll", rich_answer(plain("Zoll")), "")], "2026-05-04T10:00", DE),
    ]
    for state in ("current", "changed", "removed", "no page"):
        for kind in ("text", "pdf", "table"):
            view = SourceView(kind, "zoll.pdf", "s", "Zoll", (), 0, 5, state, before=1, after=2, page=2, pages=3)  # type: ignore[arg-type]
            views.append(source_html(view, "/i/own:a/turns/t/c1", "own:a", DE))
    for view in views:
        shown = " ".join(Shown(view).parts)
        assert english_words(shown) == set(), shown


def test_a_word_of_ours_in_english_would_be_found() -> None:
    assert {"supported", "the", "documents", "chosen", "left", "verified"} <= ENGLISH_ONLY
    english = translator("en")
    assert english_words(" ".join(Shown(answer_html(rich_answer(plain("")), english, "own:a/t")).parts))
    assert english_words("Reason: not in your documents") == {"reason", "not", "your", "documents"} & ENGLISH_ONLY


def test_numbers_and_days_are_german() -> None:
    answer = rich_answer(plain("Zoll"))
    assert "1,2 s" in answer_html(answer, DE, "own:a/t")
    turn = StoredTurn("t", "c", WORDS, answer, "2026-05-04T10:20:00.0Z", None)
    why = " ".join(Shown(why_html(turn, "own:a", DE, alone=True)).parts)
    for part in ("0,25", "0,500 (2)", "0,400", "teilweise belegt", "weggelassen", "Schreiben"):
        assert part in why
    exported = to_markdown(Conversation("c", "", "Zoll", "2026-05-04T", "2026-05-05T"), [turn], DE)
    assert "Ein Gespräch mit Footnote vom 04.05.2026, zuletzt geändert am 05.05.2026." in exported
    assert "Gefragt am 04.05.2026 um 10:20 UTC; Index zoll; Zitate, ohne Modell." in exported
    assert DE.notice(Notice("upload-has-too-many-megabytes", {"most": 2.5})).startswith("Mehr als 2,5 MB ")
    assert str(Notice("upload-has-too-many-megabytes", {"most": 2.5})).startswith("More than 2.5 MB ")


def test_one_job_is_told_in_two_languages() -> None:
    files = (
        UploadedFile("a.txt", "a.txt", "added", chunks=2),
        UploadedFile("e", "e", "refused", Notice("file-empty")),
    )
    state = JobState("j", "zoll", "cancelled", files, 1.0, 2.0, "", None, Notice("upload-cancelled"))
    english, german = (job_json(state, translator(language)) for language in ("en", "de"))
    assert english["message"] == "Cancelled; what is listed as added stays in the index."
    assert german["message"] == "Abgebrochen; was als hinzugefügt aufgeführt ist, bleibt im Index."
    assert english["counts"] == {"added": 1, "refused": 1}
    assert english["problems"] == [
        {"name": "e", "state": "refused", "reason": "empty: there is no text in it", "warnings": []}
    ], "there is nothing to say of the other"
    assert english_words(german["problems"][0]["reason"]) == set()
    assert (german["phase"], german["over"], german["left"], german["total"]) == ("cancelled", True, "", 2.0)
    assert (german["files"], german["finished"], german["more"]) == (2, 2, 0)


# -- no text outside the tables ----------------------------------------------------------------------------------------


def test_every_notice_has_words_in_both_languages() -> None:
    for code, (english, german) in wordings().items():
        assert english, code
        assert german, code
        # Labels are the names of documents, without a word of the program's own.
        assert code in ("thumb", "document-label", "source-label", "label") or english != german, code
        if isinstance(english, str) and isinstance(german, str):
            names = [set(re.findall(r"\{(\w+)", words)) for words in (english, german)]
            assert names[1] <= names[0], code


# The name of the program, and a unit.
_SAME_EVERYWHERE = {"Footnote", "ms"}


@pytest.mark.parametrize("template", sorted(path.name for path in (UI / "templates").glob("*.jinja")))
def test_a_template_has_no_words_of_its_own(template: str) -> None:
    text = (UI / "templates" / template).read_text("utf-8")
    text = re.sub(r"\{#.*?#\}", " ", text, flags=re.S)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text, flags=re.S)
    attributes = re.findall(r'(?:title|alt|aria-label|placeholder)="([^"]*)"', text)
    words = re.findall(r"[^\W\d_]{2,}", " ".join([re.sub(r"<[^>]*>", " ", text), *attributes]))
    assert set(words) <= _SAME_EVERYWHERE


_SHOWN_BY_SCRIPT = re.compile(
    r"""(?:textContent|title|placeholder|innerText)\s*[:=]\s*["'`](?P<set>[^"'`]*)["'`]"""
    r"""|(?:showNotice|new Error|openDialog)\(\s*["'`](?P<given>[^"'`]*)["'`]"""
    r"""|createSignButton\([^,]*,\s*["'`](?P<label>[^"'`]*)["'`]"""
    r"""|setAttribute\("(?:aria-label|title|placeholder)",\s*["'`](?P<attribute>[^"'`]*)["'`]"""
)


@pytest.mark.parametrize("script", sorted(path.name for path in (UI / "static").glob("*.js")))
def test_a_script_has_no_words_of_its_own(script: str) -> None:
    text = (UI / "static" / script).read_text("utf-8")
    for match in _SHOWN_BY_SCRIPT.finditer(text):
        literal = re.sub(r"\$\{[^}]*\}", "", next(part for part in match.groups() if part is not None))
        assert not re.search(r"[^\W\d_]{2,}", literal), match[0]


def test_a_literal_in_a_script_would_be_found() -> None:
    for line in ('showNotice("Copied")', 'p.textContent = "Gone"', 'createSignButton("x", "Close")'):
        assert _SHOWN_BY_SCRIPT.search(line)


# Those who serve meet these at their terminal.
_AT_THE_TERMINAL = {"add_user", "set_operator", "_read", "__init__"}


def _raised_literals(tree: ast.AST) -> Iterator[str]:
    """Every ``raise`` with words in it, but for those in functions whose errors are met at the terminal."""
    if isinstance(tree, ast.FunctionDef) and tree.name in _AT_THE_TERMINAL:
        return
    if isinstance(tree, ast.Raise) and isinstance(tree.exc, ast.Call):
        for argument in tree.exc.args:
            if isinstance(argument, ast.JoinedStr) or (
                isinstance(argument, ast.Constant) and isinstance(argument.value, str)
            ):
                yield ast.unparse(tree)
    for child in ast.iter_child_nodes(tree):
        yield from _raised_literals(child)


@pytest.mark.parametrize("folder", ["service", "views", "page", "server/routes"])
def test_what_the_page_refuses_has_a_code_or_a_key(folder: str) -> None:
    for path in (UI / folder).glob("*.py"):
        found = list(_raised_literals(ast.parse(path.read_text("utf-8"))))
        assert [line for line in found if not line.startswith("raise ValueError")] == [], path


def test_a_literal_that_is_raised_would_be_found() -> None:
    assert len(list(_raised_literals(ast.parse('raise UsageError("no")\nraise UsageError(f"no {x}")')))) == 2
