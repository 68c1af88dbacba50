// Owns: a document that is no PDF, once it stands in the panel: its parts load as one scrolls, its headings and sheets
// are jumped to, its words are searched, and arrow keys move among the cells of a grid. A place is an offset into the
// document's text: `data-at` says where an element begins.

import { $, $$, requestHtml, requestJson, showError, t } from "./shared.js";

// Parts are loaded when their place is nearer to what is seen than so many pixels.
const AHEAD = "1200px";
const SEARCH_WAIT = 250;

/** Set up every document that is put into an element. */
export function watchDocuments(host) {
  const setUpNew = () => {
    for (const doc of $$(".f-reading:not([data-ready])", host)) setUp(doc);
  };
  new MutationObserver(setUpNew).observe(host, { childList: true, subtree: true });
  setUpNew();
}

function setUp(doc) {
  doc.dataset.ready = "1";
  const words = $(".f-words", doc);
  doc.addEventListener("click", (event) => onClick(doc, event));
  setUpLoading(doc, words);
  setUpOutline(doc);
  setUpSearch(doc);
  setUpHere(doc, words);
  setUpGrid(doc, words);
  showCited(doc);
  updateHere(doc, words);
}

/** The cell of a cited row that answers the question. */
const findAnsweringCell = (doc) => $(".source-table :is(td, th).f-answers", doc);

/** Scroll to what is cited: lines in the middle, cells in both directions. */
function showCited(doc) {
  const answering = findAnsweringCell(doc);
  // What names the row stays in sight where there is room for both.
  if (answering) answering.scrollIntoView({ block: "center", inline: "nearest" });
  else $("#cited", doc)?.scrollIntoView({ block: "center", inline: "center" });
}

function onClick(doc, event) {
  const button = event.target.closest("button");
  if (button?.classList.contains("f-more")) load(doc, button.value).catch(showError);
  else if (button?.dataset.to) {
    const outline = button.closest("details");
    if (outline) outline.open = false;
    jump(doc, Number(button.dataset.to))
      .then(() => goToSheet(doc, Number(button.dataset.to)))
      .catch(showError);
  }
  const cell = event.target.closest("[role=grid] :is(td, th)");
  if (cell && !cell.closest(".f-letters")) focusCell(doc, cell);
}

/** The outline lies over the words: Escape closes it, and so does whatever is done beside it. */
function setUpOutline(doc) {
  const outline = $(".f-outline", doc);
  if (!outline) return;
  outline.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !outline.open) return;
    event.preventDefault();
    outline.open = false;
    $("summary", outline).focus();
  });
  const closeBeside = (event) => {
    if (!outline.contains(event.target)) outline.open = false;
  };
  doc.addEventListener("pointerdown", closeBeside);
  doc.addEventListener("focusin", closeBeside);
  // It opens at the heading that one is under.
  outline.addEventListener("toggle", () => outline.open && $("[aria-current]", outline)?.scrollIntoView({ block: "nearest" }));
}

// -- parts ------------------------------------------------------------------------------------------------------------

const flowOf = (doc) => $(".f-parts", doc).firstElementChild;
const withValue = (doc, name, value) =>
  `${doc.dataset.address}${doc.dataset.address.includes("?") ? "&" : "?"}${name}=${encodeURIComponent(value)}`;

async function fetchPart(doc, at) {
  const page = document.createElement("template");
  // Everything in it was escaped by the server.
  page.innerHTML = await requestHtml(withValue(doc, "at", at));
  return $(".f-reading", page.content);
}

function setUpLoading(doc, words) {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) if (entry.isIntersecting) load(doc, entry.target.value, observer).catch(() => {});
    },
    { root: words, rootMargin: AHEAD },
  );
  for (const button of $$(".f-more", doc)) observer.observe(button);
}

