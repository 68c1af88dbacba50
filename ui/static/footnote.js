// The page's own script: what Gradio's components cannot do. Citations, their hover quotes, keys, drawers, dialogs.

import { layDocuments, showFilter } from "./documents.js";
import { clearPanel, layPanel, load, showPanel } from "./panel.js";
import { $, $$, ask, askJson, element, language, learnWords, notice, say, standing, tell, whenThere } from "./shared.js";

const address = (name) => {
  const [shelf, turn] = name.split("/");
  return `/i/${encodeURIComponent(shelf).replace("%3A", ":")}/turns/${encodeURIComponent(turn)}`;
};

// -- citations --------------------------------------------------------------------------------------------------------

const hover = element("div", { id: "f-hover", role: "tooltip", hidden: true });

function showQuote(chip) {
  const text = chip.dataset.quote || "";
  const cut = text.indexOf("\n");
  hover.replaceChildren(element("b", { textContent: text.slice(0, cut) }), element("q", { textContent: text.slice(cut + 1) }));
  hover.hidden = false;
  const at = chip.getBoundingClientRect();
  const box = hover.getBoundingClientRect();
  hover.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.width - 8))}px`;
  hover.style.top = at.bottom + box.height + 12 < innerHeight ? `${at.bottom + 6}px` : `${at.top - box.height - 6}px`;
  chip.setAttribute("aria-describedby", "f-hover");
}

const hideQuote = () => (hover.hidden = true);

function moveBetween(step) {
  const chips = $$("#conversation button.f-cite");
  if (!chips.length) return;
  const now = chips.indexOf(document.activeElement);
  const last = chips.findIndex((chip) => chip.name === chips.at(-1).name);
  const next = now < 0 ? last : Math.min(chips.length - 1, Math.max(0, now + step));
  chips[next].focus();
  chips[next].scrollIntoView({ block: "nearest" });
}

// -- what can be done with an answer ----------------------------------------------------------------------------------

async function copy(button) {
  const answer = button.closest(".f-answer");
  const lines = [$(".f-text, .f-abstained-title", answer)?.innerText.trim()];
  for (const chip of $$(".f-references button", answer)) lines.push(chip.innerText.trim());
  await navigator.clipboard.writeText(lines.filter(Boolean).join("\n"));
  notice(say("copied"));
}

function rate(button) {
  const thumb = button.value === "good" ? "up" : "down";
  const note = element("textarea", { rows: 3, maxLength: 4000 });
  note.setAttribute("aria-label", say("note"));
  const send = element("button", { type: "submit", className: "f-primary", textContent: say("send") });
  const form = element("form", {}, element("p", { textContent: say("note") }), note, send);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    await attempt(async () => {
      const said = await askJson(`${address(button.name)}/feedback`, "POST", { thumb, note: note.value });
      for (const other of $$(".f-act-good, .f-act-bad", button.parentElement)) other.classList.toggle("f-chosen", other === button);
      closeDialog();
      notice(said.message);
    });
  });
  openDialog(say(button.value), form);
  note.focus();
}

const acts = {
  copy,
  retry: (button) => tell("again", { turn: button.name.split("/")[1] }),
  edit: (button) => {
    tell("command", { do: "edit", turn: button.name.split("/")[1] });
    $("#question textarea").focus();
  },
  undo: (button) => tell("command", { do: "undo", turn: button.name.split("/")[1] }),
  good: rate,
  bad: rate,
  case: async (button) => notice((await askJson(`${address(button.name)}/case`, "POST", {})).message),
  why: async (button) => {
    const body = element("div", { className: "f-scroll" });
    // Everything in it was escaped by the server.
    body.innerHTML = await (await ask(`${address(button.name)}/why?part=true`)).text();
    openDialog(say("why"), body);
  },
  documents: () => openDrawer("documents"),
};

async function attempt(action) {
  try {
    await action();
  } catch (error) {
    notice(error.message, true);
  }
}

// -- dialogs and drawers ----------------------------------------------------------------------------------------------

let before;

function openDialog(title, content) {
  closeDialog();
  before = document.activeElement;
  const close = element("button", { type: "button", className: "f-close", textContent: "✕", title: say("close") });
  close.setAttribute("aria-label", say("close"));
  close.addEventListener("click", closeDialog);
  const dialog = element("dialog", { id: "f-dialog" }, element("h2", { textContent: title }), close, content);
  dialog.setAttribute("aria-label", title);
  dialog.addEventListener("close", closeDialog);
  document.body.append(dialog);
  dialog.showModal();
}

function closeDialog() {
  const dialog = $("#f-dialog");
  if (!dialog) return;
  dialog.remove();
  before?.focus?.();
}

export function openDrawer(name) {
  const now = document.body.dataset.drawer === name ? "" : name;
  document.body.dataset.drawer = now;
  for (const drawer of ["documents", "settings", "left"])
    $(`#show-${drawer}`)?.setAttribute("aria-expanded", String(drawer === now));
  if (now) {
    $(`#${now} .f-close`)?.focus();
    if (now === "documents") $("#documents").dispatchEvent(new Event("f-open"));
  }
}

function closeDrawer() {
  const was = document.body.dataset.drawer;
  document.body.dataset.drawer = "";
  if (was) $(`#show-${was}`)?.focus();
  return Boolean(was);
}

function closeMenu() {
  const menu = $(".f-menu[open]");
  if (!menu) return false;
  menu.open = false;
  $("summary", menu).focus();
  return true;
}

