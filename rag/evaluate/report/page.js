// The filter of the case list. Without it every case is shown.
(() => {
  const tools = document.querySelector(".tools");
  const cases = [...document.querySelectorAll(".case")];
  if (!tools) return;
  document.documentElement.classList.add("scripted");
  const [words, outcome, tag] = ["words", "outcome", "tag"].map((name) => document.getElementById(name));
  const count = document.getElementById("count");
  const filter = () => {
    const terms = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of cases) {
      const kinds = item.dataset.kinds.split(" ");
      const tags = JSON.parse(item.dataset.tags);
      const text = item.dataset.text;
      item.hidden = !(
        (!outcome.value || kinds.includes(outcome.value)) &&
        (!tag.value || tags.includes(tag.value)) &&
        terms.every((term) => text.includes(term))
      );
      shown += !item.hidden;
    }
    count.textContent = `${shown} of ${cases.length} cases`;
  };
  tools.addEventListener("input", filter);
  tools.addEventListener("submit", (event) => event.preventDefault());
  filter();
})();
