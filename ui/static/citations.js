// Owns: the citations of an answer: their words on hover, their names for a screen reader, and moving among them.

import { loadIntoPanel } from "./panel.js";
import { $, $$, createElement, requestHtml, t, turnAddress } from "./shared.js";

// Milliseconds that a citation is pointed at before its words are shown.
const PAUSE = 90;
const MOST_KEPT = 300;
const CITATIONS = "#conversation button:is(.f-cite, .f-place)";

const hover = createElement("div", { id: "f-hover", role: "tooltip", hidden: true });
// The words of a citation by its address: they do not change.
const kept = new Map();
let pointed, timer;

const addressOf = (chip) => `${turnAddress(chip.name)}/${chip.value}`;

function wordsOf(chip) {
  const address = addressOf(chip);
  if (!kept.has(address)) {
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value);
    kept.set(address, requestHtml(`${address}/preview`));
  }
  return kept.get(address);
}

/** Show the words of a citation beside it. */
async function showWords(chip) {
  let html;
  try {
    html = await wordsOf(chip);
  } catch {
    // A click on it says what is wrong.
    kept.delete(addressOf(chip));
    return;
  }
  if (pointed !== chip || !chip.isConnected) return;
  // Everything in it was escaped by the server.
  hover.innerHTML = html;
  hover.hidden = false;
  const at = chip.getBoundingClientRect();
  const box = hover.getBoundingClientRect();
  hover.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.width - 8))}px`;
  hover.style.top = at.bottom + box.height + 12 < innerHeight ? `${at.bottom + 6}px` : `${Math.max(8, at.top - box.height - 6)}px`;
  chip.setAttribute("aria-describedby", "f-hover");
}

function point(chip) {
  pointed = chip;
  clearTimeout(timer);
  timer = setTimeout(() => showWords(chip), PAUSE);
}

export function hideQuote() {
  clearTimeout(timer);
  pointed = undefined;
  hover.hidden = true;
}

/**
 * Focus the next or previous citation; at first, the first one of the last answer. A panel that is open follows.
 * Of the sources below an answer, the next one there.
 */
export function focusCitation(step) {
  const from = document.activeElement;
  const below = from?.closest?.(".f-rests");
  const chips = (below ? $$("button.f-place", below) : $$("#conversation button.f-cite")).filter((chip) => chip.offsetParent);
  if (!chips.length) return;
  const current = chips.indexOf(from);
  const firstOfLastAnswer = chips.findIndex((chip) => chip.name === chips.at(-1).name);
  const next = current < 0 ? firstOfLastAnswer : Math.min(chips.length - 1, Math.max(0, current + step));
  const chip = chips[next];
  chip.focus();
  chip.scrollIntoView({ block: "nearest" });
  // A citation is lit when it is clicked, before its source is there.
  const isOpening = from?.classList.contains("f-open-now");
  if ((isOpening || document.body.classList.contains("f-panel-open")) && next !== current) loadIntoPanel(addressOf(chip));
}

/** Add what Gradio's sanitiser does not let through: the name of a citation. */
export function labelCitations(conversation) {
  for (const chip of $$("button.f-cite[title]", conversation)) {
    const number = chip.value.slice(1);
    chip.setAttribute("aria-label", t("citation", { number, place: chip.title }));
    chip.removeAttribute("title");
  }
  for (const chip of $$("button.f-place:not([aria-label])", conversation)) {
    // Whoever speaks to the page says what is to be read on it: the name keeps those words.
    const document_ = $("b", chip.closest(".f-origin")).textContent;
    chip.setAttribute("aria-label", `${document_}: ${chip.textContent.trim()}`);
  }
}

export function setUpCitations() {
  document.body.append(hover);
  for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(on, (event) => {
      const chip = event.target.closest?.(CITATIONS);
      // A click focuses it, and opens more than is shown here.
      if (chip && (on === "mouseover" || chip.matches(":focus-visible"))) point(chip);
    });
    document.addEventListener(off, (event) => event.target.closest?.(CITATIONS) && hideQuote());
  }
}

/** Hide the words and return whether they were shown. */
export function closeQuote() {
  const shown = !hover.hidden;
  hideQuote();
  return shown;
}
