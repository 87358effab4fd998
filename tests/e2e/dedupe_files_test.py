#!/usr/bin/env python3
"""Real .bib files, with a preprint and its published paper put among their entries, through dedupe, a second time and undo.

Which bytes may change is told by this script, without any code of the project: those of the entries of a group, and blank
lines. The files are ../shared/data/bib where that is, else a few of our own.
"""
import json
import re
import unittest

import world
from update_files_test import OWN, sources

PREPRINT = (b"@misc{zz-pre,\n  title = {Quite Another Theory of Everything Small},\n  author = {Zzyzx, Jane},\n"
            b"  year = 2017,\n  eprint = {1706.99999},\n  archiveprefix = {arXiv}\n}\n\n")
PUBLISHED = (b"@article{zz-pub,\n  title = {Quite another Theory of Everything Small},\n  author = {J. Zzyzx},\n"
             b"  journal = {Annals of Small Things},\n  year = 2018\n}\n\n")


def with_both(text):
    """The text with both before the first and the last line that begins an entry."""
    places = [match.start() for match in re.finditer(rb"(?m)^@[A-Za-z]+[{(]", text)] or [0]
    first, last = places[0], places[-1]
    return text[:first] + PREPRINT + text[first:last] + PUBLISHED + text[last:]


def without(text, keys):
    """The text without the first entries of these keys, and without white space."""
    for key in keys:
        found = re.search(rb"@[A-Za-z]+\s*[{(]\s*" + re.escape(key.encode("utf-8", "surrogateescape")) + rb"\s*,", text)
        if found is None:
            raise AssertionError(f"the entry {key} is gone")
        at = re.compile(rb"[{(]").search(text, found.start()).start()
        parentheses = text[at] == ord("(")
        at += parentheses
        depth = 0
        while True:
            depth += {ord("{"): 1, ord("}"): -1}.get(text[at], 0)
            at += 1
            if depth == 0 and text[at - 1] == ord(")" if parentheses else "}"):
                break
        text = text[:found.start()] + text[at:]
    return re.sub(rb"\s+", b"", text)


class DedupeFiles(world.World):
    def run_bibsmith(self, *arguments):
        process = self.start(*arguments)
        out, err = process.communicate(timeout=world.LIMIT_S)
        return process.returncode, out, err

    def test_nothing_else_changes_and_undo_takes_it_back(self):
        tex = self.folder / "paper.tex"
        cites = b"\\cite{zz-pre} \\cite{x,zz-pre,zz-pub}\n"
        files = {**OWN, **sources()}
        merged = 0
        for number, (name, text) in enumerate(files.items()):
            path = self.folder / f"{number}.bib"
            before = with_both(text)
            path.write_bytes(before)
            tex.write_bytes(cites)
            with self.subTest(file=name):
                status, _, err = self.run_bibsmith("dedupe", str(path))
                self.assertIn(status, (0, 1), err)
                self.assertEqual(path.read_bytes(), before)

                command = ("--json", "dedupe", "--merge", str(path), "--tex", str(tex))
                status, out, err = self.run_bibsmith(*command)
                self.assertIn(status, (0, 1), err)
                groups = [group for group in json.loads(out)["groups"] if group["merged"]]
                after = path.read_bytes()
                all_keys = [entry["key"] for group in groups for entry in group["entries"]]
                kept = [entry["key"] for group in groups for entry in group["entries"] if entry["best"]]
                self.assertEqual(without(after, kept), without(before, all_keys))
                if "zz-pub" in kept:
                    merged += 1
                    self.assertRegex(after, rb"year = 2018,\r?\n  eprint = \{1706.99999\}")
                    self.assertEqual(tex.read_bytes(), b"\\cite{zz-pub} \\cite{x,zz-pub}\n")
                else:
                    self.assertEqual(tex.read_bytes(), cites)

                _, out, _ = self.run_bibsmith(*command)
                self.assertFalse(json.loads(out)["written"])
                self.assertEqual(path.read_bytes(), after)

                if groups:
                    status, _, err = self.run_bibsmith("undo", str(path))
                    self.assertEqual(status, 0, err)
                self.assertEqual(path.read_bytes(), before)
                self.assertEqual(tex.read_bytes(), cites)
        self.assertGreater(merged, len(files) // 2)
        print(f"{len(files)} files, {merged} with the two of our own merged and taken back")


if __name__ == "__main__":
    unittest.main()
