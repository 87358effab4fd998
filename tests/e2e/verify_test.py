"""`bibsmith verify` over sockets: how many requests it takes, and what it makes of servers that know little or fail."""
import json
import os
import pathlib
import sys
import tempfile
import unittest

import verify_figures
from works_world import WorksWorld

# Works that do not exist, in the indexes that would have them.
RECORDS = [
    {"type": "article", "title": "On <i>Keys</i> and Bolts", "authors": ["Roe, Ann", "Doe, Bea"], "year": 2020,
     "venue": "Journal of Keys", "doi": "10.5555/keys.1", "sources": ["crossref"]},
    {"type": "inproceedings", "title": "Locks for All", "authors": ["Cy Poe"], "year": 2021, "venue": "LockConf",
     "doi": "10.5555/locks.7", "sources": ["dblp", "crossref"]},
    {"type": "inproceedings", "title": "Hinges Revisited", "authors": ["Di Foe 0002"], "year": 2019, "venue": "LockConf",
     "sources": ["dblp"]},
    {"type": "article", "title": "A History of Doors", "authors": ["E. Hoe"], "year": 1980, "venue": "Annals of Doors",
     "sources": ["openalex"]},
    {"type": "misc", "title": "Windows Considered Open", "authors": ["Fay Joe"], "year": 2024, "arxiv": "2401.00001",
     "sources": ["arxiv"]},
]
REGISTRY = [{"doi": "10.5555/unknown.1", "title": None, "ra": "Crossref"}]


def entry(kind, key, **fields):
    return f"@{kind}{{{key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"


KEYS = entry("article", "keys", title="On Keys and Bolts", author="Ann Roe and Bea Doe", year=2020,
             journal="Journal of Keys", doi="10.5555/KEYS.1")
LOCKS = entry("inproceedings", "locks", title="Locks for All", author="Poe, Cy", year=2021, booktitle="LockConf",
              doi="10.5555/locks.7")
HINGES = entry("inproceedings", "hinges", title="Hinges Revisited", author="Di Foe", year=2019, booktitle="LockConf")
DOORS = entry("article", "doors", title="A History of Doors", author="Hoe, E.", year=1980, journal="Annals of Doors")
WINDOWS = entry("misc", "windows", title="Windows Considered Open", author="Fay Joe", year=2024, eprint="2401.00001",
                archiveprefix="arXiv")
PAPER = entry("article", "paper", title="Windows Considered Open", author="Fay Joe", year=2024, journal="CoRR")
NOTHING = entry("inproceedings", "nothing", title="Entirely Unheard Of", author="No Body", year=2018,
                booktitle="LockConf")


