// Owns: what Gradio's components cannot do: citations and their hover quotes, the actions on an answer, dialogs,
// keys, and following the state of the page. Starts everything.

import { setUpDocuments, showAskedSources } from "./documents.js";
import { closeDrawer, setUpDrawer, toggleDrawer } from "./drawers.js";
import { clearPanel, loadIntoPanel, setPanelOpen, setUpPanel } from "./panel.js";
import {
  $, $$, createElement, createSignButton, language, loadTexts, pageState, rememberLanguage, requestHtml,
  requestJson, sendCommand, sendToBox, showError, showNotice, hideNotice, t, whenPresent, workspaceAddress,
} from "./shared.js";

/** The address of a turn by its name in the page, `workspace/id`. */
function turnAddress(name) {
  const [workspace, id] = name.split("/");
  return `${workspaceAddress(workspace)}/turns/${encodeURIComponent(id)}`;
}

const turnId = (button) => button.name.split("/")[1];

// -- citations --------------------------------------------------------------------------------------------------------

const hover = createElement("div", { id: "f-hover", role: "tooltip", hidden: true });

/** Show the quote of a citation beside it: its source on the first line, the words below. */
function showQuote(chip) {
  const text = chip.dataset.quote || "";
  const lineEnd = text.indexOf("\n");
  hover.replaceChildren(
    createElement("b", { textContent: text.slice(0, lineEnd) }),
    createElement("q", { textContent: text.slice(lineEnd + 1) }),
  );
  hover.hidden = false;
  const at = chip.getBoundingClientRect();
  const box = hover.getBoundingClientRect();
  hover.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.width - 8))}px`;
  hover.style.top = at.bottom + box.height + 12 < innerHeight ? `${at.bottom + 6}px` : `${at.top - box.height - 6}px`;
  chip.setAttribute("aria-describedby", "f-hover");
}

const hideQuote = () => (hover.hidden = true);

/** Focus the next or previous citation; at first, the first one of the last answer. */
function focusCitation(step) {
  const chips = $$("#conversation button.f-cite");
  if (!chips.length) return;
  const current = chips.indexOf(document.activeElement);
  const firstOfLastAnswer = chips.findIndex((chip) => chip.name === chips.at(-1).name);
  const next = current < 0 ? firstOfLastAnswer : Math.min(chips.length - 1, Math.max(0, current + step));
  chips[next].focus();
  chips[next].scrollIntoView({ block: "nearest" });
}

// What stood in the question's field before a question was edited.
let draftBeforeEditing = "";

// -- actions on an answer ---------------------------------------------------------------------------------------------

const actions = {
  copy: copyAnswer,
  retry: (button) => sendToBox("retry", { turn: turnId(button) }),
  anyway: (button) => sendToBox("retry", { turn: turnId(button), anyway: true }),
  edit: (button) => {
    const field = $("#question textarea");
    if (!pageState().replaces) draftBeforeEditing = field.value;
    sendCommand({ do: "edit", turn: turnId(button) });
    field.focus();
  },
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
  documents: () => toggleDrawer("documents"),
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

/** Run an action; when it fails, show the server's sentence. */
async function showFailure(action) {
  try {
    await action();
  } catch (error) {
    showError(error);
  }
}

// -- dialogs ----------------------------------------------------------------------------------------------------------

let focusedBefore;

function openDialog(title, content) {
  closeDialog();
  focusedBefore = document.activeElement;
  const close = createSignButton("✕", t("close"), { className: "f-close" });
  close.addEventListener("click", closeDialog);
  const dialog = createElement("dialog", { id: "f-dialog" }, createElement("h2", { textContent: title }), close, content);
  dialog.setAttribute("aria-label", title);
  dialog.addEventListener("close", closeDialog);
  document.body.append(dialog);
  dialog.showModal();
}

function closeDialog() {
  const dialog = $("#f-dialog");
  if (!dialog) return;
  dialog.remove();
  focusedBefore?.focus?.();
}

/** Close the open menu of the title and return whether there was one. */
function closeMenu() {
  const menu = $(".f-menu[open]");
  if (!menu) return false;
  menu.open = false;
  $("summary", menu).focus();
  return true;
}

/** The two settings that belong to the browser, and signing out. */
function setUpSettings(column) {
  setUpDrawer(column, "settings");
  const appearance = localStorage.getItem("footnote-appearance") || "system";
  whenPresent(`#appearance input[value=${appearance}]`, (choice) => choice.checked || choice.click());
  whenPresent("#passages input[type=range]", () => {
    // Gradio's own names are in English.
    for (const field of $$("#passages input")) field.setAttribute("aria-label", t("passages"));
  });
  if (!pageState().user) return;
  const signOut = createElement("button", { type: "submit", textContent: t("sign out") });
  column.append(createElement("form", { method: "post", action: "/sign-out" }, signOut));
}

