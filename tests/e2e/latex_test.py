#!/usr/bin/env python3
"""What `bibsmith get` prints goes through BibTeX and biber without a warning."""
import re
import shutil
import subprocess
import sys
import unittest

import world

SKIPPED = 77  # CMakeLists.txt: SKIP_RETURN_CODE
IDS = ("1706.03762", "hep-th/9901001", "https://arxiv.org/pdf/2303.08774v3")
# Beyond the three of everyday: accents, TeX, particles, collaborations and published papers.
MORE_IDS = ("hep-th/9711200", "1602.03837", "1207.7214", "0704.0001", "0704.0305", "0704.0401", "0704.0629",
            "0704.0220", "0704.0199", "0704.0177", "1011.0730", "0906.3336", "0901.3666", "math-ph/0509022",
            "math/0211159", "quant-ph/9508027", "2005.14165")

BIBTEX_DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[british]{babel}
\usepackage{amsmath,amssymb}
\usepackage{hyperref}
\begin{document}
Text \cite{%s}.
\bibliographystyle{plain}
\bibliography{refs}
\end{document}
"""

BIBLATEX_DOCUMENT = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage[british]{babel}
\usepackage{amsmath,amssymb}
\usepackage[backend=biber]{biblatex}
\usepackage{hyperref}
\addbibresource{refs.bib}
\begin{document}
Text \autocite{%s}.
\printbibliography
\end{document}
"""


# Words of the tools that are no complaint, and the one about a package that the document does without.
HARMLESS = re.compile(r"Package: infwarerr|^warning\$ -- 0$|rerunfilecheck|'csquotes' missing")


class Latex(world.World):
    def write_entries(self, ids, *options):
        status, out, errors = self.run_bibsmith("get", *options, *ids)
        self.assertEqual(status, 0, errors)
        (self.folder / "refs.bib").write_text(out)
        keys = re.findall(r"^@\w+\{([^,]+),$", out, re.MULTILINE)
        self.assertEqual(len(keys), len(ids))
        return ",".join(keys)

    def run_tool(self, *command):
        done = subprocess.run(command, cwd=self.folder, capture_output=True, timeout=world.LIMIT_S,
                              env=self.environment, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0, done.stdout.decode(errors="replace"))

    def complaints(self, name):
        text = (self.folder / name).read_text(errors="replace")
        return [line for line in text.splitlines()
                if re.search(r"warning|error|undefined|missing character", line, re.IGNORECASE)
                and not HARMLESS.search(line)]

    def compile(self, document, *bibliography):
        (self.folder / "paper.tex").write_text(document)
        latex = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper.tex")
        self.run_tool(*latex)
        self.run_tool(*bibliography)
        for _ in range(3):  # labels, then the page numbers of hyperref's links
            self.run_tool(*latex)
        self.assertEqual(self.complaints("paper.blg"), [])
        self.assertEqual(self.complaints("paper.log"), [])

    def test_bibtex(self):
        self.compile(BIBTEX_DOCUMENT % self.write_entries(IDS + MORE_IDS), "bibtex", "paper")

    def test_biber(self):
        self.compile(BIBLATEX_DOCUMENT % self.write_entries(IDS + MORE_IDS, "--format", "biblatex"),
                     "biber", "--validate-datamodel", "paper")

    def test_bibtex_entries_suit_biber_too(self):
        self.compile(BIBLATEX_DOCUMENT % self.write_entries(IDS), "biber", "--validate-datamodel", "paper")


if __name__ == "__main__":
    missing = [tool for tool in ("pdflatex", "bibtex", "biber") if shutil.which(tool) is None]
    if missing:
        print("skipped: not installed:", ", ".join(missing))
        sys.exit(SKIPPED)
    unittest.main()
