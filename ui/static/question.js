// Owns: the question's field: its names, sending what was suggested, and what stands above it: that it changes an
// earlier question.

import { $, $$, createElement, createSignButton, pageState, sendCommand, t, whenPresent } from "./shared.js";
import { openView } from "./views.js";

// Pixels below which what covers the page is a bar of the browser's own.
const LEAST_KEYBOARD = 80;

// What stood in the question's field before a question was edited.
let draftBeforeEditing = "";

const field = () => $("#question textarea");

export const focusQuestion = () => field()?.focus();

/** Put a question into the field and send it. */
export function askQuestion(question) {
  openView("conversation");
  field().value = question;
  field().dispatchEvent(new Event("input", { bubbles: true }));
  // Gradio takes the new value with its next turn.
  setTimeout(() => $("#question .submit-button")?.click(), 50);
}

/** Give the buttons beside the field names in the reader's language; Gradio's own are pictures alone. */
export function setUpQuestion() {
  whenPresent("#question", (question) => {
    const name = () => {
      for (const [selector, key] of [[".submit-button", "send question"], [".stop-button", "stop answer"]])
        for (const button of $$(selector, question))
          if (button.getAttribute("aria-label") !== t(key)) {
            button.setAttribute("aria-label", t(key));
            button.title = t(key);
          }
    };
    name();
    new MutationObserver(name).observe(question, { childList: true, subtree: true });
  });
  // Browsers that lay the keyboard over the page, instead of making the page smaller, say so here.
  const stayAbove = () => {
    const covered = Math.round(innerHeight - visualViewport.height * visualViewport.scale);
    document.documentElement.style.setProperty("--keyboard", covered > LEAST_KEYBOARD ? `${covered}px` : "0px");
    if (covered > LEAST_KEYBOARD) scrollTo(0, 0);
  };
  window.visualViewport?.addEventListener("resize", stayAbove);
}

/** Put the question of a turn into the box; what stood there comes back when editing is cancelled. */
export function startEditing(turn) {
  if (!pageState().replaces) draftBeforeEditing = field().value;
  sendCommand({ do: "edit", turn });
  focusQuestion();
}

/** Show above the question that it will be another version of one that was asked, and how to leave it. */
export function showEditing({ replaces }) {
  const question = $("#question");
  if (!question) return;
  let row = $("#f-editing");
  if (!row) question.before((row = createElement("div", { id: "f-editing" })));
  if (Boolean(replaces) === Boolean(row.childElementCount)) return;
  if (!replaces) return row.replaceChildren();
  const cancel = createSignButton("✕", t("cancel"));
  cancel.addEventListener("click", stopEditing);
  row.replaceChildren(createElement("span", { textContent: t("editing") }), cancel);
}

export function stopEditing() {
  sendCommand({ do: "keep", draft: draftBeforeEditing });
  focusQuestion();
}

/** Put another wording into the question's field; it is asked by the reader alone. */
export function suggestQuestion(words) {
  const box = field();
  box.value = words;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.setSelectionRange(words.length, words.length);
}
