"""Zotero and JabRef, as stubs on loopback that answer as their protocols say, and pandoc with our filter."""
import http.server
import json
import os
import shutil
import subprocess
import threading
import unittest

import world

BIB = "@article{lee, author = {Ann Lee}, title = {On {\\'E}tudes}, journal = {J}, year = 2001}\n"


class Stub:
    """A server that answers from a table of 'METHOD path' and keeps what it was sent."""

    def __init__(self, case, answers):
        stub = self
        self.requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                stub.requests.append((self.command, self.path, self.headers.get("Content-Type"),
                                      self.headers.get("Accept"), body))
                status, text = answers.get(f"{self.command} {self.path}", (404, ""))
                self.send_response(status)
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            do_GET = do_POST = answer

            def log_message(self, *arguments):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        case.addCleanup(self.server.server_close)
        case.addCleanup(self.server.shutdown)
        self.url = f"http://127.0.0.1:{self.server.server_port}"


class ReferenceManagers(world.World):
    def call(self, method, **parameters):
        request = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters})
        run = subprocess.run([os.environ["BIBSMITH_PROGRAM"], "serve"], input=request, env=self.environment,
                             capture_output=True, text=True, timeout=world.LIMIT_S)
        answer = json.loads(run.stdout)
        return answer.get("result") or answer["error"]

    def test_push_to_zotero(self):
        stub = Stub(self, {"GET /connector/ping": (200, "Zotero is running"), "POST /connector/import": (201, "[]")})
        self.assertEqual(self.call("bibsmith/zotero.push", url=stub.url, text=BIB),
                         {"tool": "zotero", "library": "", "entries": 1})
        method, path, content_type, _, body = stub.requests[-1]
        self.assertEqual((method, path, content_type), ("POST", "/connector/import", "application/x-bibtex"))
        self.assertTrue(body.startswith("@article{lee,\n"), body)

    def test_pull_from_zotero(self):
        items = [{"id": "http://zotero.org/users/1/items/AB", "type": "book", "title": "Big",
                  "author": [{"family": "Lee", "given": "Ann"}], "issued": {"date-parts": [[1999]]}}]
        stub = Stub(self, {"GET /connector/ping": (200, ""),
                           "GET /api/users/0/items?format=csljson": (200, json.dumps({"items": items})),
                           "GET /api/groups/7/items?format=csljson": (403, "Local API is not enabled")})
        pulled = self.call("bibsmith/zotero.pull", url=stub.url)
        self.assertEqual((pulled["tool"], pulled["library"], pulled["entries"]), ("zotero", "users/0", 1))
        self.assertIn("@book{lee1999big,", pulled["text"])
        refused = self.call("bibsmith/zotero.pull", url=stub.url, library="groups/7")
        self.assertEqual(refused, {"code": -32010, "message": "Zotero does not let other programs read: allow it in "
                                                              "its settings, under Advanced"})
        self.assertEqual(self.call("bibsmith/zotero.pull", url=stub.url, library="groups/8")["code"], -32001)

    def test_jabref(self):
        stub = Stub(self, {"GET /libraries": (200, '["a b.bib-1", "demo"]'),
                           "POST /libraries/demo/entries": (200, ""),
                           "GET /libraries/a%20b.bib-1": (200, BIB)})
        self.assertEqual(self.call("bibsmith/zotero.push", url=stub.url, text=BIB, library="demo"),
                         {"tool": "jabref", "library": "demo", "entries": 1})
        self.assertTrue(stub.requests[-1][4].startswith("@article{lee,\n"))
        pulled = self.call("bibsmith/zotero.pull", url=stub.url, format="csl-json")
        self.assertEqual((pulled["tool"], pulled["library"]), ("jabref", "a b.bib-1"))
        self.assertEqual(json.loads(pulled["text"])[0]["title"], "On Études")
        self.assertEqual(stub.requests[-1][3], "application/x-bibtex")
        self.assertEqual(self.call("bibsmith/zotero.pull", url=stub.url, library="none"),
                         {"code": -32001, "message": "JabRef has no library none open"})

    def test_nobody_answers_or_somebody_else_does(self):
        closed = f"http://127.0.0.1:{world.closed_port()}"
        self.assertEqual(self.call("bibsmith/zotero.pull", url=closed)["code"], -32010)
        stub = Stub(self, {})
        self.assertEqual(self.call("bibsmith/zotero.push", url=stub.url, text=BIB)["message"],
                         f"what answers at {stub.url} is neither Zotero nor JabRef")
        self.assertEqual(self.call("bibsmith/zotero.pull", url="http://example.org")["message"],
                         "parameter 'url': must be an address of this machine")
        stub = Stub(self, {"GET /connector/ping": (200, ""), "GET /api/users/0/items?format=csljson": (200, "<p>")})
        self.assertEqual(self.call("bibsmith/zotero.pull", url=stub.url)["message"], "zotero: no JSON")


@unittest.skipUnless(shutil.which("pandoc"), "pandoc is not installed")
class Pandoc(world.World):
    FILTER = str(world.TESTS.parent / "examples" / "pandoc" / "bibsmith.lua")

    def pandoc(self, text, *arguments):
        program = os.path.dirname(os.environ["BIBSMITH_PROGRAM"])
        return subprocess.run(["pandoc", "-f", "markdown", "-t", "plain", "--wrap=none", "-L", self.FILTER,
                               "--citeproc", *arguments], input=text, capture_output=True, text=True,
                              timeout=world.LIMIT_S, cwd=self.folder,
                              env={**self.environment, "PATH": program + ":" + self.environment["PATH"]})

    def test_what_is_cited_and_missing_is_fetched(self):
        run = self.pandoc("As @arXiv:1706.03762 and [@{arXiv:hep-th/9711200}] say.\n")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertIn("As Vaswani et al. (2017) and (Maldacena 1998) say.", run.stdout)
        self.assertIn("Attention Is All You Need", run.stdout)

    def test_what_is_known_is_not_fetched(self):
        (self.folder / "refs.bib").write_text("@misc{lee, author = {Ann Lee}, title = {T}, year = 2001}\n")
        run = self.pandoc("As @lee says.\n", "--bibliography", "refs.bib")
        self.assertIn("As Lee (2001) says.", run.stdout)
        self.assertEqual(self.emulator.requests(), [])

    def test_a_paper_that_does_not_exist_is_a_warning_and_the_document_is_made(self):
        run = self.pandoc("As @arXiv:1706.03762 and @arXiv:9912.99999 say.\n")
        self.assertEqual(run.returncode, 0)
        self.assertIn("Vaswani et al. (2017)", run.stdout)
        self.assertIn("9912.99999", run.stderr)


if __name__ == "__main__":
    unittest.main()
