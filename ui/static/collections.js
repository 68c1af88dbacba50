// Owns: the name of the open collection at the top of the left column, and its menu: to switch, make, rename, delete a
// collection and bring one back.

import { rovingFocus } from "./keyboard.js";
import {
  $, $$, announce, createElement, createSignButton, hideNotice, inDigits, pageState, requestJson, sendCommand,
  showError, showFailure, showNotice, t, whenPresent, workspaceAddress,
} from "./shared.js";
import { openView } from "./views.js";

// So many collections are found faster by typing than by looking.
const MANY = 7;

let toggle, menu, roving;
// The collection that this tab deletes itself, so that it does not say that it is gone.
let leaving = "";

const open = () => pageState().workspaces.find((one) => one.id === pageState().workspace);
const numberOf = (count) => (count === 1 ? t("one document") : t("several documents", { count: inDigits(count) }));

export function setUpCollections() {
  whenPresent("#collection", (column) => {
    const name = createElement("span", { className: "f-collection-name" });
    const count = createElement("small", { className: "f-collection-count" });
    // Read out before the name.
    const what = createElement("span", { className: "f-collection-what", textContent: `${t("collection")}: ` });
    toggle = createElement("button", { type: "button", id: "f-collection" }, what, name, count);
    toggle.setAttribute("aria-haspopup", "true");
    toggle.setAttribute("aria-expanded", "false");
    toggle.addEventListener("click", () => (menu ? closeCollections() : showMenu()));
    toggle.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowDown" || menu) return;
      event.preventDefault();
      showMenu();
    });
    column.append(toggle);
    document.body.append(createElement("div", { id: "f-where" }, createElement("span")));
    // The left column says it, too.
    $("#f-where").setAttribute("aria-hidden", "true");
    showCollection(pageState());
  });
  document.addEventListener("pointerdown", (event) => {
    if (menu && !$("#collection").contains(event.target)) closeCollections(false);
  });
  // Another tab may have renamed or deleted the collection meanwhile.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && !pageState().busy) sendCommand({ do: "refresh" });
  });
}

/** Show which collection is open; where it was deleted elsewhere, say so and open another. */
export function showCollection({ workspace, workspaces, documents }) {
  if (!toggle || !workspaces.length) return;
  const shown = open();
  if (!shown) {
    if (workspace && workspace !== leaving) {
      showNotice(t("collection gone"));
      openCollection(workspaces[0].id);
    }
    return;
  }
  $(".f-collection-name", toggle).textContent = shown.name;
  $(".f-collection-count", toggle).textContent = shown.shared
    ? `${numberOf(documents)} · ${t("shared by all")}`
    : numberOf(documents);
  toggle.title = $("#f-where span").textContent = shown.name;
}

/** Close the menu, and return whether it was open. */
export function closeCollections(focus = true) {
  if (!menu) return false;
  menu.remove();
  menu = undefined;
  toggle.setAttribute("aria-expanded", "false");
  if (focus) toggle.focus();
  return true;
}

function openCollection(id) {
  openView("conversation", { push: false });
  sendCommand({ do: "open", workspace: id, conversation: "", sources: [] });
}

// -- the menu ---------------------------------------------------------------------------------------------------------

async function showMenu() {
  // What is known at once stands there at once; sizes and what was deleted come a moment later.
  drawMenu(pageState().workspaces, []);
  focusFirst();
  try {
    const { workspaces, deleted } = await requestJson("/i/workspaces");
    if (!menu || $(".f-collection-form", menu)) return;
    const focused = document.activeElement?.value;
    const find = $(".f-collection-find", menu);
    const typed = document.activeElement === find ? find?.value : "";
    drawMenu(workspaces, deleted);
    const again = $$("button", menu).find((button) => focused && button.value === focused);
    if (again) again.focus();
    else focusFirst();
    if (typed) {
      $(".f-collection-find", menu).value = typed;
      filter(typed);
    }
  } catch (error) {
    showError(error);
  }
}

function focusFirst() {
  ($(".f-collection-find", menu) || $(".f-collection-list [aria-current=true]", menu) || $("button", menu))?.focus();
}

