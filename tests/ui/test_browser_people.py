"""Two people on one server, several at once, and a tab that is closed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.hosting.users import add_user
from tests.ui.conftest import NewTab
from tests.ui.served import Served, Tab, serving, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

PASSWORD = "correct horse 7"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("shared")
    users = folder / "users.json"
    for name in ("ann", "bob"):
        add_user(users, name, lambda prompt: PASSWORD)
    with serving(folder, auth=users) as served:
        yield served


def sign_in(tab: Tab, name: str, password: str = PASSWORD) -> Tab:
    tab.page.goto(f"{tab.address}/")
    tab.page.get_by_label("Name").fill(name)
    tab.page.get_by_label("Password").fill(password)
    tab.page.get_by_role("button", name="Sign in").click()
    return tab


def test_two_people_see_nothing_of_each_other(shared: Served, new_tab: NewTab, tmp_path: Path) -> None:
    stranger = sign_in(new_tab(shared.address), "ann", "wrong password")
    stranger.page.get_by_role("alert").wait_for()
    ann = sign_in(new_tab(shared.address), "ann")
    ann.page.locator("body.f-ready").wait_for()
    answer = ann.ask("What is the toll?")
    workspace, turn = str(answer.locator("button.f-cite").first.get_attribute("name")).split("/")
    conversation = ann.page.url.rpartition("/")[2]
    assert "shared" in ann.page.locator("#f-collection").inner_text()
    ann.page.locator("#f-collection").click()
    menu = ann.page.locator("#f-collection-menu")
    # It is drawn anew once the sizes are known.
    menu.locator("small").first.wait_for()
    assert menu.locator("button[value=delete], button[value=rename]").count() == 0, "what is shared stays"
    menu.locator("button[value=new]").click()
    ann.page.keyboard.type("secrets")
    ann.page.keyboard.press("Enter")
    ann.page.locator(".f-welcome h1", has_text="secrets").wait_for()
    ann.page.locator("#f-collection").click()
    menu.locator("small").first.wait_for()
    menu.get_by_role("button", name="library").click()
    ann.page.locator(".f-welcome h1", has_text="library").wait_for()
    ann.page.locator("#show-documents").click()
    ann.page.locator(".f-doc").first.wait_for()
    assert ann.page.get_by_label("Add files").count() == 0, "the shared collection is read only"
    ann.page.locator(".f-doc").first.press("Control+a")
    ann.page.locator(".f-bar-row", has_text="selected").wait_for()
    assert ann.page.locator(".f-action").all_inner_texts() == ["Ask about these"]
    ann.page.close()
    ann.page = ann.page.context.new_page()
    ann.open("/#own:secrets/documents")
    ann.page.locator(".f-nothing", has_text="No documents yet").wait_for()
    note = tmp_path / "diary.txt"
    note.write_text("The ferry diary of Ann names 9 friends.\n")
    ann.page.locator("#f-files").set_input_files(note)
    ann.page.locator(".f-strip", has_text="1 added").wait_for()
    ann.page.locator(".f-doc[data-name='diary.txt']").wait_for()
    bob = sign_in(new_tab(shared.address), "bob")
    bob.page.locator("body.f-ready").wait_for()
    assert bob.page.locator("#conversations .f-talk").count() == 0
    bob.page.locator("#show-documents").click()
    bob.page.locator(".f-doc").first.wait_for()
    assert "diary" not in bob.page.locator("#documents").inner_text()
    bob.page.locator("#f-collection").click()
    assert bob.page.locator("#f-collection-menu li").count() == 1
    assert "library" in bob.page.locator("#f-collection-menu li").inner_text()
    bob.page.keyboard.press("Escape")
    for path in (
        f"{workspace}/turns/{turn}/sources",
        f"{workspace}/turns/{turn}/c1",
        f"{workspace}/turns/{turn}/why",
        f"{workspace}/turns/{turn}.json",
        f"{workspace}/conversations/{conversation}.md",
        f"{workspace}/conversations/{conversation}.html",
        "own:secrets/documents",
        "own:secrets/uploads",
        "own:secrets/start",
        "own:secrets/questions",
        f"{workspace}/turns/{turn}/follow-ups",
    ):
        response = bob.page.request.get(f"{shared.address}/i/{path}")
        assert response.status == 404, path
        assert "3 crowns" not in response.text()
        assert "diary" not in response.text()
    response = bob.page.request.post(f"{shared.address}/i/{workspace}/turns/{turn}/feedback", data={"thumb": "up"})
    assert response.status == 404
    ann.page.locator("#show-settings").click()
    ann.page.get_by_role("button", name="Sign out").click()
    ann.page.wait_for_url("**/sign-in")
    assert ann.page.request.get(f"{shared.address}/i/{workspace}/turns/{turn}.json").status == 401


def test_people_wait_their_turn_and_give_it_back(
    chat: Served, new_tab: NewTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The first answer is not done before it is stopped, however slow the machine.
    monkeypatch.setattr(chat.model, "pause", 1.0)
    tabs = [new_tab(chat.address).open() for _ in range(3)]
    # One after the other, so that the first is the one at the model.
    for number, tab in enumerate(tabs):
        tab.ask("Is the ferry slow with 28 cars?", wait=False)
        tab.page.locator(".f-step", has_text="place" if number else "Writing").wait_for()
        tab.page.locator("#question .stop-button").wait_for()
    answers = [tab.page.locator(".f-answer").last for tab in tabs]
    wait_until(lambda: any("place 1 " in answer.inner_text() for answer in answers))
    # The one that is written is stopped, and another is taken back: neither holds up the last.
    stopped = chat.model.stopped
    tabs[0].page.locator("#question .stop-button").click()
    wait_until(lambda: chat.model.stopped > stopped)
    tabs[1].page.keyboard.press("Escape")
    tabs[2].page.locator(".f-draft").wait_for()
    tabs[2].page.keyboard.press("Escape")
    tabs[2].page.locator(".f-foot").wait_for()
    # Nobody is left in the queue: whoever comes next is at the model once the stopped one has left it.
    with chat.service._local_queue.take("next") as ticket:
        wait_until(lambda: ticket.position == 0)


def test_an_answer_goes_on_without_its_tab(chat: Served, new_tab: NewTab) -> None:
    tab = new_tab(chat.address).open()
    stopped = chat.model.stopped
    tab.ask("Is the ferry slow with 28 cars?", wait=False)
    tab.page.locator(".f-draft").wait_for()
    address = tab.page.url
    tab.page.close()
    again = new_tab(chat.address)
    again.page.goto(address)
    again.page.locator(".f-question", has_text="Is the ferry slow").wait_for()
    again.page.locator(".f-foot").wait_for(timeout=60_000)
    assert "Stopped" not in again.page.locator(".f-answer").inner_text()
    assert chat.model.stopped == stopped


def test_two_questions_at_once_in_one_conversation_are_both_kept(
    chat: Served, new_tab: NewTab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat.model, "pause", 1.0)
    one = new_tab(chat.address).open()
    one.ask("Is the ferry slow with 28 cars?", wait=False)
    one.page.locator(".f-draft").wait_for()
    other = new_tab(chat.address)
    other.page.goto(one.page.url)
    other.page.locator(".f-question", has_text="Is the ferry slow").wait_for()
    other.ask("What is the toll?", wait=False)
    other.page.locator(".f-question", has_text="What is the toll?").wait_for()
    one.page.locator("#question .stop-button").click()
    for tab in (one, other):
        tab.page.locator(".f-foot").nth(1).wait_for()
        asked = tab.page.locator(".f-question").all_inner_texts()
        assert asked == ["Is the ferry slow with 28 cars?", "What is the toll?"]


def test_a_collection_that_is_gone_says_so(chat: Served, new_tab: NewTab) -> None:
    gone = chat.service.workspaces.create("", "Driftwood")
    tab = new_tab(chat.address).open(f"/de/#{gone.id}/")
    tab.page.locator(".f-collection-name", has_text="Driftwood").wait_for()
    chat.service.workspaces.delete("", gone.id)
    tab.ask("Wie hoch ist der Zoll?", wait=False)
    # What is wrong, and not the word Error.
    tab.page.locator(".f-wrong", has_text="gibt es nicht").last.wait_for()
