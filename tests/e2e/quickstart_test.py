#!/usr/bin/env python3
"""`examples/quickstart --sample`, in a copy of the tree: prints its five entries and says where they come from."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TIME_MAX_S = 1700  # it builds; ccache makes the second time short


class Quickstart(unittest.TestCase):
    def test_sample(self):
        with tempfile.TemporaryDirectory(prefix="bibsmith-quickstart-") as folder:
            tree = pathlib.Path(folder) / "bibsmith"
            shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns("build", ".git"))
            # ccache sees the same sources under another path as the same, and warnings change no object.
            environment = {**os.environ, "CCACHE_BASEDIR": folder, "CCACHE_NOHASHDIR": "1", "CCACHE_IGNOREOPTIONS": "-W*"}
            done = subprocess.run([tree / "examples" / "quickstart", "--sample"], capture_output=True, text=True,
                                  env=environment, cwd=folder, stdin=subprocess.DEVNULL, timeout=TIME_MAX_S)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(re.findall(r"^  eprint += \{(.*)\},$", done.stdout, re.MULTILINE),
                         ["1706.03762", "hep-th/9711200", "1412.6980", "1602.03837", "math/0211159"])
        self.assertTrue(done.stderr.endswith("These entries come from the sample in tests/data, served on loopback, "
                                             "not from arXiv.\n"), done.stderr)


if __name__ == "__main__":
    unittest.main()
