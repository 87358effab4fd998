"""Reading lists to entries, by the program, among papers that are easily taken for others; imports that are killed."""
import json
import os
import resource
import signal
import sqlite3
import unittest

import similar_papers
import world

DONE, FINDINGS = 0, 1
SHARED = world.TESTS.parent.parent / "shared" / "data"


class ReadingLists(world.World):
    def start_with(self, records):
        self.stop_emulator()
        path = self.folder / "records.jsonl"
        similar_papers.write(path, records)
        folder = self.folder / "emulator-records"
        folder.mkdir()
        self.emulator = world.Emulator(folder, records=path, interval_ms=self.interval_ms)
        self.environment["BIBSMITH_ARXIV_URL"] = self.emulator.url
        self.addCleanup(self.stop_emulator)

    def matched(self, text, *options):
        (self.folder / "list.txt").write_text(text, encoding="utf-8")
        status, out, errors = self.run_bibsmith("--json", "match", "list.txt", *options)
        return status, json.loads(out), errors

    def test_titles_among_titles_that_resemble(self):
        titles = ["Two Layers Provable Learning of Sparse Tokens", "Offline Reinforcement Learning with Partial Coverage",
                  "Sharp Capacity Thresholds in Associative Memory", "Implicit Bias of Descent at the Edge",
                  "Optimal Transport with Deep Potentials and Margins"]
        known = titles[:3]
        records = [similar_papers.record(5000 + i, title, "Jason D. Lee, Ann Author", "We show it.", 2021)
                   for i, title in enumerate(known)]
        self.start_with(records + similar_papers.others(titles, 200))
        status, answer, _ = self.matched("\n".join(titles) + "\n")
        self.assertEqual(status, FINDINGS)
        self.assertEqual([item["arxiv_id"] for item in answer["items"]], [r["id"] for r in records] + [None, None])

    def test_the_recorded_page(self):
        """Every paper that arXiv has is found, none wrongly, in at most one request for ten titles."""
        page = SHARED / "author_page.txt"
        if not page.exists():
            self.skipTest(f"there is no {page}")
        text = page.read_text(encoding="utf-8")
        lines = text.splitlines()
        titles = lines[6::2]
        truth = [json.loads(line) for line in (SHARED / "author_page_truth_dev.jsonl").read_text().splitlines()]
        truth = [row for row in truth if row["arxiv_id"]]
        records = []
        for row in truth:
            teaser = lines[lines.index(row["title"]) + 1]
            # Half of the abstracts were rewritten since.
            abstract = teaser.removesuffix("...") + "." if row["position"] % 2 else "It was written anew. " * 20
            one = similar_papers.record(0, row["title"], ", ".join(row["authors"]), abstract, row["year"])
            records.append(one | {"id": row["arxiv_id"]})
        namesakes = [similar_papers.record(8000 + i, row["title"], "Somebody Else", "Of something else. " * 20, 2015)
                     for i, row in enumerate(truth[:5])]
        self.start_with(similar_papers.others(titles, 500) + namesakes + records)
        status, answer, _ = self.matched(text)
        self.assertEqual(status, FINDINGS)
        self.assertEqual(answer["counts"]["items"], 117)
        known = {row["title"]: row["arxiv_id"] for row in truth}
        for item in answer["items"]:
            self.assertEqual(item["arxiv_id"], known.get(item["title"]), item["title"])
        self.assertLessEqual(len(self.emulator.requests()), 12)
        # What is found is found offline, the second time.
        status, out, _ = self.run_bibsmith("--offline", "--json", "match", "list.txt")
        self.assertEqual(json.loads(out)["counts"]["found"], len(truth))

    def test_one_request_for_ten_titles(self):
        titles = [f"On the Question Number {name} of Many" for name in "ABCDEFGHIJKLMNOPQRSTUVWXY"]
        records = [similar_papers.record(i, title, "Ann Author", "", 2021) for i, title in enumerate(titles)]
        self.start_with(records)
        status, answer, _ = self.matched("\n".join(titles))
        self.assertEqual(status, DONE)
        self.assertEqual(answer["counts"]["found"], len(titles))
        self.assertLessEqual(len(self.emulator.requests()), 2)


