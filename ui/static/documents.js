// Owns: the page of documents: choosing a workspace, adding files and folders, following the work, removing, and
// asking only about some documents.

import { loadIntoPanel } from "./panel.js";
import {
  $, $$, createElement, createSignButton, pageState, request, requestHtml, requestJson, sendCommand, showError,
  showNotice, t, workspaceAddress,
} from "./shared.js";
import { openView } from "./views.js";

let drawer, list, progress, search;
// The sources that are asked about; none: all.
let chosen = new Set();
let page = 1;
// The timer that looks after an upload that is worked on, and what aborts one that is being sent.
let pollTimer, sending;

const address = () => workspaceAddress(pageState().workspace);
const workspace = () => pageState().workspaces.find((one) => one.id === pageState().workspace);
const isWritable = () => Boolean(workspace()?.writable);

export function setUpDocuments(column) {
  drawer = createElement("div", { className: "f-drawer" });
  column.append(drawer);
  column.addEventListener("f-view", showDrawer);
  drawer.addEventListener("click", onClick);
  drawer.addEventListener("change", onChange);
  // Files dropped anywhere are meant to be added.
  for (const kind of ["dragover", "drop"])
    document.addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      document.body.classList.toggle("f-dragging", kind === "dragover");
      if (kind === "drop") addDropped(event.dataTransfer).catch(showError);
    });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("f-dragging");
  });
}

function showDrawer() {
  chosen = new Set(pageState().sources);
  search = createSearch();
  list = createElement("div", { className: "f-documents-list" });
  progress = createElement("div", { className: "f-progress" });
  progress.setAttribute("aria-live", "polite");
  const parts = [createElement("h2", { textContent: t("documents") }), createWorkspaceRow()];
  if (isWritable()) parts.push(createDropZone(), progress);
  else parts.push(createElement("p", { className: "f-small", textContent: t("read only") }));
  parts.push(search, createElement("div", { className: "f-filter-row" }), list);
  drawer.replaceChildren(...parts);
  showFilterRow();
  showDocuments(1);
  if (isWritable()) pollUpload();
}

function createWorkspaceRow() {
  const state = pageState();
  const workspaces = createElement("select", { className: "f-workspaces" });
  workspaces.setAttribute("aria-label", t("index"));
  for (const { id, name } of state.workspaces)
    workspaces.append(createElement("option", { value: id, textContent: name, selected: id === state.workspace }));
  const name = createElement("input", { placeholder: t("new index"), maxLength: 56, className: "f-new-name" });
  name.setAttribute("aria-label", t("new index"));
  const create = createElement("button", { type: "button", value: "create", textContent: t("create") });
  return createElement("div", { className: "f-row" }, workspaces, name, create);
}

function createSearch() {
  const field = createElement("input", {
    type: "search", placeholder: t("search documents"), maxLength: 200, className: "f-search",
  });
  field.setAttribute("aria-label", t("search documents"));
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => showDocuments(1), 150);
  });
  return field;
}

async function showDocuments(number) {
  page = number;
  try {
    // Everything in it was escaped by the server.
    list.innerHTML = await requestHtml(`${address()}/documents?page=${page}&search=${encodeURIComponent(search.value)}`);
    checkChosen();
  } catch (error) {
    list.replaceChildren(createElement("p", { className: "f-wrong", role: "alert", textContent: error.message }));
  }
}

function checkChosen() {
  for (const box of $$(".f-pick", list)) box.checked = chosen.has(box.value);
}

function onClick(event) {
  const button = event.target.closest("button");
  if (!button || button.disabled) return;
  if (button.dataset.load) openDocument(button.dataset.load);
  else if (button.classList.contains("f-leaf")) showDocuments(Number(button.value));
  else if (button.classList.contains("f-remove")) confirmRemoval(button);
  else if (button.value === "create") createWorkspace();
  else if (button.value === "all") askOnlyAbout([]);
  else if (button.value === "cancel") cancelUpload();
}

/** Show a document in the panel beside the conversation. */
function openDocument(address) {
  openView("conversation");
  loadIntoPanel(address).then(() => $("#f-panel-body").focus());
}

