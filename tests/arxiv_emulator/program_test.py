#!/usr/bin/env python3
"""Runs the program as people and examples do: port file, signals, report, exit status."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

PROGRAM = sys.argv.pop(1)
RECORDS = str(pathlib.Path(__file__).parent.parent / "data" / "sample_papers.jsonl")
AGENT = {"User-Agent": "bibsmith-test/1 (mailto:someone@example.org)"}
LIMIT_S = 20


class Running:
    """The program, and the address that it printed."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([PROGRAM, "--records", RECORDS, "--run-seconds", "60", *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines = [self.process.stdout.readline() for _ in range(5)]
        self.url = self.lines[0].removeprefix("listening on ").strip()

    def get(self, path, headers=AGENT):
        request = urllib.request.Request(self.url + path, headers=headers)
        with urllib.request.urlopen(request, timeout=LIMIT_S) as answer:
            return answer.read().decode()

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=LIMIT_S)
        return self.process.returncode, errors


class Program(unittest.TestCase):
    def test_a_polite_client(self):
        with tempfile.TemporaryDirectory() as folder:
            port_file = os.path.join(folder, "port")
            report_file = os.path.join(folder, "report.json")
            log_file = os.path.join(folder, "log")
            running = Running("--port-file", port_file, "--report", report_file, "--log", log_file)
            port = pathlib.Path(port_file).read_text().strip()
            self.assertEqual(running.url, "http://127.0.0.1:" + port)
            self.assertIn("Attention Is All You Need", running.get("/api/query?id_list=1706.03762"))
            status, errors = running.stop()
            self.assertEqual(status, 0, errors)
            self.assertIn("atom   " + running.url + "/api/query\n", running.lines)
            self.assertTrue(errors.endswith("verdict: polite\n"), errors)
            report = json.loads(pathlib.Path(report_file).read_text())
            self.assertTrue(report["polite"])
            self.assertEqual(report["requests_by_endpoint"], {"atom": 1})
            self.assertEqual(pathlib.Path(log_file).read_text(), "GET /api/query?id_list=1706.03762 -> 200\n")

    def test_a_hasty_client(self):
        running = Running("--interval-ms", "60000")
        running.get("/bibtex/1706.03762")
        running.get("/bibtex/1810.04805")
        status, errors = running.stop(signal.SIGINT)
        self.assertEqual(status, 1)
        self.assertIn("1 requests less than 60000 ms after the one before", errors)

    def test_it_stops_by_itself(self):
        done = subprocess.run([PROGRAM, "--records", RECORDS, "--run-seconds", "0"], capture_output=True, text=True,
                              timeout=LIMIT_S)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_it_stops_with_its_parent(self):
        script = '"$0" --records "$1" --run-seconds 60 --stop-when-parent-dies & read line; kill -9 $$'
        shell = subprocess.Popen(["sh", "-c", script, PROGRAM, RECORDS], stdin=subprocess.PIPE,
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        shell.stdout.readline()
        # The emulator holds the other ends of the pipes: communicate() ends when it has.
        _, errors = shell.communicate("\n", timeout=LIMIT_S)
        self.assertIn("verdict: polite", errors)

    def test_what_is_wrong_with_the_command_line(self):
        for arguments, message in (
                ([], "expected --records FILE.jsonl"),
                (["--records", RECORDS, "--port", "70000"], "--port: not a number in range: '70000'"),
                (["--records", RECORDS, "--engine", "new"], "--engine: expected current, nov2025 or old, got 'new'"),
                (["--records", RECORDS, "--fault", "42"], "fault '42': unknown kind '42'"),
                (["--records", "no/such.jsonl"], "no/such.jsonl: cannot be read"),
                (["--nothing", "x"], "no such option: '--nothing'"),
                (["--records"], "--records: expected a value, or no such option")):
            with self.subTest(arguments):
                done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=LIMIT_S)
                self.assertEqual(done.returncode, 2)
                self.assertEqual(done.stderr.splitlines()[0], "arxiv_emulator: " + message)


if __name__ == "__main__":
    unittest.main()
