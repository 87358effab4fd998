#!/usr/bin/env python3
"""Are the documents true? Runs their commands, follows their links, looks for each setting in docs/cli.md.

  documents_test.py BIBSMITH EMULATOR [--update]

A code block below a line "`NAME`:" is written to that file. In a code block, a line "$ COMMAND" is run by a shell in an empty folder, and the lines below it are its standard
output and then its standard error. Each document has a folder, a cache and an emulator of arXiv of its own; its
commands run in order. --update writes what was printed into the documents.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = ["README.md", "docs/cli.md", "docs/cache-format.md", "docs/check.md", "docs/dedupe.md", "docs/export.md",
             "docs/format.md", "docs/import.md", "docs/keys.md", "docs/latex.md", "docs/matching.md", "docs/plugins.md",
             "docs/undo.md", "docs/update.md", "examples/README.md"]
BLOCK = re.compile(r"^```[a-z]*\n(?P<text>\$ .*?)^```$", re.MULTILINE | re.DOTALL)

FILE = re.compile(r"^`(?P<name>[\w.-]+)`:\n\n```\w*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)

# What differs from run to run, and what stands for it.
VARYING = [
    (re.compile(r'("(?:retrieved|oldest)": )"[0-9T:Z-]+"'), r'\1"2026-11-24T08:00:00Z"'),
    (re.compile(r'("time": )"[0-9T:Z-]+"'), r'\1"2026-11-24T08:00:00Z"'),
    (re.compile(r"^(\d+\t)[0-9T:Z-]+\t", re.MULTILINE), r"\g<1>2026-11-24T08:00:00Z\t"),
    (re.compile(r'("bytes": )\d+'), r"\g<1>36864"),
    (re.compile(r"^bibsmith: \d+ of \d+ done\n", re.MULTILINE), ""),  # on a slow machine
]


class World:
    """An emulator, and an empty folder to run commands in."""

    def __init__(self, bibsmith, emulator):
        self.temporary = tempfile.TemporaryDirectory()
        self.folder = pathlib.Path(self.temporary.name)
        (self.folder / "examples").symlink_to(ROOT / "examples")
        (self.folder / "ids.txt").write_text("# two of them\n1706.03762\n1412.6980\n")
        self.emulator = subprocess.Popen(
            [emulator, "--records", ROOT / "tests/data/sample_papers.jsonl", "--interval-ms", "10",
             "--run-seconds", "120"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        address = self.emulator.stdout.readline().removeprefix("listening on ").strip()
        self.environment = {
            "PATH": f"{pathlib.Path(bibsmith).parent}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LC_ALL": "C.UTF-8",
            "BIBSMITH_ARXIV_URL": f"{address}/api/query",
            "BIBSMITH_ARXIV_INTERVAL_MS": "10",
        }

    def close(self):
        self.emulator.kill()
        self.emulator.wait()
        self.emulator.stdout.close()
        self.temporary.cleanup()

    def run(self, command):
        done = subprocess.run(["bash", "-c", command], cwd=self.folder, env=self.environment, text=True,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False)
        printed = (done.stdout + done.stderr).replace(str(self.folder), "/home/me")
        for pattern, constant in VARYING:
            printed = pattern.sub(constant, printed)
        return printed


def commands_of(text):
    """(command, expected output) of one block."""
    out = []
    for line in text.splitlines(keepends=True):
        if line.startswith("$ "):
            out.append([line[2:].rstrip("\n"), ""])
        else:
            out[-1][1] += line
    return out


def check(document, world, update):
    path = ROOT / document
    failures = count = 0

    def block_as_run(match):
        nonlocal failures, count
        lines = []
        for command, expected in commands_of(match["text"]):
            count += 1
            printed = world.run(command)
            lines.append(f"$ {command}\n{printed}")
            if printed != expected and not update:
                failures += 1
                print(f"FAILED: {document}: {command}\n--- documented\n{expected}--- printed\n{printed}---")
        head, tail = match[0].split(match["text"])
        return head + "".join(lines) + tail

    text = path.read_text()
    for file in FILE.finditer(text):
        (world.folder / file["name"]).write_text(file["text"])
    as_run = BLOCK.sub(block_as_run, text)
    if update and as_run != text:
        path.write_text(as_run)
    print(f"{document}: {count} commands, {failures} failure(s)")
    return failures + (count == 0)


def check_links():
    """Relative links lead to files."""
    failures = 0
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md"),
                 *(ROOT / "tests").rglob("*.md")]
    for path in documents:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", path.read_text()):
            if "://" not in target and not (path.parent / target).exists():
                failures += 1
                print(f"FAILED: {path.relative_to(ROOT)}: the link {target} leads nowhere")
    print(f"links of {len(documents)} documents, {failures} failure(s)")
    return failures


def check_settings():
    """Each setting and each variable of the environment has its row in docs/cli.md, and none else has."""
    session = ROOT / "plugin/session"
    known = set(re.findall(r'Setting\{"([a-z_.]+)"', (session / "settings_file.cpp").read_text()))
    known |= set(re.findall(r'"(BIBSMITH_[A-Z_]+)"', (session / "settings.cpp").read_text()))
    documented = set(re.findall(r"`([a-z]+\.[a-z_]+|BIBSMITH_[A-Z_]+)` *\|", (ROOT / "docs/cli.md").read_text()))
    for name in sorted(known - documented):
        print(f"FAILED: docs/cli.md lacks the setting {name}")
    for name in sorted(documented - known):
        print(f"FAILED: docs/cli.md has {name}, which is no setting")
    print(f"{len(known)} settings")
    return len(known ^ documented) + (not known)


def main():
    bibsmith, emulator = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
    failures = check_links() + check_settings()
    for document in DOCUMENTS:
        world = World(bibsmith, emulator)
        try:
            failures += check(document, world, "--update" in sys.argv[3:])
        finally:
            world.close()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
