// The documents: adding files and folders, following the work, removing, and asking only about some of them.

import { $, $$, ask, askJson, element, notice, say, standing, tell } from "./shared.js";

let box, list, progress, search, chosen = new Set();
let page = 1;
let polling, sending;

const base = () => `/i/${encodeURIComponent(standing().shelf).replace("%3A", ":")}`;

export function layDocuments(column) {
  box = element("div", { className: "f-drawer" });
  column.append(box);
  column.addEventListener("f-open", open);
  box.addEventListener("click", onClick);
  box.addEventListener("change", onChange);
  // Files dropped anywhere are meant to be added.
  for (const kind of ["dragover", "drop"])
    document.addEventListener(kind, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      document.body.classList.toggle("f-dragging", kind === "dragover");
      if (kind === "drop") dropped(event.dataTransfer).catch((error) => notice(error.message, true));
    });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("f-dragging");
  });
}

const shelf = () => standing().shelves.find((one) => one.id === standing().shelf);
const writable = () => Boolean(shelf()?.writable);

function open() {
  const now = standing();
  chosen = new Set(now.sources);
  const shelves = element("select", { className: "f-shelves" });
  shelves.setAttribute("aria-label", say("index"));
  for (const one of now.shelves) shelves.append(element("option", { value: one.id, textContent: one.name, selected: one.id === now.shelf }));
  const name = element("input", { placeholder: say("new index"), maxLength: 56, className: "f-new-name" });
  name.setAttribute("aria-label", say("new index"));
  const create = element("button", { type: "button", value: "create", textContent: say("create") });
  search = element("input", { type: "search", placeholder: say("search documents"), maxLength: 200, className: "f-search" });
  search.setAttribute("aria-label", say("search documents"));
  let typing;
  search.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => show(1), 150);
  });
  list = element("div", { className: "f-documents-list" });
  progress = element("div", { className: "f-progress" });
  progress.setAttribute("aria-live", "polite");
  const parts = [element("h2", { textContent: say("documents") }), element("div", { className: "f-row" }, shelves, name, create)];
  if (writable()) parts.push(dropZone(), progress);
  else parts.push(element("p", { className: "f-small", textContent: say("read only") }));
  parts.push(search, element("div", { className: "f-filter-row" }), list);
  box.replaceChildren(...parts);
  filterRow();
  show(1);
  if (writable()) poll();
}

async function show(wanted) {
  page = wanted;
  try {
    // Everything in it was escaped by the server.
    list.innerHTML = await (await ask(`${base()}/documents?page=${page}&search=${encodeURIComponent(search.value)}`)).text();
    for (const pick of $$(".f-pick", list)) pick.checked = chosen.has(pick.value);
  } catch (error) {
    list.replaceChildren(element("p", { className: "f-wrong", role: "alert", textContent: error.message }));
  }
}

function onClick(event) {
  const button = event.target.closest("button");
  if (!button || button.disabled) return;
  if (button.dataset.load) import("./panel.js").then((panel) => panel.load(button.dataset.load));
  else if (button.classList.contains("f-leaf")) show(Number(button.value));
  else if (button.classList.contains("f-remove")) confirmRemoval(button);
  else if (button.value === "create") create();
  else if (button.value === "all") filter([]);
  else if (button.value === "cancel") cancel();
}

function onChange(event) {
  const field = event.target;
  if (field.classList.contains("f-pick")) {
    if (field.checked) chosen.add(field.value);
    else chosen.delete(field.value);
    filter([...chosen]);
  } else if (field.classList.contains("f-shelves")) {
    tell("command", { do: "open", shelf: field.value, conversation: "" });
    whenShelf(field.value);
  }
}

/** The drawer shows the chosen index once the page stands there. */
function whenShelf(id, tries = 40) {
  if (standing().shelf === id) open();
  else if (tries) setTimeout(() => whenShelf(id, tries - 1), 100);
}

async function create() {
  try {
    const made = await askJson("/i/shelves/new", "POST", { name: $(".f-new-name", box).value.trim() });
    tell("command", { do: "open", shelf: made.shelf, conversation: "" });
    whenShelf(made.shelf);
  } catch (error) {
    notice(error.message, true);
  }
}

// -- asking only about some -------------------------------------------------------------------------------------------

function filter(sources) {
  chosen = new Set(sources);
  tell("command", { do: "only", sources });
  for (const pick of $$(".f-pick", list)) pick.checked = chosen.has(pick.value);
  filterRow();
}

function filterRow() {
  const row = $(".f-filter-row", box);
  if (!row) return;
  row.replaceChildren(
    ...(chosen.size ? [element("span", { textContent: `${say("ask only")}: ${chosen.size}` }), element("button", { type: "button", value: "all", textContent: say("ask all") })] : []),
  );
}

/** Above the question, which documents it is asked about. */
export function showFilter(now) {
  const question = $("#question");
  if (!question) return;
  let row = $("#f-only");
  if (!row) {
    row = element("div", { id: "f-only" });
    question.before(row);
  }
  row.replaceChildren();
  if (!now.sources.length) return;
  const names = now.sources.length > 3 ? `${now.sources.slice(0, 3).join(", ")} +${now.sources.length - 3}` : now.sources.join(", ");
  const clear = element("button", { type: "button", textContent: "✕", title: say("ask all") });
  clear.setAttribute("aria-label", say("ask all"));
  clear.addEventListener("click", () => {
    chosen = new Set();
    tell("command", { do: "only", sources: [] });
  });
  row.append(element("span", { textContent: `${say("ask only")}: ${names}` }), clear);
}

