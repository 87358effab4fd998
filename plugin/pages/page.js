"use strict";
// Filter, sort, copy and export on a page of papers. Without it the page is complete and readable.
function bibsmithPage(root) {
  const list = root.querySelector(".papers");
  if (!list) return;
  document.documentElement.classList.add("scripted");
  const items = [...list.children];
  const texts = new Map();
  const textOf = (item) => {
    if (!texts.has(item)) {
      const folded = (item.querySelector("h3").textContent + " " + item.querySelector(".about").textContent + " " +
                      item.dataset.id).normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
      texts.set(item, folded);
    }
    return texts.get(item);
  };
  const at = (name) => root.querySelector("[data-tool=" + name + "]");
  const plural = (count, word) => count + " " + word + (count === 1 ? "" : "s");
  const tell = (text) => { at("status").textContent = text; };
  const shown = () => [...list.children].filter((item) => !item.hidden);
  const entry = (item) => item.querySelector("pre")?.textContent.trim() ?? "";
  const entries = () => shown().map(entry).filter(Boolean).join("\n\n") + "\n";

  const collator = new Intl.Collator(undefined, { numeric: true });
  const orders = {
    given: () => items,
    newest: () => [...items].sort((a, b) => collator.compare(b.dataset.date, a.dataset.date)),
    oldest: () => [...items].sort((a, b) => collator.compare(a.dataset.date, b.dataset.date)),
    title: () => [...items].sort((a, b) => collator.compare(a.querySelector("h3").textContent, b.querySelector("h3").textContent)),
  };

  function filter() {
    const words = at("words").value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().split(/\s+/).filter(Boolean);
    const category = at("category").value;
    const year = at("year").value;
    let count = 0;
    for (const item of items) {
      const fits = (category === "" || item.dataset.categories.split(" ").includes(category)) &&
                   (year === "" || item.dataset.date.startsWith(year)) &&
                   words.every((word) => textOf(item).includes(word));
      item.hidden = !fits;
      if (fits) count += 1;
    }
    tell(count === items.length ? plural(count, "paper") : count + " of " + plural(items.length, "paper"));
  }

  async function copy(text, element) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      if (element) element.focus();
    }
  }

  function download(name, type, text) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  at("words").addEventListener("input", filter);
  at("category").addEventListener("change", filter);
  at("year").addEventListener("change", filter);
  at("sort").addEventListener("change", () => list.replaceChildren(...orders[at("sort").value]()));
  at("copy")?.addEventListener("click", async () => {
    await copy(entries(), at("copy"));
    tell("BibTeX of " + plural(shown().length, "paper") + " copied");
  });
  at("save")?.addEventListener("click", () => {
    download("papers.bib", "application/x-bibtex", entries());
    tell("papers.bib has the entries of " + plural(shown().length, "paper"));
  });
  at("ids").addEventListener("click", () => {
    download("papers.txt", "text/plain", shown().map((item) => item.dataset.id).join("\n") + "\n");
    tell("papers.txt has the ids of " + plural(shown().length, "paper"));
  });
  list.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    await copy(entry(button.closest("li")) + "\n", button);
    tell("BibTeX of " + button.closest("li").dataset.id + " copied");
  });
  root.querySelector(".tools").addEventListener("submit", (event) => event.preventDefault());
  root.querySelector(".tools").hidden = false;
  filter();
}
bibsmithPage(document);
