"""`bibsmith serve` for a group as a program: its log, its end, and the examples of examples/service."""
import http.client
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
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


@unittest.skipUnless(shutil.which("nginx") and shutil.which("openssl"), "nginx or openssl is not installed")
class Proxy(world.World):
    """examples/service/nginx.conf before two instances, with its TLS."""

    def setUp(self):
        super().setUp()
        tokens = self.folder / "tokens"
        tokens.write_text(f"anna {TOKEN}\n")
        tokens.chmod(0o600)
        self.bib = self.folder / "refs.bib"
        self.bib.write_text("@misc{a, title = {One}}\n")
        self.instances = [serving.Served(self, "--tokens", str(tokens), "--http", "--public-url", "https://bib.example.org",
                                         "--library", str(self.bib)) for _ in range(2)]
        ports = [re.search(r"http://127\.0\.0\.1:(\d+)", one.told[0]).group(1) for one in self.instances]
        self.port = world.closed_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=bib.example.org",
                        "-keyout", "key.pem", "-out", "cert.pem"], cwd=self.folder, check=True, capture_output=True)
        proxy = (EXAMPLES / "nginx.conf").read_text()
        for old, new in (("127.0.0.1:8123;", f"127.0.0.1:{ports[0]};"), ("127.0.0.1:8124;", f"127.0.0.1:{ports[1]};"),
                         ("listen 443 ssl;", f"listen 127.0.0.1:{self.port} ssl;"), ("listen [::]:443 ssl;", ""),
                         ("/etc/ssl/certs/bib.example.org.pem", f"{self.folder}/cert.pem"),
                         ("/etc/ssl/private/bib.example.org.key", f"{self.folder}/key.pem")):
            self.assertEqual(proxy.count(old), 1, old)
            proxy = proxy.replace(old, new)
        temporary = "".join(f"{kind}_temp_path {self.folder}/{kind}; "
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config = self.folder / "nginx.conf"
        config.write_text(f"daemon off; pid {self.folder}/pid; error_log {self.folder}/log; events {{}} "
                          f"http {{ access_log off; {temporary} {proxy} }}")
        self.command = ["nginx", "-p", str(self.folder), "-c", str(config)]
        checked = subprocess.run([*self.command, "-t"], capture_output=True, text=True, timeout=world.LIMIT_S)
        self.assertEqual(checked.returncode, 0, checked.stderr)

    def ask(self, path, body):
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=world.LIMIT_S, context=context)
        # The certificate is one for the name, which this machine does not know.
        connection.sock = context.wrap_socket(socket.create_connection(("127.0.0.1", self.port), world.LIMIT_S),
                                              server_hostname="bib.example.org")
        self.addCleanup(connection.close)
        connection.request("POST", path, json.dumps(body),
                           {"Content-Type": "application/json", "Authorization": "Bearer " + TOKEN,
                            "Host": "bib.example.org", "Origin": "https://bib.example.org"})
        return connection.getresponse()

    def test_calls_pages_and_a_restart_go_through_it(self):
        proxy = subprocess.Popen(self.command, stdin=subprocess.DEVNULL)
        self.addCleanup(proxy.wait)
        self.addCleanup(proxy.terminate)
        world.wait_until(lambda: not is_refused(self.port), "nginx listens")

        def parse():
            answer = self.ask("/rpc", {"jsonrpc": "2.0", "id": 1, "method": "bibsmith/id.parse",
                                       "params": {"text": "arXiv:1706.03762v7"}})
            self.assertEqual(answer.status, 200)
            return json.load(answer)["result"]["base"]

        self.assertEqual(parse(), "1706.03762")
        self.assertEqual(self.ask("/metrics", {}).status, 404)
        # Events come one by one, and not when a buffer is full.
        events = self.ask("/pages/events", {"file": str(self.bib)})
        self.assertEqual(events.status, 200)
        first = events.readline()
        self.assertRegex(first, rb"^data: \w+\n$")
        self.bib.write_text("@misc{a, title = {Another one}}\n")
        self.assertEqual(events.readline(), b"\n")
        self.assertNotEqual(events.readline(), first)
        # A restart of one after the other is seen by nobody.
        self.assertEqual(self.instances[0].terminate(), 0)
        self.assertEqual([parse() for _ in range(4)], ["1706.03762"] * 4)


def is_refused(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


if __name__ == "__main__":
    unittest.main()