class Verify(unittest.TestCase):
    def run_in(self, world, text, *options):
        """(status, verdict by key, answer, requests) in a world that goes on until the test ends."""
        if world not in self.folders:
            folder = tempfile.TemporaryDirectory(prefix="bibsmith-e2e-")
            self.addCleanup(folder.cleanup)
            self.addCleanup(world.start().stop)
            self.folders[world] = folder.name
        run = verify_figures.Run(self.folders[world], [{"bibtex": text}], world)
        status, out, seconds, requests = run.verify(*options)
        self.assertLess(seconds, 60)
        answer = json.loads(out)
        self.out = out
        return status, {one["key"]: one["verdict"] for one in answer["entries"]}, answer, requests

    def setUp(self):
        self.folders = {}

    def test_batches_then_titles_then_nothing(self):
        world = WorksWorld(RECORDS, REGISTRY)
        text = KEYS + LOCKS + HINGES + DOORS + WINDOWS + PAPER
        status, verdicts, answer, requests = self.run_in(world, text)
        self.assertEqual(set(verdicts.values()), {"verified"}, answer)
        self.assertEqual(status, 0)
        # Two DOIs in one request, an id, and four titles: one in DBLP, one in Crossref and then in OpenAlex, one in arXiv.
        self.assertEqual(world.requests, {"crossref": 2, "datacite": 0, "dblp": 1, "openalex": 1, "arxiv": 2})
        first = self.out
        for options in ((), ("--offline",)):
            self.assertEqual(self.run_in(world, text, *options)[3], 0)
            self.assertEqual(self.out, first)

    def test_many_dois_travel_together(self):
        records = [{"type": "article", "title": f"Key number {n}", "authors": ["Ann Roe"], "year": 2020,
                    "venue": "Journal of Keys", "doi": f"10.5555/many.{n}", "sources": ["crossref"]} for n in range(300)]
        text = "".join(entry("article", f"k{n}", title=f"Key number {n}", author="Ann Roe", year=2020,
                             journal="Journal of Keys", doi=f"10.5555/many.{n}") for n in range(300))
        _, verdicts, _, requests = self.run_in(WorksWorld(records), text)
        self.assertEqual(set(verdicts.values()), {"verified"})
        self.assertLessEqual(requests, 3)

    def test_a_server_that_knows_no_lists(self):
        world = WorksWorld(RECORDS, REGISTRY, simple=True)
        status, verdicts, answer, _ = self.run_in(world, KEYS + LOCKS + HINGES)
        self.assertEqual(set(verdicts.values()), {"verified"}, answer)
        self.assertEqual(status, 0)

    def test_what_is_nowhere_is_asked_of_all_and_proves_nothing_by_itself(self):
        world = WorksWorld(RECORDS, REGISTRY)
        status, verdicts, answer, _ = self.run_in(world, NOTHING)
        self.assertEqual((status, verdicts), (1, {"nothing": "could_not_verify"}))
        self.assertEqual([(one["source"], one["status"]) for one in answer["entries"][0]["asked"]],
                         [("dblp", "has_none"), ("crossref", "has_none"), ("arxiv-atom", "has_none"),
                          ("openalex", "has_none")])

    def test_a_doi_without_a_title_is_registered_all_the_same(self):
        world = WorksWorld(RECORDS, REGISTRY)
        text = HINGES.replace("}\n", "  doi = {10.5555/unknown.1},\n}\n") if HINGES.endswith(",\n}\n") else HINGES
        _, _, answer, _ = self.run_in(world, text)
        self.assertNotIn("doi", answer["entries"][0]["wrong_fields"])

    def test_each_source_out_of_order_spoils_its_own_alone(self):
        for source in ("crossref", "datacite", "dblp", "openalex", "arxiv"):
            with self.subTest(source):
                world = WorksWorld(RECORDS, REGISTRY, broken=[source])
                status, verdicts, answer, _ = self.run_in(world, KEYS + LOCKS + HINGES + DOORS + WINDOWS + NOTHING)
                lost = {"crossref": {"keys"}, "dblp": {"hinges"}, "openalex": {"doors"}, "arxiv": {"windows"}}
                for key, verdict in verdicts.items():
                    expected = "could_not_verify" if key == "nothing" or key in lost.get(source, ()) else "verified"
                    self.assertEqual((key, verdict), (key, expected))
                self.assertEqual(status, 1 if source == "datacite" else 3)
                self.assertLess(world.requests[source], 5)

    def test_openalex_stands_in_for_crossref(self):
        records = [{**RECORDS[0], "sources": ["crossref", "openalex"]}]
        status, verdicts, answer, _ = self.run_in(WorksWorld(records, broken=["crossref"]), KEYS)
        self.assertEqual((status, verdicts), (0, {"keys": "verified"}), answer)

    def test_no_network(self):
        world = WorksWorld(RECORDS, REGISTRY, broken=["crossref", "datacite", "dblp", "openalex", "arxiv"])
        status, verdicts, _, _ = self.run_in(world, KEYS + LOCKS + HINGES + DOORS + WINDOWS + NOTHING)
        self.assertEqual((status, set(verdicts.values())), (3, {"could_not_verify"}))

    @unittest.skipUnless(verify_figures.DATA.exists(), "there is no ../shared/data/verify")
    def test_a_sample_of_the_labelled_references(self):
        entries = verify_figures.rows("entries_dev.jsonl")[::8]
        world = WorksWorld(verify_figures.rows("records_noisy.jsonl"), verify_figures.rows("doi_registry.jsonl"))
        world.start()
        self.addCleanup(world.stop)
        with tempfile.TemporaryDirectory(prefix="bibsmith-e2e-") as folder:
            run = verify_figures.Run(folder, entries, world)
            _, out, _, requests = run.verify()
            self.assertLessEqual(requests / len(entries), 1.2)
            _, again, _, warm = run.verify()
        self.assertEqual(warm, 0)
        self.assertEqual(again, out)
        for name, value in verify_figures.figures(entries, run.verdicts(out))[0].items():
            print(f"{name}: {value}", file=sys.stderr)


if __name__ == "__main__":
    os.chdir(pathlib.Path(__file__).parent)
    unittest.main()
