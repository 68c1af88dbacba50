// Owns: which of the views fills the page, the conversation, the documents or the settings; the address that says so;
// and the left column, which lies over the page where it is narrow.

import { $, $$, createElement, hideSaid, pageState, t, whenPresent } from "./shared.js";

const PAGES = ["documents", "settings"];

export const currentView = () => document.body.dataset.view || "conversation";

/** Fill the page with a view; `f-view` is sent to its element. The view is left again by the browser's Back. */
export function openView(name, { push = true } = {}) {
  closeLeft();
  if (name === currentView()) return;
  hideSaid();
  document.body.dataset.view = name;
  for (const page of PAGES) $(`#show-${page}`)?.setAttribute("aria-current", page === name ? "page" : "false");
  if (push) history.pushState(null, "", addressOf(name));
  const view = $(`#${name}`);
  view?.dispatchEvent(new Event("f-view"));
  // The keyboard goes on where the eye does.
  if (PAGES.includes(name)) view?.focus();
}

function addressOf(view) {
  const { workspace, conversation } = pageState();
  return `#${workspace}/${PAGES.includes(view) ? view : conversation}`;
}

/** What an address names: the workspace, the view, and the conversation where that is the view. */
export function parseAddress(hash) {
  let names = [];
  try {
    names = decodeURIComponent(hash.slice(1)).split("/");
  } catch {
    // No address of this page.
  }
  const [workspace = "", rest = ""] = names;
  const view = PAGES.includes(rest) ? rest : "conversation";
  return { workspace, view, conversation: view === "conversation" ? rest : "" };
}

/** Fill the places of the left column that lead to the views. */
export function setUpNavigation() {
  for (const page of PAGES)
    whenPresent(`#${page}`, (view) => {
      view.tabIndex = -1;
      view.setAttribute("role", "region");
      view.setAttribute("aria-label", t(page));
    });
  for (const [place, name] of [["nav", "documents"], ["nav-end", "settings"]]) {
    const button = createElement("button", { type: "button", id: `show-${name}`, textContent: t(name) });
    button.addEventListener("click", () => openView(name));
    $(`#${place}`).append(button);
  }
  $("#left").setAttribute("role", "navigation");
  $("#left").setAttribute("aria-label", t("menu"));
  // Gradio's own main element holds all columns; the one in the middle is what the page is for.
  for (const main of $$("main")) main.setAttribute("role", "none");
  $("#middle").setAttribute("role", "main");
  $("#middle").setAttribute("aria-label", t("conversation"));
  setUpSkipping();
  whenPresent("#show-left", (button) => {
    button.setAttribute("aria-label", t("menu"));
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (isLeftOpen() ? closeLeft() : openLeft()));
  });
}

// -- for the keyboard --------------------------------------------------------------------------------------------------

/** The first stops of the Tab key lead past the left column. */
function setUpSkipping() {
  const toQuestion = createElement("button", { type: "button", textContent: t("skip to question") });
  toQuestion.addEventListener("click", () => {
    openView("conversation");
    $("#question textarea")?.focus();
  });
  const toAnswer = createElement("button", { type: "button", textContent: t("skip to answer") });
  toAnswer.addEventListener("click", () => {
    openView("conversation");
    const answer = $$("#conversation .f-answer").at(-1) || $("#f-start");
    if (!answer) return;
    answer.tabIndex = -1;
    answer.scrollIntoView({ block: "start" });
    answer.focus({ preventScroll: true });
  });
  const links = createElement("nav", { id: "f-skip" }, toQuestion, toAnswer);
  links.setAttribute("aria-label", t("keys"));
  document.body.prepend(links);
}

// -- the left column of a narrow page -----------------------------------------------------------------------------------

const isLeftOpen = () => document.body.classList.contains("f-left-open");

function openLeft() {
  document.body.classList.add("f-left-open");
  $("#show-left").setAttribute("aria-expanded", "true");
  $("#left button").focus();
}

/** Close the left column, where it lies over the page, and return whether it did. */
export function closeLeft() {
  if (!isLeftOpen()) return false;
  document.body.classList.remove("f-left-open");
  $("#show-left").setAttribute("aria-expanded", "false");
  return true;
}
