"""A group's servers when one breaks: a streaming replica takes over; a disk is full in the middle of a change."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import postgres
import world


def snapshot(path, papers, abstract_bytes=0):
    """Lines of arXiv's metadata snapshot, invented."""
    with open(path, "w", encoding="utf-8") as out:
        for number in range(1, papers + 1):
            out.write(json.dumps({
                "id": f"2001.{number:05}", "authors": "Ann Author", "title": f"Lanterns of the kind {number}",
                "abstract": os.urandom(abstract_bytes // 2).hex(), "categories": "cs.DL", "update_date": "2020-01-02",
                "versions": [{"version": "v1", "created": "Wed, 1 Jan 2020 00:00:00 GMT"}]}) + "\n")


@unittest.skipUnless(postgres.programs(), "PostgreSQL is not installed")
class Servers(world.World):
    def setUp(self):
        super().setUp()
        self.server = postgres.Server()
        self.addCleanup(self.server.close)
        self.environment["BIBSMITH_STORE"] = self.server.url

    def good(self, *arguments):
        status, out, told = self.run_bibsmith(*arguments)
        self.assertEqual(status, 0, told)
        return out

    def titles(self):
        return self.good("--offline", "search", "--local", "lanterns", "--max", "1000").count("Lanterns")


class Replica(Servers):
    def test_the_replica_goes_on_where_the_server_was_killed(self):
        snapshot(self.folder / "snapshot.json", 20)
        mine, other = self.folder / "mine.bib", self.folder / "other.bib"
        mine.write_text("@misc{a, year = {2001}}\n")
        self.good("library", "create", "group")
        self.good("sync", str(mine), "--library", "group")
        replica = postgres.Replica(self.server)
        self.addCleanup(replica.close)
        # What comes behind the copy comes by the stream.
        self.good("cache", "import", str(self.folder / "snapshot.json"))
        mine.write_text("@misc{a, year = {2002}}\n")
        self.good("sync", str(mine), "--library", "group")
        self.environment["BIBSMITH_STORE"] = (
            f"postgresql:///papers?host={self.server.folder},{replica.folder}&user=postgres"
            "&target_session_attrs=read-write")
        self.assertEqual(self.titles(), 20)
        self.good("sync", str(mine), "--library", "group")  # what they agree on is kept by the address
        replica.wait_for(self.server)
        self.server.kill()
        status, _, told = self.run_bibsmith("sync", str(mine), "--library", "group")
        self.assertEqual(status, 4, told)  # nobody may write yet
        replica.promote()
        self.assertEqual(self.titles(), 20)
        self.good("sync", str(other), "--library", "group")
        self.assertIn("2002", other.read_text())
        other.write_text("@misc{a, year = {2003}}\n")
        self.good("sync", str(other), "--library", "group")
        self.good("sync", str(mine), "--library", "group")
        self.assertEqual(mine.read_text(), "@misc{a, year = {2003}}\n")


class KilledImport(Servers):
    def sums(self):
        return self.server.sql("SELECT (SELECT count(*) FROM bibsmith.works) || ' ' || (SELECT count(*) FROM bibsmith.records) || ' ' "
                               "|| sum(titles) || ' ' || sum(names) FROM bibsmith.words")

    def waits_for_marks(self):
        return self.server.sql("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted "
                               "AND relation = 'bibsmith.index_marks'::regclass)") == "t"

    def test_an_import_that_is_killed_between_its_parts_is_whole_when_it_is_run_again(self):
        """Killed when one of two connections has committed, and the other is about to write the mark."""
        snapshot(self.folder / "snapshot.json", 1500)
        self.good("cache", "import", str(self.folder / "snapshot.json"))
        whole = self.sums()
        self.assertTrue(whole.startswith("1500 1500 "), whole)
        self.good("cache", "clear")
        holder = subprocess.Popen([postgres.programs() / "psql", "-h", self.server.folder, "-U", "postgres", "-d", "papers", "-qAtX"],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/")
        holder.stdin.write("BEGIN; LOCK TABLE bibsmith.index_marks IN SHARE MODE; SELECT 'held';\n")
        holder.stdin.flush()
        self.assertEqual(holder.stdout.readline(), "held\n")
        importing = self.start("cache", "import", str(self.folder / "snapshot.json"))
        try:
            world.wait_until(lambda: self.waits_for_marks() or importing.poll() is not None, "the mark is written")
        finally:
            importing.kill()
            importing.communicate()
        some = int(self.sums().split()[0])
        self.assertGreater(some, 0)
        self.assertLess(some, 1500)
        holder.communicate()
        self.good("cache", "import", str(self.folder / "snapshot.json"))
        self.assertEqual(self.sums(), whole)


class FullDisk(Servers):
    def setUp(self):
        super().setUp()
        # A disk of 24 MB for the database.
        self.disk = pathlib.Path(tempfile.mkdtemp(prefix="bibsmith-disk-"))
        self.addCleanup(shutil.rmtree, self.disk, True)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m,mode=777", "tmpfs", self.disk],
                                 stderr=subprocess.DEVNULL)
        if mounted.returncode != 0:
            self.skipTest("only root may mount a small disk")
        self.addCleanup(subprocess.run, ["umount", "-l", self.disk], check=True)
        place = self.disk / "data"
        place.mkdir()
        if self.server.user:
            os.chown(place, self.server.user["user"], self.server.user["group"])
        self.server.sql(f"CREATE TABLESPACE small LOCATION '{place}'")
        self.server.sql("CREATE DATABASE full_disk TABLESPACE small")
        self.environment["BIBSMITH_STORE"] = self.server.url.replace("///papers", "///full_disk")

    def test_an_import_and_a_sync_change_nothing_or_all(self):
        snapshot(self.folder / "few.json", 20)
        snapshot(self.folder / "many.json", 900, abstract_bytes=20000)
        mine = self.folder / "mine.bib"
        mine.write_text("@misc{a, year = {2001}}\n")
        self.good("cache", "import", str(self.folder / "few.json"))
        self.good("library", "create", "group")
        self.good("sync", str(mine), "--library", "group")
        status, _, told = self.run_bibsmith("cache", "import", str(self.folder / "many.json"))
        self.assertEqual(status, 4, told)
        self.assertIn("No space left on device", "".join(told))
        self.assertEqual(self.titles(), 20)

        # Each entry is less than 1 MiB, all of them are more than the disk.
        big = "@misc{a, year = {2002}}\n" + "".join(
            f"@misc{{b{i}, note = {{{os.urandom(250_000).hex()}}}}}\n" for i in range(40))
        mine.write_text(big)
        status, _, told = self.run_bibsmith("sync", str(mine), "--library", "group")
        self.assertEqual(status, 4, told)
        self.assertIn("No space left on device", "".join(told))
        self.assertEqual(mine.read_text(), big)
        other = self.folder / "other.bib"
        self.good("sync", str(other), "--library", "group")
        self.assertIn("2001", other.read_text())
        self.assertNotIn("@misc{b", other.read_text())
        # With space again, or less to write, it goes on as if nothing had been.
        mine.write_text("@misc{a, year = {2002}}\n")
        self.good("sync", str(mine), "--library", "group")
        self.good("sync", str(other), "--library", "group")
        self.assertIn("2002", other.read_text())


if __name__ == "__main__":
    unittest.main()
