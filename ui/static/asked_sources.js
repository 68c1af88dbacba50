// Owns: keeping questions to some documents or folders: the chips above the question, and what a tab remembers of it.

import { $, createElement, createSignButton, inDigits, pageState, sendCommand, t } from "./shared.js";
import { focusQuestion } from "./question.js";
import { openView } from "./views.js";

const KEY = "footnote-sources";

/**
 * Keep questions to a choice: `{sources}` are names, and folders with a slash at their end; `{match, except}` are all
 * that a search of the list finds. An empty choice asks about all documents.
 */
export function askOnly(choice) {
  sessionStorage.setItem(KEY, JSON.stringify({ workspace: pageState().workspace, choice }));
  sendCommand({ do: "only", ...choice });
}

/** Keep questions to a choice, and go to the question. */
export function askAbout(choice) {
  askOnly(choice);
  openView("conversation");
  focusQuestion();
}

/** What this tab keeps questions to in a workspace, as `askOnly` takes it; undefined for all documents. */
export function rememberedChoice(workspace) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY));
    const isSome = kept?.choice?.match || kept?.choice?.sources?.length;
    return kept?.workspace === workspace && isSome ? kept.choice : undefined;
  } catch {
    return undefined;
  }
}

/** Show above the question which documents it is kept to; each can be taken away. */
export function showAskedSources({ workspace, only }) {
  const question = $("#question");
  if (!question) return;
  let row = $("#f-only");
  if (!row) {
    row = createElement("div", { id: "f-only", role: "group" });
    row.setAttribute("aria-label", t("ask only"));
    question.before(row);
  }
  if (!only?.length) {
    row.replaceChildren();
    return;
  }
  const chips = only.map((part) => createChip(part, workspace));
  row.replaceChildren(createElement("span", { className: "f-only-word", textContent: `${t("ask only")}:` }), ...chips);
}

function createChip({ value, label, count }, workspace) {
  const documents = count === 1 ? t("one document") : t("several documents", { count: inDigits(count) });
  const words = [label, count ? documents : ""].filter(Boolean).join(" · ");
  const remove = createSignButton("✕", t("ask not", { name: words }));
  remove.addEventListener("click", () => {
    const { sources = [] } = rememberedChoice(workspace) || {};
    // Many documents are one chip without a name of its own.
    const isOf = (source) => (value ? source === value : !source.endsWith("/"));
    askOnly({ sources: sources.filter((source) => !isOf(source)) });
    focusQuestion();
  });
  return createElement("span", { className: "f-chip", title: value || words }, createElement("span", { textContent: words }), remove);
}
