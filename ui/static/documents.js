// Owns: the page of documents: the table with its search, filters and folders, choosing rows, and what is done with
// those that are chosen.

import { askAbout } from "./asked_sources.js";
import { createRows } from "./document_rows.js";
import { createTree } from "./folder_tree.js";
import { loadIntoPanel, setPanelOpen } from "./panel.js";
import {
  $, $$, announce, createElement, createSignButton, inDigits, pageState, requestJson, showError, showFailure, t, workspaceAddress,
} from "./shared.js";
import { createChooser, followWork, isWritable, readAgain, removeDocuments, setUpUploads } from "./uploads.js";
import { currentView } from "./views.js";
import { followWatchedFolders, setUpWatchedFolders } from "./watched_folders.js";

// Columns: what each is sorted by, its name, and whether the last comes first at the first click.
const COLUMNS = [
  ["type", "column type", false], ["title", "column title", false], ["pages", "column pages", true],
  ["size", "column size", true], ["date", "column date", true], ["status", "column status", false],
];
const SEARCH_AFTER = 150;

let page, list, strip, watched, tree, rows, overview;
// Looks at the folders that were begun, and the number of the one that is shown.
let begunLooks = 0, shownLook = 0;
let shownWorkspace;
// Which documents are listed, in which order.
let query = newQuery();
// The rows that are chosen: names, or all that match but for some.
let chosen = newChoice();
let anchor = 0;
let openRow = "";

function newQuery() {
  return { search: "", folder: "", kind: "", status: "", sort: "title", order: "ascending" };
}

function newChoice() {
  return { all: false, names: new Set(), except: new Set() };
}

const address = () => workspaceAddress(pageState().workspace);

export function setUpDocuments(column) {
  page = createElement("div", { className: "f-docs" });
  column.append(page);
  strip = setUpUploads({ folder: () => query.folder, changed: refresh });
  watched = setUpWatchedFolders(refresh);
  column.addEventListener("f-view", enter);
  page.addEventListener("click", onClick);
  page.addEventListener("keydown", onKey);
  // Before anything else leaves the page: what was opened last is closed first.
  document.addEventListener("keydown", onEscape, true);
  document.addEventListener("click", (event) => event.target.closest("#f-sentences, .f-sentences-of") || hideSentences());
  // Others may have added and removed documents while this tab was not looked at.
  document.addEventListener("visibilitychange", () => document.hidden || refreshAll());
  new MutationObserver(() => currentView() === "documents" && markOpen()).observe(document.body, { attributeFilter: ["class"] });
}

/** Show the documents of another collection once the page has moved to it. */
export function followDocuments({ workspace }) {
  if (currentView() === "documents" && shownWorkspace !== undefined && workspace !== shownWorkspace) enter();
}

function enter() {
  setPanelOpen(false);
  if (shownWorkspace !== pageState().workspace) {
    shownWorkspace = pageState().workspace;
    [query, chosen, openRow] = [newQuery(), newChoice(), ""];
    draw();
  }
  refreshAll();
  followWork();
}

function refreshAll() {
  refresh();
  if (currentView() === "documents") followWatchedFolders();
}

// -- the page ---------------------------------------------------------------------------------------------------------

function draw() {
  const search = createElement("input", { type: "search", placeholder: t("search documents"), maxLength: 200, className: "f-search" });
  search.setAttribute("aria-label", t("search documents"));
  let timer;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => change({ search: search.value }), SEARCH_AFTER);
  });
  const head = createElement("div", { className: "f-docs-head" }, createElement("h2", { textContent: t("documents") }), search);
  if (isWritable())
    head.append(createChooser(true, t("add folder"), "f-add f-second"), createChooser(false, t("add files"), "f-add"));
  tree = createTree((folder) => change({ folder }));
  list = createElement("div", { className: "f-table", role: "grid", ariaMultiSelectable: "true" });
  list.setAttribute("aria-label", t("documents"));
  list.append(createHead());
  rows = createRows(list, { load, onRow: dressRow, onLoaded, onError: showLoadError });
  const bar = createElement("div", { className: "f-bar-row" });
  page.replaceChildren(
    head, strip, watched, bar,
    createElement("div", { className: "f-docs-body" }, tree.element, createElement("div", { className: "f-table-box" }, list)),
  );
  page.classList.remove("f-empty");
}