// -- removing ---------------------------------------------------------------------------------------------------------

function confirmRemoval(button) {
  const row = button.closest("li");
  if ($(".f-sure", row)) return;
  const yes = element("button", { type: "button", className: "f-danger", textContent: say("remove") });
  const no = element("button", { type: "button", textContent: say("cancel") });
  const sure = element("div", { className: "f-sure", role: "alertdialog" }, element("span", { textContent: say("remove sure", { source: button.value }) }), yes, no);
  no.addEventListener("click", () => sure.remove());
  yes.addEventListener("click", async () => {
    try {
      await askJson(`${base()}/documents`, "DELETE", { source: button.value });
      chosen.delete(button.value);
      notice(say("removed"));
      show(page);
    } catch (error) {
      notice(error.message, true);
    }
  });
  row.append(sure);
  yes.focus();
}

// -- adding -----------------------------------------------------------------------------------------------------------

function dropZone() {
  const files = element("input", { type: "file", multiple: true, id: "f-files" });
  const folder = element("input", { type: "file", id: "f-folder" });
  folder.webkitdirectory = true;
  for (const field of [files, folder]) {
    field.setAttribute("aria-label", say(field === files ? "choose files" : "choose folder"));
    field.addEventListener("change", () => {
      send([...field.files].map((file) => [file.webkitRelativePath || file.name, file]));
      field.value = "";
    });
  }
  return element(
    "div",
    { className: "f-drop" },
    element("p", { textContent: say("drop") }),
    element("label", { className: "f-button", htmlFor: "f-files", textContent: say("choose files") }, files),
    element("label", { className: "f-button", htmlFor: "f-folder", textContent: say("choose folder") }, folder),
  );
}

async function dropped(transfer) {
  if (!writable()) return notice(say("read only"), true);
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  for (const entry of entries) await walk(entry, found);
  if (document.body.dataset.drawer !== "documents") $("#show-documents").click();
  send(found);
}

async function walk(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push([entry.fullPath.replace(/^\//, ""), file]);
  } else {
    const reader = entry.createReader();
    for (;;) {
      // A folder is read in pieces.
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const one of some) await walk(one, found);
    }
  }
}

async function send(files) {
  if (!files.length) return notice(say("no files"), true);
  if (sending) return notice(say("one upload"), true);
  sending = new AbortController();
  files.sort(([one], [other]) => one.localeCompare(other));
  const place = base();
  let batch;
  try {
    const bytes = files.reduce((sum, [, file]) => sum + file.size, 0);
    ({ batch } = await askJson(`${place}/uploads`, "POST", { files: files.length, bytes }));
    for (const [number, [name, file]] of files.entries()) {
      uploading(number, files.length, name);
      await ask(`${place}/uploads/${batch}/files?name=${encodeURIComponent(name)}`, { method: "POST", body: file, signal: sending.signal });
    }
    draw((await askJson(`${place}/uploads/${batch}/start`, "POST", {})).job);
  } catch (error) {
    if (batch) ask(`${place}/uploads/${batch}`, { method: "DELETE" }).catch(() => {});
    progress.replaceChildren();
    notice(error.name === "AbortError" ? say("cancelled") : error.message, error.name !== "AbortError");
  } finally {
    sending = undefined;
    poll();
  }
}

function uploading(done, total, name) {
  progress.replaceChildren(
    bar(done, total, `${say("uploading")} ${done + 1}/${total}: ${name}`),
    element("button", { type: "button", value: "cancel", textContent: say("cancel upload") }),
  );
}

async function cancel() {
  if (sending) sending.abort();
  else draw((await askJson(`${base()}/uploads`, "DELETE")).job);
}

function poll() {
  clearTimeout(polling);
  const place = base();
  const tick = async () => {
    if (sending || place !== base()) return;
    try {
      const { job } = await (await ask(`${place}/uploads`)).json();
      const running = job && ["waiting", "running"].includes(job.phase);
      const before = progress.dataset.job;
      draw(job);
      if (running) polling = setTimeout(tick, 700);
      else if (job && before === "running") {
        show(page);
        tell("command", { do: "refresh" });
      }
    } catch (error) {
      notice(error.message, true);
    }
  };
  tick();
}

const states = { waiting: "queued", reading: "working", refused: "failed" };

function draw(job) {
  if (!job || !progress) return progress?.replaceChildren();
  const running = ["waiting", "running"].includes(job.phase);
  progress.dataset.job = running ? "running" : "done";
  const left = job.seconds_left === null ? "" : ` · ${say("time left", { seconds: Math.ceil(job.seconds_left) })}`;
  const rows = job.files.map((file) => {
    const state = states[file.state] || file.state;
    return element(
      "li",
      {},
      element("span", { className: `f-badge f-${state}`, textContent: say(state) }),
      element("span", { className: "f-file", textContent: file.name, title: file.name }),
      element("small", { textContent: file.reason }),
    );
  });
  const parts = [element("ul", { className: "f-files" }, ...rows)];
  if (job.message) parts.unshift(element("p", { className: "f-notice", textContent: job.message }));
  if (running) parts.unshift(bar(job.done, job.total, `${job.doing}${left}`), element("button", { type: "button", value: "cancel", textContent: say("cancel upload") }));
  progress.replaceChildren(...parts);
}

function bar(done, total, text) {
  const made = element("progress", { max: total || 1, value: done });
  made.setAttribute("aria-label", text);
  return element("div", { className: "f-bar" }, made, element("span", { textContent: text }));
}
