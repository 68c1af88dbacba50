"""Words that would like to be more than words, in every place that shows what others wrote, in a real browser.

Documents, folders, cells, bookmarks, questions, answers of a model, titles, names and instructions hold scripts,
pictures, links, templates and what hides or reorders text. In each view nothing of it may run, nothing may leave the
server, no element may come of it, and the words stand there as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from rag.store.catalog import History
from rag.text import printable
from rag.types import Answer, Citation, Sentence
from tests.shared_browser import chromium
from tests.ui.conftest import NewTab
from tests.ui.served import Served, Tab, serving, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.localhost]

# Whatever of these runs, counts.
COUNT = "window.ran=(window.ran||0)+1"
HTML = (
    f"<img src=x onerror={COUNT}>",
    f"<svg onload={COUNT}><animate onbegin={COUNT} attributeName=x dur=1s>",
    f"<script>{COUNT}</script>",
    f'"><iframe srcdoc="<script>parent.{COUNT}</script>">',
    f"' onmouseover='{COUNT}' autofocus onfocus='{COUNT}",
    f"<details open ontoggle={COUNT}>",
    f'<a href="javascript:{COUNT}">go</a><form action="http://203.0.113.9/"><button>',
    '<link rel=stylesheet href="http://203.0.113.9/a.css"><base href="http://203.0.113.9/">',
    "</textarea></title></style></script><h1>out</h1>",
    f"&lt;img src=x onerror={COUNT}&gt; &#60;b&#62; &amp;amp;",
)
MARKDOWN = (
    f"[go](javascript:{COUNT})",
    "![pixel](http://203.0.113.9/pixel.png)",
    "[far](http://203.0.113.9/) <http://203.0.113.9/auto> http://203.0.113.9/bare",
    f"{{{{7*7}}}} ${{7*7}} {{% include 'x' %}} <%= {COUNT} %> #{{{COUNT}}}",
)
HIDDEN = ("gnp.exe\u202egpj.txt", "\u2066turned\u2069 \u200bjoined", "bell\x07 nul\x00 escape\x1b[31m")
PAYLOADS = (*HTML, *MARKDOWN, *HIDDEN)
LONG = "Donaudampfschifffahrtsgesellschaft" * 5

# What came of words instead of words: a handler, an element that no page of ours has, an address elsewhere.
GROWN = """() => {
  const grown = window.ran ? [`ran ${window.ran} times`] : [];
  for (const element of document.querySelectorAll("body *")) {
    const name = element.tagName.toLowerCase();
    if (["iframe", "object", "embed", "base", "meta", "animate", "marquee"].includes(name)) grown.push(name);
    for (const { name: attribute, value } of element.attributes) {
      if (attribute.startsWith("on")) grown.push(`${name} ${attribute}`);
      if (!["href", "src", "action", "srcset", "formaction", "xlink:href"].includes(attribute)) continue;
      const url = new URL(value, location.href);
      if (!["http:", "data:", "blob:"].includes(url.protocol) || (url.host && url.host !== location.host))
        grown.push(`${name} ${attribute}=${value}`);
    }
  }
  return grown;
}"""


# The place and the name of each document that can be opened.
ROWS = """() => [...document.querySelectorAll(".f-doc")]
  .filter((row) => row.dataset.load)
  .map((row) => [row.dataset.at, row.dataset.name])"""


def as_name(payload: str) -> str:
    """A payload as a file may be called: without a slash, or what no file's name can hold."""
    return payload.replace("/", "\u2215").replace("\x00", "").strip()[:120]


def shown_as(payload: str) -> str:
    return " ".join(printable(payload).split())


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    chromium()
    files = {
        f"{as_name(name)}/note {as_name(name)}.md": f"# {name}\n\nThe lamp says {name} at dusk.\n" for name in PAYLOADS
    }
    files |= {f"{LONG}/{LONG}.txt": f"{LONG} burns oil.", "plain.html": "<title>" + HTML[9] + "</title><p>The oar.</p>"}
    cells = "\n".join(f'"lamp {number}","{name.replace(chr(34), chr(34) * 2)}"' for number, name in enumerate(PAYLOADS))
    files["cells.csv"] = f'"item","{HTML[0]}"\n{cells}\n'.replace("\x00", "")
    with serving(tmp_path_factory.mktemp("hostile"), files=files) as served:
        served.model.says = {"lamp": " [1]. ".join(["The lamp burns at dusk", *PAYLOADS]) + " [1]."}
        yield served


