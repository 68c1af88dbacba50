// Owns: the dialog over the page, of which one is open at a time, and menus that unfold.

import { $, $$, createElement, createSignButton, t } from "./shared.js";

let focusedBefore;

export function openDialog(title, content) {
  closeDialog();
  focusedBefore = document.activeElement;
  const close = createSignButton("✕", t("close"), { className: "f-close" });
  close.addEventListener("click", closeDialog);
  const dialog = createElement("dialog", { id: "f-dialog" }, createElement("h2", { textContent: title }), close, content);
  dialog.setAttribute("aria-label", title);
  dialog.addEventListener("close", closeDialog);
  document.body.append(dialog);
  dialog.showModal();
}

export function closeDialog() {
  const dialog = $("#f-dialog");
  if (!dialog) return;
  dialog.remove();
  focusedBefore?.focus?.();
}

/** Close the open menu and return whether there was one. */
export function closeMenu() {
  const menu = $(".f-menu[open]");
  if (!menu) return false;
  menu.open = false;
  $("summary", menu).focus();
  return true;
}

/** Close each open menu that a click was not in, or that it chose something of. */
export function closeMenusAt(target) {
  for (const menu of $$(".f-menu[open]"))
    if (!menu.contains(target) || target.closest("a, button")) menu.open = false;
}