function createHead() {
  const all = createElement("input", { type: "checkbox", className: "f-pick-all" });
  all.setAttribute("aria-label", t("select all shown"));
  all.addEventListener("change", () => (all.checked ? chooseAll() : clearChoice()));
  const cells = COLUMNS.map(([sort, label, isLastFirst]) => {
    const button = createElement("button", { type: "button", textContent: t(label), className: "f-sort" });
    button.addEventListener("click", () => {
      const first = isLastFirst ? "descending" : "ascending";
      const other = isLastFirst ? "ascending" : "descending";
      change({ sort, order: query.sort === sort && query.order === first ? other : first }, true);
    });
    const cell = createElement("div", { role: "columnheader", className: `f-cell-${sort}` }, button);
    cell.dataset.sort = sort;
    return cell;
  });
  const pick = createElement("div", { role: "columnheader", className: "f-cell-pick" }, all);
  return createElement("div", { className: "f-head", role: "row" }, pick, ...cells);
}

/** List other documents, or the same in another order. */
function change(values, keepsChoice = false) {
  query = { ...query, ...values };
  if (!keepsChoice) chosen = newChoice();
  anchor = 0;
  drawBar();
  drawTree();
  rows.reload({ toTop: true });
}

async function refresh() {
  if (!rows || currentView() !== "documents") return;
  rows.reload();
  const asked = shownWorkspace;
  const look = (begunLooks += 1);
  try {
    const answer = await requestJson(`${address()}/document-folders`);
    // Of two looks the earlier may come last; it does not know of a folder that was opened since.
    if (asked !== shownWorkspace || look < shownLook) return;
    shownLook = look;
    overview = answer;
    if (query.folder && !overview.folders.some(([path]) => path === query.folder)) change({ folder: "" });
    drawTree();
    drawBar();
  } catch (error) {
    showLoadError(error);
  }
}

function load(offset, limit) {
  const { search, folder, kind, status, sort, order } = query;
  const values = new URLSearchParams({ offset, limit, search, folder, kind, status, sort, order });
  return requestJson(`${address()}/documents?${values}`);
}

const isFiltered = () => Boolean(query.search || query.kind || query.status);

function onLoaded({ total }) {
  $(".f-nothing", page)?.remove();
  page.classList.toggle("f-empty", !total && !isFiltered() && !query.folder);
  list.setAttribute("aria-rowcount", total + 1);
  if (!total) $(".f-table-box", page).append(createNothing());
  for (const cell of $$("[role=columnheader]", list))
    if (cell.dataset.sort) cell.setAttribute("aria-sort", cell.dataset.sort === query.sort ? query.order : "none");
  drawBar();
}

function createNothing() {
  const box = createElement("div", { className: "f-nothing" });
  if (page.classList.contains("f-empty")) {
    box.append(createElement("h3", { textContent: t("no documents") }));
    if (!isWritable()) return box.append(createElement("p", { textContent: t("read only") })), box;
    box.append(createElement("p", { textContent: t("drop") }), createElement("p", { className: "f-small", textContent: t("formats") }));
    return box;
  }
  const everything = createElement("button", { type: "button", className: "f-link", textContent: t("show everything") });
  everything.addEventListener("click", () => {
    $(".f-search", page).value = "";
    change({ search: "", folder: "", kind: "", status: "" });
  });
  box.append(createElement("h3", { textContent: t("nothing found") }), createElement("p", { textContent: t("nothing found more") }), everything);
  return box;
}

function showLoadError(error) {
  $(".f-nothing", page)?.remove();
  $(".f-table-box", page).append(createElement("p", { className: "f-wrong f-nothing", role: "alert", textContent: error.message }));
}

function drawTree() {
  if (!overview) return;
  tree.show(overview.total, overview.folders, query.folder);
  page.classList.toggle("f-flat", !overview.folders.length);
}

// -- the bar above the table: where one is and what is shown, or what can be done with the rows that are chosen ---------

const count = (number) => (number === 1 ? t("one document") : t("several documents", { count: inDigits(number) }));

/** How many documents are listed; of a whole collection as its column says it, with those that could not be read beside. */
function countListed() {
  const unread = (overview?.statuses || [])
    .filter(([status]) => status === "skipped" || status === "failed")
    .reduce((sum, [, , number]) => sum + number, 0);
  const isWhole = !(query.folder || query.kind || query.status || query.search);
  if (!isWhole || !unread) return count(rows.total());
  return `${count(rows.total() - unread)}, ${t("not read", { count: inDigits(unread) })}`;
}

const chosenCount = () => (chosen.all ? rows.total() - chosen.except.size : chosen.names.size);

function drawBar() {
  const bar = $(".f-bar-row", page);
  if (!bar) return;
  const focused = bar.contains(document.activeElement) ? document.activeElement.value : undefined;
  const drawn = createElement("div", {}, ...(chosenCount() ? createActions() : createFilters()));
  // What has not changed stays: a press that began on a button, or a list that unfolds, must find it there.
  if (drawn.innerHTML !== bar.innerHTML) {
    bar.replaceChildren(...drawn.childNodes);
    if (focused !== undefined) $$("button, select", bar).find((one) => one.value === focused)?.focus();
  }
  bar.classList.toggle("f-choosing", chosenCount() > 0);
  const all = $(".f-pick-all", page);
  all.checked = chosenCount() > 0 && chosenCount() === rows.total();
  all.indeterminate = chosenCount() > 0 && !all.checked;
}

