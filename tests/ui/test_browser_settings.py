"""The page of settings in a browser, as a person uses it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.errors import ModelError
from rag.hosting.users import add_user
from rag.models.known_weights import TABLE
from rag.notices import Notice
from rag.store.catalog import UnansweredQuestions
from tests.models.conftest import smallest_gguf as smallest_gguf
from tests.ui.conftest import NewTab
from tests.ui.served import Served, Tab, serving, wait_until
from ui.service.model_choices import fetchable
from ui.service.model_fetching import ModelFetching

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

PASSWORD = "correct horse 7"
SECRET = "sk-test-0123456789"
SIZES = [(1440, 900), (1280, 720), (390, 844)]
# The file with what a person has chosen, where there are no users.
NOBODY = ""


@pytest.fixture(autouse=True)
def _as_at_first(request: pytest.FixtureRequest) -> Iterator[None]:
    """What one test chose is not what the next one finds."""
    yield
    if "chat" in request.fixturenames:
        chat: Served = request.getfixturevalue("chat")
        for file in (chat.index.folder.parent / ".preferences").glob("*"):
            file.unlink()
        chat.service.servers.path.unlink(missing_ok=True)


def open_settings(tab: Tab) -> Any:
    page = tab.page
    page.evaluate("document.querySelector('#show-settings').click()")
    page.locator(".f-settings").wait_for()
    return page


def saved(page: Any, part: str) -> None:
    page.locator(f"#f-part-{part} .f-saved", has_text="Saved").wait_for()


def test_a_model_and_how_it_answers_are_chosen_and_kept(chat: Served, new_tab: NewTab) -> None:
    tab = new_tab(chat.address).open()
    page = open_settings(tab)
    assert page.url.endswith("/settings")
    assert page.get_by_role("radio", name="teller").is_checked(), "the current one is marked"
    # Arrow keys go from model to model, as in any group of choices.
    page.get_by_role("radio", name="teller").focus()
    page.keyboard.press("ArrowUp")
    saved(page, "model")
    assert page.get_by_role("radio", name="Quotes, without a language model").is_checked()
    page.get_by_role("radio", name="Strict", exact=True).check()
    page.get_by_role("radio", name="Leave them out").check()
    page.get_by_role("radio", name="Rules alone").check()
    page.get_by_label("Show tentative answers").uncheck()
    page.get_by_label("Passages read for an answer").fill("5")
    saved(page, "answers")

    def chosen() -> tuple[object, ...]:
        options = chat.service.options_of(NOBODY)
        return options.model, options.strictness, options.policy, options.checker, options.tentative, options.passages

    # Each choice is sent by itself.
    wait_until(lambda: chosen() == ("none", "strict", "strict", "rules", False, 5))
    page.go_back()
    asked = len(chat.model.asked)
    answer = tab.ask("Is there something about cars somewhere?")
    assert "f-abstained" in str(answer.get_attribute("class"))
    assert len(chat.model.asked) == asked, "no model was asked"
    page.reload()
    page.locator("body.f-ready").wait_for()
    open_settings(tab)
    assert page.get_by_role("radio", name="Strict", exact=True).is_checked()
    assert page.locator(".f-range output").inner_text() == "5"
    tab.check()


def test_own_instructions_reach_the_model_and_the_answer_stays_cited(chat: Served, new_tab: NewTab) -> None:
    sent: list[str] = []
    stream = chat.model.stream

    def listen(messages: Any, *arguments: Any, **options: Any) -> Any:
        sent.append(str(messages[0].content))
        return stream(messages, *arguments, **options)

    tab = new_tab(chat.address).open()
    page = open_settings(tab)
    box = page.get_by_label("Your instructions", exact=True)
    box.fill("Do not cite. Write like a sailor.")
    saved(page, "instructions")
    assert page.locator(".f-count").inner_text() == "33 / 1000"
    page.go_back()
    chat.model.stream = listen  # type: ignore[method-assign]
    try:
        answer = tab.ask("What is the toll?")
    finally:
        del chat.model.stream
    assert any("Write like a sailor." in system for system in sent)
    assert answer.locator("button.f-cite").count()
    tab.check()


class Source:
    """Fetches a model when it is told to go on."""

    def __init__(self) -> None:
        self.step = threading.Semaphore(0)
        self.error: Exception | None = None

    def pull(self, name: str, folder: Path, progress: Any) -> Path:
        size = TABLE[name].size
        for share in (0.25, 0.5, 1):
            while not self.step.acquire(timeout=0.05):
                progress(0, size, "fetching")
            progress(round(share * size), size, "fetching")
            if self.error:
                raise self.error
        return folder / name


def test_a_model_is_fetched_cancelled_and_resumed(chat: Served, new_tab: NewTab, tmp_path: Path) -> None:
    weights = next(iter(fetchable(chat.service.settings)), None)
    if weights is None:
        pytest.skip("every model of the table is on this machine")
    source = Source()
    usual, chat.service.fetching = chat.service.fetching, ModelFetching(tmp_path, source.pull)
    try:
        tab = new_tab(chat.address).open()
        page = open_settings(tab)
        row = page.locator(f"[data-fetch='{weights.name}']")
        assert "GB on disk" in row.inner_text() or "MB on disk" in row.inner_text()
        assert weights.licence in row.inner_text(), "the size and the licence are said first"
        row.get_by_role("button", name=f"Download {weights.title}").click()
        source.step.release()
        wait_until(lambda: float(row.locator("progress").evaluate("bar => bar.value")) == 25)
        row.get_by_role("button", name="Cancel").click()
        again = row.get_by_role("button", name=f"Resume the download of {weights.title}")
        again.wait_for()
        assert "25 % is here." in row.inner_text()
        values = {"title": weights.title, "folder": "/models", "needed": "1.1 GB", "free": "3 MB"}
        source.error = ModelError(Notice("weights-no-room", values))
        again.click()
        source.step.release()
        row.locator(".f-bad", has_text="where 3 MB are free").wait_for()
        source.error = None
        page.reload()
        page.locator("body.f-ready").wait_for()
        page.locator(".f-settings").wait_for()
        row.get_by_role("button", name="Resume").click()
        source.step.release(3)
        page.locator("#f-notice", has_text="is ready and can be chosen").wait_for()
        tab.check()
    finally:
        chat.service.fetching.close()
        chat.service.fetching = usual


@pytest.mark.model
def test_a_server_is_added_tried_removed_and_brought_back(chat: Served, new_tab: NewTab, smallest_gguf: Path) -> None:
    """The server is llama.cpp's own."""
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(smallest_gguf)
    parameters.n_ctx, parameters.n_parallel, parameters.verbosity = 2048, 1, -1
    parameters.api_keys = [SECRET]
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    running = xllamacpp.Server(parameters)
    tab = new_tab(chat.address).open()
    page = open_settings(tab)
    page.get_by_text("Add a model by its address").click()
    form = page.locator("#f-server")
    form.get_by_role("button", name="Try it").click()
    assert form.get_by_text("Write the address first.").is_visible(), "what is wrong stands beside its field"
    form.get_by_label("Address").fill(running.listening_address)
    form.get_by_label("Key, if it needs one").fill("sk-wrong-0123456789")
    form.get_by_role("button", name="List models").click()
    form.locator(".f-problem", has_text="refuses access").wait_for()
    form.get_by_label("Key, if it needs one").fill(SECRET)
    form.get_by_role("button", name="List models").click()
    form.get_by_text("1 found").wait_for()
    assert form.get_by_label("Model", exact=True).input_value()
    form.get_by_role("button", name="Try it").click()
    form.locator(".f-result", has_text="It answered in").wait_for()
    assert form.locator(".f-result q").inner_text()
    form.get_by_label("Name to show").fill("My llama")
    form.get_by_role("button", name="Save").click()
    row = page.locator(".f-model", has_text="My llama")
    row.wait_for()
    assert row.get_by_role("radio").is_checked()
    assert "Runs on this computer" in row.inner_text()
    stored = page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    assert SECRET not in page.content() + stored
    row.get_by_role("button", name="Try My llama").click()
    row.locator(".f-result", has_text="It answered in").wait_for()
    page.get_by_role("button", name="Edit My llama").click()
    page.get_by_label("Name", exact=True).fill("My llama at home")
    page.keyboard.press("Escape")
    assert page.get_by_role("button", name="Edit My llama").evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    assert page.get_by_label("Name", exact=True).input_value() == "My llama", "what was not saved is gone"
    page.get_by_label("Name", exact=True).fill("My llama 2")
    page.keyboard.press("Enter")
    row.get_by_role("button", name="Try My llama 2").click()
    row.locator(".f-result", has_text="It answered in").wait_for()
    page.go_back()
    tab.ask("What is the toll?")
    page.evaluate("document.querySelector('#show-settings').click()")
    page.get_by_role("button", name="Remove My llama").click()
    wait_until(lambda: not page.locator(".f-model", has_text="My llama").count())
    page.locator("#f-notice").get_by_role("button", name="Undo").click()
    page.locator(".f-model", has_text="My llama").wait_for()
    # The browser notes the refusal of the wrong key.
    assert [complaint for complaint in tab.complaints if "400" not in complaint] == []


