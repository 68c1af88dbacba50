// Owns: what stands above the question: that it changes an earlier one.

import { $, createElement, createSignButton, pageState, sendCommand, t } from "./shared.js";

// What stood in the question's field before a question was edited.
let draftBeforeEditing = "";

const field = () => $("#question textarea");

export const focusQuestion = () => field()?.focus();

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
