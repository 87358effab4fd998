"""Chromium without a window, driven over its debugging pipe (chromedevtools.github.io/devtools-protocol)."""
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

import world


def program():
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Page:
    """One page of a browser of its own."""

    def __init__(self, case):
        profile = tempfile.TemporaryDirectory(prefix="bibsmith-chromium-", ignore_cleanup_errors=True)
        case.addCleanup(profile.cleanup)
        to_browser, self.out = os.pipe()
        self.into, from_browser = os.pipe()

        def as_3_and_4():
            # Both may be 3 or 4 themselves: through copies that are neither.
            copies = [os.dup(os.dup(end)) for end in (to_browser, from_browser)]
            high = [os.dup(copy) for copy in copies]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self.process = subprocess.Popen(
            [program(), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--remote-debugging-pipe", f"--user-data-dir={profile.name}",
             "--host-resolver-rules=MAP *.example 127.0.0.1", "--no-proxy-server", "about:blank"],
            preexec_fn=as_3_and_4, close_fds=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "HOME": profile.name})
        case.addCleanup(self.close)
        os.close(to_browser)
        os.close(from_browser)
        self.last = 0
        self.buffer = b""
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]

    def call(self, method, parameters, _session=True):
        self.last += 1
        message = {"id": self.last, "method": method, "params": parameters}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        end = time.monotonic() + world.LIMIT_S
        while True:
            while b"\0" not in self.buffer:
                ready, _, _ = select.select([self.into], [], [], max(0, end - time.monotonic()))
                if not ready:
                    raise TimeoutError(method)
                chunk = os.read(self.into, 1 << 16)
                if not chunk:
                    raise RuntimeError("chromium ended")
                self.buffer += chunk
            text, self.buffer = self.buffer.split(b"\0", 1)
            answer = json.loads(text)
            if answer.get("id") == self.last:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def open(self, url):
        """Goes to the address and waits until the page is there."""
        self.call("Page.navigate", {"url": url})
        world.wait_until(lambda: self.run("document.readyState") == "complete" and
                         self.run("location.href") != "about:blank", "the page is loaded")

    def run(self, script):
        """What the script gives, promises awaited."""
        result = self.call("Runtime.evaluate",
                           {"expression": script, "awaitPromise": True, "returnByValue": True})
        if "exceptionDetails" in result:
            raise RuntimeError(json.dumps(result["exceptionDetails"])[:500])
        return result["result"].get("value")

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.out)
        os.close(self.into)
