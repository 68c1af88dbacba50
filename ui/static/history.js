// Owns: the list of conversations in the left column: its pages, searching it, its keys, and what is being answered or
// was answered unseen. What can be done with a conversation stands in conversation-menu.js.

import { openAllMenu, openConversationMenu, removeConversation, renameInPlace } from "./conversation-menu.js";
import { rovingFocus } from "./keyboard.js";
import { focusQuestion } from "./question.js";
import {
  $, $$, announce, createElement, createSignButton, pageState, request, requestJson, sendCommand, showFailure, t,
  whenPresent, workspaceAddress,
} from "./shared.js";
import { openView } from "./views.js";

// Milliseconds: after the last key of a search; between two looks after answers in other conversations.
const SEARCH_AFTER = 160;
const LOOK_AFTER = 1500;
const PROGRAM = "Footnote";

let column, list, field, roving, archiveButton;
let archiveOpen = false;
let loading;
// Of this tab alone: conversations whose answer was left behind, and those that were answered unseen, by their ids.
const answering = new Map();
const unread = new Set();

const listAddress = (workspace = pageState().workspace) => `${workspaceAddress(workspace)}/conversations`;

export function setUpHistory(host) {
  column = host;
  field = createElement("input", { type: "search", id: "search", placeholder: t("search conversations"), maxLength: 200 });
  field.setAttribute("aria-label", t("search conversations"));
  const more = createSignButton("⋯", t("more of all"), { id: "talks-all" });
  more.setAttribute("aria-haspopup", "menu");
  more.addEventListener("click", () => openAllMenu(more, listAddress(), refreshList));
  list = createElement("div", { id: "conversations" });
  list.setAttribute("role", "group");
  list.setAttribute("aria-label", t("conversations"));
  column.append(createElement("div", { id: "talks-head" }, field, more), list);
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refreshList, SEARCH_AFTER);
  });
  field.addEventListener("keydown", onSearchKey);
  list.addEventListener("click", onClick);
  list.addEventListener("contextmenu", onContextMenu);
  list.addEventListener("keydown", onKey);
  roving = rovingFocus(list, ".f-talk-open");
  setInterval(lookAfterOthers, LOOK_AFTER);
  whenPresent("#new", (button) =>
    button.addEventListener("click", () => {
      showConversation("");
      // On a touch screen the keyboard would cover what may be asked.
      if (matchMedia("(pointer: fine)").matches) focusQuestion();
    }),
  );
}

// -- the list ---------------------------------------------------------------------------------------------------------