def snapshot_line(number, words):
    return json.dumps({
        "id": f"{15 + number // 100000:02d}{1 + number // 9000 % 11:02d}.{1 + number % 9000:05d}", "submitter": "Ann",
        "authors": "Ann Author", "title": f"The Title of Number {number}", "comments": None, "journal-ref": None, "doi": None,
        "report-no": None, "categories": "cs.LG", "license": None, "abstract": "word " * words,
        "versions": [{"version": "v1", "created": "Mon, 2 Apr 2007 19:18:42 GMT"}], "update_date": "2018-04-04",
        "authors_parsed": [["Author", "Ann", ""]]}) + "\n"


class Indexed(world.World):
    def works(self):
        path = self.folder / "cache" / "index.sqlite"
        if not path.exists():
            return 0
        try:
            with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10) as database:
                return database.execute("SELECT count(*) FROM works").fetchone()[0]
        except sqlite3.OperationalError:
            return 0  # it is being made


class Imports(Indexed):
    def write(self, lines, words):
        path = self.folder / "snapshot.json"
        with open(path, "w", encoding="utf-8") as file:
            for number in range(lines):
                file.write(snapshot_line(number, words))
        return path

    def test_a_killed_import_goes_on(self):
        lines = 60000
        path = self.write(lines, 20)
        killed = self.start("cache", "import", str(path))
        world.wait_until(lambda: self.works() > 0 or killed.poll() is not None, "the first batch is kept")
        killed.send_signal(signal.SIGKILL)
        killed.communicate(timeout=world.LIMIT_S)
        status, out, errors = self.run_bibsmith("--json", "cache", "import", str(path))
        self.assertEqual(status, DONE, errors)
        answer = json.loads(out)
        self.assertGreaterEqual(answer["before"], 40000)
        self.assertEqual(answer["before"] + answer["records"], lines)
        self.assertEqual(self.works(), lines)
        status, out, _ = self.run_bibsmith("--offline", "search", "59999")
        self.assertIn("The Title of Number 59999", out)

    @unittest.skipIf(os.environ.get("BIBSMITH_SANITIZE"), "the shadow memory of a sanitizer is larger than any limit")
    def test_memory_does_not_grow_with_the_file(self):
        limit = 640 << 20  # addresses, libraries and stacks included
        path = self.write(8000, 3000)  # 120 MB
        process = self.start("cache", "import", str(path),
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
        _, errors = process.communicate(timeout=world.LIMIT_S)
        self.assertEqual(process.returncode, DONE, errors)
        self.assertEqual(self.works(), 8000)


class Harvests(Indexed):
    def test_a_killed_harvest_goes_on(self):
        self.stop_emulator()
        path = self.folder / "records.jsonl"
        similar_papers.write(path, similar_papers.others(["A Title of Some Length That Is Common"], 400))
        folder = self.folder / "emulator-records"
        folder.mkdir()
        self.emulator = world.Emulator(folder, "--oai-page", "20", records=path, interval_ms=self.interval_ms)
        self.addCleanup(self.stop_emulator)
        self.environment["BIBSMITH_ARXIV_URL"] = self.emulator.url
        self.environment["BIBSMITH_OAI_URL"] = self.emulator.url.replace("/api/query", "/oai")
        killed = self.start("harvest")
        world.wait_until(lambda: len(self.emulator.requests()) >= 5, "some pages were asked for")
        killed.send_signal(signal.SIGKILL)
        killed.communicate(timeout=world.LIMIT_S)
        asked = len(self.emulator.requests())
        status, out, errors = self.run_bibsmith("--json", "harvest")
        self.assertEqual(status, DONE, errors)
        answer = json.loads(out)
        self.assertTrue(answer["resumed"])
        self.assertLessEqual(len(self.emulator.requests()), 22)
        self.assertGreater(len(self.emulator.requests()), asked)
        self.assertEqual(self.works(), 400)


if __name__ == "__main__":
    unittest.main()
