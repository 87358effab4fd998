"""What the tests of all editors share: a project with a paper whose bibliography lacks an entry."""
import os
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
sys.path.insert(0, str(TESTS / "e2e"))

import world  # noqa: E402
from paper import BIB, PAPER  # noqa: E402

SKIPPED = 77


class Project(world.World):
    """A folder `project` with paper.tex and refs.bib, and the program in PATH as `bibsmith`."""

    def setUp(self):
        super().setUp()
        self.project = self.folder / "project"
        self.project.mkdir()
        (self.project / "paper.tex").write_text(PAPER)
        (self.project / "refs.bib").write_text(BIB)
        (self.folder / "home").mkdir(exist_ok=True)
        programs = pathlib.Path(os.environ["BIBSMITH_PROGRAM"]).resolve().parent
        self.environment["PATH"] = f"{programs}:{self.environment['PATH']}"
        self.environment["LC_ALL"] = "C.UTF-8"
