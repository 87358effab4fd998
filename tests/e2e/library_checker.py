#!/usr/bin/env python3
"""Eight people edit one library at random, while they and the server are killed: is a value lost or invented?

    BIBSMITH_PROGRAM=build/dev/bibsmith tests/e2e/library_checker.py --minutes 10 [--seed N]

Each person has a `.bib` file and runs `bibsmith sync`, which gets SIGKILL at a random moment every third time; the server is
stopped at once or killed, and started again. In each entry every person has a counter, which nobody else writes, and
all write `note`. Each makes and deletes entries of their own. A ninth follows the library (`sync --follow`) and writes nothing.

What has to hold: a counter in its owner's file is never another than the owner wrote last; at the end every file has every
counter, every entry that its owner has, and none else; in the library's history a counter never goes back, and
nothing stands there that nobody wrote.
"""
import argparse
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import threading
import time

import postgres

PEOPLE = 8
SHARED = [f"e{n}" for n in range(12)]
ENTRY = re.compile(r"@misc\{(\w+),(.*?)\n\}", re.S)
FIELD = re.compile(r"\n\s*(\w+)\s*=\s*\{([^}]*)\}")
LIMIT_S = 120


def entries_of(text):
    return {key: dict(FIELD.findall(fields)) for key, fields in ENTRY.findall(text)}


def text_of(entries):
    return "".join("@misc{%s,%s\n}\n\n" % (key, "".join(f"\n  {name} = {{{value}}}," for name, value in fields.items()))
                   for key, fields in entries.items())


