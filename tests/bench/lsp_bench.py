#!/usr/bin/env python3
"""The language server on a bibliography of 120,000 made-up entries: completion, keystrokes, memory, idle time; and a key
renamed in 2,000 sources.

lsp_bench.py BIBSMITH [ENTRIES]. tests/bench/run calls it.
"""
import os
import pathlib
import random
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
import lsp_client  # noqa: E402

PAPER = "\\documentclass{{article}}\n\\begin{{document}}\n\\cite{{{}}}\n\\bibliography{{refs}}\n\\end{{document}}\n"
QUESTIONS = 300
SOURCES = 2000
IDLE_S = 10
SEED = 3


def make_words(chance):
    return ["".join(chance.choice("bcdfghklmnprstvw") + chance.choice("aeiou") for _ in range(chance.randint(1, 4)))
            for _ in range(6000)]


def write_bibliography(path, words, chance, count):
    families = "Smith Jones Garcia Müller Li Wang Zhang Chen Kumar Ivanov Tanaka Silva Rossi Dubois Novak Nguyen".split()
    with path.open("w") as file:
        for number in range(count):
            authors = " and ".join(f"{chance.choice(families)}, {chance.choice(words).capitalize()}" for _ in range(chance.randint(1, 6)))
            file.write(f"@article{{key{number}{chance.choice(words)},\n  author   = {{{authors}}},\n"
                       f"  title    = {{{' '.join(chance.choice(words) for _ in range(8)).capitalize()}}},\n"
                       f"  journal  = {{Journal of {chance.choice(words)}}},\n  year     = {{{chance.randint(1970, 2026)}}},\n"
                       f"  doi      = {{10.1000/{chance.choice(words)}.{number}}},\n"
                       f"  abstract = {{{' '.join(chance.choice(words) for _ in range(80))}}},\n}}\n\n")


def memory_mb(client):
    with open(f"/proc/{client.process.pid}/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def processor_s(client):
    """Processor time of all threads of the server."""
    with open(f"/proc/{client.process.pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure_idle(client):
    """With all that is open, and nobody typing: what the last edit started is over first."""
    time.sleep(IDLE_S / 2)
    before = processor_s(client)
    time.sleep(IDLE_S)
    print(f"idle: {(processor_s(client) - before) * 1e3:.0f} ms of processor time in {IDLE_S} s")


def measure_rename(program, environment, words, chance):
    """A key that each of SOURCES sources of 8 KB cites, in folders of 100."""
    with tempfile.TemporaryDirectory(prefix="bibsmith-bench-") as name:
        folder = pathlib.Path(name)
        write_bibliography(folder / "refs.bib", words, chance, 1000)
        text = " ".join(chance.choice(words) for _ in range(1200))
        (folder / "paper.tex").write_text(PAPER.format("wanted"))
        with (folder / "refs.bib").open("a") as file:
            file.write("@misc{wanted, title = {Wanted}}\n")
        for number in range(SOURCES):
            place = folder / f"part{number // 100}"
            place.mkdir(exist_ok=True)
            (place / f"{number}.tex").write_text(f"{text}\n\\cite{{key{number},wanted}} {text[:200]}\n")
        client = lsp_client.Client(program, environment, folder)
        client.open("paper.tex", "latex")
        times = []
        for number in range(5):
            times.append(timed(lambda: client.ask("rename", "paper.tex", "wanted", 2, newName=f"found{number}")))
        edit = client.ask("rename", "paper.tex", "wanted", 2, newName="found")
        assert len(edit["documentChanges"]) == SOURCES + 2, len(edit["documentChanges"])
        print(f"rename in {SOURCES} sources: first {times[0]:.0f} ms, median of five {sorted(times)[2]:.0f} ms")
        client.close()


def told(name, times):
    times.sort()
    print(f"{name}: median {times[len(times) // 2]:.2f} ms, 99th percentile {times[len(times) * 99 // 100]:.2f} ms")


def timed(ask):
    begin = time.perf_counter()
    ask()
    return (time.perf_counter() - begin) * 1e3


def main(program, count):
    chance = random.Random(SEED)
    words = make_words(chance)
    with tempfile.TemporaryDirectory(prefix="bibsmith-bench-") as name:
        folder = pathlib.Path(name)
        write_bibliography(folder / "refs.bib", words, chance, count)
        megabytes = (folder / "refs.bib").stat().st_size / 1e6
        environment = dict(os.environ, BIBSMITH_CACHE_DIR=name, BIBSMITH_STATE_DIR=name, BIBSMITH_OFFLINE="1")
        client = lsp_client.Client(str(pathlib.Path(program).resolve()), environment, folder, options={"completion": {"remote": False}})
        client.open("paper.tex", "latex", PAPER.format(""))
        print(f"{count} entries, {megabytes:.0f} MB")
        print(f"first completion: {timed(lambda: client.ask('completion', 'paper.tex', 'cite{', 5)):.0f} ms")
        times = []
        uri = client.uri("paper.tex")
        for number in range(QUESTIONS):
            typed = " ".join(chance.choice(words) for _ in range(chance.randint(1, 2)))
            if number % 4 == 0 and len(typed) > 4:  # a letter is missing
                typed = typed[:2] + typed[3:]
            client.texts[uri] = PAPER.format(typed)
            client.versions[uri] += 1
            client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": client.versions[uri]},
                                                     "contentChanges": [{"text": client.texts[uri]}]})
            times.append(timed(lambda: client.ask("completion", "paper.tex", "}\n\\bib")))
        told("completion", times)
        print(f"memory, the file closed: {memory_mb(client) / megabytes:.2f} of its size")
        text = (folder / "refs.bib").read_text()
        client.open("refs.bib", "bibtex", text)
        lines, times, uri = text.count("\n"), [], client.uri("refs.bib")
        for number in range(QUESTIONS):
            place = {"line": chance.randrange(lines), "character": 2}
            client.notify("textDocument/didChange", {"textDocument": {"uri": uri, "version": number + 2},
                                                     "contentChanges": [{"range": {"start": place, "end": place}, "text": "x"}]})
            times.append(timed(lambda: client.request("textDocument/prepareRename", {"textDocument": {"uri": uri}, "position": place})))
        told("a keystroke and a request", times[1:])  # the first one waits for the whole text
        print(f"memory, the file open: {memory_mb(client) / megabytes:.2f} of its size")
        measure_idle(client)
        client.close()
        measure_rename(str(pathlib.Path(program).resolve()), environment, words, chance)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 120_000)
