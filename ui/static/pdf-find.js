// Owns: finding words in a PDF: the field, the hits, and going from one to the next.

import { $, announce, requestJson, t } from "./shared.js";

// So long after the last letter is looked for the words, in milliseconds.
const PAUSE = 180;

export function addFinding(pdf) {
  return new Finding(pdf);
}

class Finding {
  constructor(pdf) {
    this.pdf = pdf;
    this.hits = [];
    this.at = -1;
    this.row = $(".f-find", pdf.article);
    this.field = $("input", this.row);
    this.field.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.look(), PAUSE);
    });
    this.row.addEventListener("keydown", (event) => this.onKey(event));
  }

  get button() {
    return $(".f-pdf-tools [value=find]", this.pdf.article);
  }

  toggle() {
    if (this.row.hidden) this.open();
    else this.close();
  }

  open() {
    this.row.hidden = false;
    this.button.setAttribute("aria-pressed", "true");
    this.field.focus();
    this.field.select();
    if (this.field.value) this.look();
  }

  close() {
    this.row.hidden = true;
    this.button.setAttribute("aria-pressed", "false");
    this.asked = undefined;
    this.pdf.sheets.mark({ hits: [], hit: -1 });
    this.pdf.view.focus({ preventScroll: true });
  }

  onKey(event) {
    if (event.key === "Escape") {
      // The panel stays open.
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Enter" && event.target === this.field) {
      event.preventDefault();
      if (this.asked === this.field.value.trim()) this.step(event.shiftKey ? -1 : 1);
      else this.look();
    }
  }

  async look() {
    clearTimeout(this.timer);
    const words = this.field.value.trim();
    this.asked = words;
    const address = `${this.pdf.article.dataset.pages}/find?words=${encodeURIComponent(words)}`;
    let found = { hits: [], total: 0 };
    try {
      if (words) found = await requestJson(address);
    } catch {
      // Nothing is found; the next letter asks again.
    }
    if (this.asked !== words) return;
    Object.assign(this, found);
    // The first hit from the page that is seen on.
    const first = this.hits.findIndex(([, , page]) => page >= this.pdf.page);
    this.at = this.hits.length ? Math.max(0, first) : -1;
    this.show();
  }

  step(by) {
    if (!this.hits.length) return;
    this.at = (this.at + by + this.hits.length) % this.hits.length;
    this.show();
  }

  show() {
    const status = $("output", this.row);
    const words = this.hits.length ? t("pdf find at", { number: this.at + 1, total: this.total }) : t("pdf find none");
    status.textContent = this.asked ? words : "";
    if (this.asked) announce(words);
    this.pdf.sheets.mark({ hits: this.hits, hit: this.at });
    const hit = this.hits[this.at];
    if (hit) this.goTo(hit);
  }

  async goTo(hit) {
    const [start, end, page] = hit;
    const { sheets } = this.pdf;
    if (sheets.heightOf(page, start, end) === undefined) {
      this.pdf.goTo(page);
      await sheets.wordsOf(page);
      if (this.hits[this.at] !== hit) return;
    }
    const height = sheets.heightOf(page, start, end);
    if (height === undefined) return;
    sheets.scrollTo(page, height, 0.3);
    this.pdf.onScroll();
  }
}
