"""Somebody who reads German: from signing in to an answer, nothing of ours is English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rag.hosting.users import add_user
from tests.load.broken_files import pdf
from tests.ui.conftest import NewTab
from tests.ui.german import english_words
from tests.ui.served import Encoder, Served, Tab, serving

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
    # No id is a word, though letters stand in it.
    shown = re.sub(r"\w*\d\w*", " ", shown)
    # The embedding model and the index of these tests have English names.
    english = english_words(shown) - {Encoder().name, "library"}
    assert not english, [line for line in shown.splitlines() if english_words(line) & english]


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
    _look_at_a_source(tab)
    page.locator(".f-act-more").click()
    assert_german(tab)
    page.get_by_role("menuitem", name="Warum").click()
    page.locator("#f-dialog .f-why").wait_for()
    assert_german(tab)
    page.keyboard.press("Escape")
    _share_and_export(tab, new_tab)
    _collections(tab)
    _upload_files(tab, tmp_path)
    _settings(tab)
    # The browser notes what was refused: the first sign-in, and the name of an index.
    assert [complaint for complaint in tab.complaints if not re.search("40[01]", complaint)] == []


def _look_at_a_source(tab: Tab) -> None:
    """The words that an answer cites, in a preview and in the panel beside it."""
    page = tab.page
    cite = page.locator(".f-answer button.f-cite").first
    cite.hover()
    page.locator("#f-hover").wait_for()
    assert_german(tab)
    cite.click()
    page.locator("#panel mark").first.wait_for()
    assert_german(tab)
    page.keyboard.press("Escape")


def _share_and_export(tab: Tab, new_tab: NewTab) -> None:
    """The menus of a conversation and of all, the form to share one, and the page that others see of it."""
    page = tab.page
    page.locator("#talks-all").click()
    page.get_by_role("menu").wait_for()
    assert_german(tab)
    page.keyboard.press("Escape")
    page.locator(".f-title-more").click()
    page.get_by_role("menu").wait_for()
    assert_german(tab)
    page.get_by_role("menuitem", name="Exportieren …").click()
    page.get_by_role("menuitem", name="Webseite (HTML)").wait_for()
    assert_german(tab)
    page.keyboard.press("Escape")
    page.locator(".f-title-more").click()
    page.get_by_role("menuitem", name="Teilen").click()
    page.locator("#f-dialog").get_by_role("button", name="Teilen").click()
    link = page.get_by_label("Link")
    link.wait_for()
    assert_german(tab)
    # A stranger who follows the link signs in first, and is led back to it.
    reader = new_tab(tab.address, locale="de-DE", java_script_enabled=False)
    reader.page.goto(link.input_value())
    reader.page.get_by_label("Name").fill("anna")
    reader.page.get_by_label("Passwort").fill(PASSWORD)
    reader.page.get_by_role("button", name="Anmelden").click()
    reader.page.locator(".f-shared-cite summary").first.click()
    assert reader.page.url == link.input_value()
    words = reader.page.locator("body").inner_text()
    assert "Die Maut beträgt 3 Kronen" in words
    assert english_words(words) == set(), words
    page.keyboard.press("Escape")


def _collections(tab: Tab) -> None:
    page = tab.page
    page.locator("#f-collection").click()
    page.locator("#f-collection-menu").wait_for()
    assert_german(tab)
    page.keyboard.press("Escape")


def _settings(tab: Tab) -> None:
    page = tab.page
    page.locator("#show-settings").click()
    page.locator("#settings .f-settings").wait_for()
    page.locator("#settings summary").click()
    page.locator("#f-server").get_by_role("button", name="Ausprobieren").click()
    page.get_by_text("Schreiben Sie zuerst die Adresse.").wait_for()
    page.get_by_label("Vorschlagen, was Sie als Nächstes fragen können").uncheck()
    page.locator("#f-part-answers .f-saved", has_text="Gespeichert").wait_for()
    page.locator("#f-list").check()
    page.get_by_text("Noch keine.").wait_for()
    assert_german(tab)


def _upload_files(tab: Tab, folder: Path) -> None:
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
    # A document of pages, and how it is shown beside the table.
    words = b"BT /F1 14 Tf 1 0 0 1 60 700 Tm (Die Maut ist 3 Kronen.) Tj ET"
    report = folder / "maut.pdf"
    report.write_bytes(pdf(words, b"/MediaBox[0 0 500 800]"))
    page.locator("#f-files").set_input_files(report)
    page.locator("#show-documents").click()
    page.locator("#documents .f-doc[data-name='maut.pdf']").click()
    page.locator("#panel .f-pdf-tools").wait_for()
    assert_german(tab)
    page.keyboard.press("Escape")
