"""Real Chromium: the page of `author --html`, and the pages of `bibsmith serve`. Accessibility by axe-core and validity by
html-validate, where tests/run --all installed them."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

import author_test
import chromium
import serving
import world

MODULES = pathlib.Path(__file__).resolve().parents[2] / "build" / "npm" / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"
VALIDATE = MODULES / "html-validate" / "bin" / "html-validate.mjs"
HOSTILE = "</script><script>window.owned=1</script><img src=x onerror='window.owned=2'>\u202egnp.txt\u2066 \\input{/etc/passwd}"


class InChromium(author_test.AuthorWorld):
    def check_accessibility(self, page, what):
        if not AXE.exists():
            print("not checked for accessibility: axe-core is not installed")
            return
        page.run(AXE.read_text() + "; undefined")
        for scheme in ("light", "dark"):
            page.call("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
            found = page.run("axe.run().then((result) => result.violations.map((one) => "
                             "[one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]))")
            self.assertEqual(found, [], f"{what}, {scheme}")

    def check_validity(self, file):
        if not VALIDATE.exists():
            print("not validated: html-validate is not installed")
            return
        rules = self.folder / "rules.json"
        # Void elements are written <br>; long titles are the authors'.
        rules.write_text(json.dumps({"extends": ["html-validate:standard"], "root": True,
                                     "rules": {"void-style": "off", "long-title": "off"}}))
        result = subprocess.run(["node", VALIDATE, "--config", rules, file], capture_output=True, text=True)
        self.assertEqual((result.returncode, result.stdout), (0, ""), result.stderr)


class PageOfAnAuthor(InChromium):
    def open_page(self, theirs=None, *arguments):
        papers = self.start_world(theirs)
        if theirs:
            (self.folder / "ids.txt").write_text("\n".join(papers))
            arguments += ("--from", "ids.txt")
        status, _, err = self.run_bibsmith("author", "Jason D. Lee", "--html", "page.html", *arguments)
        self.assertEqual(status, 0, err)
        self.file = self.folder / "page.html"
        page = chromium.Page(self)
        page.open(self.file.as_uri())
        return page, papers

    def test_it_is_valid_accessible_and_asks_for_nothing(self):
        page, papers = self.open_page()
        self.assertEqual(page.run("performance.getEntriesByType('resource').length"), 0)
        self.assertEqual(page.run("document.querySelectorAll('.papers > li').length"), len(papers))
        self.check_validity(self.file)
        self.check_accessibility(page, "the page of an author")
        # Nothing is wider than a small telephone.
        page.call("Emulation.setDeviceMetricsOverride", {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": True})
        self.assertLessEqual(page.run("document.documentElement.scrollWidth"), 320)

    def test_papers_are_filtered_sorted_copied_and_exported(self):
        page, papers = self.open_page()
        shown = "[...document.querySelectorAll('.papers > li')].filter((one) => !one.hidden)"
        page.run("window.copied = []; Object.defineProperty(navigator, 'clipboard', "
                 "{ value: { writeText: async (text) => { copied.push(text); } } }); undefined")

        def set_tool(name, value, event):
            page.run(f"(() => {{ const tool = document.querySelector('[data-tool={name}]'); tool.value = {json.dumps(value)};"
                     f" tool.dispatchEvent(new Event('{event}')); }})()")

        set_tool("category", "math.ST", "change")
        in_statistics = {identifier for identifier, paper in papers.items() if "math.ST" in paper["categories"]}
        self.assertEqual(set(page.run(shown + ".map((one) => one.dataset.id)")), in_statistics)
        self.assertEqual(page.run("document.querySelector('[data-tool=status]').textContent"),
                         f"{len(in_statistics)} of {len(papers)} papers")
        page.run("document.querySelector('[data-tool=copy]').click()")
        world.wait_until(lambda: page.run("copied.length") == 1, "the entries are copied")
        self.assertEqual(page.run("copied[0].split('@misc').length - 1 + copied[0].split('@article').length - 1"),
                         len(in_statistics))
        set_tool("category", "", "change")
        set_tool("sort", "oldest", "change")
        dates = page.run(shown + ".map((one) => one.dataset.date)")
        self.assertEqual(dates, sorted(dates))
        set_tool("words", "unseen", "input")
        self.assertEqual(page.run(shown + ".length"), 1)
        page.run("document.querySelector('.papers > li:not([hidden]) .copy').click()")
        world.wait_until(lambda: page.run("copied.length") == 2, "one entry is copied")
        self.assertIn("Unseen", page.run("copied[1]"))
        self.save(page, "papers.bib", "[data-tool=save]", page.run("copied[1]"))
        self.save(page, "papers.txt", "[data-tool=ids]", page.run(shown + "[0].dataset.id") + "\n")

    def save(self, page, name, button, text):
        downloads = self.folder / "downloads"
        page.call("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(downloads)})
        page.run(f"document.querySelector('{button}').click()")
        world.wait_until(lambda: (downloads / name).exists() and (downloads / name).read_text() == text,
                         name + " is saved")

    def test_hostile_titles_and_names_stay_text(self):
        row = {"title": HOSTILE, "authors": ["Jason D. Lee", HOSTILE.replace(",", "")], "primary": "cs.LG", "year": 2024,
               "arxiv_id": "2406.08466"}
        page, _ = self.open_page([row])
        self.assertIsNone(page.run("window.owned ?? null"))
        self.assertEqual(page.run("document.scripts.length"), 1)
        self.assertEqual(page.run("document.images.length"), 0)
        self.assertIn("<img src=x", page.run("document.querySelector('.papers h3').textContent"))
        self.assertNotIn("\\input{", page.run("document.querySelector('.papers pre').textContent"))
        # A script that got in all the same would not run.
        page.run("(() => { const script = document.createElement('script'); script.textContent = 'window.owned = 3';"
                 " document.body.append(script); })()")
        self.assertIsNone(page.run("window.owned ?? null"))
        self.check_validity(self.file)


class PageOfReferences(InChromium):
    def test_it_is_valid_accessible_and_runs_nothing(self):
        self.start_world()
        (self.folder / "refs.bib").write_text(
            "@misc{good, title = {Nothing in Particular}, author = {A. Nobody}, year = 2020}\n"
            "@misc{evil<img>, title = {" + HOSTILE.replace("\\", "") + "}, author = {B. Body}, year = 2999}\n")
        _, out, err = self.run_bibsmith("--offline", "verify", "refs.bib", "--format", "html")
        file = self.folder / "references.html"
        file.write_text(out)
        page = chromium.Page(self)
        page.open(file.as_uri())
        self.assertEqual(page.run("document.querySelectorAll('.papers > li').length"), 2, err)
        self.assertEqual(page.run("document.scripts.length"), 0)
        self.assertEqual(page.run("document.images.length"), 0)
        self.check_validity(file)
        self.check_accessibility(page, "the page of references")
        page.call("Emulation.setDeviceMetricsOverride", {"width": 320, "height": 640, "deviceScaleFactor": 1, "mobile": True})
        self.assertLessEqual(page.run("document.documentElement.scrollWidth"), 320)


class PagesOfServe(InChromium):
    def setUp(self):
        super().setUp()
        self.bib = self.folder / "refs.bib"
        self.bib.write_text("@misc{vaswani2017,\n  title = {Attention is all you need},\n  author = {Vaswani, Ashish},\n"
                            "  year = 2016,\n  eprint = {1706.03762},\n  archiveprefix = {arXiv},\n}\n\n"
                            "@misc{evil<img>,\n  title = {<img src=x onerror=window.owned=1>},\n  author = {A {\"}},\n  year = 2001,\n}\n")
        self.served = serving.Served(self, "--http", "--library", str(self.bib))
        self.page = chromium.Page(self)

    def text(self, selector):
        return self.page.run(f"document.querySelector('{selector}')?.textContent ?? ''")

    def wait_for(self, selector, part):
        try:
            world.wait_until(lambda: part in self.text(selector), part)
        except TimeoutError:
            self.fail(f"'{part}' is not shown; told: {self.text('#told')}; shown: {self.text(selector)[:500]}")

    def go(self, view):
        self.page.run(f"document.querySelector('nav [data-view={view}]').click()")

    def ask(self, *values):
        self.page.run(f"""(() => {{ const inputs = [...document.querySelectorAll('.ask input')];
                      {json.dumps(values)}.forEach((value, i) => {{ inputs[i].value = value; }});
                      document.querySelector('.ask button').click(); }})()""")

    def test_the_library_is_shown_and_a_paper_found_and_added(self):
        self.page.open(f"{self.served.url}/#token={self.served.token}")
        self.wait_for("#view", "Attention is all you need")
        self.assertEqual(self.page.run("location.hash"), "")
        self.assertIsNone(self.page.run("window.owned ?? null"))
        self.assertEqual(self.page.run("document.images.length"), 0)
        self.check_accessibility(self.page, "the library")
        self.go("search")
        self.ask("adam")
        self.wait_for("#found", "Adam: A Method for Stochastic Optimization")
        self.check_accessibility(self.page, "the search")
        self.page.run("document.querySelector('#found button.add').click()")
        self.wait_for("#told", "Added as kingma")
        self.assertIn("1412.6980", self.bib.read_text())

    def test_an_author_is_shown(self):
        self.page.open(f"{self.served.url}/#token={self.served.token}")
        self.wait_for("#view", "Attention")
        self.go("author")
        self.ask("Juan Maldacena")
        self.wait_for("#found", "Academic Profile")
        self.check_accessibility(self.page, "an author")

    def test_an_update_is_previewed_and_accepted_field_by_field(self):
        self.page.open(f"{self.served.url}/#token={self.served.token}")
        self.wait_for("#view", "Attention")
        before = self.bib.read_text()
        self.go("updates")
        self.wait_for("#view", "Accept")
        self.check_accessibility(self.page, "the updates")
        self.assertEqual(self.bib.read_text(), before)
        self.page.run("document.querySelector('.change tbody button').click()")
        self.wait_for("#told", "Accepted")
        after = self.bib.read_text()
        self.assertNotEqual(after, before)
        self.assertIn("evil<img>", after)

    def test_without_the_token_nothing_is_shown(self):
        self.page.open(f"{self.served.url}/")
        self.wait_for("#told", "the token is missing")
        self.assertNotIn("Attention", self.text("body"))


if __name__ == "__main__":
    if chromium.program() is None:
        print("skipped: chromium is not installed")
        sys.exit(77)
    unittest.main()
