"""`bibsmith author` among namesakes: exactly the person's papers, counted by this script too."""
import collections
import html.parser
import json
import pathlib
import re
import unittest

import author_world
import world

SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data"


class AuthorWorld(world.World):
    theirs = None

    def start_world(self, theirs=None, claims=()):
        """An emulator that holds the world; the person's papers, by id."""
        theirs, everybody = author_world.world(theirs=theirs)
        for paper in theirs:
            paper["author_ids"] = [f"{identifier} Jason D. Lee" for identifier in claims]
        records = self.folder / "records.jsonl"
        records.write_text("".join(json.dumps(paper) + "\n" for paper in everybody))
        self.stop_emulator()
        folder = self.folder / "emulator-author"
        folder.mkdir()
        self.emulator = world.Emulator(folder, records=records, interval_ms=self.interval_ms)
        self.environment["BIBSMITH_ARXIV_URL"] = self.emulator.url
        self.addCleanup(self.stop_emulator)
        return {paper["id"]: paper for paper in theirs}

    def author(self, *arguments):
        status, out, err = self.run_bibsmith("author", *arguments, "--json")
        self.assertEqual(status, 0, err)
        return json.loads(out)

    def check_papers(self, answer, theirs):
        found = {paper["id"] for paper in answer["papers"]}
        wrong = {paper["id"]: paper for paper in answer["papers"] if paper["id"] not in theirs}
        missing = {identifier: theirs[identifier]["authors"] for identifier in theirs.keys() - found}
        self.assertEqual((missing, {i: (p["record"]["authors"], p["reasons"]) for i, p in wrong.items()}), ({}, {}))

    def check_statistics(self, answer, theirs):
        statistics = answer["statistics"]
        papers = list(theirs.values())
        self.assertEqual(statistics["papers"], len(papers))
        years = collections.Counter(int(paper["versions"][0]["created"][:4]) for paper in papers)
        self.assertEqual({year["year"]: year["count"] for year in statistics["years"] if year["count"]}, years)
        self.assertEqual([year["year"] for year in statistics["years"]], list(range(min(years), max(years) + 1)))
        categories = collections.Counter(category for paper in papers for category in paper["categories"])
        self.assertEqual({one["name"]: one["count"] for one in statistics["categories"]}, categories)
        primary = collections.Counter(paper["categories"][0] for paper in papers)
        self.assertEqual({one["name"]: one["count"] for one in answer["profile"]["fields"]}, primary)
        forms = ("Jason D. Lee", "Jason Lee", "J. D. Lee")
        names = [name for paper in papers for name in paper["authors"].split(", ")]
        self.assertEqual({one["name"]: one["count"] for one in answer["profile"]["name_forms"]},
                         {form: names.count(form) for form in forms if form in names})
        others = collections.Counter(name for name in names if name not in forms)
        self.assertEqual(collections.Counter({form: others[form] for one in statistics["co_authors"] for form in one["forms"]}),
                         others)
        self.assertEqual(sum(one["papers"] for one in statistics["co_authors"]), sum(others.values()))
        self.assertEqual(statistics["authors"]["total"], len(names))
        self.assertEqual(statistics["alone"], sum("," not in paper["authors"] for paper in papers))
        pages = [int(match.group(1)) for paper in papers if (match := re.match(r"(\d+) pages", paper["comments"] or ""))]
        self.assertEqual((statistics["pages"]["papers"], statistics["pages"]["total"]), (len(pages), sum(pages)))
        versions = [len(paper["versions"]) for paper in papers]
        self.assertEqual((statistics["versions"]["total"], statistics["revised"], statistics["versions"]["most"]),
                         (sum(versions), sum(count > 1 for count in versions), max(versions)))
        self.assertEqual(statistics["published"],
                         sum(bool(paper.get("journal_ref") or paper.get("doi")) for paper in papers))
        dates = sorted(paper["versions"][0]["created"][:10] for paper in papers)
        self.assertEqual((answer["profile"]["first"], answer["profile"]["last"]), (dates[0], dates[-1]))


