"""Real Chromium: a page of another origin can neither read nor change anything through `bibsmith serve`, even
with the token; and the page that citations are picked on works."""
import http.server
import json
import sys
import threading
import unittest
import urllib.parse

import chromium
import serving
import world

# Each attempt of a hostile page: what it got to see, as a text; "blocked" for nothing.
ATTEMPTS = """
(async () => {
  const seen = {};
  const attempt = async (name, work) => {
    try { seen[name] = String(await work()); } catch (error) { seen[name] = "blocked"; }
  };
  const call = JSON.stringify(%(call)s);
  const json = { "Content-Type": "application/json", Authorization: "Bearer %(token)s" };
  const visible = async (answer) => answer.type === "opaque" ? "blocked" : answer.status + await answer.text();
  for (const base of %(bases)s) {
    await attempt(base + " fetch", async () => visible(await fetch(base + "/rpc", { method: "POST", headers: json, body: call })));
    await attempt(base + " no-cors", async () => visible(await fetch(base + "/rpc", { method: "POST", mode: "no-cors", body: call })));
    await attempt(base + " get", async () => visible(await fetch(base + "/cayw/pick")));
    await attempt(base + " cayw", async () => visible(await fetch(base + "/better-bibtex/cayw?format=latex", { mode: "no-cors" })));
    await attempt(base + " cayw read", async () => visible(await fetch(base + "/better-bibtex/cayw?probe=1")));
    await attempt(base + " beacon", () => { navigator.sendBeacon(base + "/rpc", call); return "blocked"; });
    await attempt(base + " script", () => new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.onload = () => resolve("loaded");
      script.onerror = reject;
      script.src = base + "/cayw/picker.js";
      document.head.append(script);
    }));
    await attempt(base + " socket", () => new Promise((resolve, reject) => {
      const socket = new WebSocket(base.replace("http", "ws") + "/rpc");
      socket.onopen = () => resolve("open");
      socket.onerror = reject;
    }));
    await attempt(base + " form", () => new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.name = "f" + Math.random();
      const form = document.createElement("form");
      Object.assign(form, { method: "POST", action: base + "/rpc", enctype: "text/plain", target: frame.name });
      const input = document.createElement("input");
      input.name = call.slice(0, -1) + ',"x":"';
      input.value = '"}';
      form.append(input);
      document.body.append(frame, form);
      frame.onload = () => { try { resolve(frame.contentDocument.body.textContent || "blocked"); } catch { resolve("blocked"); } };
      form.submit();
    }));
    await attempt(base + " frame", () => new Promise((resolve) => {
      const frame = document.createElement("iframe");
      frame.onload = () => { try { resolve(frame.contentDocument.body.textContent || "blocked"); } catch { resolve("blocked"); } };
      frame.src = base + "/cayw/pick";
      document.body.append(frame);
    }));
  }
  return JSON.stringify(seen);
})()
"""


class HostilePage:
    """Another site: a server on a port of its own, known by any name under .example."""

    def __init__(self, case):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<!doctype html><title>evil</title><body></body>")

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        case.addCleanup(self.server.server_close)
        case.addCleanup(self.server.shutdown)
        self.port = self.server.server_port


class InChromium(world.World):
    def setUp(self):
        super().setUp()
        self.bib = self.folder / "refs.bib"
        self.bib.write_text("@misc{lee,title={On  things},author={Ann Lee},year=2001}\n")
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        self.shown = home / "shown"
        browser = home / "browser"
        browser.write_text("#!/bin/sh\nprintf '%s\\n' \"$1\" > \"$HOME/shown.new\"\nmv \"$HOME/shown.new\" \"$HOME/shown\"\n")
        browser.chmod(0o755)
        self.environment["BROWSER"] = str(browser)
        self.served = serving.Served(self, "--http", "--cayw", "--library", str(self.bib))
        self.page = chromium.Page(self)

    def test_a_page_of_another_origin_reads_and_changes_nothing(self):
        before = self.bib.read_bytes()
        hostile = HostilePage(self)
        port = self.served.url.rsplit(":", 1)[1]
        script = ATTEMPTS % {
            "call": json.dumps({"jsonrpc": "2.0", "id": 1, "method": "bibsmith/bib.format",
                                "params": {"file": str(self.bib)}}),
            "token": self.served.token,
            "bases": json.dumps([f"http://127.0.0.1:{port}", f"http://localhost:{port}",
                                 f"http://rebound.example:{port}"])}
        for origin in (f"http://evil.example:{hostile.port}", f"http://127.0.0.1:{hostile.port}"):
            self.page.open(origin)
            seen = json.loads(self.page.run(script))
            self.assertEqual(len(seen), 30)
            self.assertEqual({name: text for name, text in seen.items() if text != "blocked"}, {}, origin)
        self.assertEqual(self.bib.read_bytes(), before)
        self.assertFalse(self.shown.exists())  # no picker was opened
        # The same call by a program that has the token does change the file: the attempts were real.
        self.assertIn("result", self.served.rpc("bibsmith/bib.format", {"file": str(self.bib)}))
        self.assertNotEqual(self.bib.read_bytes(), before)

    def test_a_name_that_is_rebound_to_this_machine_shows_nothing(self):
        port = self.served.url.rsplit(":", 1)[1]
        self.page.open(f"http://rebound.example:{port}/cayw/pick")
        self.assertEqual(self.page.run("document.body.textContent.trim()"),
                         "this server answers its own pages and programs of this machine only")

    def test_a_citation_is_picked_on_the_page(self):
        answers = []
        query = urllib.parse.urlencode({"format": "pandoc"})
        editor = threading.Thread(
            target=lambda: answers.append(serving.status_of(f"{self.served.url}/better-bibtex/cayw?{query}")))
        editor.start()
        world.wait_until(self.shown.exists, "the picker is shown")
        self.page.open(self.shown.read_text().strip())
        self.assertEqual(self.page.run("location.hash"), "")  # the token is gone from the address
        world.wait_until(lambda: self.page.run("document.querySelectorAll('#found button').length") == 1,
                         "the works are listed")
        self.page.run("""(() => { const words = document.getElementById("words"); words.value = "LEE thing";
                      words.dispatchEvent(new Event("input")); })()""")
        world.wait_until(lambda: self.page.run("document.getElementById('arxiv').hidden") is False,
                         "the search has answered")
        self.page.run("document.querySelector('#found button').click()")
        self.page.run("""(() => { const locator = document.querySelector('input[aria-label="locator of lee"]');
                      locator.value = "7"; locator.dispatchEvent(new Event("input"));
                      document.getElementById("insert").click(); })()""")
        editor.join(world.LIMIT_S)
        self.assertEqual(answers, [(200, "@lee, p. 7")])


if __name__ == "__main__":
    if chromium.program() is None:
        print("skipped: chromium is not installed")
        sys.exit(77)
    unittest.main()
