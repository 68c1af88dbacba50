// Owns: the theme of the page, set before it is drawn, so that the wrong colours are never seen first.
(() => {
  const systemIsDark = matchMedia("(prefers-color-scheme: dark)");
  const applyTheme = () => {
    const appearance = localStorage.getItem("footnote-appearance") || "system";
    const systemTheme = systemIsDark.matches ? "dark" : "light";
    document.documentElement.dataset.theme = appearance === "system" ? systemTheme : appearance;
  };
  // For the script of the page, which is loaded later and changes the setting.
  window.footnoteAppearance = applyTheme;
  systemIsDark.addEventListener("change", applyTheme);
  applyTheme();
})();