function layDrawer(column, name) {
  column.setAttribute("role", "dialog");
  column.setAttribute("aria-label", say(name));
  const close = element("button", { type: "button", className: "f-close", textContent: "✕", title: say("close") });
  close.setAttribute("aria-label", say("close"));
  close.addEventListener("click", closeDrawer);
  column.prepend(close);
}

// -- keys -------------------------------------------------------------------------------------------------------------

function onKey(event) {
  const typing = event.target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    if ($("#f-dialog") || closeMenu() || closeDrawer()) return;
    if (!hover.hidden) hideQuote();
    const stop = $("#question .stop-button");
    if (stop) stop.click();
    else showPanel(false);
  } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    $("#question textarea")?.focus();
  } else if (event.key.startsWith("Arrow") && !$("#f-dialog")) {
    const chip = event.target.closest?.("button.f-cite");
    const free = !typing && ["ArrowLeft", "ArrowRight"].includes(event.key) && event.target === document.body;
    if (!chip && !free) return;
    event.preventDefault();
    moveBetween(["ArrowRight", "ArrowDown"].includes(event.key) ? 1 : -1);
  }
}

// -- following the page -----------------------------------------------------------------------------------------------

/** What the sanitiser let through gets what it did not: names for a screen reader, and the quote of a citation. */
function dress() {
  for (const chip of $$("#conversation button.f-cite[title]")) {
    chip.dataset.quote = chip.title;
    chip.removeAttribute("title");
    const place = chip.dataset.quote.split("\n")[0];
    chip.setAttribute("aria-label", say("citation", { number: chip.value.slice(1), place }));
  }
  for (const act of $$("#conversation button.f-act:not([aria-label])")) act.setAttribute("aria-label", act.title);
  // Gradio names each message by its whole markup.
  for (const message of $$("#conversation [data-testid=bot][aria-label], #conversation [data-testid=user][aria-label]"))
    message.removeAttribute("aria-label");
}

let shown = "";

function follow() {
  const now = standing();
  document.body.classList.toggle("f-busy", now.busy);
  if (JSON.stringify(now) === shown) return;
  const then = shown ? JSON.parse(shown) : {};
  shown = JSON.stringify(now);
  if (now.conversation !== then.conversation || now.shelf !== then.shelf) {
    const hash = now.conversation ? `#${now.shelf}/${now.conversation}` : " ";
    if (then.shelf !== undefined) history.replaceState(null, "", hash);
    if (matchMedia("(max-width: 1100px)").matches && document.body.dataset.drawer === "left") closeDrawer();
  }
  if (now.turn !== then.turn || now.conversation !== then.conversation) {
    if (now.turn) load(`${address(`${now.shelf}/${now.turn}`)}/sources`, false);
    else if (!now.busy) clearPanel();
  }
  showFilter(now);
}

function restore() {
  const [shelf, conversation] = decodeURIComponent(location.hash.slice(1)).split("/");
  if (shelf && conversation) tell("command", { do: "open", shelf, conversation });
}

async function start() {
  await learnWords();
  document.documentElement.lang = language();
  document.body.append(hover);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", onChange);
  document.addEventListener("click", (event) => {
    for (const menu of $$(".f-menu[open]")) if (!menu.contains(event.target) || event.target.closest("a, button")) menu.open = false;
    const button = event.target.closest("button");
    if (!button) return;
    if (button.matches(".f-press")) {
      $(`#${button.value}`).click();
      if (button.value === "rename") whenThere("#name :is(input, textarea)", (field) => field.focus());
    }
    else if (button.matches(".f-cite, .f-open") && button.name) {
      // The panel says it better.
      hideQuote();
      load(`${address(button.name)}/${button.value}`);
    }
    else if (button.matches(".f-act, .f-act-documents")) attempt(() => acts[button.value](button));
    else if (button.id.startsWith("show-")) openDrawer(button.id.slice(5));
  });
  for (const [on, off] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(on, (event) => event.target.closest?.("button.f-cite[data-quote]") && showQuote(event.target.closest("button.f-cite")));
    document.addEventListener(off, (event) => event.target.closest?.("button.f-cite") && hideQuote());
  }
  whenThere("#panel", layPanel);
  whenThere("#documents", (column) => {
    layDrawer(column, "documents");
    layDocuments(column);
  });
  whenThere("#conversation", (box) => {
    new MutationObserver(dress).observe(box, { childList: true, subtree: true });
    dress();
  });
  whenThere("#beacon i", () => {
    follow();
    restore();
    laySettings($("#settings"));
    new MutationObserver(follow).observe($("#beacon"), { childList: true, subtree: true, attributes: true });
    document.body.classList.add("f-ready");
  });
}

/** The two settings that belong to the browser, and the way out. */
function laySettings(column) {
  layDrawer(column, "settings");
  const appearance = localStorage.getItem("footnote-appearance") || "system";
  whenThere(`#appearance input[value=${appearance}]`, (choice) => choice.checked || choice.click());
  if (!standing().user) return;
  const leave = element("button", { type: "submit", textContent: say("sign out") });
  column.append(element("form", { method: "post", action: "/sign-out" }, leave));
}

function onChange(event) {
  const choice = event.target;
  if (choice.closest?.("#appearance")) {
    localStorage.setItem("footnote-appearance", choice.value);
    window.footnoteAppearance();
  } else if (choice.closest?.("#language")) {
    document.cookie = `language=${choice.value}; path=/; max-age=31536000; samesite=strict`;
    location.assign((choice.value === "en" ? "/" : `/${choice.value}/`) + location.hash);
  }
}

start();
