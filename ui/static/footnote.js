// Owns: starting everything, and following the state of the page that the server sends.

import { act, labelAnswers } from "./answer.js";
import { rememberedChoice, showAskedSources } from "./asked_sources.js";
import { hideQuote, labelCitations, setUpCitations } from "./citations.js";
import { setUpCollections, showCollection } from "./collections.js";
import { closeMenusAt } from "./dialogs.js";
import { watchDocuments } from "./document_text.js";
import { followDocuments, setUpDocuments } from "./documents.js";
import { followHistory, setUpHistory } from "./history.js";
import { onKey, setUpKeys } from "./keyboard.js";
import { clearPanel, leavePanel, loadIntoPanel, setPanelOpen, setUpPanel } from "./panel.js";
import { setUpQuestion, showEditing } from "./question.js";
import { followWords, setUpScrolling, showLastQuestion } from "./scrolling.js";
import { setUpSettings, showListed } from "./settings.js";
import {
  $, $$, createElement, hideNotice, language, loadTexts, pageState, rememberLanguage, sendCommand, showNotice, t,
  turnAddress, whenPresent,
} from "./shared.js";
import { followAnswer, showNext, showStart } from "./start.js";
import { closeLeft, currentView, openView, parseAddress, setUpNavigation } from "./views.js";
import { followWork, setUpWork } from "./working.js";

// -- events of the document -------------------------------------------------------------------------------------------

function onClick(event) {
  closeMenusAt(event.target);
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".f-cite, .f-open") && button.name) {
    // The panel shows more than the hover quote.
    hideQuote();
    loadIntoPanel(`${turnAddress(button.name)}/${button.value}`);
  } else if (button.matches(".f-version") && button.name) {
    sendCommand({ do: "version", turn: button.name });
  } else if (button.matches(".f-act, .f-act-documents, .f-edit")) act(button);
}

// -- following the page -----------------------------------------------------------------------------------------------

function followConversation() {
  const conversation = $("#conversation");
  // A class, as a rule with :has() would look at the whole conversation at each word that arrives.
  const isBegun = Boolean($(".message-row", conversation));
  if (document.body.classList.contains("f-turns") !== isBegun) document.body.classList.toggle("f-turns", isBegun);
  labelCitations(conversation);
  labelAnswers(conversation);
  showNext();
  followWork(conversation);
  followWords();
  // Gradio's own names are in English.
  for (const list of $$("[aria-label='chatbot conversation']")) {
    list.setAttribute("aria-label", t("conversation"));
    // Not every word that arrives is read out: the answer is announced once it is there.
    list.setAttribute("aria-live", "off");
  }
  // Gradio names each message by its whole markup.
  for (const message of $$("[data-testid=bot][aria-label], [data-testid=user][aria-label]", conversation))
    message.removeAttribute("aria-label");
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
    if (previous.workspace !== undefined) followAddress(state, previous);
    // What was opened beside the documents since the change was asked for stays.
    if (currentView() === "conversation" || state.workspace !== previous.workspace) {
      closeLeft();
      clearPanel();
      setPanelOpen(false);
    }
    showLastQuestion();
  }
  if (state.gone && state.gone !== previous.gone) {
    showNotice(t("conversation gone"));
    if (currentView() === "conversation") history.replaceState(null, "", `#${state.workspace}/`);
  }
  followHistory(state, previous);
  if (Object.keys(state.removed).length && JSON.stringify(state.removed) !== JSON.stringify(previous.removed))
    offerUndo(state.removed);
  showAskedSources(state);
  followDocuments(state);
  showEditing(state);
  showListed(state);
  showCollection(state);
  showStart(state);
  followAnswer(state);
}

// Milliseconds between two looks after an answer that another page, or this one before it was loaded anew, asked for.
const LOOK_AFTER = 1200;

function lookAfterAnswer() {
  if (pageState().busy) sendCommand({ do: "refresh" });
}

/** Open what the address names: the collection, the view, the conversation, with the documents that were asked about. */
function openAddress() {
  const { workspace: named, view, conversation } = parseAddress(location.hash);
  const state = pageState();
  const workspace = named || state.workspace;
  openView(view, { push: false });
  if (view === "conversation" || workspace !== state.workspace) {
    const choice = rememberedChoice(workspace);
    if (workspace !== state.workspace || conversation !== state.conversation || choice)
      sendCommand({ do: "open", workspace, conversation, ...(choice || { sources: [] }) });
  }
}

/** Bring the address to a state that the server sent, so that Back leads to the one before; the view stays. */
function followAddress(state, previous) {
  const view = currentView() === "conversation" ? state.conversation : currentView();
  const address = `#${state.workspace}/${view}`;
  if (address === location.hash) return;
  // A conversation that was just begun takes the place of its empty page.
  const begun = !previous.conversation && state.busy && view === state.conversation;
  const method = begun ? "replaceState" : "pushState";
  history[method](null, "", address);
}

async function start() {
  rememberLanguage(language());
  await loadTexts();
  document.documentElement.lang = language();
  document.body.dataset.view = "conversation";
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", onClick);
  window.addEventListener("popstate", () => leavePanel() || openAddress());
  setUpCitations();
  whenPresent("#nav-end", () => {
    setUpNavigation();
    setUpKeys();
  });
  setUpCollections();
  setUpQuestion();
  whenPresent("#panel", setUpPanel);
  whenPresent("#panel", watchDocuments);
  whenPresent("#talks", setUpHistory);
  whenPresent("#documents", setUpDocuments);
  whenPresent("#conversation", (conversation) => {
    setUpScrolling(conversation);
    setUpWork();
    new MutationObserver(followConversation).observe(conversation, { childList: true, subtree: true });
    followConversation();
  });
  whenPresent("#page-state i", () => {
    followState();
    openAddress();
    setUpSettings($("#settings"));
    new MutationObserver(followState).observe($("#page-state"), { childList: true, subtree: true, attributes: true });
    setInterval(lookAfterAnswer, LOOK_AFTER);
    document.body.classList.add("f-ready");
  });
}

start();
