"""The package in the real Emacs, in batch: its form, and what a user does with Eglot."""
import os
import shutil
import subprocess
import sys
import unittest

import scenario
import world

SOURCE = scenario.ROOT / "plugin" / "editors" / "emacs" / "bibsmith.el"
HERE = scenario.TESTS / "editors"


def emacs(*arguments, **options):
    return subprocess.run(["emacs", "--batch", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=world.LIMIT_S, **options)


class Emacs(scenario.Project):
    def setUp(self):
        super().setUp()
        self.source = self.folder / "bibsmith.el"
        shutil.copy(SOURCE, self.source)

    def emacs(self, *arguments):
        return emacs(*arguments, cwd=self.folder, env=self.environment)

    def test_the_package_is_clean(self):
        done = self.emacs("-q", "--eval", "(setq byte-compile-error-on-warn t)", "-f", "batch-byte-compile", str(self.source))
        self.assertEqual(done.returncode, 0, done.stdout)
        done = self.emacs("-Q", "--eval", f'(checkdoc-file "{self.source}")')
        self.assertNotIn("Warning", done.stdout)
        done = self.emacs("-q", "-l", "package-lint", "-f", "package-lint-batch-and-exit", str(self.source))
        # Debian's package-lint is older than Emacs 28.
        findings = [line for line in done.stdout.splitlines()
                    if "bibsmith.el:" in line and "uninstallable in all released Emacs" not in line]
        self.assertEqual(findings, [])

    def test_what_a_user_does(self):
        (self.project / "second.tex").write_text(scenario.PAPER.replace("arXiv:1706.03762", "kingma2014adam"))
        (self.project / "invented.bib").write_text("@misc{nothing, title = {Entirely Unheard Of}, author = {Body, No}, year = 2018}\n")
        (self.project / "notes.org").write_text("#+bibliography: refs.bib\n\nSee \n\n#+print_bibliography:\n\nAnd ")
        self.environment["BIBSMITH_TEST_PROJECT"] = str(self.project)
        done = self.emacs("-q", "-L", str(self.folder), "-l", str(HERE / "emacs_scenario.el"), "-f", "ert-run-tests-batch-and-exit")
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("@misc{he2015deep", (self.project / "refs.bib").read_text())


if __name__ == "__main__":
    if not shutil.which("emacs") or emacs("-q", "--eval", "(progn (require 'eglot) (require 'package-lint))").returncode:
        print("there is no emacs with eglot and package-lint: skipped")
        sys.exit(scenario.SKIPPED)
    unittest.main()
