#!/usr/bin/env python3
"""Bad input as a user meets it: one line that names thing, place and remedy, the right status, files as they were."""
import fcntl
import json
import os
import pathlib
import resource
import signal
import subprocess
import time
import unittest

import world

ATTENTION = "1706.03762"
HOST = r"127\.0\.0\.1(?::\d+)?"
DONE, FINDINGS, USAGE, COULD_NOT_ASK, FILE_FAILED = 0, 1, 2, 3, 4


class FaultCase(world.World):
    def setUp(self):
        super().setUp()
        # Nobody waits half a minute in a test for a server that asks for a pause.
        self.configure("[arxiv]\npatience_s = 2\n")

    def check(self, arguments, status, *errors, out="", **options):
        """Runs bibsmith; standard error must be these lines, and nothing on disk may change."""
        before = self.files()
        got_status, got_out, got_errors = self.run_bibsmith(*arguments, **options)
        self.assertEqual(got_errors, ["bibsmith: " + line for line in errors])
        self.assertEqual((got_status, got_out), (status, out))
        self.assertEqual(self.files(), before)


class Ids(FaultCase):
    def test_unknown(self):
        self.check(["get", "2405.00001"], FINDINGS, "2405.00001: arXiv has no such paper")
        self.check(["get", ATTENTION + "v99"], FINDINGS, ATTENTION + "v99: arXiv has no such version of a paper")

    def test_unknown_among_known(self):
        status, out, errors = self.run_bibsmith("get", ATTENTION, "2405.00001", "1810.04805")
        self.assertEqual((status, errors), (FINDINGS, ["bibsmith: 2405.00001: arXiv has no such paper"]))
        self.assertEqual(out.count("@misc{"), 2)

    def test_malformed(self):
        for text, message in (
                ("1713.03762", "month"), ("hello", ""), ("1706.0376", ""), ("", ""), ("1706.00000", ""),
                ("17\x1b[31m06", "")):
            with self.subTest(text):
                status, out, errors = self.run_bibsmith("get", text)
                self.assertEqual((status, out, len(errors)), (USAGE, "", 1), errors)
                self.assertRegex(errors[0], r"^bibsmith: '.*' is no arXiv id: .* \(at byte \d+\)$")
                self.assertIn(message, errors[0])
                self.assertNotIn("\x1b", errors[0])
                self.assertEqual(self.emulator.requests(), [])

    def test_malformed_costs_itself_alone(self):
        status, out, errors = self.run_bibsmith("get", "nonsense", ATTENTION)
        self.assertEqual((status, len(errors)), (USAGE, 1))
        self.assertEqual(out.count("@misc{"), 1)


class Network(FaultCase):
    def test_nobody_listens(self):
        self.environment["BIBSMITH_ARXIV_URL"] = f"http://127.0.0.1:{world.closed_port()}/api/query"
        refs = self.folder / "refs.bib"
        refs.write_text("% mine\n")
        for arguments in (["get", ATTENTION], ["add", ATTENTION, "--to", "refs.bib"]):
            with self.subTest(arguments[0]):
                before = self.files()
                status, out, errors = self.run_bibsmith(*arguments)
                self.assertEqual((status, out, len(errors)), (COULD_NOT_ASK, "", 1), errors)
                self.assertRegex(errors[0], r"^bibsmith: 1706\.03762: could not ask arXiv: cannot connect to 127\.0\.0\.1: .")
                self.assertEqual(self.files(), before)

    def test_offline(self):
        self.environment["BIBSMITH_ARXIV_URL"] = "https://arxiv.invalid/api/query"
        self.environment["BIBSMITH_OFFLINE"] = "1"
        del self.environment["BIBSMITH_ARXIV_INTERVAL_MS"]
        self.check(["get", ATTENTION], COULD_NOT_ASK,
                   ATTENTION + ": could not ask arXiv: not in the cache, and offline mode forbids to ask arXiv")

    def test_what_is_cached_is_there_without_a_network(self):
        status, out, _ = self.run_bibsmith("get", ATTENTION)
        self.assertEqual(status, DONE)
        self.environment["BIBSMITH_ARXIV_URL"] = f"http://127.0.0.1:{world.closed_port()}/api/query"
        self.check(["get", ATTENTION], DONE, out=out)


