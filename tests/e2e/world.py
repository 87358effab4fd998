"""What an end-to-end test needs: an emulator of arXiv, a folder of its own, and the bibsmith program.

The programs come by the environment: BIBSMITH_PROGRAM and EMULATOR_PROGRAM (CMakeLists.txt sets them).
"""
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import tempfile
import time
import unittest

TESTS = pathlib.Path(__file__).resolve().parent.parent
SAMPLE = str(TESTS / "data" / "sample_papers.jsonl")
LIMIT_S = 120  # for anything that should end by itself


class Emulator:
    """The emulator's program. It ends with stop(), with this process, or by itself."""

    def __init__(self, folder, *arguments, records=SAMPLE, interval_ms=20, run_seconds=300):
        self.folder = pathlib.Path(folder)
        self.report_file = self.folder / "report.json"
        self.log_file = self.folder / "log"
        port_file = self.folder / "port"
        self.process = subprocess.Popen(
            [os.environ["EMULATOR_PROGRAM"], "--records", str(records), "--interval-ms", str(interval_ms),
             "--port-file", str(port_file), "--report", str(self.report_file), "--log", str(self.log_file),
             "--run-seconds", str(run_seconds), "--stop-when-parent-dies", *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        wait_until(lambda: port_file.exists() or self.process.poll() is not None, "the emulator listens")
        if not port_file.exists():
            raise RuntimeError("the emulator did not start: " + self.process.stderr.read())
        self.url = f"http://127.0.0.1:{port_file.read_text().strip()}/api/query"

    def requests(self):
        """The requests that were answered so far, a line each."""
        return self.log_file.read_text().splitlines()

    def stop(self):
        """Ends it and returns its judgement."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=LIMIT_S)
        return json.loads(self.report_file.read_text())


class World(unittest.TestCase):
    """A test case with an emulator and a temporary folder; nothing outside of it is read or written."""

    interval_ms = 20
    faults = ()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="bibsmith-e2e-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.emulator = None
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder / "home"),
            "BIBSMITH_CACHE_DIR": str(self.folder / "cache"),
            "BIBSMITH_STATE_DIR": str(self.folder / "state"),
            "BIBSMITH_ARXIV_INTERVAL_MS": str(self.interval_ms),
            "BIBSMITH_CONTACT": "tests@example.org",
            # The tests of a sanitizer build want its options.
            **{name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")},
        }
        self.start_emulator(*self.faults)

    def start_emulator(self, *faults, interval_ms=None):
        """A fresh emulator with these faults; the one before, if any, ends."""
        self.stop_emulator()
        folder = tempfile.mkdtemp(prefix="emulator-", dir=self.folder)
        arguments = [word for fault in faults for word in ("--fault", fault)]
        self.emulator = Emulator(folder, *arguments, interval_ms=interval_ms or self.interval_ms)
        self.environment["BIBSMITH_ARXIV_URL"] = self.emulator.url
        self.addCleanup(self.stop_emulator)

    def stop_emulator(self):
        report = self.emulator.stop() if self.emulator else None
        self.emulator = None
        return report

    def put_program_in_path(self):
        """Lets other programs call `bibsmith`, and nothing else of the build folder."""
        tools = self.folder / "home" / "bin"
        tools.mkdir(parents=True)
        (tools / "bibsmith").symlink_to(pathlib.Path(os.environ["BIBSMITH_PROGRAM"]).resolve())
        self.environment["PATH"] = f"{tools}:{self.environment['PATH']}"

    def configure(self, text):
        """Makes `text` the user's config.toml."""
        path = self.folder / "home" / ".config" / "bibsmith" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def start(self, *arguments, **options):
        """Starts bibsmith and returns at once."""
        options.setdefault("stdout", subprocess.PIPE)
        return subprocess.Popen([os.environ["BIBSMITH_PROGRAM"], *arguments], env=self.environment,
                                cwd=self.folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                **options)

    def run_bibsmith(self, *arguments, **options):
        """Runs bibsmith to its end: (status, standard output, lines of standard error)."""
        process = self.start(*arguments, **options)
        try:
            out, err = process.communicate(timeout=LIMIT_S)
        finally:
            process.kill()
        # On a busy machine a run may take long enough to tell how far it is.
        lines = [line for line in err.splitlines() if not re.search(r": \d+ of \d+ done", line)]
        return process.returncode, out, lines

    def files(self):
        """Name and content of every file that is not the cache, the state or the emulator's."""
        skipped = ("cache", "state", "home")
        return {str(path.relative_to(self.folder)): path.read_bytes()
                for path in sorted(self.folder.rglob("*"))
                if path.is_file() and not path.is_symlink()
                and not path.relative_to(self.folder).parts[0].startswith(("emulator-", *skipped))}


def wait_until(condition, what):
    """Looks every few milliseconds, for LIMIT_S at most."""
    end = time.monotonic() + LIMIT_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("waited too long until " + what)
        time.sleep(0.005)


def closed_port():
    """A port of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
