"""The other roads to arXiv's papers, by the program: OAI-PMH when Atom refuses, and a run that is killed on the way."""
import signal
import unittest

import world

DONE, COULD_NOT_ASK = 0, 3
PAPERS = ["1706.03762", "1412.6980", "1810.04805", "1512.03385", "1406.2661"]


class OtherRoads(world.World):
    interval_ms = 100
    faults = ("429:on=atom",)

    def setUp(self):
        super().setUp()
        self.environment["BIBSMITH_OAI_URL"] = self.emulator.url.replace("/api/query", "/oai")

    def asked_by_oai(self):
        return [line for line in self.emulator.requests() if "verb=GetRecord" in line]

    def test_atom_refuses(self):
        status, out, errors = self.run_bibsmith("get", *PAPERS)
        self.assertEqual((status, errors), (DONE, []))
        self.assertEqual(out.count("@misc{"), len(PAPERS))
        self.assertEqual(len(self.asked_by_oai()), len(PAPERS))

    def test_a_killed_run_goes_on_where_it_stopped(self):
        killed = self.start("get", *PAPERS)
        world.wait_until(lambda: len(self.asked_by_oai()) >= 3, "three papers were asked for")
        killed.send_signal(signal.SIGKILL)
        killed.communicate(timeout=world.LIMIT_S)
        before = self.asked_by_oai()
        status, out, errors = self.run_bibsmith("get", *PAPERS)
        self.assertEqual((status, errors), (DONE, []))
        self.assertEqual(out.count("@misc{"), len(PAPERS))
        # The answer that was on its way when the run was killed may be asked for again, no other one.
        self.assertLessEqual(len(self.asked_by_oai()), len(PAPERS) + 1)
        self.assertGreater(len(self.asked_by_oai()), len(before))

    def test_a_throttled_run_goes_on_where_it_stopped(self):
        self.stop_emulator()
        self.start_emulator("429:on=atom", "503:on=oai@4-")
        self.environment["BIBSMITH_OAI_URL"] = self.emulator.url.replace("/api/query", "/oai")
        self.configure("[arxiv]\npatience_s = 0\n")
        status, out, errors = self.run_bibsmith("get", *PAPERS)
        self.assertEqual(status, COULD_NOT_ASK)
        self.assertEqual(out.count("@misc{"), 2)
        self.assertRegex(errors[0], r"^bibsmith: 1810\.04805: could not ask arXiv: "
                                    r"arxiv-atom: 127\.0\.0\.1:\d+ answers no more requests for now \(HTTP 429\); try again in 30 s; "
                                    r"arxiv-oai: 127\.0\.0\.1:\d+ answers no more requests for now \(HTTP 503\); try again in 30 s$")
        self.start_emulator()
        self.environment["BIBSMITH_OAI_URL"] = self.emulator.url.replace("/api/query", "/oai")
        for file in (self.folder / "state").glob("*.rate"):  # the pauses are over
            file.unlink()
        status, out, errors = self.run_bibsmith("get", *PAPERS)
        self.assertEqual((status, errors), (DONE, []))
        self.assertEqual(len(self.emulator.requests()), 1)
        self.assertIn("id_list=1810.04805,1512.03385,1406.2661&", self.emulator.requests()[0])


if __name__ == "__main__":
    unittest.main()
