"use strict";
// The pages of `bibsmith serve`: the library, a search, authors, and updates that are accepted one by one. The token comes
// behind the '#' of the address; it leaves the address bar at once and stays in this tab.
if (location.hash.startsWith("#token=")) sessionStorage.setItem("token", location.hash.slice(7));
history.replaceState(null, "", location.pathname);
const token = sessionStorage.getItem("token") ?? "";

const byId = (id) => document.getElementById(id);
const view = byId("view");
let asked = 0;  // answers to what was asked before are thrown away
let live = null;  // the library, while it is shown: the state of its file, and what takes changes of it
let stream = null;  // of what the server tells of the file
let heard = null;  // the state that it told last
let isRefreshing = false;
let isNewsWaiting = false;

function tell(text) {
  byId("told").textContent = text;
}

async function post(path, body, signal) {
  const answer = await fetch(path, {
    signal,
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: "Bearer " + token },
    body: JSON.stringify(body),
  });
  if (answer.status === 401) throw new Error("Open the whole address that bibsmith serve told: the token is missing");
  if (!answer.ok) throw new Error((await answer.text()).trim());
  return answer;
}

async function call(method, params) {
  const answer = await (await post("/rpc", { jsonrpc: "2.0", id: 1, method: "bibsmith/" + method, params })).json();
  if (answer.error) throw new Error(answer.error.message);
  return answer.result;
}

function element(name, properties = {}, ...children) {
  const out = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in out) out[key] = value; else out.setAttribute(key, value);
  }
  out.append(...children);
  return out;
}

// HTML that the server made, with all text of others escaped. Scripts of a parsed document do not run.
async function parsed(answer) {
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const main of page.querySelectorAll("main")) main.replaceWith(...main.childNodes);  // ours is there
  return page.body;
}

async function show(path, body, into = view) {
  const number = ++asked;
  tell("…");
  const answer = await post(path, body);
  const page = await parsed(answer);
  if (number !== asked) return;
  into.replaceChildren(...page.childNodes);
  tell("");
  const take = bibsmithPage(into);
  if (into !== view) return;
  live = { state: answer.headers.get("ETag"), take };
  await refresh();
}

// What changed in the file changes on the page, and nothing else. What is heard meanwhile is for one more turn.
async function refresh() {
  isNewsWaiting = true;
  if (isRefreshing) return;
  isRefreshing = true;
  try {
    while (isNewsWaiting) {
      isNewsWaiting = false;
      if (live !== null && heard !== null && live.state !== heard) await takeNews();
    }
  } finally {
    isRefreshing = false;
  }
}

async function takeNews() {
  const number = ++asked;
  const answer = await post("/pages/entries", { file: file() });
  const page = await parsed(answer);
  if (number !== asked) return;
  live.state = answer.headers.get("ETag");
  if (live.take === null || page.querySelector(".papers") === null) {
    view.replaceChildren(...page.childNodes);
    live.take = bibsmithPage(view);
    return;
  }
  view.querySelector("header").replaceWith(page.querySelector("header"));
  const { added, changed, removed } = live.take(page);
  if (added + changed + removed > 0) tell(`The file changed: ${added} added, ${changed} changed, ${removed} removed`);
}

// Server-sent events, read by hand: an EventSource cannot send the token, but in an address, which ends in the logs of proxies.
async function hear(signal, take) {
  const answer = await post("/pages/events", { file: file() }, signal);
  const pieces = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (let piece = await pieces.read(); !piece.done; piece = await pieces.read()) {
    const events = (text + piece.value).split("\n\n");
    text = events.pop();
    for (const event of events) if (event.startsWith("data: ")) take('"' + event.slice(6) + '"');
  }
}

// As long as somebody can see the page: a browser has few connections to one server, for all of its tabs.
async function follow() {
  stream?.abort();
  heard = null;
  if (document.hidden || file() === "") return;
  const mine = stream = new AbortController();
  for (let pause = 1000; !mine.signal.aborted; pause = Math.min(2 * pause, 60000)) {
    try {
      await hear(mine.signal, (state) => {
        pause = 1000;
        heard = state;
        guarded(refresh)();
      });
    } catch {
      // The server is gone, or has as many streams as it takes: it is asked again.
    }
    await new Promise((resolve) => { setTimeout(resolve, pause); });
  }
}

const file = () => byId("file").value;
const heading = (text) => element("header", {}, element("h1", {}, text));

function form(labels, button, act) {
  const inputs = labels.map((text) => element("input", { type: "search", autocomplete: "off" }));
  const out = element("form", { className: "ask" },
                      ...inputs.map((input, i) => element("label", {}, labels[i], input)),
                      element("button", { type: "submit" }, button));
  out.addEventListener("submit", (event) => {
    event.preventDefault();
    guarded(() => act(...inputs.map((input) => input.value.trim())))();
  });
  return out;
}

