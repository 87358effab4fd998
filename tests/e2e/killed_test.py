#!/usr/bin/env python3
"""bibsmith is ended at each of its system calls from the moment it opens the file: by SIGKILL, and by Ctrl-C."""
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

OLD = "% mine\n@misc{a,\n author = {Ann Roe},year=2001}\n\n@misc{b, author = {Bob Doe},\n    year = 2002,\n}\n"
CALLS_MAX = 2000  # a bound for the loops; a run makes some hundred
LIMIT_S = 60
CANNOT_TRACE = 77
# Every call costs a run of a few tens of milliseconds; --every N makes a quick look of it.
EVERY = int(sys.argv.pop(sys.argv.index("--every") + 1)) if "--every" in sys.argv else 1
sys.argv = [word for word in sys.argv if word != "--every"]


class Killed(unittest.TestCase):
    def run_bibsmith(self, folder, *arguments, stop_at=None):
        """(status, lines of standard error without the common front, calls counted)"""
        command = [os.environ["BIBSMITH_PROGRAM"], *arguments]
        if stop_at is not None:
            command = [os.environ["STOP_AT_CALL_PROGRAM"], *map(str, stop_at), "/refs.bib", *command]
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=LIMIT_S, check=False,
            env={"PATH": os.environ["PATH"], "HOME": str(folder), "BIBSMITH_CACHE_DIR": str(folder / "cache"),
                 "BIBSMITH_STATE_DIR": str(folder / "state")})
        errors = [line.removeprefix("bibsmith: ") for line in done.stderr.splitlines()]
        return done.returncode, errors, int(done.stdout or 0) if stop_at is not None else 0

    def each_call(self, number):
        """Yields a folder with the file, and what became of a run that got the signal at one call more each time."""
        with tempfile.TemporaryDirectory(prefix="bibsmith-killed-") as name:
            folder = pathlib.Path(name)
            (folder / "refs.bib").write_text(OLD)
            self.run_bibsmith(folder, "format", str(folder / "refs.bib"))
            self.new = (folder / "refs.bib").read_text()
        self.assertNotEqual(self.new, OLD)
        for n in range(0, CALLS_MAX, EVERY):
            with tempfile.TemporaryDirectory(prefix="bibsmith-killed-") as name, self.subTest(call=n):
                folder = pathlib.Path(name)
                refs = folder / "refs.bib"
                refs.write_text(OLD)
                status, errors, calls = self.run_bibsmith(folder, "format", str(refs), stop_at=(int(number), n))
                if status == CANNOT_TRACE:
                    self.skipTest("this system does not let us trace a process")
                self.assertIn(refs.read_text(), (OLD, self.new))
                yield folder, refs, status, errors
                # The next run finishes what is left, leaves no file of ours behind, and undo gives the old bytes.
                self.assertEqual(self.run_bibsmith(folder, "format", str(refs))[0], 0)
                self.assertEqual(refs.read_text(), self.new)
                self.assertEqual(self.run_bibsmith(folder, "undo", str(refs))[0], 0)
                self.assertEqual(refs.read_text(), OLD)
                self.assertEqual(sorted(path.name for path in folder.iterdir()), ["refs.bib", "state"])
                if calls <= n:
                    self.assertGreater(n, 50)
                    return
        self.fail("the run never ends")

    def test_sigkill(self):
        ended = set()
        for _, refs, status, _ in self.each_call(signal.SIGKILL):
            self.assertIn(status, (0, 128 + signal.SIGKILL))
            ended.add((status, refs.read_text() == OLD))
        # Killed before the rename, killed after it, and not killed.
        self.assertEqual(ended, {(128 + signal.SIGKILL, True), (128 + signal.SIGKILL, False), (0, False)})

    def test_interrupt(self):
        """Where the program ends by itself its status and message say what became of the file."""
        seen = set()
        for _, refs, status, errors in self.each_call(signal.SIGINT):
            is_old = refs.read_text() == OLD
            seen.add((status, is_old))
            if status == 0:
                self.assertEqual((errors, is_old), ([f"formatted {refs}"], False))
            elif status == 4:
                self.assertEqual((errors, is_old), ([f"interrupted; {refs} is as it was"], True))
            else:  # before the command began, or after it ended
                self.assertEqual(status, 128 + signal.SIGINT)
        self.assertIn((4, True), seen)
        self.assertIn((0, False), seen)


if __name__ == "__main__":
    unittest.main()