function createFilters() {
  const path = createElement("nav", { className: "f-crumbs" });
  path.setAttribute("aria-label", t("folder path"));
  const parts = query.folder ? query.folder.split("/") : [];
  for (const [number, name] of [t("all documents"), ...parts].entries()) {
    if (number) path.append(createElement("span", { textContent: "/", ariaHidden: "true" }));
    const folder = parts.slice(0, number).join("/");
    if (number === parts.length) path.append(createElement("b", { textContent: name }));
    else {
      const button = createElement("button", { type: "button", textContent: name, className: "f-link" });
      button.addEventListener("click", () => change({ folder }));
      path.append(button);
    }
  }
  const parts_ = [path, createElement("span", { className: "f-quiet", textContent: countListed() })];
  if (query.folder) {
    const ask = createElement("button", { type: "button", className: "f-link", textContent: t("ask about folder") });
    ask.addEventListener("click", () => askAbout({ sources: [`${query.folder}/`] }));
    parts_.push(ask);
  }
  parts_.push(createElement("span", { className: "f-gap" }));
  if (overview) {
    const folders = [["", t("all documents"), overview.total],
      ...overview.folders.slice(0, 500).map(([path_, number]) => [path_, path_, number])];
    if (overview.folders.length) parts_.push(createFilter("folder", t("folders"), folders, "f-filter-folder"));
    if (overview.kinds.length > 1) parts_.push(createFilter("kind", t("filter type"), [["", t("any type")], ...overview.kinds]));
    if (overview.statuses.length > 1)
      parts_.push(createFilter("status", t("filter status"), [["", t("any status")], ...overview.statuses]));
  }
  return parts_;
}

function createFilter(key, label, choices, className = "") {
  const field = createElement("select", { className: `f-filter ${className}` });
  field.setAttribute("aria-label", label);
  for (const [value, words, number] of choices)
    field.append(createElement("option", {
      value, textContent: value && number !== undefined ? `${words} (${inDigits(number)})` : words, selected: value === query[key],
    }));
  field.classList.toggle("f-set", Boolean(query[key]));
  field.dataset.chosen = query[key];
  field.addEventListener("change", () => change({ [key]: field.value }));
  return field;
}

function createActions() {
  const number = chosenCount();
  const parts = [createElement("b", { textContent: t("selected", { count: inDigits(number) }) })];
  const add = (label, action, className = "f-action") => {
    const button = createElement("button", { type: "button", value: label, className, textContent: label });
    button.addEventListener("click", action);
    parts.push(button);
  };
  if (number < rows.total()) add(t("select all that match", { count: inDigits(rows.total()) }), chooseAll, "f-link");
  parts.push(createElement("span", { className: "f-gap" }));
  add(t("ask about these"), () => askAbout(choiceToAsk()));
  if (isWritable()) {
    add(t("read again"), () => showFailure(() => readAgain(choiceToSend())));
    add(t("delete"), () => removeChoice(choiceToSend()), "f-action f-danger");
  }
  parts.push(createSignButton("✕", t("clear selection"), { className: "f-quiet-button" }));
  parts.at(-1).addEventListener("click", () => clearChoice(true));
  return parts;
}

// -- choosing rows ----------------------------------------------------------------------------------------------------

const isChosen = (name) => (chosen.all ? !chosen.except.has(name) : chosen.names.has(name));

function choose(names, isOn) {
  for (const name of names) {
    const [set, adds] = chosen.all ? [chosen.except, !isOn] : [chosen.names, isOn];
    if (adds) set.add(name);
    else set.delete(name);
  }
  showChoice();
}

function chooseAll() {
  chosen = { ...newChoice(), all: true };
  showChoice();
}

function clearChoice(focuses = false) {
  chosen = newChoice();
  showChoice();
  if (focuses) rows.goTo(rows.active());
}

function showChoice() {
  for (const row of rows.rows()) dressRow(row);
  drawBar();
  if (chosenCount()) announce(t("selected", { count: inDigits(chosenCount()) }));
}

function dressRow(row) {
  const isOn = isChosen(row.dataset.name);
  row.setAttribute("aria-selected", String(isOn));
  $("input", row).checked = isOn;
  row.classList.toggle("f-open-now", row.dataset.name === openRow);
}

/** What the routes take of the rows that are chosen. */
function choiceToSend() {
  if (!chosen.all) return { sources: [...chosen.names] };
  return { match: query, except: [...chosen.except] };
}

