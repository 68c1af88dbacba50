// Owns: adding files and folders: choosing and dropping them, sending them, and one line that says how far the work is
// and what came of it.

import {
  $, announce, createElement, createSignButton, inDigits, pageState, request, requestJson, sendCommand, showError, showNotice, t,
  workspaceAddress,
} from "./shared.js";
import { openView } from "./views.js";

// Milliseconds between two looks at a job.
const LOOK_EVERY = 700;
// States of a file that end up in the line, in this order, and the texts of their numbers.
const COUNTED = {
  added: "count added", updated: "count updated", restored: "count restored", unchanged: "count unchanged",
  skipped: "count skipped", failed: "count failed", cancelled: "count cancelled",
};
const JOBS = { adding: "job adding", rereading: "job rereading", restoring: "job restoring" };
const DISMISSED = "footnote-dismissed-job";

let strip, targetFolder, onChange, timer, sending, lastFinished;
// Of two looks at the work the earlier may be answered last: only what the last one that was begun saw is shown.
let lastLook = 0;
// What was removed and can be brought back: `{count, removal, minutes, workspace}`.
let removed;

const workspace = () => pageState().workspaces.find((one) => one.id === pageState().workspace);
const address = () => workspaceAddress(pageState().workspace);
export const isWritable = () => Boolean(workspace()?.writable);

/**
 * Set up adding. `folder()` is the folder that files go into, "" for the top; `changed()` is called whenever documents
 * have come or gone.
 */
export function setUpUploads({ folder, changed }) {
  [targetFolder, onChange] = [folder, changed];
  strip = createElement("div", { className: "f-strip" });
  let overlay;
  const hide = () => {
    overlay?.remove();
    overlay = undefined;
  };
  // Files dropped anywhere are meant to be added.
  for (const kind of ["dragover", "drop"])
    document.addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      if (kind === "dragover") {
        if (!overlay) document.body.append((overlay = createOverlay()));
        return;
      }
      hide();
      addDropped(event.dataTransfer).catch(showError);
    });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) hide();
  });
  window.addEventListener("beforeunload", (event) => {
    // What is not sent yet cannot go on without its page.
    if (sending) event.preventDefault();
  });
  return strip;
}

/** Look whether there is work on this collection, and follow it. */
export function followWork() {
  lastFinished = undefined;
  follow();
}

/** Follow work that was begun here: also where it is over at the first look, the documents have changed. */
function follow() {
  clearTimeout(timer);
  if (isWritable()) look(address());
  else strip.replaceChildren();
}

function createOverlay() {
  const name = workspace()?.name || "";
  const folder = targetFolder();
  const words = isWritable()
    ? [createElement("b", { textContent: t("drop into", { name }) }),
       ...(folder ? [createElement("span", { textContent: t("drop folder", { folder }) })] : [])]
    : [createElement("b", { textContent: t("read only") })];
  return createElement("div", { id: "f-overlay", ariaHidden: "true" }, createElement("div", {}, ...words));
}

/** Make a button that lets a person choose files, or a folder. */
export function createChooser(isFolder, label, className) {
  const field = createElement("input", { type: "file", multiple: true, id: isFolder ? "f-folder" : "f-files" });
  if (isFolder) field.webkitdirectory = true;
  field.setAttribute("aria-label", label);
  field.addEventListener("change", () => {
    upload([...field.files].map((file) => [file.webkitRelativePath || file.name, file]));
    field.value = "";
  });
  return createElement("label", { className, htmlFor: field.id }, createElement("span", { textContent: label }), field);
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
  const folder = targetFolder();
  const uploads = `${address()}/uploads`;
  let batch;
  try {
    const bytes = files.reduce((sum, [, file]) => sum + file.size, 0);
    ({ batch } = await requestJson(uploads, "POST", { files: files.length, bytes }));
    for (const [number, [name, file]] of files.entries()) {
      showBar(number, files.length, t("uploading", { done: number + 1, total: files.length }), [name]);
      const target = `${uploads}/${batch}/files?name=${encodeURIComponent(folder ? `${folder}/${name}` : name)}`;
      await request(target, { method: "POST", body: file, signal: sending.signal });
    }
    showBegun((await requestJson(`${uploads}/${batch}/start`, "POST", {})).job);
  } catch (error) {
    if (batch) request(`${uploads}/${batch}`, { method: "DELETE" }).catch(() => {});
    strip.replaceChildren();
    if (error.name === "AbortError") showNotice(t("cancelled"));
    else showError(error);
  } finally {
    sending = undefined;
    follow();
  }
}

async function cancel() {
  if (sending) sending.abort();
  else showJob((await requestJson(`${address()}/uploads`, "DELETE")).job);
}

async function look(looked) {
  const number = (lastLook += 1);
  const isLate = () => sending || number !== lastLook || looked !== address();
  if (isLate()) return;
  try {
    const { job } = await requestJson(`${looked}/uploads`);
    if (isLate()) return;
    showJob(job);
    if (job && !job.over) timer = setTimeout(() => look(looked), LOOK_EVERY);
  } catch (error) {
    showError(error);
  }
}

// -- taking away ------------------------------------------------------------------------------------------------------

/** Remove a choice of documents, and offer to bring them back for as long as they are kept. */
export async function removeDocuments(choice) {
  const from = pageState().workspace;
  offerUndo(await requestJson(`${address()}/documents`, "DELETE", choice), from);
}

