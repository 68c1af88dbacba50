// Owns: what can be done with an answer: copying, asking again, rating, the test case, and why it is as it is.

import { toggleMenu } from "./answer_menu.js";
import { closeDialog, openDialog } from "./dialogs.js";
import { startEditing, suggestQuestion } from "./question.js";
import {
  $, $$, createElement, requestHtml, requestJson, sendCommand, sendToBox, showFailure, showNotice, t, turnAddress,
} from "./shared.js";
import { openView } from "./views.js";

// A question is named by the id of its turn alone.
const turnId = (button) => button.name.split("/").at(-1);

// What a button of an answer does, by its value.
const actions = {
  copy: (button) => copyAnswer(button, "text"),
  "copy markdown": (button) => copyAnswer(button, "markdown"),
  retry: (button) => sendToBox("retry", { turn: turnId(button) }),
  anyway: (button) => sendToBox("retry", { turn: turnId(button), anyway: true }),
  edit: (button) => startEditing(turnId(button)),
  suggest: (button) => suggestQuestion(button.lastChild.textContent),
  "remove turn": (button) => sendCommand({ do: "remove", turn: turnId(button) }),
  good: rate,
  bad: rate,
  case: openCaseForm,
  why: async (button) => {
    const body = createElement("div", { className: "f-scroll" });
    // Everything in it was escaped by the server.
    body.innerHTML = await requestHtml(`${turnAddress(button.name)}/why?part=true`);
    openDialog(t("why"), body);
  },
  more: openMenu,
  documents: () => openView("documents"),
};

const IN_MENU = ["edit", "copy markdown", "why", "case", "remove turn"];
const IN_MENU_WITHOUT_ANSWER = ["edit", "remove turn"];

function openMenu(button) {
  const values = button.classList.contains("f-few") ? IN_MENU_WITHOUT_ANSWER : IN_MENU;
  const items = values.map((value) => ({ label: t(value), run: () => showFailure(() => actions[value](button)) }));
  toggleMenu(button, t("more actions"), items);
}

/** Copy an answer as the server writes it, with all its quotes and sources. */
async function copyAnswer(button, form) {
  const text = requestHtml(`${turnAddress(button.name)}/copy/${form}`);
  if (typeof ClipboardItem === "function" && navigator.clipboard.write)
    // Given as a promise, it is still what the click asked for when it arrives.
    await navigator.clipboard.write([
      new ClipboardItem({ "text/plain": text.then((words) => new Blob([words], { type: "text/plain" })) }),
    ]);
  else await navigator.clipboard.writeText(await text);
  showNotice(t("copied"));
}

/** Rate an answer at once; a second click takes it back. What was good or wrong about it can be said afterwards. */
async function rate(button) {
  const thumb = { good: "up", bad: "down" }[button.value];
  const chosen = !button.classList.contains("f-chosen");
  const { message } = await sendRating(button, chosen ? thumb : "", "");
  for (const other of $$(".f-act-good, .f-act-bad", button.parentElement)) {
    other.classList.toggle("f-chosen", chosen && other === button);
    other.setAttribute("aria-pressed", String(chosen && other === button));
  }
  if (!chosen) return showNotice(t("rating gone"));
  const more = createElement("button", { type: "button", textContent: t("add note") });
  more.addEventListener("click", () => openNote(button, thumb));
  showNotice(message, false, more);
}

const sendRating = (button, thumb, note) =>
  requestJson(`${turnAddress(button.name)}/feedback`, "POST", { thumb, note });

function openNote(button, thumb) {
  const note = createElement("textarea", { rows: 3, maxLength: 4000 });
  note.setAttribute("aria-label", t("note"));
  const send = createElement("button", { type: "submit", className: "f-primary", textContent: t("send") });
  const form = createElement("form", {}, createElement("p", { textContent: t("note") }), note, send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    showFailure(async () => {
      const { message } = await sendRating(button, thumb, note.value);
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
  for (const button of $$("button.f-act[title]:not([aria-label])", conversation)) {
    button.setAttribute("aria-label", button.title);
    if (button.value === "more") button.setAttribute("aria-haspopup", "menu");
    if (actions[button.value] === rate) button.setAttribute("aria-pressed", button.classList.contains("f-chosen"));
  }
  for (const button of $$(":is(button.f-version, button.f-edit):not([aria-label])", conversation)) {
    button.title = t(button.value);
    button.setAttribute("aria-label", button.title);
    button.disabled = !button.name;
  }
  for (const sources of $$(".f-rests[title]", conversation)) {
    sources.setAttribute("role", "group");
    sources.setAttribute("aria-label", sources.title);
    sources.removeAttribute("title");
  }
}
