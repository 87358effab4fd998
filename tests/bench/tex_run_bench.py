#!/usr/bin/env python3
"""What `bibsmith tex-run` adds to a run of bibtex when nothing is missing: milliseconds, and requests (none).

tex_run_bench.py BIBSMITH ARXIV_EMULATOR MEASURE. The two take turns and medians are quoted. tests/bench/run calls it.
"""
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
import world  # noqa: E402

PAIRS = 41
LIMIT_MS = 20


def main():
    bibsmith, emulator_program, measure = (os.path.abspath(path) for path in sys.argv[1:])
    if shutil.which("bibtex") is None:
        print("tex-run: skipped, bibtex is not installed")
        return 0
    os.environ["EMULATOR_PROGRAM"] = emulator_program
    with tempfile.TemporaryDirectory(prefix="bibsmith-bench-") as name:
        folder = pathlib.Path(name)
        emulator = world.Emulator(folder)
        environment = {"PATH": os.environ["PATH"], "HOME": name, "BIBSMITH_ARXIV_URL": emulator.url,
                       "BIBSMITH_ARXIV_INTERVAL_MS": "20", "BIBSMITH_CACHE_DIR": str(folder / "cache"),
                       "BIBSMITH_STATE_DIR": str(folder / "state")}
        (folder / "main.aux").write_text(
            "\\relax\n\\citation{arXiv:1706.03762,arXiv:1412.6980}\n\\bibstyle{plain}\n\\bibdata{auto}\n")
        plain = ["bibtex", "-terse", "main"]
        wrapped = [bibsmith, "tex-run", "bibtex", "main", "--", *plain]

        def run(command):
            done = subprocess.run([measure, *command], env=environment, cwd=folder, capture_output=True, text=True,
                                  check=True)
            return float(done.stdout.split()[-2])

        run(wrapped)  # fetches
        fetched = len(emulator.requests())
        with_us, without = [], []
        for _ in range(PAIRS):
            with_us.append(run(wrapped))
            without.append(run(plain))
        asked = len(emulator.requests()) - fetched
        emulator.stop()
    added = (statistics.median(with_us) - statistics.median(without)) * 1e3
    is_ok = added <= LIMIT_MS and asked == 0
    print(f"bibtex: {statistics.median(without) * 1e3:.1f} ms; with tex-run: {statistics.median(with_us) * 1e3:.1f} ms")
    print(f"{'tex-run adds, nothing missing':58} {added:8.2f} ms   limit {LIMIT_MS} ms, {asked} requests  "
          f"{'ok' if is_ok else 'MISSED'}")
    return 0 if is_ok else 1


if __name__ == "__main__":
    sys.exit(main())