/** Offer to bring back what was removed from a collection for as long as it is kept. */
export function offerUndo(answer, from) {
  removed = { ...answer, workspace: from };
  sessionStorage.setItem(DISMISSED, $(".f-job", strip)?.dataset.id || sessionStorage.getItem(DISMISSED) || "");
  showRemoved();
  setTimeout(() => removed?.removal === answer.removal && forgetRemoved(), answer.minutes * 60_000);
  announce(removedWords() + (answer.watched ? `. ${t("deleted watched")}` : ""));
  sendCommand({ do: "refresh" });
}

const removedWords = () =>
  removed.count === 1 ? t("deleted one") : t("deleted several", { count: inDigits(removed.count) });

function showRemoved() {
  const undo = createElement("button", { type: "button", className: "f-link", textContent: t("undo") });
  undo.addEventListener("click", () => undoRemoval().catch(showError));
  showLine("", [
    createElement("b", { textContent: removedWords() }),
    createElement("span", { className: "f-quiet", textContent: t("deleted more", { minutes: removed.minutes }) }),
    ...(removed.watched ? [createElement("span", { className: "f-quiet", textContent: t("deleted watched") })] : []),
    undo,
  ], forgetRemoved);
}

function forgetRemoved() {
  removed = undefined;
  strip.replaceChildren();
}

async function undoRemoval() {
  const { removal } = removed;
  removed = undefined;
  const { job } = await requestJson(`${address()}/removals/${encodeURIComponent(removal)}/restore`, "POST", {});
  showBegun(job);
  follow();
}

/** Read a choice of documents again. */
export async function readAgain(choice) {
  showBegun((await requestJson(`${address()}/documents/read-again`, "POST", choice)).job);
  follow();
}

// -- the line ---------------------------------------------------------------------------------------------------------

/** Show work that was begun here, none of which was seen to end; what was seen before it was begun is not shown over it. */
function showBegun(job) {
  lastLook += 1;
  lastFinished = 0;
  showJob(job);
}

function showJob(job) {
  if (removed?.workspace === pageState().workspace) return showRemoved();
  if (!job) return strip.replaceChildren();
  if (!job.over) {
    const words = job.phase === "waiting" ? t("queued") : t(JOBS[job.kind], { done: inDigits(job.finished), total: inDigits(job.files) });
    showBar(job.done, job.total, words, [job.message, job.left, job.doing], job.kind === "adding" ? "cancel upload" : "stop job");
    if (lastFinished !== undefined && lastFinished !== job.finished) onChange();
    lastFinished = job.finished;
    return;
  }
  if (lastFinished !== undefined) {
    onChange();
    announce(countsOf(job).join(", "));
    sendCommand({ do: "refresh" });
    lastFinished = undefined;
  }
  if (sessionStorage.getItem(DISMISSED) === job.id) return strip.replaceChildren();
  showFinished(job);
}

const countOf = (job, state) =>
  (job.counts[state] || 0) + (state === "failed" ? job.counts.refused || 0 : 0);

const countsOf = (job) =>
  Object.entries(COUNTED)
    .map(([state, key]) => [key, countOf(job, state)])
    .filter(([, count]) => count)
    .map(([key, count]) => t(key, { count: inDigits(count) }));

function showFinished(job) {
  if ($(".f-job", strip)?.dataset.id === job.id) return;
  const parts = [createElement("b", { textContent: countsOf(job).join(", ") })];
  if (job.message) parts.push(createElement("span", { className: "f-quiet", textContent: job.message }));
  const list = createElement("ul", { className: "f-files", hidden: true }, ...job.problems.map(createProblem));
  if (job.more) list.append(createElement("li", { textContent: t("more files", { count: job.more }) }));
  if (job.problems.length) {
    const details = createElement("button", { type: "button", className: "f-link", textContent: t("details") });
    details.setAttribute("aria-expanded", "false");
    details.addEventListener("click", () => {
      list.hidden = !list.hidden;
      details.setAttribute("aria-expanded", String(!list.hidden));
    });
    parts.push(details);
  }
  showLine(job.id, parts, () => {
    sessionStorage.setItem(DISMISSED, job.id);
    strip.replaceChildren();
  });
  strip.append(list);
}

function createProblem(file) {
  const state = file.state === "refused" ? "failed" : file.state;
  const said = [file.reason, ...file.warnings].filter(Boolean).join("; ");
  return createElement(
    "li",
    {},
    createElement("span", { className: "f-file", textContent: file.name, title: file.name }),
    createElement("small", {},
      createElement("span", { className: `f-status f-status-${state}`, textContent: t(`file ${state}`) }),
      said && ` · ${said}`),
  );
}

function showLine(id, parts, dismiss) {
  const close = createSignButton("✕", t("dismiss"), { className: "f-quiet-button" });
  close.addEventListener("click", dismiss);
  const line = createElement("div", { className: "f-line f-job" }, ...parts, createElement("span", { className: "f-gap" }), close);
  line.dataset.id = id;
  strip.replaceChildren(line);
}

function showBar(done, total, words, more, stopKey = "cancel upload") {
  let bar = $("progress", strip);
  if (!bar) {
    bar = createElement("progress", {});
    const stop = createElement("button", { type: "button", className: "f-link", textContent: t(stopKey) });
    stop.addEventListener("click", () => cancel().catch(showError));
    const line = createElement("div", { className: "f-line" }, createElement("b"), createElement("span", { className: "f-quiet" }),
      createElement("span", { className: "f-gap" }), stop);
    strip.replaceChildren(line, bar);
  }
  bar.max = total || 1;
  bar.value = done;
  bar.setAttribute("aria-label", words);
  $("b", strip).textContent = words;
  $(".f-quiet", strip).textContent = more.filter(Boolean).join(" · ");
}
