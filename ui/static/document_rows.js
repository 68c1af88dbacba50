// Owns: a long list of rows of which only those in sight are in the page: they are fetched by need, in blocks, and put
// at their places. Knows nothing about what a row shows or what is done with it.

import { $$, createElement } from "./shared.js";

const BLOCK = 50;
// Rows kept in the page above and below those in sight.
const SPARE = 10;
// Milliseconds of rest before rows are fetched: whoever drags the scroll bar passes thousands.
const REST = 60;

/**
 * Make the list in a scroller. `load(offset, limit, signal)` resolves to `{total, version, html}`; `onRow(row)` sees
 * each row when it enters the page, `onLoaded({total, version})` what came with the rows, `onError` what went wrong.
 */
export function createRows(scroller, { load, onRow, onLoaded, onError }) {
  const body = createElement("div", { className: "f-rows", role: "rowgroup" });
  scroller.append(body);
  let blocks = new Map();
  let fetching = new Map();
  // What the server wrote of each row, by its element.
  const written = new WeakMap();
  let total = 0;
  let version;
  let active = 0;
  let timer;

  const rowHeight = () => parseFloat(getComputedStyle(body).getPropertyValue("--row")) || 40;
  const rowAt = (index) => blocks.get(Math.floor(index / BLOCK))?.[index % BLOCK];
  const elementAt = (index) => [...body.children].find((row) => Number(row.dataset.at) === index);

  function inSight() {
    const height = rowHeight();
    const first = Math.floor(scroller.scrollTop / height) - SPARE;
    const last = Math.ceil((scroller.scrollTop + scroller.clientHeight) / height) + SPARE;
    return [Math.max(0, first), Math.min(total, last)];
  }

  function render() {
    const height = rowHeight();
    const [first, last] = inSight();
    body.style.height = `${total * height}px`;
    for (const row of [...body.children]) {
      const at = Number(row.dataset.at);
      // A row with the focus stays, so that the keyboard keeps its place.
      if (at >= total || ((at < first || at >= last) && !row.contains(document.activeElement))) row.remove();
    }
    for (let index = first; index < last; index += 1) {
      const row = rowAt(index);
      if (!row) continue;
      const there = elementAt(index);
      if (there === row) continue;
      if (there && written.get(there) === written.get(row)) {
        // It stays, and with it the focus and a press that began on it.
        blocks.get(Math.floor(index / BLOCK))[index % BLOCK] = there;
        onRow(there);
        continue;
      }
      const hadFocus = there?.contains(document.activeElement);
      row.dataset.at = index;
      row.style.top = `${index * height}px`;
      row.tabIndex = index === active ? 0 : -1;
      onRow(row);
      if (there) there.replaceWith(row);
      else body.insertBefore(row, [...body.children].find((other) => Number(other.dataset.at) > index) || null);
      if (hadFocus) row.focus({ preventScroll: true });
    }
  }

  function fetchInSight() {
    const [first, last] = inSight();
    for (let block = Math.floor(first / BLOCK); block * BLOCK < Math.max(last, 1); block += 1) fetchBlock(block);
  }

  function fetchBlock(block) {
    if (blocks.has(block)) return Promise.resolve();
    if (!fetching.has(block)) fetching.set(block, fetchNow(block));
    return fetching.get(block);
  }

  async function fetchNow(block) {
    const mine = fetching;
    try {
      const data = await load(block * BLOCK, BLOCK);
      // The list was begun anew meanwhile.
      if (mine !== fetching) return;
      if (version !== undefined && version !== data.version) blocks = new Map();
      const holder = document.createElement("div");
      // Everything in it was escaped by the server.
      holder.innerHTML = data.html;
      const rows = [...holder.children];
      for (const row of rows) written.set(row, row.outerHTML);
      blocks.set(block, rows);
      ({ total, version } = data);
      active = Math.max(0, Math.min(active, total - 1));
      onLoaded(data);
      render();
      fetchInSight();
    } catch (error) {
      if (mine === fetching) onError(error);
    } finally {
      mine.delete(block);
    }
  }

  scroller.addEventListener("scroll", () => {
    render();
    clearTimeout(timer);
    timer = setTimeout(fetchInSight, REST);
  });
  new ResizeObserver(() => {
    // The height of a row depends on the width of the page.
    for (const row of body.children) row.style.top = `${Number(row.dataset.at) * rowHeight()}px`;
    render();
    fetchInSight();
  }).observe(scroller);

  return {
    body,
    total: () => total,
    active: () => active,
    rows: () => $$(":scope > [role=row]", body),
    rowAt,
    /** Fetch everything anew; what is shown stays until the new rows are there. */
    async reload({ toTop = false } = {}) {
      if (toTop) scroller.scrollTop = active = 0;
      blocks = new Map();
      fetching = new Map();
      version = undefined;
      await fetchBlock(Math.floor(inSight()[0] / BLOCK));
    },
    /** Make a row the one that the keyboard stands on, bring it into sight, and give it the focus. */
    async goTo(index, { focus = true } = {}) {
      if (!total) return;
      active = Math.max(0, Math.min(total - 1, index));
      const height = rowHeight();
      const top = active * height;
      const head = scroller.firstElementChild === body ? 0 : scroller.firstElementChild.offsetHeight;
      if (top < scroller.scrollTop) scroller.scrollTop = top;
      else if (top + height > scroller.scrollTop + scroller.clientHeight - head)
        scroller.scrollTop = top + height - scroller.clientHeight + head;
      await fetchBlock(Math.floor(active / BLOCK));
      render();
      for (const row of body.children) row.tabIndex = Number(row.dataset.at) === active ? 0 : -1;
      if (focus) elementAt(active)?.focus({ preventScroll: true });
    },
    /** Resolve to the rows from one place to another, both counted. */
    async between(from, to) {
      const [first, last] = [Math.min(from, to), Math.max(from, to)];
      const wanted = [];
      for (let block = Math.floor(first / BLOCK); block * BLOCK <= last; block += 1) wanted.push(fetchBlock(block));
      await Promise.all(wanted);
      const rows = [];
      for (let index = first; index <= last; index += 1) if (rowAt(index)) rows.push(rowAt(index));
      return rows;
    },
  };
}
