// Runs before the page is drawn, so that nobody sees the wrong colours first.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const wish = localStorage.getItem("footnote-appearance") || "system";
    document.documentElement.dataset.theme = wish === "system" ? (dark.matches ? "dark" : "light") : wish;
  };
  window.footnoteAppearance = apply;
  dark.addEventListener("change", apply);
  apply();
})();