/** Load the list again, as far as it was shown. */
export async function refreshList() {
  loading?.abort();
  loading = new AbortController();
  const { signal } = loading;
  await showFailure(async () => {
    const search = field.value.trim();
    const fragment = document.createDocumentFragment();
    try {
      if (search) await append(fragment, { search }, signal);
      else {
        const response = await append(fragment, { rows: $$(".f-talk", list).length }, signal);
        const archived = Number(response.headers.get("Footnote-Archived"));
        if (!fragment.childElementCount && !archived)
          fragment.append(createElement("p", { className: "f-talks-none", textContent: t("no conversations") }));
        if (archived) await appendArchive(fragment, archived, signal);
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      throw error;
    }
    // A name that is being written stays; the list is loaded again after it.
    if ($(".f-rename", list)) return;
    const focused = list.contains(document.activeElement) ? document.activeElement.closest(".f-talk")?.dataset.id : "";
    const part = document.activeElement.matches(".f-talk-more") ? ".f-talk-more" : ".f-talk-open";
    const { scrollTop } = list;
    list.replaceChildren(fragment);
    list.scrollTop = search ? 0 : scrollTop;
    showSigns();
    if (focused) rowOf(focused)?.querySelector(part).focus({ preventScroll: true });
    if (search) announce($(".f-talks-day, .f-talks-none", list).textContent);
    watchEnd();
  });
}

/** Append a page of the list from the server, where every word in it was escaped; return the response. */
async function append(parent, parameters, signal) {
  const minutes = -new Date().getTimezoneOffset();
  const query = new URLSearchParams({ minutes, ...parameters });
  const response = await request(`${listAddress()}?${query}`, { signal });
  const template = document.createElement("template");
  template.innerHTML = await response.text();
  parent.append(template.content);
  return response;
}

const nextPage = (parent) => parent.querySelector(".f-talks-next");

async function appendArchive(parent, count, signal) {
  const next = nextPage(parent);
  archiveButton = createElement("button", { type: "button", id: "talks-archive", textContent: `${t("archive")} (${count})` });
  archiveButton.setAttribute("aria-expanded", String(archiveOpen));
  const rows = createElement("div", { id: "talks-archived", hidden: !archiveOpen });
  if (archiveOpen) await append(rows, { archived: true }, signal);
  // The archive stands at the end of the list, whose pages are put before it.
  parent.append(...(next ? [next] : []), archiveButton, rows);
}

/** Load the next page once its place comes into view. */
function watchEnd() {
  const next = nextPage(list);
  if (!next) return;
  const observer = new IntersectionObserver(async (entries) => {
    // Several may come at once; the last is how it stands.
    if (!entries.at(-1).isIntersecting) return;
    observer.disconnect();
    const page = document.createDocumentFragment();
    const archived = Boolean(next.closest("#talks-archived"));
    await showFailure(async () => {
      await append(page, { archived, offset: next.dataset.offset });
      next.replaceWith(page);
      showSigns();
      watchEnd();
    });
  }, { root: list, rootMargin: "400px" });
  observer.observe(next);
}

export const rowOf = (id) => $(`.f-talk[data-id="${CSS.escape(id)}"]`, list);

/** Mark the open conversation, those that are being answered, and those with an answer that was not seen. */
function showSigns() {
  const { conversation, busy } = pageState();
  for (const row of $$(".f-talk", list)) {
    const { id } = row.dataset;
    const open = $(".f-talk-open", row);
    const sign = answering.has(id) || (busy && id === conversation) ? "answering" : unread.has(id) ? "unread" : "";
    if (id === conversation) open.setAttribute("aria-current", "true");
    else open.removeAttribute("aria-current");
    row.dataset.sign = sign;
    const words = { answering: t("being answered"), unread: t("unread"), "": "" }[sign];
    open.setAttribute("aria-description", words);
  }
  roving.refresh();
}

// -- following the page -----------------------------------------------------------------------------------------------

/** Follow the state that the server sent: the list, the title of the page, and what was left while it was answered. */
export function followHistory(state, previous) {
  if (!column) return;
  const moved = state.conversation !== previous.conversation || state.workspace !== previous.workspace;
  if (moved && previous.busy && previous.conversation && state.workspace === previous.workspace)
    answering.set(previous.conversation, previous.title);
  if (state.workspace !== previous.workspace) {
    answering.clear();
    unread.clear();
  }
  answering.delete(state.conversation);
  unread.delete(state.conversation);
  if (moved || state.title !== previous.title || state.turn !== previous.turn || state.busy !== previous.busy) {
    // Another conversation that was opened is in the list already.
    if (moved && rowOf(state.conversation) && !previous.busy && !state.busy) showSigns();
    else refreshList();
  }
  showTitle(state);
}

function showTitle({ title, busy, conversation }) {
  const sign = busy ? "(…) " : "";
  document.title = sign + [title, PROGRAM].filter(Boolean).join(" · ");
  const place = $("#title");
  if (!place || place.dataset.shown === `${conversation}/${title}`) return;
  place.dataset.shown = `${conversation}/${title}`;
  if (!conversation) return place.replaceChildren();
  const more = createSignButton("⋯", t("more for", { title }), { className: "f-title-more" });
  more.setAttribute("aria-haspopup", "menu");
  more.addEventListener("click", () => openConversationMenu(more, headOf(conversation), place));
  const words = createElement("div", { className: "f-title", textContent: title, title });
  place.replaceChildren(createElement("div", { className: "f-head-title" }, words, more));
}

/** What is known of a conversation: by its row, else, where it is open and the list does not show it, by its title. */
function headOf(id) {
  const state = pageState();
  const { title = state.title, pinned = "", archived = "", shared = "" } = rowOf(id)?.dataset || {};
  return { id, title, pinned: Boolean(pinned), archived: Boolean(archived), shared: Boolean(shared) };
}

/** Ask whether what was left while it was answered has its answer by now. */
async function lookAfterOthers() {
  if (!answering.size) return;
  try {
    const ids = [...answering.keys()].join(",");
    const found = await requestJson(`${listAddress()}/answering?${new URLSearchParams({ ids })}`);
    for (const [id, title] of answering) {
      if (found.answering.includes(id)) continue;
      answering.delete(id);
      unread.add(id);
      announce(t("answered elsewhere", { title }));
      showSigns();
    }
  } catch {
    // The server is looked after again soon.
  }
}

// -- what a person does -----------------------------------------------------------------------------------------------

/** Go to the conversations, where one will be open; return whether it is already. */
function showConversation(id) {
  const isOpen = id === pageState().conversation;
  // Another conversation brings its own address.
  openView("conversation", { push: isOpen });
  return isOpen;
}

function openConversation(id) {
  const isOpen = showConversation(id);
  unread.delete(id);
  if (isOpen) showSigns();
  else sendCommand({ do: "open", conversation: id });
}

function onClick(event) {
  const row = event.target.closest(".f-talk");
  if (event.target.closest("#talks-archive")) {
    archiveOpen = !archiveOpen;
    refreshList().then(() => $("#talks-archive")?.focus());
  } else if (event.target.closest(".f-talk-more")) {
    openConversationMenu(event.target.closest(".f-talk-more"), headOf(row.dataset.id), row);
  } else if (event.target.closest(".f-talk-open")) openConversation(row.dataset.id);
}

function onContextMenu(event) {
  const row = event.target.closest(".f-talk");
  if (!row) return;
  event.preventDefault();
  openConversationMenu($(".f-talk-more", row), headOf(row.dataset.id), row);
}

function onKey(event) {
  const row = event.target.closest(".f-talk");
  if (!row || event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  const onMore = event.target.matches(".f-talk-more");
  if (event.key === "ArrowRight" && !onMore) $(".f-talk-more", row).focus();
  else if (event.key === "ArrowLeft" && onMore) $(".f-talk-open", row).focus();
  else if (event.key === "F2") renameInPlace(headOf(row.dataset.id), row);
  else if (event.key === "Delete") removeConversation(headOf(row.dataset.id));
  else return;
  event.preventDefault();
}

function onSearchKey(event) {
  if (event.key === "ArrowDown") {
    event.preventDefault();
    $(".f-talk-open", list)?.focus();
  } else if (event.key === "Escape" && field.value) {
    event.preventDefault();
    field.value = "";
    refreshList();
  }
}
