#!/usr/bin/env python3
"""Runs normalizer_bench and references_bench and prints entries a second, and the slowest text that a reader met."""
import json
import pathlib
import subprocess
import sys

ENTRIES_A_SECOND = 100_000
TEXT_MILLISECONDS = 1.0


def medians(program, *arguments):
    """Name -> the median result of a benchmark, in nanoseconds of processor time."""
    done = subprocess.run(
        [pathlib.Path(program).resolve(), "--benchmark_repetitions=9", "--benchmark_min_time=0.1",
         "--benchmark_format=json", *arguments],
        cwd=pathlib.Path(__file__).resolve().parent.parent, capture_output=True, text=True, check=True)
    unit = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
    return {result["run_name"]: (result["cpu_time"] * unit[result["time_unit"]], result)
            for result in json.loads(done.stdout)["benchmarks"] if result.get("aggregate_name") == "median"}


def row(what, measured, limit, kept):
    print(f"{what:58} {measured:>8}     {limit}  {'ok' if kept else 'MISSED'}")
    return kept


def main(normalizer_bench, references_bench):
    kept = True
    for name, (_, result) in medians(normalizer_bench).items():
        # Few papers are learnt by heart by a processor, and take half the time: the promise is of all stored ones.
        dialect = ("biblatex, UTF-8" if name.endswith("1") else "BibTeX, LaTeX") + ", " + result.get("label", "?")
        speed = result["items_per_second"]
        kept &= row(f"entries a second: {dialect}", f"{speed / 1000:.0f} k",
                    f"least {ENTRIES_A_SECOND // 1000} k", speed >= ENTRIES_A_SECOND)
    bad = medians(references_bench, "--benchmark_filter=bad")
    slowest = max(bad, key=lambda name: bad[name][0])
    time = bad[slowest][0] / 1e6
    kept &= row(f"the slowest reference or comment, ms ({slowest.split('/')[-1]})", f"{time:.2f}",
                f"most {TEXT_MILLISECONDS:.0f}", time <= TEXT_MILLISECONDS)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
