// Owns: the first screen of a collection, and the questions that may be asked after an answer.

import { loadIntoPanel } from "./panel.js";
import { askQuestion } from "./question.js";
import {
  $, $$, announce, createElement, language, pageState, requestHtml, requestJson, sendCommand, t, turnAddress, workspaceAddress,
} from "./shared.js";

// Milliseconds between two looks whether questions are made, and how often it is looked.
const LOOK = 1500;
const LOOKS = 60;
// So many milliseconds it is said that questions are looked for; later ones come without a word before.
const SAID = 6000;

let timer, hiding, loading;
// What the first screen shows, so that it is drawn anew only where something changed.
let shown = "";

// -- the first screen -------------------------------------------------------------------------------------------------

/** Draw the first screen where no question has been asked; it is hidden while a conversation is open. */
export function showStart({ workspace, workspaces, conversation, documents }) {
  if (conversation || !workspace || !workspaces.some((one) => one.id === workspace)) {
    shown = "";
    clearTimeout(timer);
    return;
  }
  const name = workspaces.find((one) => one.id === workspace).name;
  const wanted = JSON.stringify([workspace, name, documents]);
  if (wanted === shown) return;
  shown = wanted;
  drawStart(workspace);
}

/** Hide the list of questions with its heading, or show it again. */
function hideQuestions(list, isHidden) {
  if (list.isConnected) list.hidden = list.previousElementSibling.hidden = isHidden;
}

async function drawStart(workspace) {
  clearTimeout(timer);
  clearTimeout(hiding);
  loading?.abort();
  loading = new AbortController();
  let host = $("#f-start");
  if (!host) {
    host = createElement("div", { id: "f-start" });
    host.addEventListener("click", onClick);
    $("#conversation").before(host);
  }
  if (host.dataset.workspace !== workspace) host.replaceChildren();
  host.dataset.workspace = workspace;
  host.setAttribute("aria-busy", "true");
  try {
    // Everything in it was escaped by the server.
    host.innerHTML = await requestHtml(`${workspaceAddress(workspace)}/start`, { signal: loading.signal });
    for (const time of $$("time", host)) time.textContent = t("last changed", { day: dayOf(time.dateTime) });
    host.setAttribute("aria-busy", "false");
    const making = $("[data-making]", host);
    if (!making) return;
    hiding = setTimeout(() => hideQuestions(making, true), SAID);
    lookForQuestions(workspace, LOOKS);
  } catch (error) {
    if (error.name === "AbortError") return;
    shown = "";
    host.setAttribute("aria-busy", "false");
    host.replaceChildren(createElement("p", { className: "f-wrong", role: "alert", textContent: error.message }));
  }
}

/** Return the day of a moment in the reader's words and time zone. */
function dayOf(moment) {
  const own = navigator.languages.find((one) => one.startsWith(language()));
  return new Intl.DateTimeFormat(own || language(), { dateStyle: "long" }).format(new Date(moment));
}

function onClick(event) {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.matches(".f-suggested")) askQuestion(button.value);
  else if (button.matches(".f-recent")) sendCommand({ do: "open", conversation: button.value });
  else if (button.matches(".f-newest")) loadIntoPanel(button.value);
}

function lookForQuestions(workspace, looks) {
  timer = setTimeout(async () => {
    const list = $("#f-start [data-making]");
    if (!list || pageState().workspace !== workspace) return;
    const questions = await questionsAt(`${workspaceAddress(workspace)}/questions`);
    if (questions === null && looks > 1) return lookForQuestions(workspace, looks - 1);
    if (!list.isConnected) return;
    if (!questions?.length) {
      list.previousElementSibling?.remove();
      list.remove();
      return;
    }
    clearTimeout(hiding);
    hideQuestions(list, false);
    list.removeAttribute("data-making");
    list.classList.add("f-arrived");
    list.replaceChildren(
      ...questions.slice(0, 3).map((question) =>
        createElement("li", {}, createElement("button", {
          type: "button", className: "f-suggested", value: question, textContent: question,
        })),
      ),
    );
  }, LOOK);
}

async function questionsAt(address) {
  try {
    return (await requestJson(address)).questions;
  } catch {
    // Nothing is missed without them.
    return [];
  }
}

// -- what may be asked next -------------------------------------------------------------------------------------------

// The turn whose suggestions are shown or looked for, and what they are.
let followed = "";
let offered = [];
let nextTimer;

/** Look for the questions that a model suggests after the last answer, once it is there. */
export function followAnswer({ workspace, turn, busy }) {
  const name = turn && !busy ? `${workspace}/${turn}` : "";
  if (name === followed) return;
  followed = name;
  offered = [];
  clearTimeout(nextTimer);
  showNext();
  if (name) lookForNext(name, 20, 300);
}

function lookForNext(name, looks, wait) {
  nextTimer = setTimeout(async () => {
    if (name !== followed) return;
    const questions = await questionsAt(`${turnAddress(name)}/follow-ups`);
    if (name !== followed) return;
    if (questions === null && looks > 1) return lookForNext(name, looks - 1, LOOK);
    offered = questions || [];
    showNext();
    if (offered.length) announce(`${t("ask next")}: ${offered.join(" ")}`);
  }, wait);
}

/** Keep the suggestions below the last answer, which Gradio may have drawn anew. */
export function showNext() {
  const rows = $$("#conversation .f-next");
  const answer = $$("#conversation .f-answer").at(-1);
  const present = answer && $(":scope > .f-next", answer);
  for (const row of rows) if (row !== present || !offered.length) row.remove();
  if (!answer || !offered.length || (present && present.isConnected)) return;
  const buttons = offered.map((question) =>
    createElement("button", { type: "button", className: "f-suggested", value: question, textContent: question }),
  );
  for (const button of buttons) button.addEventListener("click", () => askQuestion(button.value));
  const row = createElement("div", { className: "f-next", role: "group" }, ...buttons);
  row.setAttribute("aria-label", t("ask next"));
  answer.append(row);
}
