#!/usr/bin/env python3
"""The language server on a bibliography of 120,000 made-up entries: completion, keystrokes, memory.

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
        client.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 120_000)