const views = {
  async library() {
    if (file() === "") {
      view.replaceChildren(heading("Library"), element("p", {}, "Start bibsmith serve with --library FILE to see its entries here."));
      return;
    }
    await show("/pages/entries", { file: file() });
  },
  search() {
    const found = element("div", { id: "found" });
    view.replaceChildren(heading("Search arXiv"), form(["Words", "Title", "Author"], "Search", (words, title, author) => {
      tell("Asking arXiv …");
      return show("/pages/search", { words, title, author }, found);
    }), found);
    view.querySelector("input").focus();
  },
  author() {
    const found = element("div", { id: "found" });
    view.replaceChildren(heading("Author"), form(["Name, arXiv author id or ORCID"], "Show", (who) => {
      if (who === "") return undefined;
      tell("Asking arXiv …");
      return show("/pages/author", { who }, found);
    }), found);
    view.querySelector("input").focus();
  },
  async updates() {
    view.replaceChildren(heading("Updates"));
    if (file() === "") return;
    const number = ++asked;
    tell("Asking the sources …");
    const answer = await call("bib.update", { files: [file()], dry_run: true });
    if (number !== asked) return;
    const entries = answer.files[0].entries.filter((entry) => entry.fields.length > 0);
    tell(entries.length === 0 ? "Nothing to update" : entries.length + (entries.length === 1 ? " entry" : " entries") + " can be updated");
    view.replaceChildren(heading("Updates"), ...entries.map(change));
  },
};

// One entry of an update: each field can be accepted by itself, but a publication goes in whole or not at all.
function change(entry) {
  const out = element("section", { className: "change" }, element("h2", {}, element("bdi", {}, entry.key)),
                      element("p", {}, entry.status + (entry.message ? ": " + entry.message : "")));
  const accept = async (fields) => {
    tell("Writing …");
    const request = { files: [file()], only: [entry.key] };
    if (fields) request.fields = fields;
    await call("bib.update", request);
    await views.updates();
    tell("Accepted; bibsmith undo takes it back");
  };
  const isWhole = entry.status === "published";
  const rows = entry.fields.map((field) => {
    const cells = [element("th", { scope: "row" }, field.name), element("td", {}, element("del", {}, field.old)),
                   element("td", {}, element("ins", {}, field.new))];
    if (!isWhole) {
      const button = element("button", { type: "button", "aria-label": "Accept " + field.name + " of " + entry.key }, "Accept");
      button.addEventListener("click", guarded(() => accept([field.name])));
      cells.push(element("td", { className: "act" }, button));
    }
    return element("tr", {}, ...cells);
  });
  const names = ["Field", "Now", "Then", ...(isWhole ? [] : ["Accept"])];
  out.append(element("table", {}, element("thead", {}, element("tr", {}, ...names.map((name) => element("th", { scope: "col" }, name)))),
                     element("tbody", {}, ...rows)));
  const all = element("button", { type: "button", "aria-label": "Accept all of " + entry.key }, isWhole ? "Accept" : "Accept all");
  all.addEventListener("click", guarded(() => accept(null)));
  out.append(all);
  return out;
}

function guarded(work) {
  return () => Promise.resolve().then(work).catch((error) => tell(error.message));
}

function open(name) {
  for (const button of document.querySelectorAll("nav button")) {
    if (button.dataset.view === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
  document.title = name[0].toUpperCase() + name.slice(1) + " - Bibsmith";
  ++asked;
  live = null;
  tell("");
  guarded(views[name])();
}

view.addEventListener("click", (event) => {
  const button = event.target.closest("button.add");
  if (!button) return;
  guarded(async () => {
    if (file() === "") throw new Error("There is no library to add to");
    const id = button.closest("li").dataset.id;
    tell("Adding " + id + " …");
    const answer = await call("bib.add", { file: file(), ids: [id] });
    const entry = [...answer.added, ...answer.present][0];
    if (!entry) throw new Error(id + " cannot be added");
    tell((answer.added.length > 0 ? "Added as " : "Was there as ") + entry.key);
    button.disabled = true;
  })();
});
for (const button of document.querySelectorAll("nav button")) {
  button.addEventListener("click", () => open(button.dataset.view));
}
byId("file").addEventListener("change", () => {
  open(document.querySelector("nav [aria-current]")?.dataset.view ?? "library");
  follow();
});
document.addEventListener("visibilitychange", follow);
guarded(async () => {
  const { files } = await (await post("/pages/files", {})).json();
  byId("file").replaceChildren(...files.map((path) => element("option", { value: path }, path)));
  byId("file").closest("label").hidden = files.length === 0;
  open("library");
  follow();
})();
