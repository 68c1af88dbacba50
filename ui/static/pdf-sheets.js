// Owns: the pages of a PDF one below the other: their size, which are near enough to be loaded, where a place of a page
// is on the screen, and the marks on them.

import { loadPicture, stopPicture } from "./pdf-pictures.js";
import { createElement, request, t } from "./shared.js";

// Pages are loaded so many heights of the view before they are seen, and kept so many heights behind.
const AHEAD = 1;
const KEPT = 3;

/** Make the pages; `sizes` are width and height in points, each with how many pages in a row have them. */
export function createSheets(view, address, title, sizes) {
  return new Sheets(view, address, title, sizes);
}

class Sheets {
  constructor(view, address, title, sizes) {
    this.view = view;
    this.address = address;
    this.marks = { boxes: [], also: [], hits: [], hit: -1 };
    const widest = Math.max(...sizes.map(([width]) => width));
    const all = [];
    for (const [width, height, count] of sizes)
      for (let i = 0; i < count; i++) all.push(this.make(all.length + 1, width, height, widest, title));
    this.all = all;
    this.count = all.length;
    this.top = { page: 1, share: 0 };
    view.replaceChildren(...all.map((sheet) => sheet.element));
  }

  make(page, width, height, widest, title) {
    const element = createElement("div", { className: "f-sheet", role: "group" });
    element.setAttribute("aria-label", t("page image", { page, title }));
    element.dataset.page = page;
    element.style.aspectRatio = `${width} / ${height}`;
    element.style.setProperty("--share", width / widest);
    return { page, element, ratio: height / width, share: width / widest, parts: undefined };
  }

  close() {
    for (const sheet of this.all) this.unload(sheet);
  }

  shareOf(page) {
    return this.all[page - 1].share;
  }

  // -- where a place is ------------------------------------------------------------------------------------------------

