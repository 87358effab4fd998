"use strict";
// The token of this one picking; it leaves the address bar and the history at once.
const token = location.hash.slice(1);
history.replaceState(null, "", location.pathname);

const byId = (id) => document.getElementById(id);
const picked = [];
let asked = 0;

async function ask(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: "Bearer " + token },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error((await answer.text()).trim());
  const result = await answer.json();
  if (typeof result.error === "string") throw new Error(result.error);
  return result;
}

function tell(text) {
  byId("status").textContent = text;
}

function line(main, detail) {
  const small = document.createElement("small");
  small.textContent = " " + detail;
  const out = document.createElement("span");
  out.append(main, small);
  return out;
}

function offer(main, detail, choose) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(line(main, detail));
  button.addEventListener("click", () => Promise.resolve(choose()).catch((error) => tell(error.message)));
  const item = document.createElement("li");
  item.append(button);
  byId("found").append(item);
}

function field(citation, name) {
  const input = document.createElement("input");
  input.type = "text";
  input.placeholder = name;
  input.setAttribute("aria-label", name + " of " + citation.key);
  input.addEventListener("input", () => { citation[name] = input.value; });
  return input;
}

function pick(key, title) {
  if (picked.some((one) => one.key === key)) return;
  const citation = { key, prefix: "", locator: "", suffix: "", suppressAuthor: false };
  picked.push(citation);
  const suppress = document.createElement("input");
  suppress.type = "checkbox";
  suppress.addEventListener("change", () => { citation.suppressAuthor = suppress.checked; });
  const label = document.createElement("label");
  label.append(suppress, " without author");
  const remove = document.createElement("button");
  remove.type = "button";
  remove.textContent = "Remove";
  const item = document.createElement("li");
  remove.addEventListener("click", () => {
    picked.splice(picked.indexOf(citation), 1);
    item.remove();
  });
  item.append(line(key, title), document.createElement("br"), field(citation, "prefix"),
              field(citation, "locator"), field(citation, "suffix"), label, remove);
  byId("picked").append(item);
  byId("words").focus();
}

async function search() {
  const number = ++asked;
  const result = await ask("/cayw/search", { words: byId("words").value });
  if (number !== asked) return;  // a later search is on its way
  byId("found").replaceChildren();
  for (const item of result.items) {
    offer(item.key, [item.authors, item.year, item.title].filter(Boolean).join(" · "),
          () => pick(item.key, item.title));
  }
  byId("arxiv").hidden = !result.arxiv || byId("words").value.trim() === "";
  tell(result.items.length === 0 ? "Nothing found" : "");
}

async function searchArxiv() {
  const number = ++asked;
  tell("Asking arXiv …");
  const result = await ask("/cayw/arxiv", { words: byId("words").value });
  if (number !== asked) return;
  byId("found").replaceChildren();
  for (const item of result.results) {
    const id = item.arxiv_id;
    offer(id, item.title, async () => {
      tell("Fetching " + id + " …");
      const answer = await ask("/cayw/add", { id });
      const entry = [...answer.added, ...answer.present][0];
      if (!entry) throw new Error(id + " cannot be added");
      pick(entry.key, item.title);
      tell("");
    });
  }
  tell(result.results.length === 0 ? "Nothing found" : "");
}

async function end(citations) {
  await ask("/cayw/choose", { citations });
  document.querySelector("main").textContent = "Done. You can close this page.";
  window.close();
}

const guarded = (work) => () => work().catch((error) => tell(error.message));
byId("words").addEventListener("input", guarded(search));
byId("words").addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const first = byId("found").querySelector("button");
  if (byId("words").value !== "" && first) {
    first.click();
    byId("words").value = "";
  } else if (picked.length > 0) {
    guarded(() => end(picked))();
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") guarded(() => end([]))();
});
byId("arxiv").addEventListener("click", guarded(searchArxiv));
byId("insert").addEventListener("click", guarded(() => end(picked)));
byId("cancel").addEventListener("click", guarded(() => end([])));
guarded(search)();
