// Owns: the source panel: one source with the cited words marked, and where the keyboard goes when it opens and closes.

import { $, $$, createElement, createSignButton, pageState, requestHtml, t } from "./shared.js";

let column, body, loading, opener;

export function setUpPanel(element) {
  column = element;
  column.setAttribute("role", "complementary");
  column.setAttribute("aria-label", t("source panel"));
  const close = createSignButton("✕", t("close"), { className: "f-close" });
  close.addEventListener("click", () => (coversPage() && history.state?.panel ? history.back() : setPanelOpen(false)));
  body = createElement("div", { id: "f-panel-body", tabIndex: -1 });
  column.append(close, body);
  clearPanel();
}

export function clearPanel() {
  delete body?.dataset.kind;
  body?.replaceChildren(createElement("p", { className: "f-small f-hint", textContent: t("panel empty") }));
}

/** Show or hide the panel. What was opened from a place gives the keyboard back to it. */
export function setPanelOpen(open) {
  const wasOpen = document.body.classList.contains("f-panel-open");
  document.body.classList.toggle("f-panel-open", open);
  if (!open) {
    // What is still on its way would open it again.
    loading?.abort();
    for (const chip of $$("#conversation .f-open-now")) chip.classList.remove("f-open-now");
  }
  if (open && !wasOpen) {
    opener = document.activeElement;
    if (coversPage()) {
      // The keyboard goes on in it, and Back leads out of it.
      body.focus();
      history.pushState({ panel: true }, "", location.href);
    }
  } else if (!open && wasOpen && (column.contains(document.activeElement) || document.activeElement === document.body)) {
    if (opener?.isConnected) opener.focus();
  }
}

const coversPage = () => getComputedStyle(column).position === "fixed";

/** Close the panel where it covers the page, for the browser's Back, and return whether it did. */
export function leavePanel() {
  if (!document.body.classList.contains("f-panel-open") || !coversPage()) return false;
  setPanelOpen(false);
  return true;
}

/** Load a view from a checked route and scroll to the cited words. */
export async function loadIntoPanel(address, open = true) {
  loading?.abort();
  loading = new AbortController();
  const { signal } = loading;
  const started = performance.now();
  // A source may take seconds to come: the click is seen at once.
  if (open) highlightOpenCitation(address);
  try {
    const html = await requestHtml(address, { signal });
    const view = createElement("div");
    // Everything in it was escaped by the server; scripts in it would be stopped by the page's policy.
    view.innerHTML = html;
    const pdf = $(".f-pdf", view);
    const module = pdf ? await import("./pdf.js") : undefined;
    if (signal.aborted) return;
    body.dataset.kind = $("[data-kind]", view)?.dataset.kind || "";
    if (open) setPanelOpen(true);
    // A PDF that is open already keeps its pages: only what is marked changes.
    if (!module?.showMarks(pdf, body)) {
      body.replaceChildren(...view.childNodes);
      if (module) module.openPdf(pdf);
      else scrollToCitedWords();
    }
    if (open) highlightOpenCitation(address);
    body.dataset.ms = Math.round(performance.now() - started);
    body.dataset.from = address;
  } catch (error) {
    if (error.name === "AbortError") return;
    delete body.dataset.kind;
    body.replaceChildren(createElement("p", { className: "f-wrong", role: "alert", textContent: error.message }));
    if (open) setPanelOpen(true);
  }
}

function scrollToCitedWords() {
  const words = $("#cited", body);
  if (words) {
    words.scrollIntoView({ block: "center" });
    words.setAttribute("tabindex", "-1");
  } else body.scrollTop = 0;
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
