// Owns: the drawers at the sides of the page: the conversations, the documents and the settings, one of them open.

import { $, createSignButton, t } from "./shared.js";

export function setUpDrawer(column, name) {
  column.setAttribute("role", "dialog");
  column.setAttribute("aria-label", t(name));
  const close = createSignButton("✕", t("close"), { className: "f-close" });
  close.addEventListener("click", closeDrawer);
  column.prepend(close);
}

export function toggleDrawer(name) {
  const opened = document.body.dataset.drawer === name ? "" : name;
  document.body.dataset.drawer = opened;
  for (const drawer of ["documents", "settings", "left"])
    $(`#show-${drawer}`)?.setAttribute("aria-expanded", String(drawer === opened));
  if (opened) {
    $(`#${opened} .f-close`)?.focus();
    if (opened === "documents") $("#documents").dispatchEvent(new Event("f-open"));
  }
}

/** Close the open drawer and return whether there was one. */
export function closeDrawer() {
  const closed = document.body.dataset.drawer;
  document.body.dataset.drawer = "";
  if (closed) $(`#show-${closed}`)?.focus();
  return Boolean(closed);
}