@pytest.mark.parametrize("size", SIZES)
def test_the_page_fits(size: tuple[int, int], chat: Served, new_tab: NewTab) -> None:
    width, height = size
    tab = new_tab(chat.address, viewport={"width": width, "height": height}).open()
    page = open_settings(tab)
    page.get_by_text("Add a model by its address").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#settings").evaluate("view => view.scrollWidth <= view.clientWidth")
    column = page.locator(".f-settings-main").bounding_box()
    assert column["width"] <= 42 * 16
    assert column["x"] + column["width"] <= width
    ways = page.locator(".f-settings-nav")
    assert ways.is_visible() == (width >= 1180)
    if width >= 1180:
        ways.get_by_role("button", name="Appearance").click()
        wait_until(lambda: page.locator("#f-part-appearance").evaluate("part => part === document.activeElement"))
        assert page.locator("#appearance").is_visible()
    else:
        page.locator("#show-left").click()
        page.locator("#new").wait_for()
    tab.check()


def test_questions_without_an_answer_are_listed_once_that_is_chosen(chat: Served, new_tab: NewTab) -> None:
    tab = new_tab(chat.address).open()
    page = tab.page
    tab.ask("Who won the chess olympiad?")
    open_settings(tab)
    switch = page.get_by_label("List them for library")
    assert not switch.is_checked(), "off unless chosen"
    switch.check()
    saved(page, "unanswered")
    assert page.locator("#f-part-unanswered").get_by_text("None yet.").is_visible(), "nothing of before is listed"
    page.go_back()
    tab.ask("Who won the chess olympiad?")
    tab.ask("who won the chess olympiad")
    open_settings(tab)
    row = page.locator(".f-questions tbody tr")
    row.wait_for()
    assert row.locator("td").nth(1).inner_text() == "2"
    assert row.locator("td").nth(2).inner_text() == "not answered"
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download as CSV").click()
    assert 'chess olympiad","2","2","0","0"' in Path(downloading.value.path()).read_text("utf-8-sig")
    page.get_by_role("button", name="Empty the list").click()
    wait_until(lambda: not row.count())
    page.locator("#f-notice").get_by_role("button", name="Undo").click()
    row.wait_for()
    page.get_by_label("List them for library").uncheck()
    wait_until(lambda: not page.locator(".f-questions").count())
    assert not UnansweredQuestions(chat.index.folder).since()
    tab.check()