/** What questions are kept to: a whole folder also covers what is added to it later. */
function choiceToAsk() {
  if (!chosen.all || chosen.except.size || isFiltered()) return choiceToSend();
  return { sources: query.folder ? [`${query.folder}/`] : [] };
}

async function removeChoice(choice) {
  try {
    await removeDocuments(choice);
    chosen = newChoice();
    if (!choice.sources || choice.sources.includes(openRow)) setPanelOpen(false);
    anchor = 0;
    await refresh();
    rows.goTo(rows.active());
  } catch (error) {
    showError(error);
    refresh();
  }
}

// -- clicks and keys --------------------------------------------------------------------------------------------------

const indexOf = (row) => Number(row.dataset.at);

async function onClick(event) {
  const row = event.target.closest(".f-doc");
  if (!row) return;
  const index = indexOf(row);
  rows.goTo(index, { focus: false });
  const sentences = event.target.closest(".f-sentences-of");
  if (sentences) showSentences(sentences);
  else if (event.shiftKey) {
    event.preventDefault();
    getSelection().removeAllRanges();
    choose((await rows.between(anchor, index)).map((one) => one.dataset.name), true);
    return;
  } else if (event.target.closest(".f-cell-pick") || event.ctrlKey || event.metaKey) {
    choose([row.dataset.name], !isChosen(row.dataset.name));
    row.focus({ preventScroll: true });
  } else open(row);
  anchor = index;
}

function open(row) {
  if (!row.dataset.load) return $(".f-sentences-of", row) && showSentences($(".f-sentences-of", row));
  openRow = row.dataset.name;
  for (const one of rows.rows()) dressRow(one);
  row.focus({ preventScroll: true });
  loadIntoPanel(row.dataset.load).then(() => {
    // Somebody may have removed it meanwhile: the panel says so, and the list is brought up to date.
    if ($("#f-panel-body > .f-wrong")) refresh();
    rows.goTo(rows.active());
  });
}

/** The mark of the open row goes when the panel is closed. */
function markOpen() {
  if (!openRow || document.body.classList.contains("f-panel-open")) return;
  openRow = "";
  for (const row of rows.rows()) dressRow(row);
}

async function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key === "a" && event.target.closest(".f-table")) {
    event.preventDefault();
    return chooseAll();
  }
  const row = event.target.closest(".f-doc");
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  const index = indexOf(row);
  const leaf = Math.max(1, Math.floor(list.clientHeight / row.offsetHeight) - 2);
  const to = {
    ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: rows.total() - 1, PageDown: index + leaf, PageUp: index - leaf,
  }[event.key];
  if (to !== undefined) {
    event.preventDefault();
    if (!event.shiftKey) anchor = Math.max(0, Math.min(rows.total() - 1, to));
    await rows.goTo(to);
    if (event.shiftKey) choose((await rows.between(anchor, rows.active())).map((one) => one.dataset.name), true);
  } else if (event.key === "Enter" && event.target === row) {
    event.preventDefault();
    open(row);
  } else if (event.key === " " && event.target === row) {
    event.preventDefault();
    choose([row.dataset.name], !isChosen(row.dataset.name));
  } else if (event.key === "Delete" && isWritable()) {
    event.preventDefault();
    removeChoice(chosenCount() ? choiceToSend() : { sources: [row.dataset.name] });
  }
}

function onEscape(event) {
  if (event.key !== "Escape" || currentView() !== "documents" || $("#f-dialog") || event.defaultPrevented) return;
  // What is open within the panel closes before it.
  if (event.target.closest?.("#panel :is(.f-find, .f-outline[open], .f-reading-find:has(:not(:placeholder-shown)))")) return;
  if (hideSentences());
  else if (document.body.classList.contains("f-panel-open")) {
    setPanelOpen(false);
    rows.goTo(rows.active());
  } else if (chosenCount()) clearChoice(true);
  else if (event.target.matches?.(".f-search") && event.target.value) {
    event.target.value = "";
    change({ search: "" });
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

// -- what was not read of a document ----------------------------------------------------------------------------------

let sentencesFrom;

function showSentences(button) {
  const isOpen = sentencesFrom === button;
  hideSentences();
  if (isOpen) return;
  sentencesFrom = button;
  const box = createElement("div", { id: "f-sentences", role: "note", tabIndex: -1 }, ...button.nextElementSibling.cloneNode(true).childNodes);
  document.body.append(box);
  const at = button.getBoundingClientRect();
  box.style.top = `${Math.min(at.bottom + 4, innerHeight - box.offsetHeight - 8)}px`;
  box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
  box.focus();
}

/** Close the sentences about a document and return whether they were open. */
function hideSentences() {
  const box = $("#f-sentences");
  if (!box) return false;
  box.remove();
  sentencesFrom?.closest(".f-doc")?.focus({ preventScroll: true });
  sentencesFrom = undefined;
  return true;
}
