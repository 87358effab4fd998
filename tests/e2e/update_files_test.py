#!/usr/bin/env python3
"""Real .bib files, with preprints put among their entries, through update, a second update and undo.

What was put in stands in places of its own, so that this script can tell without any code of the project which bytes may
change. The files are ../shared/data/bib and what tests/conformance/texlive_bib_files collected in build/texlive-bib, as far
as these folders are there, and a few lines of our own. Of TeX Live's files a sample is taken unless BIBSMITH_ALL_FILES is set.
"""
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import unittest

import world

SHARED = world.TESTS.parent.parent / "shared" / "data" / "bib"
TEXLIVE = world.TESTS.parent / "build" / "texlive-bib"
ALL = bool(os.environ.get("BIBSMITH_ALL_FILES"))
SAMPLE_MAX = 60  # of TeX Live's files
SAMPLE_BYTES_MAX = 200_000  # of one of them
FILES_MAX = 300 if not ALL else 10_000
SANITIZED_EVERY = 3  # a sanitizer's program takes ten times as long, and the everyday one takes all files
OWN = {
    "plain.bib": b"@book{a, title={T}, author={A}, year=1999}\n",
    "odd.bib": b"\xef\xbb\xbf% first\r\n@string(x = \"y\")\r\n@Article( k,\r\n\tTITLE = \"a {\\\"o} b\" # x,\r\n year=1999)\r\njunk } {\r\n",
    "latin.bib": b"@book{a, title={caf\xe9}}\n\n@comment{ @book{b, title={x}} }\n% last line without an end",
    "broken.bib": b"@book{a, title={never closed\n@book{b, title={T}}\n",
    "empty.bib": b"",
}

# A preprint as the tools of this world write it: (entry, whether its paper has been published).
FORMS = [
    "@article{{{key},\n  title={{{title}}},\n  author={{{author}}},\n  journal={{arXiv preprint arXiv:{id}}},\n  year={{{year}}}\n}}\n",
    "@article{{{key},\n  author    = {{{author}}},\n  title     = {{{title}}},\n  journal   = {{CoRR}},\n  volume    = {{abs/{id}}},\n  year      = {{{year}}},\n}}\n",
    "@misc{{{key}, title=\"{title}\", author=\"{author}\", year={year}, eprint=\"{id}\", archivePrefix=\"arXiv\"}}\n",
    "@Misc{{{key},\r\n\tauthor = {{{author}}},\r\n\ttitle = {{{title}}},\r\n\thowpublished = {{\\url{{https://arxiv.org/abs/{id}}}}},\r\n\tyear = {{{year}}}\r\n}}\r\n",
]
# Of the shipped sample: id, title, first author as BibTeX, year of version 1.
PAPERS = [
    ("1706.03762", "Attention Is All You Need", "Vaswani, Ashish and others", 2017),
    ("hep-th/9711200", "The Large N Limit of Superconformal Field Theories and Supergravity", "Maldacena, Juan M.", 1997),
    ("1412.6980", "Adam: A Method for Stochastic Optimization", "Kingma, Diederik P. and Ba, Jimmy", 2014),
    ("1207.7214", "Observation of a new particle in the search for the Standard Model Higgs boson with the ATLAS detector at the LHC", "{ATLAS Collaboration}", 2012),
]


def texlive_files():
    files = [path for path in sorted(TEXLIVE.rglob("*.bib")) if path.is_file() and not path.is_symlink()]
    if ALL:
        return files
    small = [path for path in files if path.stat().st_size <= SAMPLE_BYTES_MAX]
    return random.Random(1).sample(small, min(SAMPLE_MAX, len(small)))


def sources():
    files = []
    if SHARED.is_dir():
        files += sorted(SHARED.iterdir())[:FILES_MAX]
    else:
        print("skipped: the folder ../shared/data/bib is absent")
    if TEXLIVE.is_dir():
        files += texlive_files()
    else:
        print("skipped: TeX Live's files, tests/conformance/texlive_bib_files build/texlive-bib collects them")
    if os.environ.get("BIBSMITH_SANITIZE"):
        files = files[::SANITIZED_EVERY]
    texts = {str(path): path.read_bytes() for path in files}
    # An entry of theirs that names a paper of the sample is updated like ours, in a place that this script does not know.
    ids = [json.loads(line)["id"].encode() for line in pathlib.Path(world.SAMPLE).read_text().splitlines()]
    apart = {name: text for name, text in texts.items() if not any(id_ in text for id_ in ids)}
    print(f"{len(apart)} real files, and {len(texts) - len(apart)} left out, which name papers of the sample")
    return apart


def with_preprints(text, number):
    """The text with preprints between lines that begin an entry, and their keys. Only where a file is not torn there."""
    rng = random.Random(number)
    places = [match.start() for match in re.finditer(rb"(?m)^@[A-Za-z]+[{(]", text)]
    keys = []
    out = b""
    done = 0
    for place in sorted(rng.sample(places, min(3, len(places)))) or [0]:
        id_, title, author, year = rng.choice(PAPERS)
        key = f"zz-update-{number}-{len(keys)}"
        keys.append(key)
        entry = rng.choice(FORMS).format(key=key, title=title, author=author, id=id_, year=year)
        out += text[done:place] + entry.encode()
        done = place
    return out + text[done:], keys


def without(text, keys):
    """The text without the entries of these keys, by counting braces from the '@' on."""
    for key in keys:
        found = re.search(rb"@[A-Za-z]+\{" + re.escape(key.encode()) + rb",", text)
        if found is None:
            raise AssertionError(f"the entry {key} is gone")
        depth, at = 0, found.start()
        while True:
            depth += {ord("{"): 1, ord("}"): -1}.get(text[at], 0)
            at += 1
            if depth == 0 and text[at - 1] == ord("}"):
                break
        text = text[:found.start()] + text[at:]
    return text


class UpdateFiles(world.World):
    def run_bibsmith(self, *arguments):
        process = self.start(*arguments)
        out, err = process.communicate(timeout=world.LIMIT_S)
        return process.returncode, out, err

    def test_no_byte_changes_outside_the_plan_and_undo_takes_it_back(self):
        folder = self.folder / "files"
        folder.mkdir()
        before, keys = {}, {}
        for number, (name, text) in enumerate({**OWN, **sources()}.items()):
            path = folder / f"{number}.bib"
            before[path], keys[path] = with_preprints(text, number)
            path.write_bytes(before[path])
        shutil.copytree(folder, self.folder / "originals")
        paths = sorted(before)

        status, out, err = self.run_bibsmith("update", *map(str, paths))
        self.assertIn(status, (0, 1), err[-2000:])  # some real entries name papers that the sample has not
        changed = [path for path in paths if path.read_bytes() != before[path]]
        self.assertGreater(len(changed), len(paths) // 2)
        for path in paths:
            self.assertEqual(without(path.read_bytes(), keys[path]), without(before[path], keys[path]), path)
        self.assertIn("published", out)

        after = {path: path.read_bytes() for path in paths}
        status, _, err = self.run_bibsmith("update", "--offline", *map(str, paths))
        self.assertIn(status, (0, 1), err[-2000:])  # some real entries name papers that the sample has not
        self.assertEqual({path: path.read_bytes() for path in paths}, after)

        for path in changed:
            status, _, err = self.run_bibsmith("undo", str(path))
            self.assertEqual(status, 0, f"{path}: {err}")
            self.assertEqual(path.read_bytes(), before[path], path)
        print(f"{len(paths)} files, {len(changed)} of them changed and taken back")


if __name__ == "__main__":
    unittest.main()
