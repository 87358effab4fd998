#!/usr/bin/env python3
r"""`\cite{arXiv:1706.03762}` and latexmk: the entry is fetched, the PDF is right, the next build asks nobody.

tex_builds_test.py        two documents, and what happens without a network and with a lock
tex_builds_test.py --all  every class and package of the list below; what is not installed is skipped with a message
"""
import re
import shutil
import subprocess
import sys
import unittest

import world

SKIPPED = 77  # CMakeLists.txt: SKIP_RETURN_CODE

LATEXMKRC = """$pdf_mode = 1;
$bibtex_use = 2;
$bibtex = 'bibsmith tex-run bibtex %B -- bibtex %O %B';
$biber = 'bibsmith tex-run biber %B -- biber %O %S';
"""

KEYS = ("arXiv:1706.03762", "doi:10.48550/arXiv.1412.6980", "arXiv:hep-th/9901001")

NATBIB = r"\bibliographystyle{plainnat}\bibliography{auto}"
PLAIN = r"\bibliographystyle{plain}\bibliography{auto}"


def document(options, preamble, end, body=r"Text \cite{%s} and \cite{%s,%s}."):
    return "\n".join((r"\documentclass%s" % options, preamble, r"\begin{document}", body % KEYS, end, r"\end{document}"))


BIBLATEX = r"\usepackage[backend=%s]{biblatex}\addbibresource{auto.bib}"

# name: (files to be found by kpsewhich, document, its other files)
DOCUMENTS = {
    "natbib": (("natbib.sty",), document("{article}", r"\usepackage{natbib}\usepackage{hyperref}", NATBIB), {}),
    "biblatex": (("biblatex.sty",), document("{article}", BIBLATEX % "biber" + r"\usepackage{hyperref}",
                                             r"\printbibliography"), {}),
}
MORE = {
    "plain": ((), document("{article}", "", PLAIN), {}),
    "biblatex-bibtex": (("biblatex.sty",), document("{article}", BIBLATEX % "bibtex", r"\printbibliography"), {}),
    "french-plain": (("frenchb.ldf", "french.ldf"), document(
        "{article}", r"\usepackage[T1]{fontenc}\usepackage[french]{babel}", PLAIN), {}),
    "french-natbib-first": (("french.ldf",), document(
        "{article}", r"\usepackage[T1]{fontenc}\usepackage{natbib}\usepackage[french]{babel}", NATBIB), {}),
    "french-biblatex": (("french.ldf",), document(
        "{article}", r"\usepackage[T1]{fontenc}\usepackage[french]{babel}\usepackage{csquotes}" + BIBLATEX % "biber",
        r"\printbibliography"), {}),
    "cleveref": (("cleveref.sty",), document(
        "{article}", r"\usepackage{natbib}\usepackage{hyperref}\usepackage{cleveref}",
        r"\section{A}\label{sec:a}See \cref{sec:a}." + NATBIB), {}),
    "revtex": (("revtex4-2.cls",), document("[aps,prd]{revtex4-2}", "", r"\bibliography{auto}"), {}),
    "ieeetran": (("IEEEtran.cls", "ptmr7t.tfm"), document("{IEEEtran}", "", r"\bibliographystyle{IEEEtran}\bibliography{auto}"), {}),
    "acmart": (("acmart.cls",), document(
        "[nonacm]{acmart}", r"\title{T}\author{A}\affiliation{\institution{I}\country{C}}",
        r"\bibliographystyle{ACM-Reference-Format}\bibliography{auto}", r"\maketitle Text \cite{%s} and \cite{%s,%s}."), {}),
    "beamer": (("beamer.cls",), document(
        "{beamer}", BIBLATEX % "biber", r"\begin{frame}[allowframebreaks]\printbibliography\end{frame}",
        r"\begin{frame}Text \cite{%s} and \cite{%s,%s}.\end{frame}"), {}),
    "memoir-chapterbib": (("memoir.cls", "chapterbib.sty"), r"""\documentclass{memoir}
\usepackage{chapterbib}
\begin{document}
\include{one}
\include{two}
\end{document}
""", {"one.tex": r"\chapter{One}\cite{arXiv:1706.03762}" + PLAIN,
      "two.tex": r"\chapter{Two}\cite{arXiv:1412.6980}" + PLAIN}),
    "memoir-refsections": (("memoir.cls", "biblatex.sty"), r"""\documentclass{memoir}
\usepackage[backend=biber]{biblatex}
\addbibresource{auto.bib}
\begin{document}
\begin{refsection}\chapter{One}\cite{arXiv:1706.03762}\printbibliography[heading=subbibliography]\end{refsection}
\begin{refsection}\chapter{Two}\cite{arXiv:1412.6980}\printbibliography[heading=subbibliography]\end{refsection}
\end{document}
""", {}),
}


