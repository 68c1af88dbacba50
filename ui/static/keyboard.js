// Owns: the keys of the whole page, and moving through a list by arrow keys.

import { closeQuote, focusCitation } from "./citations.js";
import { closeCollections } from "./collections.js";
import { closeMenu, openDialog } from "./dialogs.js";
import { setPanelOpen } from "./panel.js";
import { focusQuestion, stopEditing } from "./question.js";
import { $, $$, createElement, pageState, t } from "./shared.js";
import { closeLeft, currentView, openView } from "./views.js";

const TYPED_INTO = "input:not([type=radio], [type=checkbox], [type=file]), textarea, select, [contenteditable]";

// What a key does while nothing is typed.
const letters = {
  "/": () => {
    openView("conversation");
    focusQuestion();
  },
  n: () => {
    $("#new").click();
    focusQuestion();
  },
  d: () => openView("documents"),
  "?": () => showKeys(),
};

const KEYS = [
  ["Enter", "key enter"], ["Shift + Enter", "key shift enter"], ["/", "key slash"], ["n", "key n"], ["d", "key d"],
  ["↑ ↓ ← →", "key arrows"], ["Esc", "key esc"], ["?", "key question"],
];

/** List the keys in a dialog. */
function showKeys() {
  const rows = KEYS.map(([key, text]) =>
    createElement(
      "tr",
      {},
      createElement("th", { scope: "row" }, ...key.split(" + ").map((one) => createElement("kbd", { textContent: one }))),
      createElement("td", { textContent: t(text) }),
    ),
  );
  openDialog(t("keys"), createElement("table", { className: "f-keys" }, createElement("tbody", {}, ...rows)));
}

/** The keys can be seen without knowing one. */
export function setUpKeys() {
  const button = createElement(
    "button",
    { type: "button", id: "show-keys" },
    createElement("span", { textContent: t("keys") }),
    createElement("kbd", { textContent: "?" }),
  );
  button.addEventListener("click", showKeys);
  $("#nav-end").append(button);
}

export function onKey(event) {
  const typing = event.target.closest?.(TYPED_INTO);
  if (event.key === "Escape" && !event.defaultPrevented) {
    if ($("#f-dialog") || closeCollections() || closeMenu() || closeLeft()) return;
    const page = currentView();
    if (page !== "conversation") {
      openView("conversation");
      $(`#show-${page}`)?.focus();
      return;
    }
    closeQuote();
    const stop = $("#question .stop-button");
    if (stop) stop.click();
    else if (pageState().replaces) stopEditing();
    else setPanelOpen(false);
  } else if (letters[event.key] && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && !$("#f-dialog")) {
    event.preventDefault();
    letters[event.key]();
  } else if (event.key.startsWith("Arrow") && !$("#f-dialog") && currentView() === "conversation") {
    const onCitation = event.target.closest?.("button:is(.f-cite, .f-place)");
    const sideways = ["ArrowLeft", "ArrowRight"].includes(event.key);
    const nothingFocused = !typing && sideways && event.target === document.body;
    if (!onCitation && !nothingFocused) return;
    event.preventDefault();
    focusCitation(["ArrowRight", "ArrowDown"].includes(event.key) ? 1 : -1);
  }
}

/**
 * Make a list one tab stop: arrow keys, Home and End move among its items, and the tab stop follows the focus.
 * Call `refresh` after the items have changed.
 */
export function rovingFocus(list, selector) {
  const items = () => $$(selector, list).filter((item) => item.offsetParent !== null);
  const stopAt = (chosen) => {
    for (const item of $$(selector, list)) item.tabIndex = item === chosen ? 0 : -1;
  };
  list.addEventListener("focusin", (event) => {
    const item = event.target.closest(selector);
    if (item) stopAt(item);
  });
  list.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(event.target);
    if (at < 0) return;
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, to))].focus();
  });
  const refresh = () => {
    const all = items();
    stopAt(all.find((item) => item.matches("[aria-current=true], [aria-selected=true]")) || all[0]);
  };
  refresh();
  return { refresh };
}
