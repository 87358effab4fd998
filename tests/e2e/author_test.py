"""`bibsmith author` among namesakes: exactly the person's papers, counted by this script too."""
import collections
import html.parser
import json
import pathlib
import re
import unittest

import author_world
import similar_papers
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
        # Not the spacing: a busy machine hands a request over late, and the next one then seems early
        # (two_processes_test.py judges that, with an interval that no such delay comes near).
        report = self.stop_emulator()
        judged = ("connections_max", "requests_max", "retry_after_violations", "undescriptive_user_agents")
        self.assertEqual([report[rule] for rule in judged], [1, 1, 0, 0], report)

    def test_offline_the_local_index_is_searched(self):
        theirs = self.start_world()
        online = self.author("Jason D. Lee")
        requests = len(self.emulator.requests())
        answer = self.author("Jason D. Lee", "--offline")
        self.check_papers(answer, theirs)
        self.check_statistics(answer, theirs)
        self.assertEqual([paper["id"] for paper in answer["papers"]], [paper["id"] for paper in online["papers"]])
        self.assertEqual((online["local"], answer["local"]), (False, True))
        self.assertEqual(answer["namesakes"][0]["ids"], online["namesakes"][0]["ids"])
        self.assertTrue(answer["similar"])
        # Initials alone are in no index of words: the family name finds them.
        self.assertTrue(self.author("J. D. Lee", "--offline", "--no-similar")["papers"])
        status, _, err = self.run_bibsmith("author", "Nobody Q. Nowhere", "--offline")
        self.assertEqual((status, err), (1, ["bibsmith: the local index has no paper of Nobody Q. Nowhere"]))
        self.assertEqual(len(self.emulator.requests()), requests)

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
            "bibsmith: could not ask arXiv: a search for an author needs arXiv, and offline mode forbids to ask; "
            "the local index is empty, see bibsmith cache import"]))
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
        self.path, self.ids, self.titles, self.headings, self.sections = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.path.append(tag)
        if tag == "li" and "data-date" in dict(attributes):
            self.ids.append(dict(attributes)["data-id"])
        if tag == "h3" and self.ids:
            self.titles.append("")
        if tag == "h2":
            self.headings.append("")
            self.sections.append("")

    def handle_endtag(self, tag):
        while self.path and self.path.pop() != tag:
            pass

    def handle_data(self, data):
        if self.ids and "h3" in self.path:
            self.titles[-1] += data
        if "h2" in self.path:
            self.headings[-1] += data
        elif self.sections and "script" not in self.path:
            self.sections[-1] += data


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


class RoundTrip(AuthorWorld):
    """A page of titles with cut abstracts and empty sections becomes a bibliography, and that the page again."""

    def start_page(self, text, rows):
        """An emulator that has the page's papers (`rows`: facts by title, of those that are known), what the co-authors
        write with others, and papers that are easily taken for these."""
        name, lines = text.splitlines()[0], text.splitlines()[6:]
        titles, teasers = lines[::2], lines[1::2]
        circle = [f"{first} Q. {last}" for first, last in author_world.CIRCLE]
        records = []
        for number, (title, teaser) in enumerate(zip(titles, teasers)):
            row = rows.get(title, {})
            authors = row.get("authors", [circle[number % 5], name])
            one = similar_papers.record(4000 + number, title, ", ".join(authors), teaser.removesuffix("...") + " as we show.",
                                        max(2015, row.get("year", 2015 + number % 10)))
            records.append(one | {"id": row.get("arxiv_id", one["id"])})
        around = [similar_papers.record(8500 + number, f"Convergence of descent, note {number} of a circle",
                                        f"{circle[number % 5]}, Nina Neighbour", "We study descent. " * 9, 2020)
                  for number in range(10)]
        path = self.folder / "records.jsonl"
        similar_papers.write(path, similar_papers.others(titles, 300) + around + records[::-1])
        self.stop_emulator()
        folder = self.folder / "emulator-page"
        folder.mkdir()
        self.emulator = world.Emulator(folder, records=path, interval_ms=self.interval_ms)
        self.environment["BIBSMITH_ARXIV_URL"] = self.emulator.url
        self.addCleanup(self.stop_emulator)
        (self.folder / "page.txt").write_text(text, encoding="utf-8")
        return name, titles, teasers

    def check_round_trip(self, name, titles, teasers):
        status, _, err = self.run_bibsmith("match", "page.txt", "--to", "papers.bib")
        self.assertEqual(status, 0, err)
        self.assertLessEqual(len(self.emulator.requests()), max(2, -(-len(titles) // 10)))
        status, _, err = self.run_bibsmith("author", name, "--from", "papers.bib", "--html", "page.html")
        self.assertEqual(status, 0, err)
        text = (self.folder / "page.html").read_text(encoding="utf-8")
        page = Titles(text)
        self.assertEqual(page.titles, titles)
        self.assertIn(f"{len(titles)} papers on arXiv", text)
        self.assertEqual(page.headings, ["Academic Profile", "Statistics", "Similar Authors", "Papers on arXiv"])
        profile, statistics, similar, papers = page.sections
        self.assertIn(name, profile)
        self.assertIn("Co-authors", statistics)
        self.assertIn("Nina Neighbour", similar)
        for teaser in teasers:  # up to what TeX wrote, which a page has in plain words
            self.assertIn(re.split(r"[$\\~]", teaser)[0][:150], papers)
        return text

    def test_a_page_of_invented_papers(self):
        head = "Ada Q. Zeman\n{} papers on arXiv\nAcademic Profile\nStatistics\nSimilar Authors\nPapers on arXiv\n"
        titles = ["Why Does a Lantern Flicker? An Answer", "Sparse Lanterns: Two Proofs & a Conjecture",
                  "On $O(n \\log n)$ Lanterns", "Gr\u00f6bner Bases for Lanterns", "The Lantern's <Edge>",
                  "Three-Layer Lanterns in the Wild", "Offline Lanterns with \"Partial\" Coverage", "Lanterns, Again"]
        teasers = [f"The lantern of kind {number} has been studied since it was seen first, and yet nobody knows whether it "
                   f"flickers by itself or since somebody looks at it. We answer this for the kinds up to {number + 2} a..."
                   for number in range(len(titles))]
        text = head.format(len(titles)) + "".join(f"{title}\n{teaser}\n" for title, teaser in zip(titles, teasers))
        html = self.check_round_trip(*self.start_page(text, {}))
        self.assertNotIn("<Edge>", html)  # a title is text and no mark-up

    def test_the_recorded_page(self):
        page = SHARED / "author_page.txt"
        if not page.exists():
            self.skipTest("../shared/data is not there")
        truth = [json.loads(line) for line in (SHARED / "author_page_truth_dev.jsonl").read_text().splitlines()]
        found = self.start_page(page.read_text(encoding="utf-8"), {row["title"]: row for row in truth if row["arxiv_id"]})
        self.assertEqual(len(found[1]), 117)
        self.check_round_trip(*found)


if __name__ == "__main__":
    unittest.main()
