#!/usr/bin/env python3
"""`bibsmith update` of a bibliography of 10,000 preprints: how many requests, how long, and how long once all is known.

update_bench.py BIBSMITH ARXIV_EMULATOR MEASURE. Medians are quoted. tests/bench/run calls it.
"""
import os
import pathlib
import statistics
import sys
import tempfile

import bench_runs
from bench_runs import row, run, write_records

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
import world  # noqa: E402

RUNS = 7
ENTRIES = 10_000
INTERVAL_MS = 50


def write_bibliography(path):
    """The papers of write_records() as Google Scholar writes preprints: each of them lacks its eprint."""
    with path.open("w") as file:
        for number in range(1, ENTRIES + 1):
            file.write(f"@article{{lovelace{number},\n"
                       f"  title={{On the number {number} and its neighbours in a lattice}},\n"
                       "  author={Lovelace, Ada Q and Galois, Evariste and Gauss, Carl Friedrich and Noether, Emmy},\n"
                       f"  journal={{arXiv preprint arXiv:2401.{number:05}}},\n"
                       "  year={2024}\n}\n\n")


def fewest_requests(url):
    """As many ids a request as a URL of 7,500 bytes holds."""
    ids_bytes = 7500 - len(url) - len("?id_list=&max_results=999") + 1
    return -(-ENTRIES // (ids_bytes // len("2401.00001,")))


def main(bibsmith, emulator_program):
    os.environ["EMULATOR_PROGRAM"] = emulator_program
    walls, peaks, warm_walls, requests, warm_requests, fewest = [], [], [], 0, 0, 0
    with tempfile.TemporaryDirectory(prefix="bibsmith-bench-") as name:
        folder = pathlib.Path(name)
        records = folder / "records.jsonl"
        original = folder / "original.bib"
        write_records(records, ENTRIES)
        write_bibliography(original)
        for number in range(RUNS):
            own = folder / f"run-{number}"
            own.mkdir()
            emulator = world.Emulator(own, records=records, interval_ms=INTERVAL_MS)
            environment = {"PATH": os.environ["PATH"], "HOME": str(own), "BIBSMITH_CACHE_DIR": str(own / "cache"),
                           "BIBSMITH_STATE_DIR": str(own / "state"), "BIBSMITH_ARXIV_URL": emulator.url,
                           "BIBSMITH_ARXIV_INTERVAL_MS": str(INTERVAL_MS), "BIBSMITH_CONTACT": "bench@example.org"}
            bibliography = own / "refs.bib"
            bibliography.write_bytes(original.read_bytes())
            wall, peak = run([bibsmith, "-q", "update", str(bibliography)], environment)
            requests = len(emulator.requests())
            if bibliography.read_text().count("\n  eprint={") != ENTRIES:
                raise RuntimeError("an entry did not get its eprint")
            bibliography.write_bytes(original.read_bytes())
            warm_wall, _ = run([bibsmith, "-q", "update", str(bibliography)], environment)
            warm_requests = len(emulator.requests()) - requests
            report = emulator.stop()
            if not report["polite"]:
                print("not polite:", report["broken_rules"])
            fewest = fewest_requests(emulator.url)
            walls.append(wall)
            peaks.append(peak)
            warm_walls.append(warm_wall)
    wall, peak, warm_wall = (statistics.median(column) for column in (walls, peaks, warm_walls))
    print(f"update of {ENTRIES} entries: {requests} requests, {wall * 1e3:.0f} ms, {peak} KiB; "
          f"from the cache {warm_wall * 1e3:.0f} ms")
    kept = [row("update of 10,000, requests over the fewest possible", requests / fewest, 1),
            row("update of 10,000, wall, times requests times interval", wall / (requests * INTERVAL_MS / 1e3), 1.1),
            row("update of 10,000 from the cache, requests", warm_requests, 0)]
    return 0 if all(kept) else 1


if __name__ == "__main__":
    bench_runs.MEASURE = os.path.abspath(sys.argv[3])
    sys.exit(main(*sys.argv[1:3]))
