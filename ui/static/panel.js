// Owns: the source panel: the sources of an answer, and one source with the cited words marked.

import { $, $$, createElement, createSignButton, pageState, requestHtml, t } from "./shared.js";

let body, loading;
let zoom = 1;

export function setUpPanel(column) {
  column.setAttribute("role", "complementary");
  column.setAttribute("aria-label", t("source panel"));
  const close = createSignButton("✕", t("close"), { className: "f-close" });
  close.addEventListener("click", () => setPanelOpen(false));
  body = createElement("div", { id: "f-panel-body", tabIndex: -1 });
  column.append(close, body);
  column.addEventListener("click", onClick);
  clearPanel();
}

export function clearPanel() {
  body?.replaceChildren(createElement("p", { className: "f-small f-hint", textContent: t("panel empty") }));
}

/** On a narrow page the panel lies over the conversation, and can be closed. */
export function setPanelOpen(open) {
  document.body.classList.toggle("f-panel-open", open);
}

/** Load a view from a checked route and scroll to the cited words. */
export async function loadIntoPanel(address, open = true) {
  loading?.abort();
  loading = new AbortController();
  const started = performance.now();
  try {
    const html = await requestHtml(address, { signal: loading.signal });
    // Everything in it was escaped by the server; scripts in it would be stopped by the page's policy.
    body.innerHTML = html;
    if (open) setPanelOpen(true);
    highlightOpenCitation(address);
    scrollToCitedWords();
    body.dataset.ms = Math.round(performance.now() - started);
    body.dataset.from = address;
  } catch (error) {
    if (error.name === "AbortError") return;
    body.replaceChildren(createElement("p", { className: "f-wrong", role: "alert", textContent: error.message }));
    if (open) setPanelOpen(true);
  }
}

function scrollToCitedWords() {
  const words = $("#cited", body);
  const sheet = $(".f-sheet", body);
  if (words) {
    words.scrollIntoView({ block: "center" });
    words.setAttribute("tabindex", "-1");
  } else if (sheet) {
    applyZoom();
    $(".f-box", sheet)?.scrollIntoView({ block: "center" });
  } else body.scrollTop = 0;
}

function applyZoom() {
  for (const sheet of $$(".f-sheet", body)) sheet.style.width = `${zoom * 100}%`;
}

/** Show in the conversation which citation is open in the panel. */
function highlightOpenCitation(address) {
  for (const chip of $$("#conversation .f-open-now")) chip.classList.remove("f-open-now");
  const match = address.match(/\/turns\/([^/]+)\/([cpx]\d+)/);
  if (!match) return;
  const [, turnId, sourceKey] = match;
  const name = `${pageState().workspace}/${decodeURIComponent(turnId)}`;
  for (const chip of $$("#conversation :is(.f-cite, .f-open)"))
    if (chip.name === name && chip.value === sourceKey) chip.classList.add("f-open-now");
}

function onClick(event) {
  const button = event.target.closest("button");
  if (!button || button.disabled) return;
  if (button.dataset.load) loadIntoPanel(button.dataset.load);
  else if (button.classList.contains("f-zoom")) {
    zoom = Math.min(4, Math.max(0.5, zoom * (button.value === "in" ? 1.25 : 0.8)));
    applyZoom();
  }
}
