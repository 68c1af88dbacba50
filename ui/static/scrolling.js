// Owns: where the conversation stands: a new question begins at the top, and the page moves by itself only for a reader
// who is at its end.

import { $, $$, createElement, createSignButton, t } from "./shared.js";

// Pixels from the end that still are the end; above a question; hidden below before the way to the end is offered.
const AT_END = 40;
const ABOVE = 12;
const OFFERED_FROM = 60;

let conversation, toEnd;
// Whether the reader follows the words that arrive, and whether the reader's hand moves the page.
let follows = false;
let isMoved = false;
let workedOn;

const scroller = () => $("[role=log]", conversation);
const rows = () => $$(".message-row", conversation);

export function setUpScrolling(element) {
  conversation = element;
  toEnd = createSignButton("↓", t("to the end"), { id: "f-to-end", hidden: true });
  toEnd.addEventListener("click", () => {
    scrollToEnd();
    follows = true;
  });
  element.after(createElement("div", { id: "f-to-end-place" }, toEnd));
  for (const name of ["wheel", "touchmove", "pointerdown", "keydown"])
    // A press on the scroller itself is one on its bar.
    element.addEventListener(name, (event) => (isMoved = name !== "pointerdown" || event.target === scroller()), { passive: true });
  element.addEventListener("scroll", onScroll, { capture: true, passive: true });
  addEventListener("resize", keepRoom);
}

function onScroll(event) {
  if (event.target !== scroller()) return;
  if (isMoved) follows = event.target.scrollTop + event.target.clientHeight >= event.target.scrollHeight - AT_END;
  isMoved = false;
  offerEnd();
}

function scrollToEnd() {
  const pane = scroller();
  const answer = $$(".f-answer", conversation).at(-1);
  // Not to the end of the room that is kept below it.
  if (answer) moveBy(Math.max(0, answer.getBoundingClientRect().bottom + ABOVE - pane.getBoundingClientRect().bottom));
}

function offerEnd() {
  const pane = scroller();
  const answer = $$(".f-answer", conversation).at(-1);
  const isNear = !pane || !answer || answer.getBoundingClientRect().bottom < pane.getBoundingClientRect().bottom + OFFERED_FROM;
  if (toEnd.hidden !== isNear) toEnd.hidden = isNear;
}

/** Keep room below the last question, so that its start can stand at the top of the view. */
function keepRoom() {
  const pane = scroller();
  const question = rows().at(-2);
  if (!pane || !question || !conversation.classList.contains("f-asked-here")) return;
  const style = getComputedStyle($(".message-wrap", conversation));
  const asked = question.getBoundingClientRect().bottom - askedIn(question).getBoundingClientRect().top;
  const room = pane.clientHeight - asked - parseFloat(style.paddingBottom) - ABOVE;
  conversation.style.setProperty("--f-room", `${Math.max(0, room)}px`);
}

const showStartOf = (question) =>
  moveBy(askedIn(question).getBoundingClientRect().top - scroller().getBoundingClientRect().top - ABOVE);

const askedIn = (row) => $(".f-asked", row) || row;

function moveBy(pixels) {
  isMoved = false;
  scroller().scrollTop += pixels;
}

/** Bring the view to what has changed in the conversation. */
export function followWords() {
  if (!conversation || !scroller()) return;
  const working = $(".f-working", conversation)?.closest(".message-row");
  if (working && !workedOn) {
    follows = false;
    conversation.classList.add("f-asked-here");
    keepRoom();
    const question = rows()[rows().indexOf(working) - 1];
    if (question) showStartOf(question);
  } else if (follows && (working || workedOn)) scrollToEnd();
  workedOn = working;
  offerEnd();
}

/** Show the last question of a conversation that was opened. */
export function showLastQuestion() {
  requestAnimationFrame(() => {
    if (!conversation || !scroller() || $(".f-working", conversation)) return;
    follows = false;
    conversation.classList.remove("f-asked-here");
    const question = rows().at(-2);
    if (question) showStartOf(question);
    offerEnd();
  });
}
