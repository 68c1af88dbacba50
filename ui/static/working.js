// Owns: an answer in the making: its words as they come, how long it takes, and what is read out once it is there.

import { $, $$, announce, t, whenPresent } from "./shared.js";

// Seconds from which on they are shown.
const SHOWN_FROM = 2;

let since = 0;
let isWorking = false;

/** Show how long the answer is in the making; announce it once it is done. */
export function followWork(conversation) {
  const working = $(".f-working", conversation);
  if (working) {
    const elapsed = $(".f-elapsed", working);
    if (!isWorking) since = performance.now() - 1000 * (parseFloat(elapsed?.title) || 0);
    isWorking = true;
    elapsed?.removeAttribute("title");
    showElapsed();
  } else if (isWorking) {
    isWorking = false;
    const answer = $$(".f-answer", conversation).at(-1);
    if (!answer) return;
    answer.classList.add("f-fresh");
    announce(inShort(answer));
  }
}

function showElapsed() {
  const elapsed = $("#conversation .f-elapsed");
  const seconds = Math.floor((performance.now() - since) / 1000);
  const words = seconds > SHOWN_FROM ? t("seconds", { seconds }) : "";
  if (elapsed && elapsed.textContent !== words) elapsed.textContent = words;
}

/** The short answer, that there is none, or the first sentence. */
function inShort(answer) {
  const line = $(".f-card-title, .f-short", answer) || $(".f-text .f-paragraph, .f-text li, .f-quote span", answer) || answer;
  const words = line.innerText.trim();
  return line.matches(".f-card-title, .f-short") ? words : (words.match(/^.{10,}?[.!?](?=\s|$)/su)?.[0] ?? words).slice(0, 300);
}

/** Show the drafts that the server sent, each in the place of its answer; nothing else in the conversation is touched. */
function showDrafts(box) {
  const json = $("i", box)?.getAttribute("title");
  for (const [turn, html] of Object.entries(json ? JSON.parse(json) : {})) {
    const place = $(`#conversation .f-working.f-of-${CSS.escape(turn)}`);
    const draft = document.createElement("template");
    // Everything in it was escaped by the server.
    draft.innerHTML = html;
    const parts = draft.content.firstElementChild;
    if (place && parts) place.replaceChildren(...parts.childNodes);
  }
}

export function setUpWork() {
  setInterval(() => isWorking && showElapsed(), 500);
  whenPresent("#draft", (box) =>
    new MutationObserver(() => showDrafts(box)).observe(box, { childList: true, subtree: true, attributes: true }));
}