def check(tab: Tab, what: str) -> None:
    """Nothing ran, nothing grew, nothing left."""
    assert tab.page.evaluate(GROWN) == [], what
    assert tab.page.title().endswith("Footnote"), what
    tab.check()


def choose(answer: Any, name: str) -> None:
    """Choose something of the menu of an answer, which closes while the page still scrolls."""
    item = answer.page.get_by_role("menuitem", name=name)

    def is_open() -> bool:
        if not item.is_visible():
            answer.locator(".f-act-more").click()
        return bool(item.is_visible())

    wait_until(is_open)
    item.click()


def words_of(locator: Any) -> str:
    return " ".join(locator.inner_text().split())


def test_documents_folders_texts_and_cells(hostile: Served, new_tab: NewTab) -> None:
    tab = new_tab(hostile.address, viewport={"width": 1440, "height": 2400}).open()
    page = tab.page
    page.locator("#f-start .f-newest").first.wait_for()
    check(tab, "the first screen")
    page.locator("#show-documents").click()
    rows = page.locator("#documents .f-doc")
    rows.first.wait_for()
    wait_until(lambda: rows.count() == len(PAYLOADS) + 3)
    listed = " ".join(page.locator("#documents .f-table").inner_text().split())
    tree = " ".join(page.locator("#documents .f-tree").inner_text().split())
    for payload in PAYLOADS:
        assert shown_as(as_name(payload)) in shown_as(listed), payload
        assert shown_as(as_name(payload)) in shown_as(tree), payload
    check(tab, "the documents")
    page.locator("#documents .f-search").fill("<img src=x")
    page.locator("#documents .f-doc mark").first.wait_for()
    check(tab, "a search")
    page.locator("#documents .f-search").fill("")
    wait_until(lambda: rows.count() == len(PAYLOADS) + 3)
    places = page.evaluate(ROWS)
    assert len(places) >= len(PAYLOADS), "what holds controls that no text has is listed, and cannot be opened"
    for at, name in places:
        page.locator(f".f-doc[data-at='{at}'] .f-cell-title").click()
        head = page.locator("#panel .f-source-head")
        head.wait_for()
        wait_until(lambda head=head, name=name: shown_as(name) in shown_as(words_of(head)), 30)
        page.locator("#panel :is(.source-text, .f-grid)").first.wait_for()
        check(tab, name)
    page.locator("#documents .f-doc", has_text="cells.csv").locator(".f-cell-title").click()
    page.locator("#panel .f-grid").wait_for()
    grid = shown_as(words_of(page.locator("#panel .f-words")))
    for payload in PAYLOADS:
        # A cell is read without the marks that show where a word may break.
        assert shown_as(payload.replace("\x00", "").replace("\u200b", "")) in grid, payload
    page.locator("#panel .f-grid td", has_text="<script>").first.click()
    check(tab, "the line of a cell")


def test_questions_answers_titles_and_limits(hostile: Served, new_tab: NewTab) -> None:
    tab = new_tab(hostile.address).open()
    page = tab.page
    # Kept to a folder whose name is a payload: above the question, and with the answer.
    page.locator("#show-documents").click()
    page.locator("#documents .f-folder", has_text="<script>").first.click()
    page.get_by_role("button", name="Ask about this folder").click()
    page.locator("#f-only .f-chip", has_text="<script>").wait_for()
    question = f"What does the lamp say of {HTML[0]}?"
    tab.ask(question)
    assert page.locator(".f-question").inner_text() == question
    assert "<script>" in page.locator(".f-asked-only").inner_text()
    check(tab, "a question kept to a folder")
    again = Tab(page.context.new_page(), tab.address).open(page.url.removeprefix(tab.address))
    again.page.locator(".f-asked-only", has_text="<script>").wait_for()
    check(again, "the same, as it is kept")
    again.page.close()
    page.bring_to_front()
    page.locator("#f-only .f-chip button").click()
    wait_until(lambda: not page.locator("#f-only .f-chip").count())
    # All of them in one question, and in what the model writes: a tag of a model leaves its words alone.
    question = " ".join(["Which lamp says this?", *HTML, *MARKDOWN, *HIDDEN[:2]])
    answer = tab.ask(question)
    asked = shown_as(words_of(page.locator(".f-question").last))
    for payload in (*HTML, *MARKDOWN):
        assert shown_as(payload) in asked, payload
    check(tab, "an answer of a model")
    for chip in answer.locator("button.f-cite").all()[:3]:
        chip.hover()
        page.locator("#f-hover").wait_for()
        check(tab, "a preview")
        page.mouse.move(5, 5)
        wait_until(lambda: not page.locator("#f-hover").is_visible())
    choose(answer, "Why")
    page.locator("#f-dialog .f-why").wait_for()
    check(tab, "why")
    page.keyboard.press("Escape")
    choose(answer, "test case")
    page.locator("#f-dialog form").wait_for()
    check(tab, "the form of a test case")
    page.keyboard.press("Escape")