class Answers(FaultCase):
    """What the server sends instead of an answer. None of it means that there is no such paper."""

    def fails(self, fault, message):
        self.start_emulator(fault)
        before = self.files()
        status, out, errors = self.run_bibsmith("get", ATTENTION)
        self.assertEqual(len(errors), 1, errors)
        self.assertRegex(errors[0], f"^bibsmith: {ATTENTION}: could not ask arXiv: {message}$")
        self.assertEqual((status, out), (COULD_NOT_ASK, ""))
        self.assertEqual(self.files(), before)
        # Nothing of this is remembered.
        self.start_emulator()
        (self.folder / "state" / "loopback.rate").unlink()  # the pause that was asked for
        status, out, errors = self.run_bibsmith("get", ATTENTION)
        self.assertEqual((status, errors), (DONE, []))

    def test_429(self):
        self.fails("429@*", rf"{HOST} answers no more requests for now \(HTTP 429\); try again in 30 s")

    def test_503_with_retry_after(self):
        self.fails("503:retry-after=7@*", rf"{HOST} answers no more requests for now \(HTTP 503\); try again in 7 s")

    def test_cut(self):
        self.fails("cut@*", f"lost the connection to {HOST}: .+")

    def test_reset(self):
        self.fails("reset@*", f"lost the connection to {HOST}: .+")

    def test_empty(self):
        self.fails("empty@*", f"{HOST}: the answer is empty")

    def test_invalid_xml(self):
        self.fails("bad-xml@*", rf"{HOST}: the answer is not well-formed XML: .+ at byte \d+")

    def test_html(self):
        self.fails("html@*", f"{HOST}: the answer is a web page, not an Atom feed")

    def test_redirect_loop(self):
        self.fails("redirect-loop@*", f"{HOST} redirects more than 3 times")

    def test_redirect_to_clear_text(self):
        self.fails("downgrade@*", rf"{HOST} redirects to http://arxiv\.invalid/.*, which is not allowed")

    def test_gzip_bomb(self):
        self.fails("gzip-bomb@*", f"{HOST} sent more than 16777216 bytes")

    def test_zero_entries(self):
        # arXiv has minutes in which it finds nothing: asked twice, and then believed for a while.
        self.start_emulator("no-entries@1")
        status, out, errors = self.run_bibsmith("get", ATTENTION)
        self.assertEqual((status, errors), (DONE, []))
        self.assertEqual(len(self.emulator.requests()), 2)

    def test_what_passes(self):
        for fault in ("stall:0.5@1", "drip:0.0001@1", "429:retry-after=1@1", "503:retry-after=1@1", "cut@1",
                      "reset@1", "empty@1"):
            with self.subTest(fault):
                self.start_emulator(fault)
                self.run_bibsmith("cache", "clear")
                status, out, errors = self.run_bibsmith("get", ATTENTION)
                self.assertEqual((status, errors), (DONE, []))
                self.assertIn("1706.03762", out)

    def test_other_papers(self):
        self.fails("other-paper@*", f"{HOST} answered with papers that were not asked for")

    def test_json(self):
        self.start_emulator("429@*")
        status, out, errors = self.run_bibsmith("--json", "get", ATTENTION)
        self.assertEqual((status, len(errors)), (COULD_NOT_ASK, 1))
        answer = json.loads(out)
        self.assertEqual((answer["entries"], answer["not_found"]), ([], []))
        self.assertEqual([(failure["id"], failure["http_status"]) for failure in answer["could_not_ask"]],
                         [(ATTENTION, 429)])


class Interrupted(FaultCase):
    faults = ("stall:60@*",)

    def test_control_c_while_the_server_is_silent(self):
        (self.folder / "refs.bib").write_text("% mine\n")
        before = self.files()
        for number in (signal.SIGINT, signal.SIGTERM):
            for arguments in (["get", ATTENTION], ["add", ATTENTION, "--to", "refs.bib"]):
                with self.subTest((arguments[0], number.name)):
                    self.start_emulator(*self.faults)
                    rate = self.folder / "state" / "loopback.rate"
                    rate.unlink(missing_ok=True)
                    process = self.start(*arguments)
                    world.wait_until(lambda: rate.exists() and rate.read_text(), "the request has its permit")
                    begin = time.monotonic()
                    process.send_signal(number)
                    out, err = process.communicate(timeout=world.LIMIT_S)
                    self.assertLess(time.monotonic() - begin, 30)  # and not the 60 that the server is silent
                    self.assertEqual((process.returncode, out), (COULD_NOT_ASK, ""), err)
                    self.assertRegex(err, rf"\Abibsmith: {ATTENTION}: could not ask arXiv: .*cancelled.*\n\Z")
                    self.assertEqual(self.files(), before)


