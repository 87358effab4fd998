"""Documents that cite every entry of papers.bib, compiled in a folder; what the programs complain of."""
import re
import subprocess

HEAD = r"""\documentclass{article}
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage[english]{babel}
\usepackage{amsmath,amssymb}
\pagestyle{empty}
"""
BIBTEX = HEAD + r"""%s\usepackage{hyperref}
\begin{document}
\nocite{*}
%s\bibliographystyle{%s}
\bibliography{papers}
\end{document}
"""
# No names are cut, so that all can be looked for.
BIBLATEX = HEAD + r"""\usepackage[backend=biber,style=%s,maxbibnames=9999]{biblatex}
\usepackage{hyperref}
\addbibresource{papers.bib}
%s\begin{document}
\nocite{*}
\printbibliography
\end{document}
"""
# Before each entry its key goes to the log, so that what follows can be laid to it.
MARK = "entry-of-the-list"
MARK_BIBTEX = r"""\makeatletter
\let\marked\bibitem
\renewcommand\bibitem[1]{\marked{#1}\typeout{%s #1}}
\makeatother
""" % MARK
MARK_BIBLATEX = r"""\AtEveryBibitem{\typeout{%s \thefield{entrykey}}}
""" % MARK

NOISE = re.compile(r"^(Overfull|Underfull)|LaTeX Font (Info|Warning)|Rerun|There were undefined references"
                   r"|Citation .* undefined|No file papers|file .*\.bbl' not found"
                   r"|Empty bibliography|Please \(re\)run|Please rerun"
                   r"|may have changed|has changed"  # another run would settle it
                   r"|but 'csquotes' missing")  # advice to the author of the document
LATEX_FINDING = re.compile(r"^!|Warning|Missing character|^l\.\d+")


def run(command, folder):
    answer = subprocess.run(command, cwd=folder, capture_output=True, timeout=600)
    return (answer.stdout + answer.stderr).decode(errors="replace").splitlines()


def has_style(style):
    return subprocess.run(["kpsewhich", style + ".bst"], capture_output=True).returncode == 0


def log_lines(folder):
    return (folder / "main.log").read_text(errors="replace").splitlines()


def is_latex_finding(line):
    return bool(LATEX_FINDING.search(line)) and not NOISE.search(line)


def compile_bibtex(folder, bibtex, packages, style, mark=False):
    """Returns what the program `bibtex` complains of; LaTeX's log stays in the folder."""
    (folder / "main.tex").write_text(BIBTEX % (packages, MARK_BIBTEX if mark else "", style))
    # What a first run of LaTeX would leave for BibTeX, without the run.
    (folder / "main.aux").write_text("\\relax\n\\citation{*}\n\\bibstyle{%s}\n\\bibdata{papers}\n" % style)
    complaints = [line for line in run([bibtex, "main"], folder) if re.search(r"Warning|error|---", line)]
    run(["pdflatex", "-interaction=nonstopmode", "main"], folder)
    return complaints


def compile_biblatex(folder, style, mark=False):
    """The same by biblatex and biber."""
    (folder / "main.tex").write_text(BIBLATEX % (style, MARK_BIBLATEX if mark else ""))
    latex = ["pdflatex", "-interaction=nonstopmode"]
    run([*latex, "-draftmode", "main"], folder)
    lines = run(["biber", "--validate-datamodel", "main"], folder)
    run([*latex, "main"], folder)
    return [line for line in lines if re.match(r"(WARN|ERROR)", line)]
