"""bibsmith verify over the labelled references of ../shared/data/verify, with the figures that count.

verify_figures.py [--entries N] [--clean | --noisy] [--hide SHARE] [--simple] [--broken SOURCE] [--show WHAT]

BIBSMITH_PROGRAM names the program. The world is served by works_world.py. Prints a line a figure; --show lists the
entries of a kind: missed, accused, fields, open, hidden.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import time

from works_world import WorksWorld, words

DATA = pathlib.Path(__file__).resolve().parents[3] / "shared" / "data" / "verify"
FINDINGS = ("wrong_fields", "does_not_exist")


def rows(name):
    return [json.loads(line) for line in (DATA / name).read_text().splitlines() if line]


def share(part, whole):
    return f"{len(part)}/{len(whole)} = {len(part) / len(whole):.4f}" if whole else "none"


class Run:
    """One run of the program over entries in a world, with a cache of its own."""

    def __init__(self, folder, entries, world):
        self.folder = pathlib.Path(folder)
        self.world = world
        self.entries = entries
        # A file each: some are broken on purpose, and would take their neighbours with them.
        self.files = []
        for number, entry in enumerate(entries):
            path = self.folder / f"{number}.bib"
            path.write_text(entry["bibtex"])
            self.files.append(str(path))
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(self.folder),
                            "BIBSMITH_CACHE_DIR": str(self.folder / "cache"),
                            "BIBSMITH_STATE_DIR": str(self.folder / "state"), **world.environment()}

    def verify(self, *options):
        """(status, standard output, seconds, requests)."""
        before = self.world.total()
        begin = time.monotonic()
        done = subprocess.run([os.environ["BIBSMITH_PROGRAM"], "verify", "--json", "-q", *options, *self.files],
                              env=self.environment, capture_output=True, text=True, timeout=600)
        self.stderr = done.stderr
        return done.returncode, done.stdout, time.monotonic() - begin, self.world.total() - before

    def verdicts(self, out):
        by_file = {entry["file"]: entry for entry in json.loads(out)["entries"]}
        return [by_file.get(path) for path in self.files]


def figures(entries, verdicts):
    """Name and text of each figure, and the entries behind those that went wrong."""
    pairs = [(e, v) for e, v in zip(entries, verdicts) if v]
    bad = [p for p in pairs if p[0]["label"] != "VALID"]
    valid = [p for p in pairs if p[0]["label"] == "VALID"]
    scraped = [p for p in valid if p[0]["method"] == "scraped"]
    wrong = [p for p in bad if p[0]["expected"]["verdict"] == "wrong_fields"]
    cut = [p for p in bad if p[0].get("type") == "partial_author_list"]
    behind = {
        "unread": [(e, None) for e, v in zip(entries, verdicts) if not v],
        "missed": [p for p in bad if p[1]["verdict"] == "verified"],
        "accused": [p for p in valid if p[1]["verdict"] in FINDINGS],
        "scraped": [p for p in scraped if p[1]["verdict"] in FINDINGS],
        "open": [p for p in valid if p[1]["verdict"] == "could_not_verify"],
        "fields": [p for p in wrong if p[1]["verdict"] != "wrong_fields" or
                   sorted(p[1]["wrong_fields"]) != sorted(p[0]["expected"]["wrong_fields"])],
        "cut": [p for p in cut if "author" not in p[1]["wrong_fields"]],
        "refused": [p for p in pairs if p[1]["verdict"] not in p[0]["expected"]["accept"]],
    }
    return {
        "bad ones found": share([p for p in bad if p not in behind["missed"]], bad),
        "valid ones accused": share(behind["accused"], valid),
        "scraped ones accused": share(behind["scraped"], scraped),
        "valid ones verified": share([p for p in valid if p[1]["verdict"] == "verified"], valid),
        "wrong fields exactly": share([p for p in wrong if p not in behind["fields"]], wrong),
        "cut author lists found": share([p for p in cut if p not in behind["cut"]], cut),
        "verdict accepted": share([p for p in pairs if p not in behind["refused"]], pairs),
        "unread": str(len(behind["unread"])),
    }, behind


def letters(text):
    """A title without markup, punctuation, accents and capitals: what else differs makes another work."""
    return "".join(words(re.sub(r"[{}$\\\\]", "", text)))


def title_of(entry):
    found = re.search(r"^ *title = \{(.*)\},?$", entry["bibtex"], re.MULTILINE)
    return letters(found.group(1)) if found else ""


def hide(records, part):
    """Records without a part of them, the same in every run; and the titles that are gone."""
    chosen = random.Random(7).sample(range(len(records)), int(len(records) * part))
    gone = {letters(records[n]["title"]) for n in chosen} - {""}
    return [r for r in records if letters(r["title"]) not in gone], gone


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--entries", type=int, default=10000)
    parser.add_argument("--clean", action="store_true")
    parser.add_argument("--hide", type=float, default=0)
    parser.add_argument("--simple", action="store_true")
    parser.add_argument("--broken", action="append", default=[])
    parser.add_argument("--show", action="append", default=[])
    options = parser.parse_args()
    if not DATA.exists():
        print(f"skipped: there is no {DATA}")
        return 77
    entries = rows("entries_dev.jsonl")[:options.entries]
    records = rows("records.jsonl" if options.clean else "records_noisy.jsonl")
    registry = rows("doi_registry.jsonl")
    gone = set()
    if options.hide:
        records, gone = hide(records, options.hide)
    world = WorksWorld(records, registry, options.simple, options.broken).start()
    with tempfile.TemporaryDirectory(prefix="bibsmith-verify-") as folder:
        run = Run(folder, entries, world)
        status, out, seconds, requests = run.verify()
        verdicts = run.verdicts(out)
        again = run.verify()
    world.stop()
    values, behind = figures(entries, verdicts)
    for name, value in values.items():
        print(f"{name}: {value}")
    print(f"requests a reference: {requests / len(entries):.3f} {dict(world.requests)}, warm {again[3]}")
    print(f"seconds: {seconds:.1f}, warm {again[2]:.1f}; status {status}; same bytes: {again[1] == out}")
    if gone:
        hidden = [(e, v) for e, v in zip(entries, verdicts) if v and title_of(e) in gone]
        valid = [p for p in hidden if p[0]["label"] == "VALID"]
        print("hidden valid ones could_not_verify:",
              share([p for p in valid if p[1]["verdict"] == "could_not_verify"], valid),
              collections.Counter(p[1]["verdict"] for p in valid))
        behind["hidden"] = [p for p in valid if p[1]["verdict"] != "could_not_verify"]
    for what in options.show:
        for entry, verdict in behind[what]:
            print("---", what, entry["key"], entry.get("type"), entry["method"], entry["expected"])
            print(entry["bibtex"])
            print(json.dumps(verdict and {k: verdict[k] for k in ("verdict", "wrong_fields", "evidence", "records",
                                                                   "asked")}, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
