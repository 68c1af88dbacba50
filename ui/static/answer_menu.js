// Owns: the menu of an answer: it floats over the page, so that nothing cuts it off, and is moved through by arrow keys.

import { createElement } from "./shared.js";

// Pixels between the menu and its button, and between the menu and the edge of the page.
const GAP = 4;
const EDGE = 8;

let menu, opener;
// Where the button stood when the menu was placed beside it.
let placed;

/**
 * Open a menu beside a button, or close the one that it has opened.
 * Each item is `{ label, run, about }`; one without `run` is a line of quiet text.
 */
export function toggleMenu(button, label, items) {
  if (closeAnswerMenu() === button) return;
  opener = button;
  menu = createElement("div", { id: "f-answer-menu", role: "menu" });
  menu.setAttribute("aria-label", label);
  for (const item of items) {
    const properties = item.run ? { type: "button", role: "menuitem", tabIndex: -1 } : { className: "f-menu-note" };
    const entry = createElement(item.run ? "button" : "div", { ...properties, textContent: item.label });
    if (item.run)
      entry.addEventListener("click", () => {
        closeAnswerMenu(true);
        item.run();
      });
    menu.append(entry);
  }
  menu.addEventListener("keydown", onKey);
  document.body.append(menu);
  place();
  button.setAttribute("aria-expanded", "true");
  entries()[0].focus();
  document.addEventListener("pointerdown", onOutside, true);
  document.addEventListener("scroll", onScroll, true);
  addEventListener("resize", onResize);
}

/** Close the menu; return the button that had opened it, undefined where none was open. */
export function closeAnswerMenu(returnFocus = false) {
  if (!menu) return undefined;
  const button = opener;
  menu.remove();
  menu = opener = undefined;
  button.setAttribute("aria-expanded", "false");
  document.removeEventListener("pointerdown", onOutside, true);
  document.removeEventListener("scroll", onScroll, true);
  removeEventListener("resize", onResize);
  if (returnFocus) button.focus({ preventScroll: true });
  return button;
}

const entries = () => [...menu.querySelectorAll("button")];

/** Below the button where there is room, else above; never over an edge of the page. */
function place() {
  const at = (placed = opener.getBoundingClientRect());
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + GAP + height + EDGE <= innerHeight;
  const top = below ? at.bottom + GAP : at.top - GAP - height;
  menu.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE))}px`;
  menu.style.top = `${Math.max(EDGE, Math.min(top, innerHeight - height - EDGE))}px`;
}

function onKey(event) {
  const all = entries();
  const at = all.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to !== undefined) all[(to + all.length) % all.length].focus();
  else if (event.key === "Escape") closeAnswerMenu(true);
  else if (event.key === "Tab") return void closeAnswerMenu(true);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function onOutside(event) {
  if (!menu.contains(event.target) && !opener.contains(event.target)) closeAnswerMenu();
}

const onResize = () => closeAnswerMenu();

/** What was scrolled before the menu opened is told of after it: only a button that moves takes its menu away. */
function onScroll() {
  const { top, left } = opener.getBoundingClientRect();
  if (Math.abs(top - placed.top) > 1 || Math.abs(left - placed.left) > 1) closeAnswerMenu();
}
