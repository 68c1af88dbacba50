// Owns: what folds out beside the pages of a PDF: small pictures of them, or its headings.

import { rovingFocus } from "./keyboard.js";
import { loadPicture, stopPicture } from "./pdf-pictures.js";
import { $, $$, createElement, requestJson, t } from "./shared.js";

// Small pictures come after the pages themselves.
const LAST = 1000;

export function addSide(pdf) {
  return new Side(pdf);
}

class Side {
  constructor(pdf) {
    this.pdf = pdf;
    this.element = $(".f-side", pdf.article);
    this.element.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-page]");
      if (!button) return;
      this.pdf.goTo(Number(button.dataset.page));
      // Where it lies over the pages, it makes room for the one that was chosen.
      if (getComputedStyle(this.element).position === "absolute") {
        this.toggle(this.shown);
        this.pdf.view.focus({ preventScroll: true });
      }
    });
    this.roving = rovingFocus(this.element, "button[data-page]");
    this.near = new IntersectionObserver((entries) => this.onNear(entries), { root: this.element, rootMargin: "50%" });
  }

  /** Fold out the pictures or the headings; fold in what is folded out. */
  async toggle(what) {
    this.shown = this.shown === what ? "" : what;
    for (const value of ["strip", "outline"])
      $(`.f-pdf-tools [value=${value}]`, this.pdf.article).setAttribute("aria-pressed", String(this.shown === value));
    this.near.disconnect();
    for (const canvas of $$("canvas", this.element)) stopPicture(canvas);
    this.element.replaceChildren();
    this.element.hidden = !this.shown;
    this.element.dataset.shown = this.shown;
    this.element.setAttribute("aria-label", t(this.shown === "outline" ? "pdf outline" : "pdf strip"));
    if (this.shown === "strip") this.showPictures();
    else if (this.shown === "outline") await this.showHeadings();
    this.mark();
    this.showPage(this.pdf.page);
    this.roving.refresh();
  }

  showPictures() {
    const buttons = this.pdf.sheets.all.map(({ page, ratio }) => {
      const canvas = createElement("canvas");
      canvas.setAttribute("aria-hidden", "true");
      canvas.style.aspectRatio = `1 / ${ratio}`;
      return createElement("button", { type: "button", "data-page": page }, canvas, createElement("span", { textContent: page }));
    });
    this.element.replaceChildren(...buttons);
    for (const button of buttons) this.near.observe(button);
  }

  async showHeadings() {
    let headings = [];
    try {
      headings = await requestJson(`${this.pdf.article.dataset.pages}/outline`);
    } catch {
      // As if there were none.
    }
    if (this.shown !== "outline") return;
    const rows = headings.map(([words, level, page]) => {
      const row = createElement("button", { type: "button", "data-page": page, title: words });
      row.style.setProperty("--level", Math.min(level, 4) - 1);
      row.append(createElement("span", { textContent: words }), createElement("span", { textContent: page }));
      return row;
    });
    const none = createElement("p", { className: "f-small", textContent: t("pdf no outline") });
    this.element.replaceChildren(...(rows.length ? rows : [none]));
  }

  onNear(entries) {
    for (const { target, isIntersecting } of entries) {
      const canvas = $("canvas", target);
      if (!isIntersecting) stopPicture(canvas);
      else {
        const width = canvas.clientWidth * Math.max(2, devicePixelRatio);
        const distance = LAST + Math.abs(Number(target.dataset.page) - this.pdf.page);
        loadPicture(canvas, `${this.pdf.article.dataset.pages}/${target.dataset.page}`, width, distance, () => {});
      }
    }
  }

  /** Dot the pages that are cited. */
  mark() {
    const { boxes, also, page } = this.pdf.marks;
    const cited = new Set([...boxes.map((box) => box[0]), ...also.map((span) => span[2])]);
    if (this.pdf.marks.span[1] > this.pdf.marks.span[0]) cited.add(page);
    for (const button of $$("button[data-page]", this.element)) {
      const number = Number(button.dataset.page);
      const isCited = this.shown === "strip" && cited.has(number);
      button.classList.toggle("f-has-cited", isCited);
      if (this.shown === "strip")
        button.setAttribute("aria-label", t(isCited ? "pdf page cited" : "pdf page label", { page: number }));
    }
  }

  showPage(page) {
    if (!this.shown) return;
    const buttons = $$("button[data-page]", this.element);
    // Of the headings, the last one that begins on this page or before it.
    const before = buttons.filter((button) => Number(button.dataset.page) <= page);
    const current = this.shown === "strip" ? buttons[page - 1] : before.at(-1);
    for (const button of buttons) button.setAttribute("aria-current", String(button === current));
    if (!current || this.element.contains(document.activeElement)) return;
    const { offsetTop, offsetHeight } = current;
    const { scrollTop, clientHeight } = this.element;
    if (offsetTop < scrollTop || offsetTop + offsetHeight > scrollTop + clientHeight)
      this.element.scrollTop = offsetTop - (clientHeight - offsetHeight) / 2;
    this.roving.refresh();
  }
}
