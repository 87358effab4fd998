"""Real Chromium: the page of `author --html`, and the pages of `bibsmith serve`. Accessibility by axe-core and validity by
html-validate, where tests/run --all installed them."""
import json
import os
import pathlib
import re
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


def replace(file, text):
    """As editors save."""
    new = file.with_suffix(".new")
    new.write_text(text)
    new.replace(file)


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

    def test_a_change_of_the_file_is_shown_and_leaves_filter_focus_and_what_is_open(self):
        self.bib.write_text("".join(f"@misc{{key{n},\n  title = {{Title {n} {'odd' if n % 2 else 'even'}}},\n  author = {{A, B}},\n"
                                    f"  year = {2000 + n},\n}}\n" for n in range(9)))
        self.page.open(f"{self.served.url}/#token={self.served.token}")
        self.wait_for("[data-tool=status]", "9 papers")
        self.page.run("""(() => {
            const tool = (name) => document.querySelector(`[data-tool=${name}]`);
            const set = (name, value, event) => { tool(name).value = value; tool(name).dispatchEvent(new Event(event)); };
            set("sort", "newest", "change");
            set("words", "odd", "input");
            window.items = Object.fromEntries([...document.querySelectorAll(".papers > li")].map((one) => [one.dataset.id, one]));
            items.key3.querySelector("details").open = true;
            items.key5.querySelector("details").open = true;
            items.key5.querySelector("button.copy").focus(); })()""")
        text = self.bib.read_text()
        one, five, seven = text.split("@misc{key1,")[1].split("@misc")[0], "Title 5 odd", "@misc{key7,"
        text = text.replace("@misc{key1," + one, "").replace(five, "Another title, odd too").replace(
            seven, "@misc{new, title = {New and odd}, author = {C, D}, year = 1999}\n" + seven)
        replace(self.bib, text)
        self.wait_for("#told", "The file changed: 1 added, 1 changed, 1 removed")
        shown = self.page.run("[...document.querySelectorAll('.papers > li')].filter((one) => !one.hidden).map((one) => one.dataset.id)")
        self.assertEqual(shown, ["key7", "key5", "key3", "new"])
        self.assertEqual(self.text("[data-tool=status]"), "4 of 9 papers")
        self.assertEqual(self.page.run("document.querySelector('[data-tool=words]').value"), "odd")
        self.assertIn("1999 (1)", self.text("[data-tool=year]"))
        now = "document.querySelector('.papers > li[data-id={}]')"
        self.assertTrue(self.page.run(f"items.key3 === {now.format('key3')} && items.key3.querySelector('details').open"))
        self.assertTrue(self.page.run(f"{now.format('key5')}.querySelector('details').open"))
        self.assertTrue(self.page.run(f"document.activeElement === {now.format('key5')}.querySelector('button.copy')"))
        self.assertIn("Another title", self.page.run(f"{now.format('key5')}.textContent"))
        # The last entry goes, and one comes.
        replace(self.bib, "% nothing\n")
        self.wait_for("#view", "The file has no entries.")
        replace(self.bib, "@misc{again, title = {Something again}, author = {E, F}, year = 2020}\n")
        self.wait_for("#view", "Something again")

    def test_a_service_that_was_restarted_is_found_again(self):
        token = "0123456789abcdef" * 2
        tokens = self.folder / "tokens"
        tokens.write_text(f"anna {token}\n")
        tokens.chmod(0o600)
        arguments = ("--http", "--tokens", str(tokens), "--library", str(self.bib))
        served = serving.Served(self, *arguments)
        url = re.search(r"http://127\.0\.0\.1:\d+", served.told[0]).group()
        self.page.open(f"{url}/#token={token}")
        self.wait_for("#view", "Attention is all you need")
        self.assertEqual(served.terminate(), 0)  # though the page listens
        replace(self.bib, "@misc{last, title = {What came meanwhile}, author = {E, F}, year = 2020}\n")
        serving.Served(self, *arguments, "--port", url.rsplit(":", 1)[1])
        self.wait_for("#view", "What came meanwhile")

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