class AmongNamesakes(AuthorWorld):
    def test_exactly_the_persons_papers_are_found_and_counted(self):
        theirs = self.start_world()
        answer = self.author("Jason D. Lee")
        self.check_papers(answer, theirs)
        self.check_statistics(answer, theirs)
        self.assertEqual(answer["name"], "Jason D. Lee")
        self.assertEqual(len(self.emulator.requests()), 2)  # the search, and one for similar authors
        self.assertTrue(answer["similar"])
        self.assertTrue(all(0 < one["similarity"] <= 1 for one in answer["similar"]))
        self.assertEqual(len(answer["namesakes"][0]["ids"]), 30)
        self.assertTrue(self.stop_emulator()["polite"])

    def test_the_other_way_to_write_the_name_is_the_same(self):
        theirs = self.start_world()
        self.check_papers(self.author("Lee, Jason D.", "--no-similar"), theirs)

    def test_what_the_user_says_is_kept(self):
        theirs = self.start_world()
        answer = self.author("Jason D. Lee", "--no-similar")
        wrong, right = sorted(theirs)[0], answer["namesakes"][0]["ids"][0]
        answer = self.author("Jason D. Lee", "--no-similar", "--exclude", wrong, "--include", right)
        ids = {paper["id"] for paper in answer["papers"]}
        self.assertTrue(right in ids and wrong not in ids)
        answer = self.author("Jason D. Lee", "--no-similar")
        again = {paper["id"] for paper in answer["papers"]}
        self.assertEqual(again, ids)
        self.assertEqual(next(paper for paper in answer["papers"] if paper["id"] == right)["reasons"][0]["code"], "user")

    def test_an_author_id_or_an_orcid_names_the_papers_that_the_author_claims(self):
        theirs = self.start_world(claims=("lee_j_1", "0000-0002-1825-0097"))
        for who in ("lee_j_1", "https://orcid.org/0000-0002-1825-0097"):
            answer = self.author(who, "--no-similar")
            self.check_papers(answer, theirs)
            self.assertEqual((answer["name"], answer["namesakes"]), ("Jason D. Lee", []))
        wrong = sorted(theirs)[0]
        answer = self.author("lee_j_1", "--no-similar", "--exclude", wrong)
        self.assertEqual({paper["id"] for paper in answer["papers"]}, theirs.keys() - {wrong})
        self.assertEqual(self.run_bibsmith("author", "lee_j_2"), (1, "", [
            "bibsmith: arXiv has no page of an author lee_j_2 (authors choose whether to have one); give the name"]))

    def test_what_cannot_be_had_is_said(self):
        self.start_world()
        self.assertEqual(self.run_bibsmith("author", "Nobody Q. Nowhere"), (1, "Nobody Q. Nowhere\n0 papers on arXiv\n", [
            "bibsmith: arXiv has no paper of Nobody Q. Nowhere"]))
        self.assertEqual(self.run_bibsmith("author"), (2, "", [
            "bibsmith: whose papers? give a name, an arXiv author id, an ORCID, or a list of papers"]))
        status, _, err = self.run_bibsmith("author", "Jason D. Lee", "--offline")
        self.assertEqual((status, err), (3, [
            "bibsmith: could not ask arXiv: a search for an author needs arXiv, and offline mode forbids to ask"]))
        self.assertEqual(self.run_bibsmith("author", "Jason D. Lee", "--include", "1706.03762x")[0], 2)
        self.assertEqual(self.run_bibsmith("author", "--from", "absent.txt")[0], 4)
        (self.folder / "ids.txt").write_text("# none\n")
        self.assertEqual(self.run_bibsmith("author", "--from", "ids.txt"), (2, "", ["bibsmith: ids.txt names no papers"]))

    def test_real_papers_are_found_among_them(self):
        truth = SHARED / "author_page_truth_dev.jsonl"
        if not truth.exists():
            self.skipTest("../shared/data is not there")
        rows = [json.loads(line) for line in truth.read_text().splitlines()]
        theirs = self.start_world([row for row in rows if row["arxiv_id"]])
        self.check_papers(self.author("Jason D. Lee", "--no-similar"), theirs)


class Titles(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.path, self.ids, self.titles, self.headings = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.path.append(tag)
        if tag == "li" and "data-date" in dict(attributes):
            self.ids.append(dict(attributes)["data-id"])
        if tag == "h3" and self.ids:
            self.titles.append("")

    def handle_endtag(self, tag):
        while self.path and self.path.pop() != tag:
            pass

    def handle_data(self, data):
        if self.ids and "h3" in self.path:
            self.titles[-1] += data
        if "h2" in self.path:
            self.headings.append(data)


class Pages(AuthorWorld):
    def test_a_list_of_papers_keeps_its_order_on_the_page(self):
        theirs = self.start_world()
        ids = sorted(theirs, key=lambda identifier: theirs[identifier]["title"])
        (self.folder / "ids.txt").write_text("".join(f"{identifier}\n" for identifier in ids))
        status, out, err = self.run_bibsmith("author", "Jason D. Lee", "--from", "ids.txt", "--html", "page.html",
                                             "--bib", "page.bib")
        self.assertEqual((status, out), (0, ""), err)
        page = Titles((self.folder / "page.html").read_text())
        self.assertEqual(page.ids, ids)
        self.assertEqual(page.titles, [theirs[identifier]["title"] for identifier in ids])
        self.assertEqual(page.headings, ["Academic Profile", "Statistics", "Similar Authors", "Papers on arXiv"])
        self.assertEqual((self.folder / "page.bib").read_text().count("\n@"), len(ids) - 1)
        # The file of entries is such a list too, and so is what prints entries or lines.
        self.run_bibsmith("author", "Jason D. Lee", "--from", "page.bib", "--html", "again.html")
        self.assertEqual(Titles((self.folder / "again.html").read_text()).ids, ids)
        (self.folder / "lines.txt").write_text("".join(f"{identifier}\t2020\tsomething\n" for identifier in ids))
        self.assertEqual([paper["id"] for paper in self.author("--from", "lines.txt", "--no-similar")["papers"]], ids)
        # Without a name, it is whose name most of the papers have.
        self.assertEqual(self.author("--from", "ids.txt", "--no-similar")["name"], "Jason D. Lee")


if __name__ == "__main__":
    unittest.main()