class Person:
    def __init__(self, world, number):
        self.world = world
        self.name = f"c{number}"
        self.folder = world.folder / self.name
        self.folder.mkdir()
        self.file = self.folder / "refs.bib"
        self.random = random.Random(world.seed * 1000 + number)
        self.counters = {}  # by citation key: what was written last
        self.own = set()    # the entries of this person that there are
        self.made = 0

    def command(self, *arguments):
        return [os.environ["BIBSMITH_PROGRAM"], "--store", self.world.server.url, "-q", *arguments]

    def environment(self):
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), "BIBSMITH_STATE_DIR": str(self.folder / "state"),
                "BIBSMITH_CACHE_DIR": str(self.folder / "cache"), "BIBSMITH_CONTACT": "tests@example.org",
                **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}}

    def start(self, *arguments):
        return subprocess.Popen(self.command(*arguments), env=self.environment(), cwd=self.folder,
                                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)

    def sync(self, *arguments, kill_after=None):
        """The status; None: it was killed."""
        process = self.start("sync", str(self.file), "--library", "group", *arguments)
        try:
            _, told = process.communicate(timeout=kill_after if kill_after is not None else LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return None
        if process.returncode not in (0, 1, 4):
            self.world.find(f"{self.name}: sync ended with {process.returncode}: {told}")
        return process.returncode

    def work(self):
        """One edit and its sync. Nobody else writes the file meanwhile."""
        entries = entries_of(self.file.read_text())
        for key, value in self.counters.items():
            if entries.get(key, {}).get(self.name) != str(value):
                self.world.find(f"{self.name}: {key} has {entries.get(key)} in its owner's file and not {value}")
        there = {key for key in entries if key.startswith(self.name + "x")}
        if there != self.own:
            self.world.find(f"{self.name}: own entries are {there} and not {self.own}")
        key = self.random.choice(SHARED + sorted(self.own))
        self.counters[key] = self.counters.get(key, 0) + 1
        entries[key][self.name] = str(self.counters[key])
        if self.random.random() < 0.3:
            entries[key]["note"] = f"{self.name}n{self.counters[key]}"
        dice = self.random.random()
        if dice < 0.15:
            self.made += 1
            new = f"{self.name}x{self.made}"
            self.own.add(new)
            self.counters[new] = 1
            entries[new] = {self.name: "1", "note": f"{self.name}n1"}
        elif dice < 0.25 and self.own:
            gone = self.random.choice(sorted(self.own))
            self.own.remove(gone)
            del self.counters[gone], entries[gone]
        self.file.write_text(text_of(entries))
        side = self.random.choice(["--keep-file", "--keep-library"])
        # A deletion meets a change of the note by somebody else: who owns the entry decides.
        keep = [side, key] if key in SHARED else ["--keep-file", key]
        is_killed = self.random.random() < 0.33
        status = self.sync(*keep, kill_after=self.random.uniform(0, 0.06) if is_killed else None)
        with self.world.lock:
            self.world.edits += status in (0, 1)
            self.world.client_kills += status is None
            self.world.failures += status == 4

    def run(self):
        while not self.world.is_over():
            self.work()


class Follower(Person):
    """Follows the library, and is killed and started again."""

    def run(self):
        while not self.world.is_over():
            process = self.start("sync", str(self.file), "--library", "group", "--follow")
            until = time.monotonic() + self.random.uniform(0.2, 2)
            while time.monotonic() < until and not self.world.is_over():
                time.sleep(0.02)
            process.kill()
            process.communicate()


class World:
    def __init__(self, folder, seed, is_over):
        self.folder = pathlib.Path(folder)
        self.seed = seed
        self.is_over_by = is_over
        self.lock = threading.Lock()
        self.findings = []
        self.edits = self.failures = self.client_kills = self.server_kills = 0
        self.server = postgres.Server()

    def find(self, what):
        with self.lock:
            self.findings.append(what)

    def is_over(self):
        return len(self.findings) > 20 or self.is_over_by(self)

    def run(self, kill_every_edits):
        people = [Person(self, number) for number in range(PEOPLE)]
        follower = Follower(self, PEOPLE)
        first = people[0]
        subprocess.run(first.command("library", "create", "group"), env=first.environment(), check=True, timeout=LIMIT_S)
        first.file.write_text(text_of({key: {"note": "n"} for key in SHARED}))
        for person in [*people, follower]:
            assert person.sync() == 0
        threads = [threading.Thread(target=self.guarded, args=(person,)) for person in [*people, follower]]
        for thread in threads:
            thread.start()
        dice = random.Random(self.seed)
        next_kill = kill_every_edits
        while not self.is_over():
            time.sleep(0.02)
            if self.edits >= next_kill:
                dice.choice([self.server.kill, self.server.stop])()
                self.server.start()
                self.server_kills += 1
                next_kill = self.edits + kill_every_edits
        for thread in threads:
            thread.join()
        self.settle(people, follower)
        self.check_files(people, follower)
        self.check_history(people)
        return self.findings

    def guarded(self, person):
        try:
            person.run()
        except Exception as error:  # or the others would go on for ever
            self.find(f"{person.name}: {error!r}")

    def settle(self, people, follower):
        for _ in range(3):
            for person in [*people, follower]:
                if person.sync("--keep-library", ",".join(SHARED)) not in (0, 1):
                    self.find(f"{person.name}: the last sync failed")

    def check_files(self, people, follower):
        there = set(SHARED).union(*(person.own for person in people))
        for reader in [*people, follower]:
            entries = entries_of(reader.file.read_text())
            if set(entries) != there:
                self.find(f"{reader.name}: entries {set(entries) ^ there} are lost or invented")
            for person in people:
                for key in there:
                    value = entries.get(key, {}).get(person.name)
                    if value != (str(person.counters[key]) if key in person.counters else None):
                        self.find(f"{reader.name}: {key} has {value} of {person.name} and not {person.counters.get(key)}")

    def check_history(self, people):
        first = people[0]
        out = subprocess.run(first.command("--json", "library", "history", "group", "--max", "100000"),
                             env=first.environment(), check=True, capture_output=True, text=True, timeout=LIMIT_S).stdout
        last = {}  # of each counter
        self.changes = 0
        for change in reversed(json.loads(out)["changes"]):
            self.changes += 1
            for key, fields in entries_of(change["new"] or "").items():
                for name, value in fields.items():
                    if name == "note":
                        if not re.fullmatch(r"n|c\dn\d+", value):
                            self.find(f"history: {key} has the note {value}")
                        continue
                    before = last.get((key, name), 0)
                    if int(value) < before:
                        self.find(f"history: {name} of {key} goes back from {before} to {value}")
                    last[key, name] = int(value)
        for (key, name), value in last.items():
            owner = people[int(name[1:])]
            if key in owner.counters and value != owner.counters[key]:
                self.find(f"history: {name} of {key} ends at {value} and not at {owner.counters[key]}")

    def told(self):
        return (f"{self.edits} edits reached the library, {self.changes} changes of entries; {self.client_kills} clients and "
                f"{self.server_kills} servers were killed, {self.failures} syncs met no server: "
                f"{len(self.findings)} findings")


def check(seed, is_over, kill_every_edits):
    """The world behind it; its findings say what is lost or invented."""
    with tempfile.TemporaryDirectory(prefix="bibsmith-checker-") as folder:
        world = World(folder, seed, is_over)
        try:
            world.run(kill_every_edits)
        finally:
            world.server.close()
    return world


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    end = time.monotonic() + 60 * arguments.minutes
    world = check(arguments.seed, lambda world: time.monotonic() > end, kill_every_edits=200)
    print(f"seed {arguments.seed}: {world.told()}")
    for finding in world.findings:
        print(finding)
    return 1 if world.findings else 0


if __name__ == "__main__":
    sys.exit(main())
