// Owns: the page of settings.

import { $, $$, createElement, language, pageState, rememberLanguage, t, whenPresent } from "./shared.js";

/** The two settings that belong to the browser, and signing out. */
export function setUpSettings(column) {
  const appearance = localStorage.getItem("footnote-appearance") || "system";
  whenPresent(`#appearance input[value=${appearance}]`, (choice) => choice.checked || choice.click());
  whenPresent("#passages input[type=range]", () => {
    // Gradio's own names are in English.
    for (const field of $$("#passages input")) field.setAttribute("aria-label", t("passages"));
  });
  if (!pageState().user) return;
  const signOut = createElement("button", { type: "submit", textContent: t("sign out") });
  column.append(createElement("form", { method: "post", action: "/sign-out" }, signOut));
}

/** Take a choice that belongs to the browser, and return whether it was one. */
export function changeSetting(choice) {
  if (choice.closest?.("#appearance")) {
    localStorage.setItem("footnote-appearance", choice.value);
    window.footnoteAppearance();
  } else if (choice.closest?.("#language")) {
    rememberLanguage(choice.value);
    location.assign((choice.value === "en" ? "/" : `/${choice.value}/`) + location.hash);
  }
}