def test_titles_history_sharing_and_exports(hostile: Served, new_tab: NewTab, tmp_path: Any) -> None:
    history = History(hostile.index.folder)
    for payload in PAYLOADS:
        conversation = history.begin("", payload.replace("\x00", ""))
        quote = f"The lamp says {payload}"
        citation = Citation(1, f"a {payload}.md", "a", payload, 0, len(quote), quote, header=payload)
        told = (Sentence(quote, 0, len(quote), "unsupported", (1,)),)
        history.save(
            "",
            conversation.id,
            Answer(payload, payload, f"{quote} [1]", short_answer=payload, sentences=told, citations=(citation,)),
        )
    tab = new_tab(hostile.address, accept_downloads=True).open()
    page = tab.page
    page.locator("#conversations .f-talk").first.wait_for()
    check(tab, "the conversations")
    page.get_by_label("Search conversations").fill("lamp says")
    page.locator("#conversations .f-talk-line mark").first.wait_for()
    check(tab, "a search of conversations")
    page.get_by_label("Search conversations").fill("")
    for payload in (HTML[0], HTML[2], MARKDOWN[0]):
        page.locator("#conversations .f-talk", has_text=payload).first.click()
        page.locator(".f-question").first.wait_for()
        wait_until(lambda payload=payload: page.locator("#title .f-title").inner_text() == payload)
        assert page.title() == f"{payload} · Footnote"
        tab.check()
        assert page.evaluate(GROWN) == [], payload
    turns = history.turns("", conversation.id)
    share = hostile.service.shares.share("", "own:library", conversation.id, [turn.id for turn in turns])
    page.goto(f"{hostile.address}/i/shared/{share.token}")
    page.locator("h1").wait_for()
    assert page.evaluate(GROWN) == []
    exported = page.request.get(f"{hostile.address}/i/own:library/conversations/{conversation.id}.html")
    assert exported.ok
    (tmp_path / "page.html").write_bytes(exported.body())
    page.goto((tmp_path / "page.html").as_uri())
    page.locator("h1").wait_for()
    assert page.evaluate("window.ran") is None
    assert page.locator("img, script, iframe, svg, a").count() == 0


def test_names_of_collections_and_models_and_instructions(hostile: Served, new_tab: NewTab) -> None:
    service = hostile.service
    made = [service.workspaces.create("", name) for name in (HTML[0], "{{7*7}} ${7*7}", "<b>bold</b> & 'so'")]
    for name in (HTML[0], HTML[2], MARKDOWN[0]):
        service.servers.add(
            name, service.servers.read({"kind": "openai", "address": "https://far.example/v1", "model": name}), False
        )
    service.preferences.set("", {"instructions": "</textarea>" + HTML[0]})
    tab = new_tab(hostile.address).open()
    page = tab.page
    page.locator("#f-collection").click()
    menu = page.locator("#f-collection-menu")
    for name in (HTML[0], "{{7*7}} ${7*7}"):
        menu.get_by_role("button", name=name).wait_for()
    # It is drawn anew once the sizes are known.
    menu.locator("small").first.wait_for()
    check(tab, "the menu of collections")
    menu.get_by_role("button", name=HTML[0]).click()
    wait_until(lambda: page.locator(".f-collection-name").inner_text() == HTML[0])
    page.locator("#f-start h1", has_text=HTML[0]).wait_for()
    check(tab, "an empty collection")
    page.locator("#show-settings").click()
    page.locator("#settings h1").first.wait_for()
    models = page.locator("#settings .f-models").inner_text()
    for name in (HTML[0], HTML[2], MARKDOWN[0]):
        assert name in models
    assert page.locator("#settings textarea").first.input_value() == "</textarea>" + HTML[0]
    check(tab, "the settings")
    for one in made:
        service.workspaces.delete("", one.id)
