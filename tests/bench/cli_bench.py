#!/usr/bin/env python3
"""Whole runs of the release build, as ratios: a cached id against `curl --version`, and 2,000 ids on end.

cli_bench.py BIBSMITH ARXIV_EMULATOR MEASURE. Rivals take turns (A B A B …) and medians are quoted. tests/bench/run calls it.
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

PAIRS = 41
BATCH_RUNS = 5
IDS = 2000
INTERVAL_MS = 50


def cached_id(bibsmith, environment):
    get = [bibsmith, "get", "1706.03762"]
    curl = ["curl", "--version"]
    run(get, environment)  # fills the cache
    ours, theirs = [], []
    for _ in range(PAIRS):
        ours.append(run(get, environment))
        theirs.append(run(curl, environment))
    wall, peak = (statistics.median(column) for column in zip(*ours))
    curl_wall, curl_peak = (statistics.median(column) for column in zip(*theirs))
    print(f"cached id: {wall * 1e3:.1f} ms, {peak} KiB; curl --version: {curl_wall * 1e3:.1f} ms, {curl_peak} KiB")
    return [row("cached id, wall, times curl --version", wall / curl_wall, 3),
            row("cached id, peak memory, times curl --version", peak / curl_peak, 2)]


def many_ids(bibsmith, folder, environment):
    records = folder / "records.jsonl"
    write_records(records, IDS)
    ids = folder / "ids.txt"
    ids.write_text("".join(f"2401.{number:05}\n" for number in range(1, IDS + 1)))
    # The longest URL is 7,500 bytes; how many ids that holds decides how many requests there are.
    walls, peaks, requests, largest = [], [], 0, 0
    for number in range(BATCH_RUNS):
        emulator_folder = folder / f"emulator-{number}"
        emulator_folder.mkdir()
        emulator = world.Emulator(emulator_folder, records=records, interval_ms=INTERVAL_MS)
        own = {**environment, "BIBSMITH_ARXIV_URL": emulator.url, "BIBSMITH_ARXIV_INTERVAL_MS": str(INTERVAL_MS),
               "BIBSMITH_CACHE_DIR": str(emulator_folder / "cache"), "BIBSMITH_STATE_DIR": str(emulator_folder)}
        with ids.open() as stdin:
            wall, peak = run([bibsmith, "get", "-"], own, stdin)
        report = emulator.stop()
        if not report["polite"]:
            print("not polite:", report["broken_rules"])
        requests, largest = report["requests"], report["batch_max"]
        url_bytes = len(emulator.url) + len("?id_list=&max_results=999")
        fewest = -(-IDS // ((7500 - url_bytes + 1) // len("2401.00001,")))
        walls.append(wall)
        peaks.append(peak)
    wall, peak = statistics.median(walls), statistics.median(peaks)
    print(f"{IDS} ids: {requests} requests of up to {largest} ids, {wall * 1e3:.0f} ms, {peak} KiB")
    return [row("2,000 ids, requests over the fewest possible", requests / fewest, 1),
            row("2,000 ids, wall, times requests times interval", wall / (requests * INTERVAL_MS / 1e3), 1.1),
            row("2,000 ids, peak memory", peak / 1024, 64, " MiB")]


def main(bibsmith, emulator_program):
    os.environ["EMULATOR_PROGRAM"] = emulator_program
    with tempfile.TemporaryDirectory(prefix="bibsmith-bench-") as name:
        folder = pathlib.Path(name)
        emulator_folder = folder / "emulator"
        emulator_folder.mkdir()
        emulator = world.Emulator(emulator_folder)
        environment = {"PATH": os.environ["PATH"], "HOME": name, "BIBSMITH_CACHE_DIR": name,
                       "BIBSMITH_STATE_DIR": name, "BIBSMITH_ARXIV_URL": emulator.url,
                       "BIBSMITH_ARXIV_INTERVAL_MS": "20", "BIBSMITH_CONTACT": "bench@example.org"}
        kept = cached_id(bibsmith, environment)
        emulator.stop()
        kept += many_ids(bibsmith, folder, environment)
    return 0 if all(kept) else 1


if __name__ == "__main__":
    bench_runs.MEASURE = os.path.abspath(sys.argv[3])
    sys.exit(main(*sys.argv[1:3]))