/** Load the part on one side; what is seen stays where it is. */
async function load(doc, side, observer = undefined) {
  const at = doc.dataset[side];
  if (at === "" || doc.dataset.loading) return;
  doc.dataset.loading = side;
  const button = $(`.f-more[value=${side}]`, doc);
  try {
    const part = await fetchPart(doc, at);
    if (doc.dataset[side] !== at) return;
    const words = $(".f-words", doc);
    const flow = flowOf(doc);
    const anchor = side === "before" ? flow.firstElementChild : flow.lastElementChild;
    const top = anchor?.getBoundingClientRect().bottom;
    const focused = document.activeElement;
    add(flow, flowOf(part), side);
    if (anchor?.isConnected) words.scrollTop += side === "before" ? anchor.getBoundingClientRect().bottom - top : 0;
    if (flow.contains(focused)) focused.focus({ preventScroll: true });
    doc.dataset[side] = part.dataset[side];
    const edge = side === "before" ? "first" : "last";
    doc.dataset[edge] = part.dataset[edge];
    button.hidden = part.dataset[side] === "";
  } finally {
    delete doc.dataset.loading;
    // What is still in sight after a short part is told of again.
    observer?.unobserve(button);
    if (!button.hidden) observer?.observe(button);
  }
}

/** Put the elements of a part before or behind those that are there; a table that was cut is one again. */
function add(flow, part, side) {
  if ($("#cited")) for (const mark of $$("#cited", part)) mark.removeAttribute("id");
  const before = side === "before";
  const near = before ? flow.firstElementChild : flow.lastElementChild;
  const far = before ? part.lastElementChild : part.firstElementChild;
  const [mine, theirs] = [near, far].map(bodyOf);
  if (mine && theirs && mine.key === theirs.key) {
    if (before) mine.body.prepend(...theirs.body.children);
    else mine.body.append(...theirs.body.children);
    far.remove();
  }
  if (before) flow.prepend(...part.children);
  else flow.append(...part.children);
}

/** What holds the rows of a table, or the lines of code, and what it is known by. */
function bodyOf(element) {
  const table = element?.matches("table") ? element : element?.matches(".f-wide") ? $("table", element) : null;
  if (table) return { key: table.dataset.table, body: table.tBodies[0] };
  return element?.matches(".f-lines") ? { key: "lines", body: $("code", element) } : null;
}

/** Show a place of the document, loading it where it is not there. */
async function jump(doc, at) {
  const words = $(".f-words", doc);
  if (at < Number(doc.dataset.first) || at >= Number(doc.dataset.last)) {
    const part = await fetchPart(doc, at);
    $(".f-parts", doc).replaceChildren(flowOf(part));
    for (const name of ["first", "last", "before", "after"]) doc.dataset[name] = part.dataset[name];
    for (const button of $$(".f-more", doc)) button.hidden = doc.dataset[button.value] === "";
    words.scrollTop = 0;
  }
  const element = elementAt(doc, at);
  if (!element) return;
  const top = element.getBoundingClientRect().top - words.getBoundingClientRect().top;
  // Below the names of a grid, which stay.
  words.scrollTop += top - ($("thead", element.closest("table") || undefined)?.offsetHeight || 12);
  updateHere(doc, words);
}

/** The innermost element that begins at a place or last before it. */
function elementAt(doc, at) {
  const all = $$(".f-parts [data-at]", doc);
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (Number(all[middle].dataset.at) <= at) low = middle + 1;
    else high = middle;
  }
  return all[low - 1];
}

// -- where one is -----------------------------------------------------------------------------------------------------

function setUpHere(doc, words) {
  let waiting = false;
  words.addEventListener("scroll", () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      updateHere(doc, words);
    });
  });
}

