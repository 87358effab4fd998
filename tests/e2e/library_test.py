"""People on one library: kills at any moment, and a file that follows it."""
import json
import unittest

import library_checker
import postgres
import world


@unittest.skipUnless(postgres.programs(), "PostgreSQL is not installed")
class Library(unittest.TestCase):
    def test_no_value_is_lost_or_invented_by_kills_of_clients_and_server(self):
        seen = library_checker.check(1, lambda known: known.edits >= 120, kill_every_edits=45)
        print(seen.told())
        self.assertEqual(seen.findings, [])
        self.assertGreater(seen.client_kills, 0)
        self.assertGreater(seen.server_kills, 0)


@unittest.skipUnless(postgres.programs(), "PostgreSQL is not installed")
class Follow(world.World):
    def test_it_follows_until_it_is_told_to_end(self):
        server = postgres.Server()
        self.addCleanup(server.close)
        self.environment["BIBSMITH_STORE"] = server.url
        self.assertEqual(self.run_bibsmith("library", "create", "group")[0], 0)
        mine, other = self.folder / "mine.bib", self.folder / "other.bib"
        mine.write_text("@misc{a, year = {2001}}\n")
        self.assertEqual(self.run_bibsmith("sync", str(mine), "--library", "group")[0], 0)
        following = self.start("--json", "sync", str(other), "--library", "group", "--follow")
        self.addCleanup(following.kill)
        first = json.loads(following.stdout.readline())
        self.assertEqual(first["in_file"]["added"], ["a"])
        mine.write_text("@misc{a, year = {2002}}\n")
        self.assertEqual(self.run_bibsmith("sync", str(mine), "--library", "group")[0], 0)
        self.assertEqual(json.loads(following.stdout.readline())["in_file"]["changed"], ["a"])
        self.assertIn("2002", other.read_text())
        following.terminate()
        out, told = following.communicate(timeout=world.LIMIT_S)
        self.assertEqual((following.returncode, out), (0, ""))
        self.assertIn("following the library group; Ctrl-C ends it", told)


if __name__ == "__main__":
    unittest.main()
