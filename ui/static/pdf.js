// Owns: a PDF in the source panel: its marks, its zoom, its keys and its tools. Loaded only when a PDF is opened.

import { addFinding } from "./pdf-find.js";
import { createSheets } from "./pdf-sheets.js";
import { addSide } from "./pdf-side.js";
import { $, announce, t } from "./shared.js";

const SMALLEST = 0.5;
const LARGEST = 5;
const STEP = 1.25;
// The cited words come to stand so far from the top, in parts of the height that is seen.
const UPPER_THIRD = 0.22;
// Round the cited words so much of the page is seen, too, when they are zoomed to, in parts of its width.
const SURROUNDINGS = 0.06;

let open;

/** Show the marks of another citation in the PDF that is open already, and return whether it is the same. */
export function showMarks(article, body) {
  if (!open || !body.contains(open.article) || open.article.dataset.pages !== article.dataset.pages) return false;
  const sheets = $(".f-sheets", open.article);
  const side = $(".f-side", open.article);
  $(".f-sheets", article).replaceWith(sheets);
  $(".f-side", article).replaceWith(side);
  // What is typed into the find field, and the tools that are pressed, stay as they are.
  $(".f-find", article).replaceWith($(".f-find", open.article));
  for (const pressed of open.article.querySelectorAll(".f-pdf-tools [aria-pressed=true]"))
    $(`.f-pdf-tools [value=${pressed.value}]`, article).setAttribute("aria-pressed", "true");
  const { scrollTop, scrollLeft } = sheets;
  open.article.replaceWith(article);
  sheets.scrollTo(scrollLeft, scrollTop);
  open.article = article;
  open.show(JSON.parse(article.dataset.marks));
  return true;
}

/** Make the pages of a PDF, and go to its cited words. */
export function openPdf(article) {
  open?.close();
  open = new Pdf(article);
}

class Pdf {
  constructor(article) {
    this.article = article;
    this.zoom = 1;
    const marks = JSON.parse(article.dataset.marks);
    this.view = $(".f-sheets", article);
    this.sheets = createSheets(this.view, article.dataset.pages, article.dataset.title, marks.sizes);
    this.pages = this.sheets.count;
    this.side = addSide(this);
    this.finding = addFinding(this);
    this.view.addEventListener("scroll", () => this.onScroll(), { passive: true });
    this.view.addEventListener("wheel", (event) => this.onWheel(event), { passive: false });
    addPinching(this);
    this.keys = (event) => this.onKey(event);
    this.panel = article.parentElement;
    this.panel.addEventListener("keydown", this.keys);
    this.resizing = new ResizeObserver(() => this.onResize());
    this.resizing.observe(this.view);
    this.show(marks);
  }

  close() {
    this.resizing.disconnect();
    this.panel.removeEventListener("keydown", this.keys);
    this.sheets.close();
  }

  /** Mark a citation, and go to it. */
  show(marks) {
    this.marks = marks;
    this.listen();
    this.sheets.mark(marks);
    this.side.mark();
    if (marks.boxes.length) this.goToWords();
    else this.goTo(marks.page);
    announce(t("pdf opened", { title: this.article.dataset.title, page: marks.page, pages: this.pages }));
  }