/** Show the heading above what is seen first, and the sheet that it is in. */
function updateHere(doc, words) {
  const buttons = $$("[data-to]", doc);
  if (!buttons.length) return;
  const all = $$(".f-parts [data-at]", doc);
  const top = words.getBoundingClientRect().top + 40;
  const isSeen = (element) => element.getBoundingClientRect().bottom > top;
  // Where several sheets are in sight, one is in that of the cell one is at.
  const cell = $("[role=grid] [tabindex='0']", words)?.closest("[data-at]");
  const isCellSeen = cell && isSeen(cell) && cell.getBoundingClientRect().top < words.getBoundingClientRect().bottom;
  const at = Number((isCellSeen ? cell : all.find(isSeen))?.dataset.at || 0);
  const here = buttons.findLast((button) => Number(button.dataset.to) <= at) || buttons[0];
  for (const button of buttons) {
    if (button === here) button.setAttribute("aria-current", "true");
    else button.removeAttribute("aria-current");
  }
  const name = $(".f-here", doc);
  if (name) name.textContent = here.textContent;
}

// -- search -----------------------------------------------------------------------------------------------------------

function setUpSearch(doc) {
  const field = $(".f-reading-find input", doc);
  const search = { words: "", places: [], number: -1 };
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => find(doc, search, field.value).catch(showError), SEARCH_WAIT);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      clearTimeout(timer);
      if (field.value.trim() === search.words) step(doc, search, event.shiftKey ? -1 : 1).catch(showError);
      else find(doc, search, field.value).catch(showError);
    } else if (event.key === "Escape" && field.value) {
      event.preventDefault();
      field.value = "";
      find(doc, search, "");
      $(".f-words", doc).focus({ preventScroll: true });
    }
  });
  $(".f-reading-find", doc).addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) step(doc, search, Number(button.value)).catch(showError);
  });
  doc.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "f" || !(event.ctrlKey || event.metaKey) || event.shiftKey) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
}

async function find(doc, search, value) {
  const words = value.trim();
  search.words = words;
  const { places } = words ? await requestJson(withValue(doc, "find", words)) : { places: [] };
  if (search.words !== words) return;
  Object.assign(search, { places, number: -1 });
  if (places.length) {
    // From what is seen on, else from the start.
    const seen = Number($(".f-parts [data-at]", doc)?.dataset.at || 0);
    search.number = Math.max(0, places.findIndex(([start]) => start >= seen)) - 1;
    await step(doc, search, 1);
  } else {
    showFound(doc, search);
    highlight(doc, search);
  }
}

async function step(doc, search, by) {
  const count = search.places.length;
  if (!count) return;
  search.number = (search.number + by + count) % count;
  const [start] = search.places[search.number];
  if (start < Number(doc.dataset.first) || start >= Number(doc.dataset.last)) await jump(doc, start);
  showFound(doc, search);
  const range = highlight(doc, search);
  const element = range?.startContainer.parentElement || elementAt(doc, start);
  element?.scrollIntoView({ block: "center", inline: "nearest" });
}

function showFound(doc, search) {
  const count = search.places.length;
  const text = count ? t("found here", { number: search.number + 1, count }) : search.words ? t("found none here") : "";
  $(".f-found", doc).textContent = text;
}

/** Colour what was found, without a change to the document; returns the range of the place that one is at. */
function highlight(doc, search) {
  if (!globalThis.Highlight) return undefined;
  CSS.highlights.delete("f-reading-find");
  CSS.highlights.delete("f-reading-find-now");
  if (!search.places.length) return undefined;
  const ranges = rangesOf($(".f-parts", doc), search.words);
  CSS.highlights.set("f-reading-find", new Highlight(...ranges));
  const [start] = search.places[search.number];
  const element = elementAt(doc, start);
  const inside = ranges.filter((range) => element?.contains(range.startContainer));
  const earlier = search.places.filter(([place]) => place < start && place >= Number(element?.dataset.at)).length;
  const now = inside[Math.min(earlier, inside.length - 1)];
  if (now) CSS.highlights.set("f-reading-find-now", new Highlight(now));
  return now;
}

function rangesOf(root, words) {
  const nodes = [];
  let text = "";
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    nodes.push({ node: walker.currentNode, start: text.length });
    text += walker.currentNode.data;
  }
  const pattern = new RegExp(words.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+"), "gi");
  let at = 0;
  const place = (offset) => {
    while (at + 1 < nodes.length && nodes[at + 1].start <= offset) at += 1;
    return [nodes[at].node, offset - nodes[at].start];
  };
  return [...text.matchAll(pattern)].map((match) => {
    const range = document.createRange();
    range.setStart(...place(match.index));
    const [node, offset] = place(match.index + match[0].length - 1);
    range.setEnd(node, offset + 1);
    return range;
  });
}

