#!/usr/bin/env python3
"""A large bibliography, a server of which every third request fails: what one run could not ask the next one does."""
import json
import re
import unittest

import world

ENTRIES = 10_000
MONTHS = 20  # ids of 500 papers a month


def identifier(number):
    return f"{1001 + number // (ENTRIES // MONTHS) % 12 + 100 * (number // (ENTRIES // MONTHS) // 12)}.{number % 9999 + 1:04}"


class UpdateResumes(world.World):
    interval_ms = 20

    def setUp(self):
        super().setUp()
        self.records = self.folder / "records.jsonl"
        bib = []
        with self.records.open("w") as file:
            for number in range(ENTRIES):
                paper = identifier(number)
                title = f"On the number {number} and its neighbours"
                file.write(json.dumps({
                    "id": paper, "title": title, "authors": "Ada Lovelace", "categories": ["math.NT"], "comments": None,
                    "journal_ref": None, "doi": None, "report_no": None, "msc_class": None, "acm_class": None, "license": None,
                    "abstract": "Short.", "versions": [{"version": "v1", "created": "Fri, 15 Jan 2010 18:00:00 GMT"}]}) + "\n")
                bib.append(f"@misc{{k{number},\n  title = {{{title}}},\n  author = {{Lovelace, Ada}},\n"
                           f"  note = {{arXiv:{paper}}},\n  year = {{2010}}\n}}\n")
        self.bib = self.folder / "refs.bib"
        self.bib.write_text("".join(bib))

    def serve(self, *faults):
        self.stop_emulator()
        folder = self.folder / f"emulator-{len(faults)}"
        folder.mkdir()
        arguments = [word for fault in faults for word in ("--fault", fault)]
        self.emulator = world.Emulator(folder, *arguments, records=self.records, interval_ms=self.interval_ms)
        self.environment["BIBSMITH_ARXIV_URL"] = self.emulator.url

    def update(self):
        process = self.start("update", str(self.bib))
        _, err = process.communicate(timeout=world.LIMIT_S)
        return process.returncode, err

    def answered(self):
        """The ids of the requests that were answered well."""
        ids = []
        for line in self.emulator.requests():
            if re.search(r" -> 200\b", line):
                ids += re.search(r"id_list=([^&\s]*)", line)[1].split(",")
        return ids

    def test_a_second_run_asks_only_what_the_first_could_not(self):
        self.serve(*(f"503@{number}" for number in range(3, 60, 3)))
        self.configure("[arxiv]\npatience_s = 0\n")
        status, err = self.update()
        asked = self.answered()
        self.assertEqual(status, 3, err)
        self.assertIn("could not ask", err)
        self.assertGreater(len(asked), 0)

        for file in (self.folder / "state").glob("*.rate"):  # the pause is over
            file.unlink()
        self.serve()
        status, err = self.update()
        self.assertEqual(status, 0, err)
        asked += self.answered()
        self.assertEqual(len(asked), ENTRIES)
        self.assertEqual(len(set(asked)), ENTRIES)
        self.assertEqual(self.bib.read_text().count("primaryclass = {math.NT}"), ENTRIES)


if __name__ == "__main__":
    unittest.main()
