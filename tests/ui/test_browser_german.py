"""Somebody who reads German: from signing in to an answer, nothing of ours is English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.conftest import NewTab
from tests.ui.german import english_words
from tests.ui.served import Encoder, Served, Tab, serving
from ui.service.users import add_user

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

PASSWORD = "richtiges pferd 7"
LIBRARY = {"brücke.md": "# Brücke\n\nDie Maut beträgt 3 Kronen. Die Brücke ist 412 Meter lang.\n"}

# The words of all elements that can be seen, and what is said of them in attributes; not the prompt, which is shown as
# it was sent.
_SHOWN = """() => {
  for (const prompt of document.querySelectorAll(".f-why pre")) prompt.remove();
  const parts = [document.title, document.body.innerText];
  for (const element of document.querySelectorAll("[title], [aria-label], [placeholder], [alt]")) {
    if (element.closest("#page-state, #hidden, footer")) continue;
    for (const name of ["title", "aria-label", "placeholder", "alt"]) parts.push(element.getAttribute(name) || "");
  }
  return parts.join("\\n");
}"""


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("german")
    users = folder / "users.json"
    add_user(users, "anna", lambda prompt: PASSWORD)
    with serving(folder, files=LIBRARY, auth=users) as served:
        served.model.says["maut"] = (
            "Die Maut beträgt 3 Kronen [1]. Die Brücke ist 999 Meter lang [1]. Der Kaiser trank Tee."
        )
        yield served


def assert_german(tab: Tab) -> None:
    # Where the data lies is the tests' own folder.
    shown = re.sub(r"(?<!\S)/\S+", " ", str(tab.page.evaluate(_SHOWN)))
    # The embedding model and the index of these tests have English names.
    assert english_words(shown) - {Encoder().name, "library"} == set(), shown


def test_from_signing_in_to_an_answer(german: Served, new_tab: NewTab, tmp_path: Path) -> None:
    tab = new_tab(german.address, locale="de-DE")
    page = tab.page
    page.goto(f"{german.address}/")
    assert page.title() == "Anmelden · Footnote"
    for password in ("falsches", PASSWORD):
        assert_german(tab)
        page.get_by_label("Name").fill("anna")
        page.get_by_label("Passwort").fill(password)
        page.get_by_role("button", name="Anmelden").click()
        if password != PASSWORD:
            page.get_by_role("alert", name="").wait_for()
    page.locator("body.f-ready").wait_for()
    assert page.url.endswith("/de/")
    assert_german(tab)
    box = page.get_by_label("Frage", exact=True)
    box.fill("Wie hoch ist die Maut?")
    box.press("Enter")
    page.locator(".f-foot").wait_for()
    page.locator("#question .submit-button").wait_for()
    page.locator(".f-rests").wait_for()
    assert "Die Maut beträgt 3 Kronen." in page.locator(".f-answer").inner_text()
    assert page.locator(".f-left-out, .f-partly, .f-unsupported").count()
    for disclosure in page.locator(":is(.f-left-out, .f-mark) summary").all():
        disclosure.click()
    assert_german(tab)
    page.locator(".f-act-more").click()
    assert_german(tab)
    page.get_by_role("menuitem", name="Warum").click()
    page.locator("#f-dialog .f-why").wait_for()
    assert_german(tab)
    page.keyboard.press("Escape")
    _upload_an_empty_file(tab, tmp_path)
    page.locator("#show-settings").click()
    page.locator("#settings .f-settings").wait_for()
    assert_german(tab)
    # The browser notes what was refused: the first sign-in, and the name of an index.
    assert [complaint for complaint in tab.complaints if not re.search("40[01]", complaint)] == []


def _upload_an_empty_file(tab: Tab, folder: Path) -> None:
    page = tab.page
    page.locator("#show-documents").click()
    page.locator("#documents .f-doc").first.wait_for()
    assert_german(tab)
    page.locator("#documents .f-doc").first.locator("input").click()
    page.locator(".f-bar-row", has_text="1 ausgewählt").wait_for()
    assert_german(tab)
    page.keyboard.press("Escape")
    # The first collection is everybody's; a file is added to one of their own.
    page.evaluate(
        """async () => {
          const { requestJson, sendCommand } = await import("/page/shared.js");
          const { workspace } = await requestJson("/i/workspaces/new", "POST", { name: "eigenes" });
          sendCommand({ do: "open", workspace, conversation: "" });
        }"""
    )
    page.locator(".f-nothing h3", has_text="Noch keine Dokumente").wait_for()
    assert_german(tab)
    empty = folder / "leer.txt"
    empty.write_text("")
    page.locator("#f-files").set_input_files(empty)
    page.locator(".f-strip", has_text="1 übersprungen").wait_for()
    page.get_by_role("button", name="Einzelheiten").click()
    row = page.locator(".f-files li", has_text="leer.txt")
    row.locator(".f-status", has_text="Übersprungen").wait_for()
    assert_german(tab)
    page.keyboard.press("Escape")