function onChange(event) {
  const field = event.target;
  if (field.classList.contains("f-pick")) {
    if (field.checked) chosen.add(field.value);
    else chosen.delete(field.value);
    askOnlyAbout([...chosen]);
  } else if (field.classList.contains("f-workspaces")) openWorkspace(field.value);
}

// -- workspaces -------------------------------------------------------------------------------------------------------

function openWorkspace(id) {
  sendCommand({ do: "open", workspace: id, conversation: "" });
  showDrawerOnceOpen(id);
}

/** Show the drawer anew once the server says that the tab has moved to the workspace. */
function showDrawerOnceOpen(id, tries = 40) {
  if (pageState().workspace === id) showDrawer();
  else if (tries) setTimeout(() => showDrawerOnceOpen(id, tries - 1), 100);
}

async function createWorkspace() {
  try {
    const created = await requestJson("/i/workspaces/new", "POST", { name: $(".f-new-name", drawer).value.trim() });
    openWorkspace(created.workspace);
  } catch (error) {
    showError(error);
  }
}

// -- asking only about some documents ---------------------------------------------------------------------------------

function askOnlyAbout(sources) {
  chosen = new Set(sources);
  sendCommand({ do: "only", sources });
  checkChosen();
  showFilterRow();
}

function showFilterRow() {
  const row = $(".f-filter-row", drawer);
  if (!row) return;
  row.replaceChildren();
  if (!chosen.size) return;
  row.append(
    createElement("span", { textContent: `${t("ask only")}: ${chosen.size}` }),
    createElement("button", { type: "button", value: "all", textContent: t("ask all") }),
  );
}

/** Show above the question which documents it is asked about. */
export function showAskedSources({ sources }) {
  const question = $("#question");
  if (!question) return;
  let row = $("#f-only");
  if (!row) {
    row = createElement("div", { id: "f-only" });
    question.before(row);
  }
  row.replaceChildren();
  if (!sources.length) return;
  const first = sources.slice(0, 3).join(", ");
  const names = sources.length > 3 ? `${first} +${sources.length - 3}` : first;
  const clear = createSignButton("✕", t("ask all"));
  clear.addEventListener("click", () => {
    chosen = new Set();
    sendCommand({ do: "only", sources: [] });
  });
  row.append(createElement("span", { textContent: `${t("ask only")}: ${names}` }), clear);
}

// -- removing ---------------------------------------------------------------------------------------------------------

function confirmRemoval(button) {
  const row = button.closest("li");
  if ($(".f-sure", row)) return;
  const question = createElement("span", { textContent: t("remove sure", { source: button.value }) });
  const yes = createElement("button", { type: "button", className: "f-danger", textContent: t("remove") });
  const no = createElement("button", { type: "button", textContent: t("cancel") });
  const dialog = createElement("div", { className: "f-sure", role: "alertdialog" }, question, yes, no);
  no.addEventListener("click", () => dialog.remove());
  yes.addEventListener("click", () => removeDocument(button.value));
  row.append(dialog);
  yes.focus();
}

async function removeDocument(source) {
  try {
    await requestJson(`${address()}/documents`, "DELETE", { source });
    if (chosen.delete(source)) askOnlyAbout([...chosen]);
    showNotice(t("removed"));
    showDocuments(page);
  } catch (error) {
    showError(error);
  }
}

// -- adding -----------------------------------------------------------------------------------------------------------

function createDropZone() {
  const files = createElement("input", { type: "file", multiple: true, id: "f-files" });
  const folder = createElement("input", { type: "file", id: "f-folder" });
  folder.webkitdirectory = true;
  for (const field of [files, folder]) {
    field.setAttribute("aria-label", t(field === files ? "choose files" : "choose folder"));
    field.addEventListener("change", () => {
      upload([...field.files].map((file) => [file.webkitRelativePath || file.name, file]));
      field.value = "";
    });
  }
  return createElement(
    "div",
    { className: "f-drop" },
    createElement("p", { textContent: t("drop") }),
    createElement("label", { className: "f-button", htmlFor: "f-files", textContent: t("choose files") }, files),
    createElement("label", { className: "f-button", htmlFor: "f-folder", textContent: t("choose folder") }, folder),
  );
}