// -- events of the document -------------------------------------------------------------------------------------------

function onClick(event) {
  for (const menu of $$(".f-menu[open]"))
    if (!menu.contains(event.target) || event.target.closest("a, button")) menu.open = false;
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".f-press")) {
    // Gradio listens to a hidden button of that name.
    $(`#${button.value}`).click();
    if (button.value === "rename") whenPresent("#name :is(input, textarea)", (field) => field.focus());
  } else if (button.matches(".f-cite, .f-open") && button.name) {
    // The panel shows more than the hover quote.
    hideQuote();
    loadIntoPanel(`${turnAddress(button.name)}/${button.value}`);
  } else if (button.matches(".f-version") && button.name) {
    sendCommand({ do: "version", turn: button.name });
  } else if (button.matches(".f-act, .f-act-documents")) showFailure(() => actions[button.value](button));
  else if (button.id.startsWith("show-")) toggleDrawer(button.id.slice(5));
}

function onChange(event) {
  const choice = event.target;
  if (choice.closest?.("#appearance")) {
    localStorage.setItem("footnote-appearance", choice.value);
    window.footnoteAppearance();
  } else if (choice.closest?.("#language")) {
    rememberLanguage(choice.value);
    location.assign((choice.value === "en" ? "/" : `/${choice.value}/`) + location.hash);
  }
}

const TYPED_INTO = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";

function onKey(event) {
  const typing = event.target.closest?.(TYPED_INTO);
  if (event.key === "Escape") {
    if ($("#f-dialog") || closeMenu() || closeDrawer()) return;
    if (!hover.hidden) hideQuote();
    const stop = $("#question .stop-button");
    if (stop) stop.click();
    else if (pageState().replaces) stopEditing();
    else setPanelOpen(false);
  } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    $("#question textarea")?.focus();
  } else if (event.key.startsWith("Arrow") && !$("#f-dialog")) {
    const onCitation = event.target.closest?.("button.f-cite");
    const sideways = ["ArrowLeft", "ArrowRight"].includes(event.key);
    const nothingFocused = !typing && sideways && event.target === document.body;
    if (!onCitation && !nothingFocused) return;
    event.preventDefault();
    focusCitation(["ArrowRight", "ArrowDown"].includes(event.key) ? 1 : -1);
  }
}

// -- following the page -----------------------------------------------------------------------------------------------

/** Add what Gradio's sanitiser does not let through: names for a screen reader, and the hover quote of a citation. */
function addLabels() {
  for (const chip of $$("#conversation button.f-cite[title]")) {
    chip.dataset.quote = chip.title;
    chip.removeAttribute("title");
    const place = chip.dataset.quote.split("\n")[0];
    chip.setAttribute("aria-label", t("citation", { number: chip.value.slice(1), place }));
  }
  for (const mark of $$("#conversation .f-mark summary:not([aria-label])")) mark.setAttribute("aria-label", mark.title);
  for (const button of $$("#conversation button.f-act:not([aria-label])")) button.setAttribute("aria-label", button.title);
  for (const button of $$("#conversation button.f-version:not([aria-label])")) {
    button.title = t(button.value);
    button.setAttribute("aria-label", button.title);
    button.disabled = !button.name;
  }
  // Gradio's own names are in English.
  for (const list of $$("[aria-label='chatbot conversation']")) list.setAttribute("aria-label", t("conversation"));
  // Gradio names each message by its whole markup.
  for (const message of $$("#conversation [data-testid=bot][aria-label], #conversation [data-testid=user][aria-label]"))
    message.removeAttribute("aria-label");
}

