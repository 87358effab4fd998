#!/usr/bin/env python3
"""The C library of the release build: opening it against an empty dlopen of what it needs, and a call that the cache answers.

abi_bench.py BIBSMITH LIBRARY ARXIV_EMULATOR ABI_ONCE. Rivals take turns (A B A B …) and medians are quoted.
"""
import pathlib
import statistics
import subprocess
import sys
import tempfile
import os

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
import world  # noqa: E402

PAIRS = 41
CALL_RUNS = 5
ID = "1706.03762"


def row(what, value, limit, unit=""):
    verdict = "ok" if value <= limit else "MISSED"
    print(f"{what:58} {value:8.2f}{unit:4} limit {limit:g}{unit}  {verdict}")
    return value <= limit


def main():
    bibsmith, library, emulator, once = sys.argv[1:5]
    os.environ["EMULATOR_PROGRAM"] = emulator
    with tempfile.TemporaryDirectory() as folder:
        arxiv = world.Emulator(folder, interval_ms=20)
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "BIBSMITH_ARXIV_URL": arxiv.url,
                       "BIBSMITH_ARXIV_INTERVAL_MS": "20"}

        def microseconds(*arguments):
            return float(subprocess.run([once, *arguments], env=environment, check=True, capture_output=True, text=True).stdout)

        try:
            subprocess.run([bibsmith, "get", ID], env=environment, check=True, capture_output=True)  # fills the cache
            ours, theirs = [], []
            for _ in range(PAIRS):
                ours.append(microseconds("open", library, ID))
                theirs.append(microseconds("rivals"))
            calls = [microseconds("calls", library, ID) for _ in range(CALL_RUNS)]
        finally:
            arxiv.stop()
    ratio = statistics.median(ours) / statistics.median(theirs)
    print(f"opening and one cached id: {statistics.median(ours):.0f} us; libcurl and libsqlite3: {statistics.median(theirs):.0f} us")
    good = row("C library: opened, one cached id, against two dlopens", ratio, 5)
    good &= row("C library: a cached bibsmith_call, median", statistics.median(calls), 50, " us")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
