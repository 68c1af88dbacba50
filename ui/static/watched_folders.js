// Owns: the watched folders on the page of documents: their states, adding one by its path, taking one away. Only who
// may choose folders of the server sees them.

import { closeDialog, openDialog } from "./dialogs.js";
import {
  $, announce, createElement, createSignButton, inDigits, pageState, requestJson, sendCommand, showError, t, workspaceAddress,
} from "./shared.js";
import { offerUndo } from "./uploads.js";
import { currentView } from "./views.js";

// Milliseconds between two looks: at folders that are being read, and at those that only wait for changes.
const LOOK_EVERY = 700, REST_EVERY = 4000;

let box, list, field, onChange, timer, looked;
// The version of the index that was seen last, so that documents are listed anew only where something happened.
let seen;

const address = () => `${workspaceAddress(pageState().workspace)}/watched`;

/** Make the element of the watched folders; `changed()` is called whenever documents may have come or gone. */
export function setUpWatchedFolders(changed) {
  onChange = changed;
  list = createElement("ul", { className: "f-watched-list" });
  field = createElement("input", { type: "text", className: "f-path", maxLength: 4096, required: true, spellcheck: false, autocomplete: "off" });
  field.placeholder = t("watch path");
  field.setAttribute("aria-label", t("watch path"));
  const add = createElement("button", { type: "submit", className: "f-add f-second", textContent: t("watch add") });
  const form = createElement("form", { className: "f-watched-form" }, field, add);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    addFolder().catch(showError);
  });
  const hint = createElement("p", { className: "f-quiet", textContent: t("watch hint") });
  box = createElement("details", { className: "f-watched", hidden: true }, createElement("summary"), list, form, hint);
  return box;
}

/** Look at the watched folders of the open collection, and go on while the page of documents is shown. */
export async function followWatchedFolders() {
  clearTimeout(timer);
  if (looked !== address()) {
    looked = address();
    seen = undefined;
    list.replaceChildren();
    // It has its place from the beginning: what lies below it would move under the mouse once its folders are known.
    show({ allowed: pageState().watches, folders: [] });
  }
  const asked = looked;
  try {
    const answer = await requestJson(asked);
    if (asked !== address()) return;
    show(answer);
    const isBusy = answer.folders.some((folder) => ["beginning", "reading"].includes(folder.state));
    clearTimeout(timer);
    if (answer.folders.length && currentView() === "documents" && !document.hidden)
      timer = setTimeout(followWatchedFolders, isBusy ? LOOK_EVERY : REST_EVERY);
  } catch (error) {
    box.hidden = true;
  }
}

async function addFolder() {
  const answer = await requestJson(address(), "POST", { path: field.value });
  announce(t("watch added", { folder: field.value }));
  field.value = "";
  show(answer);
  followWatchedFolders();
}

function show({ allowed, folders, version = seen }) {
  box.hidden = !allowed;
  $("summary", box).textContent = folders.length ? t("watched several", { count: inDigits(folders.length) }) : t("watched folders");
  if (seen !== undefined && version !== seen) {
    onChange();
    // The column beside it counts the documents, too.
    sendCommand({ do: "refresh" });
  }
  seen = version;
  const paths = folders.map((folder) => folder.path);
  const known = new Map([...list.children].map((row) => [row.dataset.path, row]));
  for (const [path, row] of known) if (!paths.includes(path)) row.remove();
  // A row that stays keeps the focus of its button.
  for (const folder of folders) {
    const row = known.get(folder.path) || list.appendChild(createRow(folder));
    row.dataset.state = folder.state;
    $(".f-watched-state", row).textContent = folder.words;
  }
}

function createRow({ path, shown: words }) {
  const remove = createSignButton("✕", t("watch remove", { folder: words }), { className: "f-quiet-button" });
  remove.addEventListener("click", () => askToRemove(path, words));
  const row = createElement(
    "li",
    {},
    createElement("span", { className: "f-watched-path", textContent: words, title: words }),
    createElement("small", { className: "f-watched-state f-quiet" }),
    remove,
  );
  row.dataset.path = path;
  return row;
}

function askToRemove(path, words) {
  const choose = (label, documents, className) => {
    const button = createElement("button", { type: "button", className, textContent: label });
    button.addEventListener("click", () => {
      closeDialog();
      removeFolder(path, words, documents).catch(showError);
    });
    return button;
  };
  const body = createElement(
    "div",
    { className: "f-watched-ask" },
    createElement("p", { className: "f-watched-path", textContent: words }),
    createElement("p", { textContent: t("watch remove more") }),
    choose(t("watch keep documents"), false, "f-primary"),
    choose(t("watch remove documents"), true, "f-watched-danger"),
  );
  openDialog(t("watch remove title"), body);
  $(".f-primary", body).focus();
}

async function removeFolder(path, words, documents) {
  const from = pageState().workspace;
  const answer = await requestJson(address(), "DELETE", { path, documents });
  announce(t("watch removed", { folder: words }));
  show(answer);
  if (answer.removal) offerUndo(answer, from);
  field.focus();
  onChange();
}
