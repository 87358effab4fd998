"""`bibsmith serve` for a group as a program: its log, its end, and the examples of examples/service."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import serving
import world

EXAMPLES = world.TESTS.parent / "examples" / "service"
TOKEN = "0123456789abcdef" * 2


class Group(world.World):
    def setUp(self):
        super().setUp()
        self.tokens = self.folder / "tokens"
        self.tokens.write_text(f"anna {TOKEN}\n")
        self.tokens.chmod(0o600)

    def test_everything_that_is_told_is_json_without_a_token(self):
        served = serving.Served(self, "--tokens", str(self.tokens), "--log", "--http")
        served.url = re.search(r"http://127\.0\.0\.1:\d+", served.told[0]).group()
        served.token = TOKEN
        answer = served.rpc("bibsmith/entry.get", {"ids": "1706.03762"})
        self.assertEqual(answer["result"]["entries"][0]["key"], "vaswani2017attention")
        self.assertEqual(serving.status_of(served.url + "/health/live")[0], 200)
        self.assertEqual(json.loads(serving.status_of(served.url + "/health")[1]), {"live": True, "ready": True})
        self.assertEqual(serving.status_of(served.url + "/metrics?token=" + TOKEN)[0], 401)
        status, metrics = serving.status_of(served.url + "/metrics", Authorization="Bearer " + TOKEN)
        self.assertEqual(status, 200)
        self.assertRegex(metrics, r'bibsmith_rpc_calls_total{method="bibsmith/entry.get",result="good"} 1\n')
        self.assertEqual(served.terminate(), 0)
        log = served.process.stderr.read()
        self.assertNotIn(TOKEN, log)
        events = [json.loads(line) for line in log.splitlines()]
        self.assertEqual([event["event"] for event in events],
                         ["call", "request", "request", "request", "request", "request", "message"])
        self.assertEqual(events[-1]["message"], "ended")
        self.assertEqual([event["client"] for event in events[:3]], ["anna", "anna", ""])

    def test_options_that_do_not_go_together(self):
        tokens = str(self.tokens)
        for arguments, message in (
                (["--tokens", tokens], "--tokens needs --http"),
                (["--http", "--cayw", "--tokens", tokens], "--cayw is for one person: not with --tokens"),
                (["--http", "--log"], "--log needs --tokens"),
                (["--http", "--rate", "5"], "--rate needs --tokens"),
                (["--http", "--public-url", "https://bib.example.org/x"],
                 "--public-url has a scheme and a host in lower case, and no path: https://bib.example.org"),
                (["--http", "--tokens", str(self.folder / "none")], f"{self.folder}/none does not exist")):
            status, _, lines = self.run_bibsmith("serve", *arguments)
            self.assertEqual((status, lines), (4, ["bibsmith: " + message]), arguments)


class Examples(unittest.TestCase):
    def test_the_unit_is_one_and_starts_the_program_as_it_is(self):
        unit = (EXAMPLES / "bibsmith@.service").read_text()
        words = re.search(r"^ExecStart=(.*)$", unit, re.M).group(1).split()
        self.assertEqual(words[:2], ["/usr/bin/bibsmith", "serve"])
        text = subprocess.run([os.environ["BIBSMITH_PROGRAM"], "serve", "--help"], capture_output=True, text=True,
                              check=True).stdout
        for option in (word for word in words if word.startswith("--")):
            self.assertIn(option + " ", text.replace("\n", " "))
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd is not installed")
        run = subprocess.run(["systemd-analyze", "verify", "--man=no", str(EXAMPLES / "bibsmith@.service")],
                             capture_output=True, text=True, timeout=world.LIMIT_S)
        complaints = [line for line in run.stderr.splitlines()
                      if "bibsmith@" in line and "is not executable" not in line]  # it is not installed here
        self.assertEqual(complaints, [])

    def test_the_proxy(self):
        unit = (EXAMPLES / "bibsmith@.service").read_text()
        proxy = (EXAMPLES / "nginx.conf").read_text()
        public = re.search(r"--public-url https://(\S+)", unit).group(1)
        self.assertIn(f"proxy_set_header Host {public};", proxy)
        self.assertIn(f"server_name {public};", proxy)
        self.assertEqual(proxy.count("{"), proxy.count("}"))
        if not shutil.which("nginx"):
            self.skipTest("nginx is not installed")
        temporary = tempfile.TemporaryDirectory(prefix="bibsmith-nginx-")
        self.addCleanup(temporary.cleanup)
        folder = pathlib.Path(temporary.name)
        bare = re.sub(r"^\s*(ssl_certificate|listen).*$", "", proxy, flags=re.M)
        (folder / "nginx.conf").write_text(
            f"pid {folder}/pid; error_log {folder}/log; events {{}} http {{ access_log off; {bare} }}")
        run = subprocess.run(["nginx", "-t", "-p", str(folder), "-c", str(folder / "nginx.conf")],
                             capture_output=True, text=True, timeout=world.LIMIT_S)
        self.assertEqual(run.returncode, 0, run.stderr)


if __name__ == "__main__":
    unittest.main()