function drawMenu(workspaces, deleted) {
  const current = pageState().workspace;
  const shown = workspaces.find((one) => one.id === current);
  const list = createElement("ul", { className: "f-collection-list" }, ...workspaces.map((one) => createRow(one, current)));
  list.setAttribute("aria-label", t("collections"));
  const parts = [list, createAction("new", t("new collection"), startNew)];
  if (workspaces.length > MANY) parts.unshift(createFind());
  if (shown?.writable && !shown.shared) {
    parts.push(createElement("hr"), createAction("rename", t("rename collection"), () => startRename(shown)));
    if (workspaces.length > 1) {
      const remove = createAction("delete", t("delete collection"), () => deleteCollection(shown));
      remove.append(createElement("small", { textContent: t("delete collection more") }));
      parts.push(remove);
    }
    if (shown.folder && shown.folder !== shown.name)
      parts.push(createElement("p", { className: "f-collection-note", textContent: t("command line name", shown) }));
  }
  if (deleted.length) {
    parts.push(createElement("hr"), createElement("p", { className: "f-collection-note", textContent: t("recently deleted") }));
    for (const one of deleted.slice(0, 5)) {
      const back = createAction(`back ${one.id}`, one.name, () => bringBack(one.id, one.name));
      back.append(createElement("small", { textContent: t("bring back") }));
      parts.push(back);
    }
  }
  if (!menu) {
    menu = createElement("div", { id: "f-collection-menu", role: "group" });
    menu.setAttribute("aria-label", t("collections"));
    menu.addEventListener("focusout", (event) => {
      if (menu && event.relatedTarget && !$("#collection").contains(event.relatedTarget)) closeCollections(false);
    });
    $("#collection").append(menu);
    toggle.setAttribute("aria-expanded", "true");
    roving = rovingFocus(menu, "button:not(.f-collection-plain)");
  }
  menu.replaceChildren(...parts);
  roving.refresh();
}

function createRow({ id, name, shared, documents }, current) {
  const button = createElement(
    "button",
    { type: "button", value: id, title: name },
    createElement("span", { textContent: name }),
  );
  if (documents !== undefined && documents !== null)
    button.append(createElement("small", { textContent: shared ? `${documents} · ${t("shared by all")}` : documents }));
  button.setAttribute("aria-current", String(id === current));
  button.addEventListener("click", () => {
    closeCollections();
    if (id === current) return;
    openCollection(id);
    announce(t("collection opened", { name }));
  });
  return createElement("li", {}, button);
}

function createAction(value, text, action) {
  const button = createElement(
    "button",
    { type: "button", className: "f-collection-action", value },
    createElement("span", { textContent: text }),
  );
  button.addEventListener("click", action);
  return button;
}

function createFind() {
  const find = createElement("input", { type: "search", className: "f-collection-find", placeholder: t("find collection") });
  find.setAttribute("aria-label", t("find collection"));
  find.addEventListener("input", () => filter(find.value));
  find.addEventListener("keydown", (event) => {
    const first = $$(".f-collection-list li:not([hidden]) button", menu)[0];
    if (!first || !["ArrowDown", "Enter"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Enter") first.click();
    else first.focus();
  });
  return find;
}

function filter(typed) {
  const words = typed.toLowerCase();
  for (const row of $$(".f-collection-list li", menu)) row.hidden = !row.textContent.toLowerCase().includes(words);
  roving.refresh();
}

// -- making, renaming, deleting ---------------------------------------------------------------------------------------

/** Put a field for a name in the place of a button of the menu. */
function showForm(button, name, label, action) {
  const field = createElement("input", { type: "text", value: name, maxLength: 60, required: true, placeholder: label });
  field.setAttribute("aria-label", t("collection name"));
  const save = createSignButton("✓", label, { type: "submit", className: "f-collection-plain" });
  const form = createElement("form", { className: "f-collection-form" }, field, save);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    showFailure(() => action(field.value.trim()));
  });
  form.addEventListener("keydown", (event) => {
    // The innermost thing is the field.
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    form.replaceWith(button);
    button.focus();
  });
  button.replaceWith(form);
  field.focus();
  field.select();
}

function startNew(event) {
  showForm(event.currentTarget, "", t("new collection"), async (name) => {
    const { workspace } = await requestJson("/i/workspaces/new", "POST", { name });
    closeCollections();
    openCollection(workspace);
    announce(t("collection opened", { name }));
  });
}

function startRename({ id, name }) {
  const button = $$(".f-collection-action", menu).find((one) => one.value === "rename");
  showForm(button, name, t("rename collection"), async (chosen) => {
    const named = await requestJson(`${workspaceAddress(id)}/name`, "POST", { name: chosen });
    closeCollections();
    $(".f-collection-name", toggle).textContent = named.name;
    sendCommand({ do: "refresh" });
  });
}

function deleteCollection({ id, name }) {
  closeCollections();
  leaving = id;
  showFailure(async () => {
    try {
      const { deleted, message } = await requestJson(workspaceAddress(id), "DELETE");
      const other = pageState().workspaces.find((one) => one.id !== id);
      openCollection(other.id);
      const undo = createElement("button", { type: "button", textContent: t("undo") });
      undo.addEventListener("click", () => {
        hideNotice();
        bringBack(deleted, name);
      });
      showNotice(message, false, undo);
    } catch (error) {
      leaving = "";
      throw error;
    }
  });
}

function bringBack(deleted, name) {
  closeCollections();
  leaving = "";
  return showFailure(async () => {
    const { workspace } = await requestJson("/i/workspaces/restore", "POST", { deleted });
    openCollection(workspace);
    showNotice(t("collection back", { name }));
  });
}
