"""A running `bibsmith serve` and its clients, for the tests of this folder."""
import json
import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request

import world


class Served:
    """`bibsmith serve ARGUMENTS...`; what it tells on standard error is read until it listens."""

    def __init__(self, case, *arguments, environment=None):
        self.process = subprocess.Popen(
            [os.environ["BIBSMITH_PROGRAM"], "serve", *arguments], env=environment or case.environment,
            cwd=case.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        case.addCleanup(self.kill)
        self.url = self.token = self.path = None
        self.told = []  # what it said of where it listens
        ways = ("--http" in arguments) + ("--socket" in arguments or "--socket-path" in arguments)
        for _ in range(ways):
            line = self.process.stderr.readline()
            self.told.append(line)
            http = re.search(r"(http://127\.0\.0\.1:\d+)/#token=(\w+)", line)
            unix = re.search(r"on (/\S+)", line)
            if http:
                self.url, self.token = http.groups()
            elif unix:
                self.path = unix.group(1)

    def rpc(self, method, parameters, **headers):
        """The body of the answer to one call over HTTP."""
        request = urllib.request.Request(
            self.url + "/rpc", method="POST",
            data=json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode(),
            headers={"Content-Type": "application/json", "Authorization": "Bearer " + self.token, **headers})
        with urllib.request.urlopen(request, timeout=world.LIMIT_S) as answer:
            return json.load(answer)

    def connect(self):
        """A client of the Unix socket, as a file of lines."""
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(world.LIMIT_S)
        client.connect(self.path)
        return client, client.makefile("rw")

    def terminate(self):
        """SIGTERM: the status that it ends with."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=world.LIMIT_S)

    def kill(self):
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            stream.close()
        self.process.wait()


def status_of(url, **headers):
    """The status that a GET is answered with, and the text."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers),
                                    timeout=world.LIMIT_S) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
