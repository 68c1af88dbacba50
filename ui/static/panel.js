// The source panel: the sources of an answer, and one source with the cited words marked.

import { $, $$, ask, element, say, standing } from "./shared.js";

let body, loading;
let zoom = 1;

export function layPanel(column) {
  column.setAttribute("role", "complementary");
  column.setAttribute("aria-label", say("source panel"));
  const close = element("button", { type: "button", className: "f-close", title: say("close"), textContent: "✕" });
  close.setAttribute("aria-label", say("close"));
  close.addEventListener("click", () => showPanel(false));
  body = element("div", { id: "f-panel-body", tabIndex: -1 });
  column.append(close, body);
  column.addEventListener("click", onClick);
  clearPanel();
}

export function clearPanel() {
  body?.replaceChildren(element("p", { className: "f-small f-hint", textContent: say("panel empty") }));
}

export function showPanel(open) {
  document.body.classList.toggle("f-panel-open", open);
}

/** Load a view from a checked route and scroll to the cited words. */
export async function load(address, open = true) {
  loading?.abort();
  loading = new AbortController();
  const started = performance.now();
  try {
    const html = await (await ask(address, { signal: loading.signal })).text();
    // Everything in it was escaped by the server; scripts in it would be stopped by the page's policy.
    body.innerHTML = html;
    if (open) showPanel(true);
    mark(address);
    reveal();
    body.dataset.ms = Math.round(performance.now() - started);
    body.dataset.from = address;
  } catch (error) {
    if (error.name === "AbortError") return;
    body.replaceChildren(element("p", { className: "f-wrong", role: "alert", textContent: error.message }));
    if (open) showPanel(true);
  }
}

function reveal() {
  const words = $("#cited", body);
  const sheet = $(".f-sheet", body);
  if (words) {
    words.scrollIntoView({ block: "center" });
    words.setAttribute("tabindex", "-1");
  } else if (sheet) {
    size();
    $(".f-box", sheet)?.scrollIntoView({ block: "center" });
  } else body.scrollTop = 0;
}

function size() {
  for (const sheet of $$(".f-sheet", body)) sheet.style.width = `${zoom * 100}%`;
}

/** Show in the conversation which citation stands in the panel. */
function mark(address) {
  for (const chip of $$("#conversation .f-open-now")) chip.classList.remove("f-open-now");
  const found = address.match(/\/turns\/([^/]+)\/([cp]\d+)/);
  if (!found) return;
  const name = `${standing().shelf}/${decodeURIComponent(found[1])}`;
  for (const chip of $$("#conversation .f-cite"))
    if (chip.name === name && chip.value === found[2]) chip.classList.add("f-open-now");
}

function onClick(event) {
  const button = event.target.closest("button");
  if (!button || button.disabled) return;
  if (button.dataset.load) load(button.dataset.load);
  else if (button.classList.contains("f-zoom")) {
    zoom = Math.min(4, Math.max(0.5, zoom * (button.value === "in" ? 1.25 : 0.8)));
    size();
  }
}