  /** The head of the panel comes anew with each citation. */
  listen() {
    this.field = $(".f-page-of input", this.article);
    this.article.addEventListener("click", (event) => this.onClick(event));
    this.field.addEventListener("focus", () => this.field.select());
    this.field.addEventListener("change", () => this.goTo(Number.parseInt(this.field.value, 10) || this.page));
    this.field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      this.goTo(Number.parseInt(this.field.value, 10) || this.page);
      this.view.focus({ preventScroll: true });
    });
  }

  // -- going to a place ------------------------------------------------------------------------------------------------

  goTo(page) {
    const to = Math.max(1, Math.min(this.pages, page));
    this.sheets.scrollTo(to, 0, -0.02);
    this.onScroll();
  }

  goToWords() {
    const page = this.marks.page;
    const onPage = this.marks.boxes.filter((box) => box[0] === page);
    if (!onPage.length) return this.goTo(page);
    const top = Math.min(...onPage.map((box) => box[2]));
    const left = Math.min(...onPage.map((box) => box[1]));
    const right = Math.max(...onPage.map((box) => box[1] + box[3]));
    this.sheets.scrollTo(page, top / 100, UPPER_THIRD, (left + right) / 200);
    this.onScroll();
  }

  zoomToWords() {
    const onPage = this.marks.boxes.filter((box) => box[0] === this.marks.page);
    const left = Math.min(...onPage.map((box) => box[1])) / 100;
    const right = Math.max(...onPage.map((box) => box[1] + box[3])) / 100;
    const width = (right - left + 2 * SURROUNDINGS) * this.sheets.shareOf(this.marks.page);
    this.setZoom(Math.max(1, Math.min(3, 1 / width)));
    this.goToWords();
  }

  // -- zoom ------------------------------------------------------------------------------------------------------------

  /** Zoom, so that the point of the view that is given in pixels, by default its middle, stays where it is. */
  setZoom(zoom, x = this.view.clientWidth / 2, y = this.view.clientHeight / 2) {
    const to = Math.max(SMALLEST, Math.min(LARGEST, zoom));
    if (to === this.zoom) return;
    const place = this.sheets.placeAt(x, y);
    this.zoom = to;
    this.view.style.setProperty("--zoom", to);
    this.sheets.putAt(place, x, y);
    this.onScroll();
  }

  onWheel(event) {
    // A pinch on a touch pad comes as a turn of the wheel with Ctrl.
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = this.view.getBoundingClientRect();
    this.setZoom(this.zoom * Math.exp(-event.deltaY / 240), event.clientX - box.left, event.clientY - box.top);
  }

  // -- events ----------------------------------------------------------------------------------------------------------

  onScroll() {
    this.sheets.update();
    const page = this.sheets.currentPage();
    if (page === this.page && this.field.dataset.shown === String(page)) return;
    this.page = page;
    this.field.dataset.shown = page;
    if (document.activeElement !== this.field) this.field.value = page;
    this.side.showPage(page);
  }

  onResize() {
    // A page that becomes wider or narrower keeps what was at its top.
    this.sheets.keepPlace();
    this.onScroll();
  }

  onClick(event) {
    const button = event.target.closest("button.f-tool");
    if (!button) return;
    const action = {
      in: () => this.setZoom(this.zoom * STEP),
      out: () => this.setZoom(this.zoom / STEP),
      fit: () => this.setZoom(1),
      cited: () => this.zoomToWords(),
      strip: () => this.side.toggle("strip"),
      outline: () => this.side.toggle("outline"),
      find: () => this.finding.toggle(),
      next: () => this.finding.step(1),
      previous: () => this.finding.step(-1),
      close: () => this.finding.close(),
    }[button.value];
    action?.();
  }

  onKey(event) {
    if (!this.article.isConnected) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault();
      this.finding.open();
    }
    if (event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
    const inSide = event.target.closest(".f-side");
    const turn = {
      "+": () => this.setZoom(this.zoom * STEP),
      "=": () => this.setZoom(this.zoom * STEP),
      "-": () => this.setZoom(this.zoom / STEP),
      0: () => this.setZoom(1),
      PageDown: () => this.view.scrollBy(0, this.view.clientHeight * 0.9),
      PageUp: () => this.view.scrollBy(0, -this.view.clientHeight * 0.9),
      Home: inSide ? undefined : () => this.goTo(1),
      End: inSide ? undefined : () => this.goTo(this.pages),
    }[event.key];
    if (!turn) return;
    event.preventDefault();
    turn();
  }
}

/** Two fingers zoom the pages, and not the whole screen. */
function addPinching(pdf) {
  let distance = 0;
  let zoom = 1;
  const apart = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  pdf.view.addEventListener("touchstart", (event) => {
    if (event.touches.length === 2) [distance, zoom] = [apart(event.touches), pdf.zoom];
  }, { passive: true });
  pdf.view.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 2 || !distance) return;
    event.preventDefault();
    const box = pdf.view.getBoundingClientRect();
    const [a, b] = event.touches;
    const [x, y] = [(a.clientX + b.clientX) / 2 - box.left, (a.clientY + b.clientY) / 2 - box.top];
    pdf.setZoom((zoom * apart(event.touches)) / distance, x, y);
  }, { passive: false });
  pdf.view.addEventListener("touchend", () => (distance = 0), { passive: true });
}