def missing_files(names):
    """Of names that mean the same any one is enough: babel-french was renamed."""
    if names == ("frenchb.ldf", "french.ldf"):
        names = ("french.ldf",)
    return [name for name in names
            if subprocess.run(("kpsewhich", name), capture_output=True, check=False).returncode != 0]


class Build(world.World):
    def setUp(self):
        super().setUp()
        self.put_program_in_path()
        self.environment["TEXMFVAR"] = str(self.folder / "home" / "texmf-var")
        (self.folder / ".latexmkrc").write_text(LATEXMKRC)

    def write(self, text, files=None):
        (self.folder / "main.tex").write_text(text)
        for name, content in (files or {}).items():
            (self.folder / name).write_text(content)

    def latexmk(self, status=0):
        done = subprocess.run(("latexmk", "-interaction=nonstopmode", "main.tex"), cwd=self.folder,
                              env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                              timeout=world.LIMIT_S)
        out = (done.stdout + done.stderr).decode(errors="replace")
        if status is not None:
            self.assertEqual(done.returncode, status, out[-4000:])
        return out

    def log(self):
        return (self.folder / "main.log").read_text(errors="replace")

    def check_built(self, requests=1):
        """No citation is undefined, and the next build asks nobody and changes nothing."""
        self.assertNotRegex(self.log(), r"[Cc]itation.*undefined|There were undefined references")
        self.assertEqual(len(self.emulator.requests()), requests, self.emulator.requests())
        before = (self.folder / "auto.bib").stat().st_mtime_ns
        out = self.latexmk()
        self.assertNotIn("bibsmith:", out)
        # The same under latexmk's feet: the tool itself, once more.
        for file in sorted(self.folder.glob("*.aux")):
            if "\\bibdata" in file.read_text() and not list(self.folder.glob("*.bcf")):
                self.run_tool("bibtex", file.stem)
        for file in sorted(self.folder.glob("*.bcf")):
            self.run_tool("biber", file.stem)
        self.assertEqual((self.folder / "auto.bib").stat().st_mtime_ns, before)
        self.assertEqual(len(self.emulator.requests()), requests)

    def run_tool(self, tool, base):
        done = subprocess.run(("bibsmith", "tex-run", tool, base, "--", "true"), cwd=self.folder,
                              env=self.environment, capture_output=True, text=True, check=False,
                              timeout=world.LIMIT_S)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def build(self, text, files=None, requests=1):
        self.write(text, files)
        out = self.latexmk()
        ours = [line for line in out.splitlines() if line.startswith("bibsmith:")]
        self.assertTrue(all(line.startswith("bibsmith: added ") for line in ours), ours)
        self.check_built(requests)

    def test_network_down_and_up_again(self):
        text = DOCUMENTS["natbib"][1]
        self.environment["BIBSMITH_ARXIV_URL"] = f"http://127.0.0.1:{world.closed_port()}/api/query"
        self.configure("[sources]\noai = false\ndatacite = false\n")
        self.write(text)
        out = self.latexmk()
        self.assertIn("arXiv:1706.03762", self.log())
        self.assertRegex(self.log(), "Citation.*undefined")
        self.assertIn("1706.03762: could not ask arXiv", out)
        self.assertIn("a later one asks again, or run bibsmith resolve main.aux --to auto.bib", out)
        self.environment["BIBSMITH_ARXIV_URL"] = self.emulator.url
        shutil.rmtree(self.folder / "state")  # the pause after the failure
        (self.folder / "main.tex").write_text(text.replace("Text", "A text"))
        (self.folder / "main.bbl").unlink()
        self.latexmk()
        self.check_built()

    def test_locked(self):
        text = DOCUMENTS["natbib"][1]
        self.write(text)
        self.latexmk()
        self.assertEqual(self.run_bibsmith("resolve", "main.aux", "--lock", "bibsmith.lock")[0], 0)
        requests = len(self.emulator.requests())
        bib = (self.folder / "auto.bib").read_bytes()
        for name in ("auto.bib", "main.aux", "main.bbl", "main.pdf", "main.fdb_latexmk"):
            (self.folder / name).unlink()
        shutil.rmtree(self.folder / "cache")
        (self.folder / ".latexmkrc").write_text(LATEXMKRC.replace(" -- ", " --locked -- "))
        self.latexmk()
        self.assertNotRegex(self.log(), "Citation.*undefined")
        self.assertEqual((self.folder / "auto.bib").read_bytes(), bib)
        self.assertEqual(len(self.emulator.requests()), requests)
        # One that is not locked ends the build, with its key.
        (self.folder / "main.tex").write_text(text.replace("Text", r"\cite{arXiv:1512.03385}"))
        out = self.latexmk(status=None)
        self.assertIn("arXiv:1512.03385 is neither in a .bib file nor in the lock file", out)
        self.assertEqual(len(self.emulator.requests()), requests)

    def test_no_such_paper(self):
        self.write(DOCUMENTS["natbib"][1].replace("Text", r"\cite{arXiv:1706.99999}"))
        out = self.latexmk()
        self.assertIn("1706.99999: arXiv has no such paper", out)
        self.assertRegex(self.log(), "Citation.*1706.99999.*undefined")
        self.assertNotRegex(self.log(), "Citation.*1706.03762.*undefined.*\n.*There were")
        requests = len(self.emulator.requests())
        self.latexmk()
        subprocess.run(("bibsmith", "tex-run", "bibtex", "main", "--", "true"), cwd=self.folder,
                       env=self.environment, check=True, capture_output=True, timeout=world.LIMIT_S)
        self.assertEqual(len(self.emulator.requests()), requests)  # that it does not exist is remembered

    def test_another_citation_is_one_more_request(self):
        text = DOCUMENTS["natbib"][1]
        self.build(text)
        before = (self.folder / "auto.bib").read_text()
        self.write(text.replace("Text", r"Text \cite{arXiv:1512.03385}"))
        self.latexmk()
        self.assertTrue((self.folder / "auto.bib").read_text().startswith(before))
        self.check_built(requests=2)


def add_tests(documents):
    for name, (needed, text, files) in documents.items():
        def test(self, needed=needed, text=text, files=files):
            absent = missing_files(needed)
            if absent:
                self.skipTest("not installed: " + ", ".join(absent))
            self.build(text, files, requests=2 if "chapterbib" in text else 1)
        setattr(Build, "test_document_" + re.sub(r"\W", "_", name), test)


if __name__ == "__main__":
    missing = [tool for tool in ("latexmk", "pdflatex", "bibtex", "biber") if shutil.which(tool) is None]
    if missing:
        print("skipped: not installed:", ", ".join(missing))
        sys.exit(SKIPPED)
    add_tests(DOCUMENTS)
    if "--all" in sys.argv:
        sys.argv.remove("--all")
        add_tests(MORE)
    unittest.main()
