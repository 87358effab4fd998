"use strict";
// Filter, sort, copy and export on a page of papers. Without it the page is complete and readable. Gives a function that
// takes the page as it is now (see take below), or null where there is no list.
function bibsmithPage(root) {
  const list = root.querySelector(".papers");
  if (!list) return null;
  document.documentElement.classList.add("scripted");
  let items = [...list.children];
  const texts = new WeakMap();
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

  function sort() {
    const wanted = orders[at("sort").value]();
    const kept = new Set(wanted);
    for (const item of [...list.children]) if (!kept.has(item)) item.remove();
    let next = list.firstElementChild;
    for (const item of wanted) {
      if (item === next) next = next.nextElementSibling; else list.insertBefore(item, next);
    }
  }

  // The choices as they are now, and what was chosen, though nothing may be of it any more.
  function takeChoices(name, fresh) {
    const select = at(name);
    const chosen = select.value;
    select.replaceChildren(...fresh.querySelector("[data-tool=" + name + "]").children);
    select.value = chosen;
    if (select.selectedIndex >= 0) return;
    select.append(new Option(chosen + " (0)", chosen));
    select.value = chosen;
  }

  // Brings the list to what it is in `fresh`, the same page asked for again. Items that are the same stay, so that filter,
  // order, focus, and what is open stay too. Gives how many were added, changed and removed.
  function take(fresh) {
    const known = new Map();
    for (const item of items) known.set(item.dataset.id, [...(known.get(item.dataset.id) ?? []), item]);
    const count = { added: 0, changed: 0, removed: 0 };
    let refocus = () => {};
    items = [...fresh.querySelector(".papers").children].map((item) => {
      const old = known.get(item.dataset.id)?.shift();
      if (!old) {
        count.added += 1;
        return item;
      }
      item.hidden = old.hidden;
      if (old.querySelector("details")?.open && item.querySelector("details")) item.querySelector("details").open = true;
      if (item.isEqualNode(old)) return old;
      count.changed += 1;
      const stops = "a, button, summary, pre";
      const focused = [...old.querySelectorAll(stops)].indexOf(document.activeElement);
      if (focused >= 0) refocus = () => item.querySelectorAll(stops)[focused]?.focus();
      return item;
    });
    for (const left of known.values()) count.removed += left.length;
    takeChoices("category", fresh);
    takeChoices("year", fresh);
    sort();
    refocus();
    filter();
    return count;
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
  at("sort").addEventListener("change", sort);
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
  return take;
}
bibsmithPage(document);
