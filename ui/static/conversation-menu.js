// Owns: what can be done with a conversation, and with all of them: the menu, renaming in place, sharing, files.

import { closeDialog, openDialog } from "./dialogs.js";
import { refreshList, rowOf } from "./history.js";
import {
  $, $$, createElement, hideNotice, pageState, request, requestHtml, requestJson, sendCommand, showError, showFailure,
  showNotice, t, workspaceAddress,
} from "./shared.js";

const FORMATS = ["md", "html", "docx", "pdf"];

const addressOf = (id) => `${workspaceAddress(pageState().workspace)}/conversations/${encodeURIComponent(id)}`;

// -- the menu ---------------------------------------------------------------------------------------------------------

// The button that a menu was opened from, and, where it stands in a row of the list, the conversation of that row.
let openedFrom, openedOf;

/** Open a menu beside a button; an item is `[words, action, class]`. One is open at a time. */
function openMenu(button, label, items) {
  closePopup();
  openedFrom = button;
  openedOf = button.closest(".f-talk")?.dataset.id;
  const menu = createElement("div", { id: "f-popup", role: "menu" });
  menu.setAttribute("aria-label", label);
  for (const item of items) {
    if (!item) {
      menu.append(createElement("hr"));
      continue;
    }
    const [words, action, className = ""] = item;
    const choice = createElement("button", { type: "button", role: "menuitem", textContent: words, className, tabIndex: -1 });
    choice.addEventListener("click", () => {
      closePopup();
      action();
    });
    menu.append(choice);
  }
  menu.addEventListener("keydown", onMenuKey);
  document.body.append(menu);
  button.setAttribute("aria-expanded", "true");
  const at = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(at.left, innerWidth - width - 8))}px`;
  menu.style.top = `${at.bottom + height + 12 > innerHeight ? Math.max(8, at.top - height - 4) : at.bottom + 4}px`;
  $("button", menu).focus();
  setTimeout(() => document.addEventListener("pointerdown", closeAtPointer));
}

function onMenuKey(event) {
  const choices = $$("button", event.currentTarget);
  const at = choices.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + choices.length, Home: 0, End: choices.length - 1 }[event.key];
  if (to !== undefined) choices[to % choices.length].focus();
  else if (event.key === "Escape" || event.key === "Tab") closePopup();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function closeAtPointer(event) {
  if (!event.target.closest("#f-popup")) closePopup();
}

function closePopup() {
  document.removeEventListener("pointerdown", closeAtPointer);
  const menu = $("#f-popup");
  if (!menu) return;
  const had = menu.contains(document.activeElement);
  menu.remove();
  openedFrom?.setAttribute("aria-expanded", "false");
  if (!had) return;
  // The list may have been loaded again meanwhile.
  if (openedFrom?.isConnected) openedFrom.focus();
  else rowOf(openedOf || "")?.querySelector(".f-talk-more").focus();
}

/** Open the menu of a conversation; `place` is where its title stands. */
export function openConversationMenu(button, head, place) {
  const change = (values, words) => changePlace(head, values, words);
  openMenu(button, t("more for", { title: head.title }), [
    [t("rename"), () => renameInPlace(head, place)],
    [t(head.pinned ? "unpin" : "pin"), () => change({ pinned: !head.pinned })],
    [t(head.archived ? "from archive" : "to archive"), () =>
      change({ archived: !head.archived }, head.archived ? "" : t("in archive now"))],
    [head.shared ? `${t("share")} (${t("shared").toLowerCase()})` : t("share"), () => openSharing(head)],
    [`${t("export")} …`, () =>
      openMenu(button, t("export"), FORMATS.map((ending) => [t(`export ${ending}`), () => save(`${addressOf(head.id)}.${ending}`)]))],
    null,
    [t("delete"), () => removeConversation(head), "f-danger"],
  ]);
}

/** Open the menu of all conversations. */
export function openAllMenu(button, address, afterImport) {
  openMenu(button, t("more of all"), [
    [t("export all"), () => save(`${address}.zip`)],
    [t("import"), () => importFile(address, afterImport)],
  ]);
}

// -- its place in the list --------------------------------------------------------------------------------------------

async function changePlace(head, values, words = "") {
  await showFailure(async () => {
    await requestJson(addressOf(head.id), "PATCH", values);
    await refreshList();
    if (!words) return;
    const before = Object.fromEntries(Object.keys(values).map((name) => [name, head[name]]));
    showNotice(words, false, undoButton(() => changePlace(head, before)));
  });
}

/** Take a conversation away, its answer stopped; it can be brought back. */
export async function removeConversation(head) {
  const row = rowOf(head.id);
  const neighbour = row?.nextElementSibling || row?.previousElementSibling;
  const { conversation, workspace } = pageState();
  await showFailure(async () => {
    await requestJson(addressOf(head.id), "DELETE");
    const wasOpen = head.id === conversation;
    if (wasOpen) sendCommand({ do: "open", conversation: "" });
    await refreshList();
    (rowOf(neighbour?.dataset.id || "")?.querySelector(".f-talk-open") || $("#search")).focus();
    const restore = async () => {
      await requestJson(`${workspaceAddress(workspace)}/conversations/${encodeURIComponent(head.id)}/restore`, "POST", {});
      if (wasOpen) sendCommand({ do: "open", workspace, conversation: head.id });
      await refreshList();
    };
    showNotice(t("deleted"), false, undoButton(restore));
  });
}

function undoButton(action) {
  const undo = createElement("button", { type: "button", textContent: t("undo") });
  undo.addEventListener("click", () => {
    hideNotice();
    showFailure(action);
  });
  return undo;
}

/** Turn a title into a field: Enter or leaving it keeps what stands there, Esc does not. */
export function renameInPlace(head, place) {
  // The list may have been loaded again since the menu was opened.
  const title = $(".f-talk-open, .f-title", place.isConnected ? place : rowOf(head.id) || place);
  const field = createElement("input", { type: "text", className: "f-rename", value: head.title, maxLength: 120 });
  field.setAttribute("aria-label", t("name"));
  let over = false;
  const end = async (keep) => {
    if (over) return;
    over = true;
    const words = field.value.trim();
    const hadFocus = document.activeElement === field;
    field.replaceWith(title);
    if (hadFocus) title.focus?.();
    // While a name is written, the list is not loaded.
    if (!keep || !words || words === head.title) return void refreshList();
    await showFailure(async () => {
      await requestJson(addressOf(head.id), "PATCH", { title: words });
      if (head.id === pageState().conversation) sendCommand({ do: "refresh" });
      await refreshList();
    });
  };
  field.addEventListener("keydown", (event) => {
    if (!["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    end(event.key === "Enter");
  });
  field.addEventListener("blur", () => end(true));
  title.replaceWith(field);
  field.focus();
  field.select();
}

// -- sharing ----------------------------------------------------------------------------------------------------------

async function openSharing(head) {
  const address = `${addressOf(head.id)}/share`;
  const body = createElement("div");
  const show = async (options, words = "") => {
    // Everything in it was escaped by the server, which knows the path of the link; the page knows the rest.
    body.innerHTML = await requestHtml(address, options);
    const link = $("input", body);
    if (link) link.value = location.origin + link.dataset.path;
    if (words) showNotice(words);
    ($(".f-primary", body) || body).focus();
  };
  const copy = async () => {
    const link = $("input", body);
    link.select();
    // Over plain HTTP a browser lets no script copy, but for what is selected.
    await (navigator.clipboard ? navigator.clipboard.writeText(link.value) : document.execCommand("copy"));
    showNotice(t("link copied"));
  };
  const acts = {
    share: async () => {
      await show({ method: "POST", body: "{}", headers: { "Content-Type": "application/json" } });
      // A browser may refuse to copy this long after the click; the button to copy then has the focus.
      await copy().catch(() => {});
      await refreshList();
    },
    update: () => show({ method: "POST", body: "{}", headers: { "Content-Type": "application/json" } }, t("link updated")),
    copy,
    stop: async () => {
      await requestJson(address, "DELETE");
      closeDialog();
      showNotice(t("shared no longer"));
      await refreshList();
    },
  };
  body.addEventListener("click", (event) => {
    const act = acts[event.target.closest("button")?.value];
    if (act) showFailure(act);
  });
  await showFailure(async () => {
    openDialog(t("share title"), body);
    await show();
  });
}

// -- files ------------------------------------------------------------------------------------------------------------

/** Save what an address gives; what the server refuses is told. */
async function save(address) {
  await showFailure(async () => {
    const response = await request(address);
    const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") || "")?.[1] || "footnote";
    const link = createElement("a", { href: URL.createObjectURL(await response.blob()), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  });
}

function importFile(address, after) {
  const chooser = createElement("input", { type: "file", accept: ".zip,.json", hidden: true, id: "talks-file" });
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    chooser.remove();
    if (!file) return;
    try {
      const response = await request(`${address}/import`, { method: "POST", body: file });
      showNotice((await response.json()).message);
      await after();
    } catch (error) {
      showError(error);
    }
  });
  document.body.append(chooser);
  chooser.click();
}