// -- a grid -----------------------------------------------------------------------------------------------------------

const cellsOf = (row) => [...row.cells].filter((cell) => !cell.classList.contains("f-row-number"));

/** The column that a cell begins in. */
function columnOf(cell) {
  let column = 0;
  for (const other of cellsOf(cell.parentElement)) {
    if (other === cell) break;
    column += other.colSpan;
  }
  return column;
}

function cellAt(row, column) {
  let at = 0;
  for (const cell of cellsOf(row)) {
    at += cell.colSpan;
    if (at > column) return cell;
  }
  return cellsOf(row).at(-1);
}

function setUpGrid(doc, words) {
  const cited = findAnsweringCell(words) || $("#cited", words);
  const first = cited?.closest("[role=grid] :is(td, th)") || $("[role=grid] tbody :is(td, th:not(.f-row-number))", words);
  if (!first) return;
  // The grid is the one tab stop of its region.
  words.removeAttribute("tabindex");
  first.tabIndex = 0;
  showCell(doc, first);
  words.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[role=grid] :is(td, th)");
    const to = cell && neighbour(words, cell, event);
    if (!to) return;
    event.preventDefault();
    event.stopPropagation();
    focusCell(doc, to);
  });
  words.addEventListener("focusin", (event) => {
    const cell = event.target.closest("[role=grid] :is(td, th)");
    if (cell) showCell(doc, cell);
  });
}

function neighbour(words, cell, event) {
  const rows = $$("[role=grid] tbody tr", words);
  const row = rows.indexOf(cell.parentElement);
  const column = columnOf(cell);
  const cells = cellsOf(cell.parentElement);
  const beside = (by) => cells[cells.indexOf(cell) + by];
  const below = (by) => rows[Math.max(0, Math.min(rows.length - 1, row + by))];
  const all = event.ctrlKey || event.metaKey;
  const moves = {
    ArrowLeft: () => beside(-1),
    ArrowRight: () => beside(1),
    ArrowUp: () => cellAt(below(-1), column),
    ArrowDown: () => cellAt(below(1), column),
    PageUp: () => cellAt(below(-10), column),
    PageDown: () => cellAt(below(10), column),
    Home: () => cellAt(all ? rows[0] : cell.parentElement, 0),
    End: () => cellsOf(all ? rows.at(-1) : cell.parentElement).at(-1),
  };
  return moves[event.key]?.();
}

function makeTabStop(doc, cell) {
  for (const other of $$("[role=grid] [tabindex]", doc)) other.tabIndex = -1;
  cell.tabIndex = 0;
  showCell(doc, cell);
}

function focusCell(doc, cell) {
  makeTabStop(doc, cell);
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  updateHere(doc, $(".f-words", doc));
}

/** Make the first cell of a sheet the one that one is at. */
function goToSheet(doc, at) {
  const row = $$("[role=grid] tbody tr", doc).find((other) => Number(other.dataset.at) >= at);
  if (row) makeTabStop(doc, cellAt(row, 0));
  updateHere(doc, $(".f-words", doc));
}

/** Say above the grid which cell one is at, with all that stands in it. */
function showCell(doc, cell) {
  const bar = $(".f-cell-bar", doc);
  if (!bar) return;
  const table = cell.closest("table");
  const names = [...table.tHead.rows].at(-1);
  const name = cellAt(names, columnOf(cell))?.textContent || cellAt(table.tHead.rows[0], columnOf(cell))?.textContent;
  const number = $(".f-row-number", cell.parentElement)?.textContent;
  $("b", bar).textContent = [name, number && t("row", { row: number })].filter(Boolean).join(" · ");
  $("span", bar).textContent = cell.textContent;
}
