// Owns: the citations of an answer: their hover quotes, their names for a screen reader, and moving among them.

import { $, $$, createElement, t } from "./shared.js";

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

export const hideQuote = () => (hover.hidden = true);

/** Focus the next or previous citation; at first, the first one of the last answer. */
export function focusCitation(step) {
  const chips = $$("#conversation button.f-cite");
  if (!chips.length) return;
  const current = chips.indexOf(document.activeElement);
  const firstOfLastAnswer = chips.findIndex((chip) => chip.name === chips.at(-1).name);
  const next = current < 0 ? firstOfLastAnswer : Math.min(chips.length - 1, Math.max(0, current + step));
  chips[next].focus();
  chips[next].scrollIntoView({ block: "nearest" });
}

/** Add what Gradio's sanitiser does not let through: the hover quote of a citation, and its name. */
export function labelCitations(conversation) {
  for (const chip of $$("button.f-cite[title]", conversation)) {
    chip.dataset.quote = chip.title;
    chip.removeAttribute("title");
    const place = chip.dataset.quote.split("\n")[0];
    chip.setAttribute("aria-label", t("citation", { number: chip.value.slice(1), place }));
  }
}

export function setUpCitations() {
  document.body.append(hover);
  for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(on, (event) => {
      const chip = event.target.closest?.("button.f-cite[data-quote]");
      if (chip) showQuote(chip);
    });
    document.addEventListener(off, (event) => event.target.closest?.("button.f-cite") && hideQuote());
  }
}

/** Hide the hover quote and return whether it was shown. */
export function closeQuote() {
  const shown = !hover.hidden;
  hideQuote();
  return shown;
}
