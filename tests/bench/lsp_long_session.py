#!/usr/bin/env python3
"""A long session with the language server: random edits and requests over a paper, notes and a bibliography. No request
may end in an error, the server's text is the client's, and its memory does not grow. Run by hand; takes minutes.

lsp_long_session.py BIBSMITH [STEPS [SEED]]
"""
import os
import pathlib
import random
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))
import lsp_bench  # noqa: E402
import lsp_client  # noqa: E402

ENTRIES = 300
FILES = {"paper.tex": "latex", "notes.md": "markdown", "notes.typ": "typst", "notes.org": "org", "refs.bib": "bibtex"}
PIECES = ["x", " ", "\n", "\r\n", "é", "𝄞", "{", "}", "@", "\\cite{", "[@key1", "#cite(<key2", "[cite:@key3", "arXiv:1706.03762", ",",
          "\\bibliography{refs}", "@misc{new, title = {New}}\n", "title = {", "%", '"']
ABOUT_PLACES = ["hover", "definition", "prepareRename", "completion"]
ABOUT_DOCUMENTS = ["documentSymbol", "documentLink", "foldingRange", "semanticTokens/full", "codeLens"]
PORTIONS = 10  # after each, memory is looked at


class Session:
    def __init__(self, client, chance, folder):
        self.client, self.chance, self.folder = client, chance, folder
        self.first = {}

    def open(self):
        for name, language in FILES.items():
            self.client.open(name, language)
            self.first[name] = self.client.texts[self.client.uri(name)]

    def place(self, text):
        """A place between two characters: line, and column in UTF-16."""
        offset = self.chance.randrange(len(text) + 1)
        before = text[:offset]
        line = before.rpartition("\n")[2]
        if before.endswith("\r"):  # no editor has a place within a line's end
            return self.place(text) if text.count("\r") < len(text) else (0, {"line": 0, "character": 0})
        return offset, {"line": before.count("\n"), "character": len(line.encode("utf-16-le")) // 2}

    def edit(self, name):
        uri = self.client.uri(name)
        text = self.client.texts[uri]
        if abs(len(text) - len(self.first[name])) > 4000:  # as it was, so that the text itself does not grow
            self.client.versions[uri] += 1
            self.client.texts[uri] = self.first[name]
            change = {"text": self.first[name]}
        else:
            begin, start = self.place(text)
            end = min(len(text), begin + self.chance.choice([0, 0, 0, 1, 2, 20]))
            if text[begin:end].find("\n") >= 0 or text[begin:end].find("\r") >= 0:
                end = begin
            width = len(text[begin:end].encode("utf-16-le")) // 2
            stop = {"line": start["line"], "character": start["character"] + width}
            fresh = self.chance.choice(PIECES)
            self.client.texts[uri] = text[:begin] + fresh + text[end:]
            self.client.versions[uri] += 1
            change = {"range": {"start": start, "end": stop}, "text": fresh}
        self.client.notify("textDocument/didChange", {
            "textDocument": {"uri": uri, "version": self.client.versions[uri]}, "contentChanges": [change]})

    def ask(self, name):
        uri = self.client.uri(name)
        about = {"textDocument": {"uri": uri}}
        if self.chance.random() < 0.7:
            about["position"] = self.place(self.client.texts[uri])[1]
            return self.client.request("textDocument/" + self.chance.choice(ABOUT_PLACES), about)
        if self.chance.random() < 0.3:
            spot = self.place(self.client.texts[uri])[1]
            about.update(range={"start": spot, "end": spot}, context={"diagnostics": []})
            return self.client.request("textDocument/codeAction", about)
        return self.client.request("textDocument/" + self.chance.choice(ABOUT_DOCUMENTS), about)

    def step(self):
        name = self.chance.choice(list(FILES))
        if self.chance.random() < 0.5:
            self.edit(name)
        else:
            self.ask(name)

    def compare(self):
        """The server's text is the client's: at the end of each line that has a sign of two UTF-16 units, places agree."""
        uri = self.client.uri("refs.bib")
        text = self.client.texts[uri]
        for symbol in self.client.request("textDocument/documentSymbol", {"textDocument": {"uri": uri}}):
            where = symbol["location"]["range"]
            begin, end = self.client.offset(uri, where["start"]), self.client.offset(uri, where["end"])
            assert text[begin] == "@" and symbol["name"] in text[begin:end], (symbol, text[begin:end])


def main(program, steps, seed):
    chance = random.Random(seed)
    words = lsp_bench.make_words(chance)
    with tempfile.TemporaryDirectory(prefix="bibsmith-session-") as name:
        folder = pathlib.Path(name)
        lsp_bench.write_bibliography(folder / "refs.bib", words, chance, ENTRIES)
        keys = [line[len("@article{"):].rstrip(",\n") for line in (folder / "refs.bib").open() if line.startswith("@article{")]
        (folder / "paper.tex").write_text(lsp_bench.PAPER.format(",".join(keys[:50])))
        (folder / "notes.md").write_text("---\nbibliography: refs.bib\n---\n" + " ".join("[@" + key + "]" for key in keys[:50]))
        (folder / "notes.typ").write_text('#bibliography("refs.bib")\n' + " ".join("@" + key for key in keys[:50]))
        (folder / "notes.org").write_text("#+bibliography: refs.bib\n" + " ".join("[cite:@" + key + "]" for key in keys[:50]))
        environment = dict(os.environ, BIBSMITH_CACHE_DIR=name, BIBSMITH_STATE_DIR=name, BIBSMITH_OFFLINE="1")
        client = lsp_client.Client(program, environment, folder, options={"completion": {"remote": False}, "inlayHints": {"enabled": True}})
        session = Session(client, chance, folder)
        session.open()
        begin, sizes = time.perf_counter(), []
        for portion in range(PORTIONS):
            for _ in range(steps // PORTIONS):
                session.step()
            client.notifications.clear()
            session.compare()
            sizes.append(lsp_bench.memory_mb(client))
            print(f"{steps // PORTIONS * (portion + 1)} steps, {time.perf_counter() - begin:.0f} s, {sizes[-1]:.1f} MB", flush=True)
        assert client.close() == 0
        # The second half against the first: caches fill, leaks go on.
        growth = max(sizes[PORTIONS // 2:]) / max(sizes[:PORTIONS // 2])
        print(f"no error; memory of the second half, against the first: {growth:.3f}")
        return 0 if growth < 1.1 else 1


if __name__ == "__main__":
    numbers = [int(one) for one in sys.argv[2:]]
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve()), *(numbers + [100_000, 1][len(numbers):])))
