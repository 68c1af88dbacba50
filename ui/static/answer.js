// Owns: what can be done with an answer: copying, asking again, rating, the test case, and why it is as it is.

import { closeDialog, openDialog } from "./dialogs.js";
import { startEditing } from "./question.js";
import {
  $, $$, createElement, requestHtml, requestJson, sendCommand, sendToBox, showFailure, showNotice, t, turnAddress,
} from "./shared.js";
import { openView } from "./views.js";

const turnId = (button) => button.name.split("/")[1];

// What a button of an answer does, by its value.
const actions = {
  copy: copyAnswer,
  retry: (button) => sendToBox("retry", { turn: turnId(button) }),
  anyway: (button) => sendToBox("retry", { turn: turnId(button), anyway: true }),
  edit: (button) => startEditing(turnId(button)),
  "remove turn": (button) => sendCommand({ do: "remove", turn: turnId(button) }),
  good: openFeedback,
  bad: openFeedback,
  case: openCaseForm,
  why: async (button) => {
    const body = createElement("div", { className: "f-scroll" });
    // Everything in it was escaped by the server.
    body.innerHTML = await requestHtml(`${turnAddress(button.name)}/why?part=true`);
    openDialog(t("why"), body);
  },
  documents: () => openView("documents"),
};

async function copyAnswer(button) {
  const answer = button.closest(".f-answer");
  const lines = [];
  for (const part of $$(".f-short, .f-text, .f-abstained-title", answer)) lines.push(part.innerText.trim());
  for (const reference of $$(".f-references button", answer)) lines.push(reference.innerText.trim());
  await navigator.clipboard.writeText(lines.filter(Boolean).join("\n"));
  showNotice(t("copied"));
}

function openFeedback(button) {
  const thumb = button.value === "good" ? "up" : "down";
  const note = createElement("textarea", { rows: 3, maxLength: 4000 });
  note.setAttribute("aria-label", t("note"));
  const send = createElement("button", { type: "submit", className: "f-primary", textContent: t("send") });
  const form = createElement("form", {}, createElement("p", { textContent: t("note") }), note, send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    showFailure(async () => {
      const body = { thumb, note: note.value };
      const { message } = await requestJson(`${turnAddress(button.name)}/feedback`, "POST", body);
      for (const other of $$(".f-act-good, .f-act-bad", button.parentElement))
        other.classList.toggle("f-chosen", other === button);
      closeDialog();
      showNotice(message);
    });
  });
  openDialog(t(button.value), form);
  note.focus();
}

/** Ask what a test case of an answer should expect, and add it to the suite. */
async function openCaseForm(button) {
  const address = `${turnAddress(button.name)}/case`;
  const body = createElement("div", { className: "f-scroll" });
  // Everything in it was escaped by the server.
  body.innerHTML = await requestHtml(address);
  const form = $("form", body);
  const showExpected = () => ($(".f-expected", form).hidden = form.elements.answerable.value === "no");
  form.addEventListener("change", showExpected);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = form.elements;
    const described = {
      question: fields.question.value,
      answerable: fields.answerable.value === "yes",
      phrases: fields.phrases.value.split("\n"),
      evidence: $$("[name=evidence]:checked", form).map((box) => box.value),
    };
    showFailure(async () => {
      const { message, case: id } = await requestJson(address, "POST", described);
      closeDialog();
      const undo = createElement("button", { type: "button", textContent: t("undo") });
      undo.addEventListener("click", () =>
        showFailure(async () => showNotice((await requestJson(address, "DELETE", { case: id })).message)));
      showNotice(message, false, undo);
    });
  });
  openDialog(t("case"), body);
  showExpected();
  form.elements.phrases.focus();
}

export const act = (button) => showFailure(() => actions[button.value](button));

/** Add what Gradio's sanitiser does not let through: names for a screen reader. */
export function labelAnswers(conversation) {
  for (const mark of $$(".f-mark summary:not([aria-label])", conversation)) mark.setAttribute("aria-label", mark.title);
  for (const button of $$("button.f-act:not([aria-label])", conversation)) button.setAttribute("aria-label", button.title);
  for (const button of $$("button.f-version:not([aria-label])", conversation)) {
    button.title = t(button.value);
    button.setAttribute("aria-label", button.title);
    button.disabled = !button.name;
  }
}
