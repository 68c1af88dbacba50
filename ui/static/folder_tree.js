// Owns: the folders of a collection as a tree, of which one is chosen. Knows nothing about documents.

import { $, $$, createElement, inDigits, t } from "./shared.js";

/**
 * Make a tree. `choose(path)` is called with the path of a folder, or "" for all documents.
 * `show(total, folders, chosen)` draws it: folders are pairs of a path and a number, parents before their children.
 */
export function createTree(choose) {
  const element = createElement("div", { className: "f-tree", role: "tree" });
  element.setAttribute("aria-label", t("folders"));
  const open = new Set();
  let total = 0, folders = [], chosen = "";

  const parentOf = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));
  const hasInner = (number) => folders[number + 1]?.[0].startsWith(`${folders[number][0]}/`);

  function isShown(path) {
    for (let above = parentOf(path); above; above = parentOf(above)) if (!open.has(above)) return false;
    return true;
  }

  function createItem(path) {
    const item = createElement("div", { role: "treeitem", className: "f-folder", title: path });
    const depth = path ? path.split("/").length : 0;
    item.style.setProperty("--depth", depth);
    item.dataset.path = path;
    item.setAttribute("aria-level", depth + 1);
    item.append(
      createElement("span", { ariaHidden: "true" }),
      createElement("span", { className: "f-folder-name", textContent: path ? path.slice(path.lastIndexOf("/") + 1) : t("all documents") }),
      createElement("span", { className: "f-folder-count" }),
    );
    return item;
  }

  function dress(item, count, inner) {
    const { path } = item.dataset;
    const [twist, , number] = item.children;
    item.setAttribute("aria-selected", path === chosen);
    item.toggleAttribute("aria-expanded", inner);
    if (inner) item.setAttribute("aria-expanded", open.has(path));
    twist.className = inner ? "f-twist" : "f-no-twist";
    number.textContent = inDigits(count);
    item.tabIndex = -1;
  }

  /** Draw it anew. A folder that stays keeps its element: a press that began on it before ends on it as a click. */
  function draw() {
    const focused = element.contains(document.activeElement) ? document.activeElement.dataset.path : undefined;
    const items = new Map([...element.children].map((item) => [item.dataset.path, item]));
    const listed = folders.map(([path, count], number) => [path, count, hasInner(number)]).filter(([path]) => isShown(path));
    const shown = [["", total, false], ...listed];
    const paths = new Set(shown.map(([path]) => path));
    for (const [path, item] of items) if (!paths.has(path)) item.remove();
    for (const [number, [path, count, inner]] of shown.entries()) {
      const item = items.get(path) || createItem(path);
      dress(item, count, inner);
      if (element.children[number] !== item) element.insertBefore(item, element.children[number] || null);
    }
    const stop = $(`[aria-selected=true]`, element) || element.firstElementChild;
    stop.tabIndex = 0;
    if (focused !== undefined) (itemOf(focused) || stop).focus();
  }

  const itemOf = (path) => $$(".f-folder", element).find((item) => item.dataset.path === path);

  function toggle(path, isOpen) {
    if (isOpen) open.add(path);
    else open.delete(path);
    draw();
  }

  element.addEventListener("click", (event) => {
    const item = event.target.closest(".f-folder");
    if (!item) return;
    const { path } = item.dataset;
    if (event.target.closest(".f-twist")) return toggle(path, !open.has(path));
    if (path) open.add(path);
    choose(path);
  });
  element.addEventListener("keydown", (event) => {
    const item = event.target.closest(".f-folder");
    if (!item || event.ctrlKey || event.metaKey || event.altKey) return;
    const { path } = item.dataset;
    const items = $$(".f-folder", element);
    const at = items.indexOf(item);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) moveTo(items[Math.max(0, Math.min(items.length - 1, to))]);
    else if (event.key === "ArrowRight" && item.getAttribute("aria-expanded") === "false") toggle(path, true);
    else if (event.key === "ArrowLeft" && item.getAttribute("aria-expanded") === "true") toggle(path, false);
    else if (event.key === "ArrowLeft" && path) moveTo(itemOf(parentOf(path)));
    else if (event.key === "Enter" || event.key === " ") choose(path);
    else return;
    event.preventDefault();
  });

  function moveTo(item) {
    for (const other of $$(".f-folder", element)) other.tabIndex = other === item ? 0 : -1;
    item?.focus();
  }

  return {
    element,
    show(count, listed, path) {
      [total, folders, chosen] = [count, listed, path];
      for (let above = parentOf(path); above; above = parentOf(above)) open.add(above);
      draw();
    },
  };
}