async function addDropped(transfer) {
  if (!isWritable()) return showNotice(t("read only"), true);
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  // A browser that knows no entries gives the files alone; what is dropped is gone after the first wait.
  const files = entries.length ? [] : [...transfer.files].map((file) => [file.name, file]);
  for (const entry of entries) await collectFiles(entry, files);
  openView("documents");
  upload(files);
}

/** Append the path and the file of an entry, or of everything in a folder, to `files`. */
async function collectFiles(entry, files) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    files.push([entry.fullPath.replace(/^\//, ""), file]);
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // A folder is read in batches, the last of which is empty.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!entries.length) return;
    for (const inner of entries) await collectFiles(inner, files);
  }
}

async function upload(files) {
  if (!files.length) return showNotice(t("no files"), true);
  if (sending) return showNotice(t("one upload"), true);
  sending = new AbortController();
  files.sort(([one], [other]) => one.localeCompare(other));
  const uploads = `${address()}/uploads`;
  let batch;
  try {
    const bytes = files.reduce((sum, [, file]) => sum + file.size, 0);
    ({ batch } = await requestJson(uploads, "POST", { files: files.length, bytes }));
    for (const [number, [name, file]] of files.entries()) {
      showSending(number, files.length, name);
      const target = `${uploads}/${batch}/files?name=${encodeURIComponent(name)}`;
      await request(target, { method: "POST", body: file, signal: sending.signal });
    }
    showJob((await requestJson(`${uploads}/${batch}/start`, "POST", {})).job);
  } catch (error) {
    if (batch) request(`${uploads}/${batch}`, { method: "DELETE" }).catch(() => {});
    progress.replaceChildren();
    if (error.name === "AbortError") showNotice(t("cancelled"));
    else showError(error);
  } finally {
    sending = undefined;
    pollUpload();
  }
}

async function cancelUpload() {
  if (sending) sending.abort();
  else showJob((await requestJson(`${address()}/uploads`, "DELETE")).job);
}

const isRunning = (job) => ["waiting", "running"].includes(job.phase);

/** Show how far the work on uploaded files is, until it is done. */
function pollUpload() {
  clearTimeout(pollTimer);
  const polled = address();
  const poll = async () => {
    if (sending || polled !== address()) return;
    try {
      const { job } = await requestJson(`${polled}/uploads`);
      const wasRunning = progress.dataset.job === "running";
      showJob(job);
      if (job && isRunning(job)) pollTimer = setTimeout(poll, 700);
      else if (job && wasRunning) {
        showDocuments(page);
        sendCommand({ do: "refresh" });
      }
    } catch (error) {
      showError(error);
    }
  };
  poll();
}

// -- progress ---------------------------------------------------------------------------------------------------------

// States of a file whose text has another key.
const textKeys = { waiting: "queued", reading: "working", refused: "failed" };

function showSending(done, total, name) {
  progress.replaceChildren(createBar(done, total, `${t("uploading")} ${done + 1}/${total}: ${name}`), createCancel());
}

function showJob(job) {
  if (!job || !progress) return progress?.replaceChildren();
  progress.dataset.job = isRunning(job) ? "running" : "done";
  const parts = [];
  if (isRunning(job)) {
    parts.push(createBar(job.done, job.total, [job.doing, job.left].filter(Boolean).join(" · ")), createCancel());
  }
  if (job.message) parts.push(createElement("p", { className: "f-notice", textContent: job.message }));
  parts.push(createElement("ul", { className: "f-files" }, ...job.files.map(createFileRow)));
  progress.replaceChildren(...parts);
}

function createFileRow(file) {
  const state = textKeys[file.state] || file.state;
  return createElement(
    "li",
    {},
    createElement("span", { className: `f-badge f-${state}`, textContent: t(state) }),
    createElement("span", { className: "f-file", textContent: file.name, title: file.name }),
    createElement("small", { textContent: [file.reason, ...file.warnings].filter(Boolean).join("; ") }),
  );
}

function createBar(done, total, text) {
  const bar = createElement("progress", { max: total || 1, value: done });
  bar.setAttribute("aria-label", text);
  return createElement("div", { className: "f-bar" }, bar, createElement("span", { textContent: text }));
}

const createCancel = () => createElement("button", { type: "button", value: "cancel", textContent: t("cancel upload") });
