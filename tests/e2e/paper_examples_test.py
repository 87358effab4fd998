#!/usr/bin/env python3
"""examples/paper, built with the real tools; what is not installed is skipped with a message."""
import os
import re
import shutil
import subprocess
import unittest

import world

PAPER = world.TESTS.parent / "examples" / "paper"
# Where tests/run puts it.
os.environ.setdefault("NODE_PATH", str(world.TESTS.parent / "build" / "npm" / "node_modules"))
TYPST = """
const { NodeCompiler } = require('@myriaddreamin/typst-ts-node-compiler');
const compiler = NodeCompiler.create({ workspace: '.' });
require('fs').writeFileSync('paper.pdf', compiler.pdf({ mainFilePath: 'paper.typ' }));
"""


def needs(*tools):
    missing = [tool for tool in tools if shutil.which(tool) is None]
    return unittest.skipIf(missing, "not installed: " + ", ".join(missing))


def node_has_typst():
    if shutil.which("node") is None:
        return False
    return subprocess.run(("node", "-e", "require('@myriaddreamin/typst-ts-node-compiler')"), check=False,
                          capture_output=True).returncode == 0


class Paper(world.World):
    def setUp(self):
        super().setUp()
        self.put_program_in_path()
        self.environment["TEXMFVAR"] = str(self.folder / "texmf-var")
        self.environment["NODE_PATH"] = os.environ["NODE_PATH"]

    def copy(self, name):
        folder = self.folder / name
        shutil.copytree(PAPER / name, folder)
        return folder

    def run_tool(self, folder, *command):
        done = subprocess.run(command, cwd=folder, env=self.environment, stdin=subprocess.DEVNULL,
                              capture_output=True, check=False, timeout=world.LIMIT_S)
        out = (done.stdout + done.stderr).decode(errors="replace")
        self.assertEqual(done.returncode, 0, out[-3000:])
        return out

    def check_log(self, log):
        self.assertNotRegex(log.read_text(errors="replace"), r"[Cc]itation.*undefined|undefined references")
        self.assertEqual(len(self.emulator.requests()), 1, self.emulator.requests())

    @needs("latexmk", "pdflatex", "bibtex")
    def test_natbib_with_latexmk(self):
        folder = self.copy("natbib")
        self.run_tool(folder, "latexmk", "main.tex")
        self.check_log(folder / "main.log")
        self.assertIn("up-to-date", self.run_tool(folder, "latexmk", "main.tex"))
        self.check_log(folder / "main.log")

    @needs("latexmk", "pdflatex", "biber")
    def test_biblatex_with_latexmk(self):
        folder = self.copy("biblatex")
        self.run_tool(folder, "latexmk", "main.tex")
        self.check_log(folder / "main.log")

    @needs("make", "pdflatex", "bibtex")
    def test_natbib_with_make(self):
        folder = self.copy("natbib")
        self.run_tool(folder, "make")
        self.check_log(folder / "main.log")
        self.assertIn("up to date", self.run_tool(folder, "make"))

    @needs("cmake", "pdflatex", "bibtex")
    def test_natbib_with_cmake(self):
        folder = self.copy("natbib")
        self.run_tool(folder, "cmake", "-B", "build")
        self.run_tool(folder, "cmake", "--build", "build")
        self.check_log(folder / "build" / "main.log")

    @needs("pdflatex", "bibtex")
    def test_natbib_at_once(self):
        folder = self.copy("natbib")
        self.run_tool(folder, "./build-once")
        self.check_log(folder / "main.log")

    @needs("arara", "pdflatex", "bibtex")
    def test_natbib_with_arara(self):
        folder = self.copy("natbib")
        rules = self.copy("arara")
        (folder / "arararc.yaml").write_text(f"!config\npaths:\n- {rules}\n")
        self.run_tool(folder, "arara", "main.tex")
        self.check_log(folder / "main.log")

    @needs("git", "pdflatex", "bibtex")
    def test_natbib_with_overleaf_by_git(self):
        """What is pushed builds on a server that has LaTeX and nothing of ours."""
        self.environment.update({"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
                                 "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_NOSYSTEM": "1"})
        folder = self.copy("natbib")
        self.run_tool(self.folder, "git", "init", "--quiet", "--bare", "overleaf.git")
        self.run_tool(folder, "git", "init", "--quiet")
        self.run_tool(folder, "bibsmith", "resolve", "main.tex")
        self.run_tool(folder, "git", "add", "main.tex", "refs.bib", "auto.bib")
        self.run_tool(folder, "git", "commit", "--quiet", "--message", "Cite")
        self.run_tool(folder, "git", "push", "--quiet", str(self.folder / "overleaf.git"), "HEAD:refs/heads/master")
        self.run_tool(self.folder, "git", "clone", "--quiet", "--branch", "master", "overleaf.git", "server")
        server = self.folder / "server"
        (self.folder / "home" / "bin" / "bibsmith").unlink()
        for command in (("pdflatex", "main"), ("bibtex", "main"), ("pdflatex", "main"), ("pdflatex", "main")):
            self.run_tool(server, *command)
        self.check_log(server / "main.log")

    @needs("make", "pandoc")
    def test_markdown(self):
        folder = self.copy("markdown")
        out = self.run_tool(folder, "make")
        self.assertNotIn("not found", out)
        html = (folder / "paper.html").read_text()
        for words in ("Attention Is All You Need", "String Junctions", "TeXbook"):
            self.assertIn(words, re.sub(r"\s+", " ", html))
        self.assertEqual(len(self.emulator.requests()), 1)

    @unittest.skipIf(not node_has_typst(), "not installed: @myriaddreamin/typst-ts-node-compiler (NODE_PATH)")
    def test_typst(self):
        folder = self.copy("typst")
        self.assertEqual(self.run_bibsmith("resolve", "typst/paper.typ", "--to", "typst/auto.bib")[0], 0)
        self.run_tool(folder, "node", "-e", TYPST)
        text = self.run_tool(folder, "pdftotext", "paper.pdf", "-")
        for words in ("Attention Is All You Need", "String Junctions", "TeXbook"):
            self.assertIn(words, re.sub(r"\s+", " ", text))
        self.assertEqual(len(self.emulator.requests()), 1)


if __name__ == "__main__":
    unittest.main()