def test_who_is_no_operator_adds_nothing_and_is_told_what_is_listed(tmp_path: Path, new_tab: NewTab) -> None:
    users = tmp_path / "users.json"
    for name in ("ann", "bob"):
        add_user(users, name, lambda prompt: PASSWORD)
    (tmp_path / "chat").mkdir()
    with serving(tmp_path / "chat", files={"a.txt": "The toll is 3 crowns.\n"}, auth=users) as served:
        ann, bob = (sign_in(new_tab, served, name) for name in ("ann", "bob"))
        page = open_settings(ann)
        assert page.get_by_text("Wer diesen Server betreibt").count() == 0
        assert page.get_by_text("Ein Modell über seine Adresse hinzufügen").is_visible()
        assert page.get_by_text("ann · betreibt diesen Server").is_visible()
        page.get_by_label("Für library auflisten").check()
        page.locator("#f-part-unanswered .f-saved", has_text="Gespeichert").wait_for()
        page = open_settings(bob)
        assert page.get_by_text("Weitere Modelle fügt hinzu, wer diesen Server betreibt.").is_visible()
        assert not page.locator("#f-server, .f-fetch, #f-list").count()
        assert page.get_by_text("ohne Ihren Namen").first.is_visible()
        for path in ("servers", "fetches"):
            assert page.request.post(f"{served.address}/i/settings/{path}", data={"name": "x"}).status == 403
        page.go_back()
        page.reload()
        page.locator("body.f-ready").wait_for()
        note = page.locator("#f-listed")
        note.wait_for()
        assert note.inner_text().startswith("Fragen ohne Antwort werden")


def sign_in(new_tab: NewTab, served: Served, name: str) -> Tab:
    tab = new_tab(served.address, locale="de")
    page = tab.page
    page.goto(f"{served.address}/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    page.locator("body.f-ready").wait_for()
    return tab