  /** The number of the first page whose foot is below a height of the scrolled pages, from 0. */
  indexAt(y) {
    let [low, high] = [0, this.count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const { offsetTop, offsetHeight } = this.all[middle].element;
      if (offsetTop + offsetHeight > y) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  currentPage() {
    return this.indexAt(this.view.scrollTop + this.view.clientHeight * 0.3) + 1;
  }

  /** Scroll so that a height of a page, in parts of it, comes to stand at a height of the view. */
  scrollTo(page, share, at, across = 0.5) {
    const { offsetTop, offsetHeight, offsetLeft, offsetWidth } = this.all[page - 1].element;
    this.view.scrollTo(
      offsetLeft + offsetWidth * across - this.view.clientWidth / 2,
      offsetTop + offsetHeight * share - this.view.clientHeight * at,
    );
    this.notePlace();
  }

  /** The page and the parts of it that lie at a point of the view, in pixels. */
  placeAt(x, y) {
    const index = this.indexAt(this.view.scrollTop + y);
    const { offsetTop, offsetHeight, offsetLeft, offsetWidth } = this.all[index].element;
    const across = (this.view.scrollLeft + x - offsetLeft) / offsetWidth;
    return { index, across, down: (this.view.scrollTop + y - offsetTop) / offsetHeight };
  }

  putAt({ index, across, down }, x, y) {
    const { offsetTop, offsetHeight, offsetLeft, offsetWidth } = this.all[index].element;
    this.view.scrollTo(offsetLeft + offsetWidth * across - x, offsetTop + offsetHeight * down - y);
    this.notePlace();
  }

  notePlace() {
    this.place = this.placeAt(0, 0);
  }

  /** Put what was at the top there again, after the pages have become wider or narrower. */
  keepPlace() {
    if (this.place) this.putAt(this.place, 0, 0);
  }

  // -- what is loaded --------------------------------------------------------------------------------------------------

  update() {
    this.notePlace();
    const { scrollTop, clientHeight } = this.view;
    if (!clientHeight) return;
    const first = this.indexAt(scrollTop - AHEAD * clientHeight);
    const last = this.indexAt(scrollTop + (1 + AHEAD) * clientHeight);
    const firstKept = this.indexAt(scrollTop - KEPT * clientHeight);
    const lastKept = this.indexAt(scrollTop + (1 + KEPT) * clientHeight);
    for (const sheet of this.loaded()) {
      const index = sheet.page - 1;
      if (index < firstKept || index > lastKept) this.unload(sheet);
      else if (index < first || index > last) stopPicture(sheet.parts.canvas);
    }
    const middle = this.currentPage() - 1;
    for (let index = first; index <= last; index++) this.load(this.all[index], Math.abs(index - middle));
  }

  loaded() {
    return this.all.filter((sheet) => sheet.parts);
  }

  load(sheet, distance) {
    if (!sheet.parts) {
      const canvas = createElement("canvas", { className: "f-picture" });
      canvas.setAttribute("aria-hidden", "true");
      const marks = createElement("div", { className: "f-marks" });
      marks.setAttribute("aria-hidden", "true");
      sheet.parts = { canvas, marks, layer: createElement("div", { className: "f-layer" }), runs: [] };
      sheet.parts.leaving = new AbortController();
      sheet.element.append(canvas, marks, sheet.parts.layer);
      sheet.parts.words = this.loadWords(sheet);
      this.drawMarks(sheet);
    }
    // Small type is sharper where more is drawn than is shown.
    const width = sheet.element.clientWidth * Math.max(1.5, Math.min(devicePixelRatio, 3));
    loadPicture(sheet.parts.canvas, `${this.address}/${sheet.page}`, width, distance, (sentence) => {
      this.showFailure(sheet, sentence);
    });
  }

  unload(sheet) {
    if (!sheet.parts) return;
    sheet.parts.leaving.abort();
    stopPicture(sheet.parts.canvas);
    // The memory of a canvas is given back at once where it has no size.
    sheet.parts.canvas.width = sheet.parts.canvas.height = 0;
    sheet.element.replaceChildren();
    sheet.element.classList.remove("f-undrawn");
    sheet.parts = undefined;
  }

  async loadWords(sheet) {
    const { parts } = sheet;
    try {
      const response = await request(`${this.address}/${sheet.page}/words`, { signal: parts.leaving.signal });
      const { runs, text } = await response.json();
      if (sheet.parts === parts) showWords(sheet, runs, text);
    } catch {
      // The page has left, or stays a picture.
    }
    if (sheet.parts === parts) {
      parts.layer.dataset.ready = "yes";
      this.drawMarks(sheet);
    }
  }

  /** Wait for the words of a page that is being loaded. */
  async wordsOf(page) {
    await this.all[page - 1].parts?.words;
  }

  showFailure(sheet, sentence) {
    if (!sheet.parts || sheet.element.classList.contains("f-undrawn")) return;
    sheet.element.classList.add("f-undrawn");
    sheet.element.append(createElement("p", { className: "f-wrong-page", role: "note", textContent: sentence }));
  }

  // -- marks -----------------------------------------------------------------------------------------------------------

  mark(marks) {
    Object.assign(this.marks, marks);
    for (const sheet of this.loaded()) this.drawMarks(sheet);
  }

  drawMarks(sheet) {
    const { boxes, also, hits, hit } = this.marks;
    const drawn = [];
    for (const [start, end, page] of also)
      if (page <= sheet.page) drawn.push(...boxesOf(sheet, start, end, "f-box f-other"));
    for (const [page, ...box] of boxes) if (page === sheet.page) drawn.push(boxAt(box, "f-box"));
    hits.forEach(([start, end, page], number) => {
      if (page === sheet.page) drawn.push(...boxesOf(sheet, start, end, number === hit ? "f-hit f-now" : "f-hit"));
    });
    sheet.parts.marks.replaceChildren(...drawn);
  }

  /** How far down a page a span begins, in parts of its height; undefined where its words are not loaded. */
  heightOf(page, start, end) {
    const sheet = this.all[page - 1];
    if (!sheet.parts) return undefined;
    const [first] = boxesOf(sheet, start, end, "");
    return first ? Number.parseFloat(first.style.top) / 100 : undefined;
  }
}

function boxAt([left, top, width, height], className) {
  const box = createElement("span", { className });
  Object.assign(box.style, { left: `${left}%`, top: `${top}%`, width: `${width}%`, height: `${height}%` });
  return box;
}

/** Put the words of a page over its picture, as wide as they are drawn there. */
function showWords(sheet, runs, text) {
  const { layer } = sheet.parts;
  if (!runs.length) {
    layer.classList.add("f-unplaced");
    layer.textContent = text;
    return;
  }
  const pieces = [];
  sheet.parts.runs = runs.map(([words, start, left, top, width, height, turn, endsBlock]) => {
    const element = createElement("span", { textContent: words, dir: "auto" });
    const sideways = turn % 180 === 90;
    // Sizes are in parts of the page's width, so that they grow with it.
    const size = sideways ? width : height * sheet.ratio;
    const length = sideways ? height * sheet.ratio : width;
    const corner = { 0: [left, top], 90: [left + width, top], 180: [left + width, top + height], 270: [left, top + height] };
    const [x, y] = corner[turn];
    Object.assign(element.style, { left: `${x}%`, top: `${y}%`, fontSize: `${size}cqw` });
    pieces.push(element);
    if (endsBlock) pieces.push(createElement("br"));
    return { element, start, units: words.length, points: [...words].length, turn, length };
  });
  layer.replaceChildren(...pieces);
  const width = sheet.element.clientWidth || 1;
  // All are measured before any is changed: the page is laid out once.
  const measured = sheet.parts.runs.map(({ element }) => widthWithoutBlank(element));
  sheet.parts.runs.forEach(({ element, turn, length }, number) => {
    const stretch = measured[number] ? ((length / 100) * width) / measured[number] : 1;
    element.style.transform = `rotate(${turn}deg) scaleX(${stretch})`;
  });
}

function widthWithoutBlank(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const words = element.firstChild;
  if (words?.data.endsWith(" ")) range.setEnd(words, words.data.length - 1);
  return range.getBoundingClientRect().width;
}

/** The boxes of a span of the text on a page, by the words that lie over it. */
function boxesOf(sheet, start, end, className) {
  const page = sheet.element.getBoundingClientRect();
  const boxes = [];
  for (const { element, start: first, points } of sheet.parts.runs) {
    if (first < 0 || first >= end || first + points <= start) continue;
    const node = element.firstChild;
    const range = document.createRange();
    range.setStart(node, unitAt(node.data, Math.max(0, start - first)));
    range.setEnd(node, unitAt(node.data, Math.min(points, end - first)));
    const box = range.getBoundingClientRect();
    if (!box.width || !page.width) continue;
    const [across, down] = [100 / page.width, 100 / page.height];
    const place = [(box.left - page.left) * across, (box.top - page.top) * down, box.width * across, box.height * down];
    boxes.push(boxAt(place, className));
  }
  return boxes;
}

/** The place of a character in a string whose units are of 16 bits; the server counts whole characters. */
function unitAt(text, points) {
  let unit = 0;
  for (let i = 0; i < points && unit < text.length; i++) unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
  return unit;
}
