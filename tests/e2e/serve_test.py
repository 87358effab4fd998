"""bibsmith serve as a program: signals, the socket's place, many clients, and citing as one writes."""
import json
import os
import pathlib
import stat
import subprocess
import threading
import unittest
import urllib.parse

import serving
import world

GET = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "bibsmith/entry.get", "params": {"ids": ["1706.03762"]}})


class Standing(world.World):
    def test_standard_input_ends_it(self):
        run = subprocess.run([os.environ["BIBSMITH_PROGRAM"], "serve"], input=GET + "\n", env=self.environment,
                             capture_output=True, text=True, timeout=world.LIMIT_S)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        self.assertEqual(json.loads(run.stdout)["result"]["entries"][0]["key"], "vaswani2017attention")

    def test_the_socket_is_in_the_runtime_folder_and_its_users_alone(self):
        runtime = self.folder / "run"
        self.environment["XDG_RUNTIME_DIR"] = str(runtime)
        served = serving.Served(self, "--socket")
        self.assertEqual(served.path, str(runtime / "bibsmith.sock"))
        self.assertEqual(stat.S_IMODE(os.stat(served.path).st_mode), 0o600)
        second = self.run_bibsmith("serve", "--socket")
        self.assertEqual(second[0], 4)
        self.assertEqual(second[2], [f"bibsmith: cannot listen on {served.path}: another bibsmith serves there"])
        served.process.kill()  # it leaves its socket behind
        served.process.wait()
        self.assertTrue(os.path.exists(served.path))
        third = serving.Served(self, "--socket")
        client, lines = third.connect()
        with client, lines:
            lines.write(GET + "\n")
            lines.flush()
            self.assertEqual(len(json.loads(lines.readline())["result"]["entries"]), 1)
        self.assertEqual(third.terminate(), 0)
        self.assertFalse(os.path.exists(third.path))

    def test_sigterm_during_a_call_ends_it(self):
        self.start_emulator("stall:100")
        served = serving.Served(self, "--socket-path", str(self.folder / "s"), "--http")
        client, lines = served.connect()
        with client, lines:
            lines.write(GET + "\n")
            lines.flush()
            world.wait_until(lambda: (self.folder / "state").exists() and any(
                path.name.startswith("rate") or path.suffix for path in (self.folder / "state").iterdir()),
                "the call is on its way")
            self.assertEqual(served.terminate(), 0)
            self.assertEqual(lines.readline(), "")

    def test_clients_of_all_ways_share_one_process(self):
        served = serving.Served(self, "--socket-path", str(self.folder / "s"), "--http")
        wrong = []

        def over_socket():
            client, lines = served.connect()
            with client, lines:
                for _ in range(20):
                    lines.write(GET + "\n")
                    lines.flush()
                    if len(json.loads(lines.readline())["result"]["entries"]) != 1:
                        wrong.append("socket")

        def over_http():
            for _ in range(20):
                if len(served.rpc("bibsmith/entry.get", {"ids": "1706.03762"})["result"]["entries"]) != 1:
                    wrong.append("http")

        threads = [threading.Thread(target=work) for work in [over_socket, over_http] * 8]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])
        self.assertLessEqual(len(self.emulator.requests()), 16)  # then the cache answers


class CiteAsYouWrite(world.World):
    """An editor asks /better-bibtex/cayw; a script stands in for the browser and the person before it."""

    BROWSER = """#!/usr/bin/env python3
import json, os, sys, urllib.request
sys.stderr = open(os.environ["HOME"] + "/browser.log", "w", 1)  # for who looks for a fault
url, token = sys.argv[1].split("#")
base = url.removesuffix("/cayw/pick")
def ask(path, body):
    request = urllib.request.Request(base + path, data=json.dumps(body).encode(), headers={
        "Content-Type": "application/json", "Authorization": "Bearer " + token, "Origin": base})
    return json.load(urllib.request.urlopen(request, timeout=60))
assert b"picker.js" in urllib.request.urlopen(url).read()
plan = json.load(open(os.environ["HOME"] + "/plan.json"))
if "arxiv" in plan:
    found = ask("/cayw/arxiv", {"words": plan["arxiv"]})["results"][0]
    key = ask("/cayw/add", {"id": found["arxiv_id"]})["added"][0]["key"]
else:
    key = ask("/cayw/search", {"words": plan["words"]})["items"][0]["key"]
ask("/cayw/choose", {"citations": [{"key": key, **plan.get("more", {})}] if key else []})
"""

    def setUp(self):
        super().setUp()
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        browser = home / "browser"
        browser.write_text(self.BROWSER)
        browser.chmod(0o755)
        self.environment["BROWSER"] = str(browser)
        self.plan = home / "plan.json"
        self.bib = self.folder / "refs.bib"
        self.bib.write_text("@book{knuth84, author = {Donald E. Knuth}, title = {The {\\TeX}book}, year = 1984}\n"
                            "@misc{other, title = {Another}}\n")

    def cite(self, served, **query):
        return serving.status_of(served.url + "/better-bibtex/cayw?" + urllib.parse.urlencode(query))

    def test_a_pick_from_a_file(self):
        served = serving.Served(self, "--http", "--cayw", "--library", str(self.bib))
        self.assertEqual(self.cite(served, probe="true"), (200, "ready"))
        self.plan.write_text(json.dumps({"words": "KNUTH texb"}))
        self.assertEqual(self.cite(served), (200, "\\cite{knuth84}"))
        self.plan.write_text(json.dumps({"words": "knuth", "more": {"locator": "7", "prefix": "see"}}))
        self.assertEqual(self.cite(served, format="pandoc", brackets="1"), (200, "[see @knuth84, p. 7]"))
        self.assertEqual(self.cite(served, format="biblatex", clipwindow="1"), (200, "\\autocite[see][7]{knuth84}"))
        self.assertEqual(self.cite(served, format="nonsense")[0], 400)
        self.assertEqual(served.terminate(), 0)

    def test_a_pick_from_arxiv_goes_into_the_file(self):
        served = serving.Served(self, "--http", "--cayw", "--library", str(self.bib))
        self.plan.write_text(json.dumps({"arxiv": "attention is all you need"}))
        status, text = self.cite(served, format="typst")
        self.assertEqual((status, text), (200, "@vaswani2017attention"))
        self.assertIn("vaswani2017attention", self.bib.read_text())

    def test_no_page_may_ask_and_nobody_without_the_option(self):
        served = serving.Served(self, "--http", "--cayw", "--library", str(self.bib))
        url = served.url + "/better-bibtex/cayw?probe=1"
        for header in ({"Origin": served.url}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"},
                       {"Sec-Fetch-Site": "same-origin"}, {"Referer": "https://evil.example/"},
                       {"Host": "evil.example"}):
            self.assertEqual(serving.status_of(url, **header)[0], 403, header)
        self.assertEqual(serving.status_of(url, **{"Sec-Fetch-Site": "none"})[0], 200)
        plain = serving.Served(self, "--http")
        self.assertEqual(serving.status_of(plain.url + "/better-bibtex/cayw?probe=1")[0], 404)
        self.assertEqual(self.run_bibsmith("serve", "--cayw")[2], ["bibsmith: --cayw needs --http"])

    def test_a_browser_that_does_not_start(self):
        self.environment["BROWSER"] = str(pathlib.Path(self.folder) / "none")
        served = serving.Served(self, "--http", "--cayw")
        self.assertEqual(self.cite(served), (500, "no browser can be opened\n"))


if __name__ == "__main__":
    unittest.main()