/** Show above the question that it will be another version of one that was asked, and how to leave it. */
function showEditing({ replaces }) {
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

function stopEditing() {
  sendCommand({ do: "keep", draft: draftBeforeEditing });
  $("#question textarea")?.focus();
}

/** Say what was taken away, with a button that brings it back. */
function offerUndo(removed) {
  const undo = createElement("button", { type: "button", textContent: t("undo") });
  undo.addEventListener("click", () => {
    hideNotice();
    sendCommand({ do: "restore", ...removed });
  });
  showNotice(t("removed"), false, undo);
}

let shownState = "";

/** Bring the address, the panel and the filter to the state that the server sent. */
function followState() {
  const state = pageState();
  document.body.classList.toggle("f-busy", state.busy);
  if (JSON.stringify(state) === shownState) return;
  const previous = shownState ? JSON.parse(shownState) : {};
  shownState = JSON.stringify(state);
  if (state.conversation !== previous.conversation || state.workspace !== previous.workspace) {
    if (previous.workspace !== undefined) history.replaceState(null, "", `#${state.workspace}/${state.conversation}`);
    if (matchMedia("(max-width: 1100px)").matches && document.body.dataset.drawer === "left") closeDrawer();
  }
  if (state.turn !== previous.turn || state.conversation !== previous.conversation || state.busy !== previous.busy) {
    if (state.turn && !state.busy) loadIntoPanel(`${turnAddress(`${state.workspace}/${state.turn}`)}/sources`, false);
    else if (!state.busy) clearPanel();
  }
  if (previous.workspace !== undefined) rememberSources(state);
  if (Object.keys(state.removed).length && JSON.stringify(state.removed) !== JSON.stringify(previous.removed))
    offerUndo(state.removed);
  showAskedSources(state);
  showEditing(state);
}

/** Remember in this tab, until it is closed, which documents are asked about. */
function rememberSources({ workspace, sources }) {
  sessionStorage.setItem("footnote-sources", JSON.stringify({ workspace, sources }));
}

function rememberedSources(workspace) {
  try {
    const kept = JSON.parse(sessionStorage.getItem("footnote-sources"));
    return kept?.workspace === workspace ? kept.sources : [];
  } catch {
    return [];
  }
}

// Milliseconds between two looks after an answer that another page, or this one before it was loaded anew, asked for.
const LOOK_AFTER = 1200;

function lookAfterAnswer() {
  if (pageState().busy) sendCommand({ do: "refresh" });
}

/** Open the index and the conversation that the address names, with the documents that were asked about. */
function openLinkedConversation() {
  const [named, conversation] = decodeURIComponent(location.hash.slice(1)).split("/");
  const workspace = named || pageState().workspace;
  const sources = rememberedSources(workspace);
  if (named || sources.length) sendCommand({ do: "open", workspace, conversation: conversation || "", sources });
}

async function start() {
  rememberLanguage(language());
  await loadTexts();
  document.documentElement.lang = language();
  document.body.append(hover);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  document.addEventListener("click", onClick);
  for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(on, (event) => {
      const chip = event.target.closest?.("button.f-cite[data-quote]");
      if (chip) showQuote(chip);
    });
    document.addEventListener(off, (event) => event.target.closest?.("button.f-cite") && hideQuote());
  }
  whenPresent("#panel", setUpPanel);
  whenPresent("#documents", (column) => {
    setUpDrawer(column, "documents");
    setUpDocuments(column);
  });
  whenPresent("#conversation", (conversation) => {
    new MutationObserver(addLabels).observe(conversation, { childList: true, subtree: true });
    addLabels();
  });
  whenPresent("#page-state i", () => {
    followState();
    openLinkedConversation();
    setUpSettings($("#settings"));
    new MutationObserver(followState).observe($("#page-state"), { childList: true, subtree: true, attributes: true });
    setInterval(lookAfterAnswer, LOOK_AFTER);
    document.body.classList.add("f-ready");
  });
}

start();
