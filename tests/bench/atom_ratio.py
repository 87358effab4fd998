#!/usr/bin/env python3
"""Runs atom_bench and prints how fast Atom becomes Records, as a part of the speed of pugixml alone."""
import json
import pathlib
import subprocess
import sys

REPETITIONS = 15
LIMIT = 0.40


def main(atom_bench):
    done = subprocess.run(
        [pathlib.Path(atom_bench).resolve(), f"--benchmark_repetitions={REPETITIONS}", "--benchmark_enable_random_interleaving=true",
         "--benchmark_min_time=0.05", "--benchmark_format=json"],
        cwd=pathlib.Path(__file__).resolve().parent.parent, capture_output=True, text=True, check=True)
    median = {}
    for result in json.loads(done.stdout)["benchmarks"]:
        if result.get("aggregate_name") == "median":
            median[result["run_name"]] = result.get("bytes_per_second", 0)
    kept = True
    for large, what in ((0, "recordings"), (1, "4 MB feed")):
        alone = median.get(f"pugixml_alone/large:{large}")
        if not alone:
            print(f"Atom to Records, {what}: not measured, the folder ../shared is absent")
            continue
        ratio = median[f"atom_to_records/large:{large}"] / alone
        kept = kept and ratio >= LIMIT
        print(f"{'Atom to Records, ' + what + ', part of pugixml alone':58} {ratio:8.2f}     least {LIMIT}  "
              f"{'ok' if ratio >= LIMIT else 'MISSED'}")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