class Files(FaultCase):
    def setUp(self):
        super().setUp()
        self.refs = self.folder / "refs.bib"
        self.refs.write_text("% mine\n\n@misc{old, title = {Old}}\n")

    def test_full_disk_for_standard_output(self):
        with open("/dev/full", "w") as full:
            status, _, errors = self.run_bibsmith("get", ATTENTION, stdout=full)
        self.assertEqual((status, errors),
                         (FILE_FAILED, ["bibsmith: cannot write standard output: No space left on device"]))

    def test_closed_standard_output(self):
        status, _, errors = self.run_bibsmith("get", ATTENTION, stdout=os.open(os.devnull, os.O_RDONLY))
        self.assertEqual((status, errors), (FILE_FAILED, ["bibsmith: cannot write standard output: Bad file descriptor"]))

    def test_full_disk_for_the_file(self):
        self.run_bibsmith("get", ATTENTION)
        # A limit on file sizes stands in for the disk; the cache, which is read only here, has its 32 KiB.
        self.refs.write_text("% mine\n" * 100_000)
        limit = self.refs.stat().st_size + 10
        self.check(["add", ATTENTION, "--to", "refs.bib"], FILE_FAILED,
                   "cannot write refs.bib: File too large; the file is as it was",
                   preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))

    def test_full_disk(self):
        """A file system of 64 KiB that only this run sees."""
        self.run_bibsmith("get", ATTENTION)
        disk = self.folder / "disk"
        disk.mkdir()
        refs = disk / "refs.bib"
        script = ("mount -t tmpfs -o size=64k none disk && head -c 40000 /dev/zero | tr '\\0' '%' > disk/refs.bib && "
                  "cp disk/refs.bib before && { \"$BIBSMITH_PROGRAM\" add $0 --to disk/refs.bib; echo status $?; "
                  "cmp before disk/refs.bib && ls -A disk; }")
        done = subprocess.run(["unshare", "-m", "sh", "-c", script, ATTENTION], cwd=self.folder, text=True,
                              env={**self.environment, "BIBSMITH_PROGRAM": os.environ["BIBSMITH_PROGRAM"]},
                              capture_output=True, timeout=world.LIMIT_S, check=False)
        if "unshare" in done.stderr or "mount" in done.stderr:
            self.skipTest("this user cannot mount a file system")
        self.assertEqual((done.stdout, done.stderr),
                         ("status 4\nrefs.bib\n",
                          "bibsmith: cannot write disk/refs.bib: No space left on device; the file is as it was\n"))
        self.assertFalse(refs.exists())

    def test_a_fifo_and_a_link_as_target(self):
        os.mkfifo(self.folder / "fifo")
        self.check(["add", ATTENTION, "--to", "fifo"], FILE_FAILED, "fifo is not a regular file")
        (self.folder / "link.bib").symlink_to("refs.bib")
        status, _, errors = self.run_bibsmith("add", ATTENTION, "--to", "link.bib")
        self.assertEqual(status, DONE, errors)
        self.assertTrue((self.folder / "link.bib").is_symlink())
        self.assertIn("@misc{vaswani2017attention,", self.refs.read_text())

    def test_an_empty_file_and_no_bib_file(self):
        (self.folder / "empty.bib").write_text("")
        self.assertEqual(self.run_bibsmith("add", ATTENTION, "--to", "empty.bib")[0], DONE)
        (self.folder / "paper.tex").write_text("\\documentclass{article}\n")
        self.check(["add", ATTENTION, "--to", "paper.tex"], FILE_FAILED,
                   "paper.tex: the file has text, but no entry: is it a .bib file?")

    def test_a_file_of_100_mb(self):
        entry = "@misc{{key{},\n  note = {{{}}},\n}}\n".format
        with self.refs.open("w") as file:
            for number in range(100_000):
                file.write(entry(number, "x" * 1000))
        before = self.refs.read_bytes()
        self.assertEqual(self.run_bibsmith("add", ATTENTION, "--to", "refs.bib")[0], DONE)
        self.assertTrue(self.refs.read_bytes().startswith(before))
        self.assertEqual(self.run_bibsmith("undo", "refs.bib")[0], DONE)
        self.assertEqual(self.refs.read_bytes(), before)

    def test_a_held_lock(self):
        """The second waits, and changes what the first left."""
        self.run_bibsmith("add", ATTENTION, "--to", "refs.bib")
        self.run_bibsmith("get", "1412.6980")
        lock, = (self.folder / "state" / "locks").iterdir()
        with lock.open("r+") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            process = self.start("add", "1412.6980", "--to", "refs.bib")
            world.wait_until(lambda: str(lock) in self.open_files(process.pid), "the second asks for the lock")
            with self.refs.open("a") as file:
                file.write("@misc{first, title = {First}}\n")
        out, err = process.communicate(timeout=world.LIMIT_S)
        self.assertEqual((process.returncode, out), (DONE, "kingma2014adam\n"), err)
        self.assertIn("@misc{first, title = {First}}\n", self.refs.read_text())
        self.assertIn("@misc{kingma2014adam,", self.refs.read_text())

    @staticmethod
    def open_files(pid):
        found = []
        for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
            try:
                found.append(os.readlink(link))
            except OSError:
                pass  # closed meanwhile
        return found

    def test_a_directory_as_target(self):
        (self.folder / "refs").mkdir()
        self.check(["add", ATTENTION, "--to", "refs"], FILE_FAILED, "refs is a directory")

    def test_a_target_in_no_folder(self):
        status, out, errors = self.run_bibsmith("add", ATTENTION, "--to", "no/such/refs.bib")
        self.assertEqual((status, out, len(errors)), (FILE_FAILED, "", 1))
        self.assertRegex(errors[0], "no/such/refs.bib: No such file or directory")

    def as_an_ordinary_user(self):
        """Options of run_bibsmith; permissions do not bind root."""
        if os.geteuid() != 0:
            return {}
        nobody = 65534
        if subprocess.run([os.environ["BIBSMITH_PROGRAM"], "--version"], user=nobody, capture_output=True,
                          env=self.environment, cwd="/").returncode != 0:
            self.skipTest("an ordinary user cannot run the program where it is")
        for path in (self.folder, *self.folder.rglob("*")):
            os.chown(path, nobody, nobody)
        return {"user": nobody, "group": nobody, "extra_groups": []}

    def test_read_only_target(self):
        options = self.as_an_ordinary_user()
        self.refs.chmod(0o444)
        self.check(["add", ATTENTION, "--to", "refs.bib"], FILE_FAILED,
                   "cannot write refs.bib: Permission denied; the file is as it was", **options)

    def test_read_only_folder(self):
        folder = self.folder / "papers"
        folder.mkdir()
        (folder / "refs.bib").write_text("% mine\n")
        options = self.as_an_ordinary_user()
        folder.chmod(0o555)
        self.check(["add", ATTENTION, "--to", "papers/refs.bib"], FILE_FAILED,
                   "cannot write beside papers/refs.bib: Permission denied; the file is as it was", **options)
        folder.chmod(0o755)

    def test_unreadable_target(self):
        options = self.as_an_ordinary_user()
        self.refs.chmod(0)
        status, out, errors = self.run_bibsmith("add", ATTENTION, "--to", "refs.bib", **options)
        self.assertEqual((status, out, errors),
                         (FILE_FAILED, "", ["bibsmith: cannot read refs.bib: Permission denied"]))

    def test_a_file_in_place_of_the_cache(self):
        cache = self.folder / "cache"
        cache.write_text("mine")
        status, out, errors = self.run_bibsmith("get", ATTENTION)
        self.assertEqual((status, out.count("@misc{")), (DONE, 1))
        self.assertEqual(errors, [f"bibsmith: cannot make the cache folder {cache}: Not a directory; "
                                  "going on without it"])
        self.assertEqual(cache.read_text(), "mine")

    def test_a_file_in_place_of_the_state(self):
        state = self.folder / "state"
        state.write_text("mine")
        status, out, errors = self.run_bibsmith("get", ATTENTION)
        self.assertEqual((status, out.count("@misc{")), (DONE, 1))
        self.assertEqual(errors, ["bibsmith: requests are paced for this process alone: cannot use "
                                  f"{state}/loopback.rate: Not a directory"])
        self.assertEqual(state.read_text(), "mine")

    def test_a_damaged_cache(self):
        self.run_bibsmith("get", ATTENTION)
        database = self.folder / "cache" / "cache.sqlite"
        for companion in database.parent.glob("cache.sqlite-*"):
            companion.unlink()
        database.write_bytes(b"not a database" * 100)
        status, out, errors = self.run_bibsmith("get", ATTENTION)
        self.assertEqual((status, out.count("@misc{"), len(errors)), (DONE, 1, 1), errors)
        self.assertRegex(errors[0], r"is damaged \(.*\); it was put aside as .*set-aside-1 and a new one begun$")
        self.assertEqual((self.folder / "cache" / "cache.sqlite.set-aside-1").read_bytes(), b"not a database" * 100)

    def test_a_file_that_changes_under_our_hands(self):
        self.start_emulator("stall:2@1")
        process = self.start("add", ATTENTION, "--to", "refs.bib")
        rate = self.folder / "state" / "loopback.rate"
        world.wait_until(lambda: rate.exists() and rate.read_text(), "the request has its permit")
        with self.refs.open("a") as file:
            file.write("@misc{theirs, title = {Theirs}}\n")
        out, err = process.communicate(timeout=world.LIMIT_S)
        self.assertEqual((process.returncode, out), (DONE, "vaswani2017attention\n"), err)
        text = self.refs.read_text()
        self.assertTrue(text.startswith("% mine\n\n@misc{old, title = {Old}}\n@misc{theirs, title = {Theirs}}\n"), text)
        self.assertIn("@misc{vaswani2017attention,", text)
        self.assertEqual(len(self.files()), 1)  # no temporary file stays


if __name__ == "__main__":
    unittest.main()
