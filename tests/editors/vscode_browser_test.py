"""The extension in VS Code itself: code-server, driven in Chromium. No part of tests/run, because code-server takes minutes
to install; docs/vscode.md says how. BIBSMITH_CODE_SERVER is the folder of its node_modules, with playwright-core.
BIBSMITH_PICTURES is where pictures go."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest
import urllib.request

import scenario
import npm
import world

SERVER = pathlib.Path(os.environ.get("BIBSMITH_CODE_SERVER", "/nonexistent")) / "node_modules"
ENTRY = SERVER / "code-server" / "out" / "node" / "entry.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


class VsCode(scenario.Project):
    def test_what_a_user_does(self):
        package = self.folder / "bibsmith.vsix"
        subprocess.run([scenario.ROOT / "plugin/editors/vscode/package", npm.MODULES, package], check=True)
        data = self.folder / "data"
        (data / "User").mkdir(parents=True)
        (data / "User" / "settings.json").write_text(json.dumps({
            "bibsmith.path": os.environ["BIBSMITH_PROGRAM"], "files.autoSave": "afterDelay", "files.autoSaveDelay": 100,
            "workbench.startupEditor": "none", "editor.minimap.enabled": False, "telemetry.telemetryLevel": "off",
            "workbench.layoutControl.enabled": False, "workbench.secondarySideBar.defaultVisibility": "hidden"}))
        folders = ["--user-data-dir", data, "--extensions-dir", self.folder / "extensions"]
        environment = {**self.environment, "HOME": str(self.folder / "home")}
        subprocess.run(["node", ENTRY, *folders, "--install-extension", package], env=environment, check=True,
                       stdout=subprocess.DEVNULL)
        port = world.closed_port()
        server = subprocess.Popen(
            ["node", ENTRY, *folders, "--auth", "none", "--bind-addr", f"127.0.0.1:{port}", "--disable-telemetry",
             "--disable-update-check", "--disable-workspace-trust", self.project],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(server.wait)
        self.addCleanup(server.terminate)
        address = f"http://127.0.0.1:{port}/"
        world.wait_until(lambda: answers(address + "healthz"), "code-server listens")
        pictures = pathlib.Path(os.environ.get("BIBSMITH_PICTURES", self.folder))
        pictures.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            ["node", scenario.TESTS / "editors/vscode_browser_scenario.js", address, self.project, pictures],
            env={**environment, "NODE_PATH": str(SERVER), "CHROMIUM": CHROMIUM}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=280)
        self.assertEqual(done.returncode, 0, done.stdout)


def answers(address):
    try:
        return urllib.request.urlopen(address, timeout=5).status == 200
    except OSError:
        return False


if __name__ == "__main__":
    if not ENTRY.exists() or not CHROMIUM or not npm.is_there("vscode-languageclient", "esbuild", "@vscode/vsce"):
        print("there is no code-server, chromium or vsce: skipped")
        sys.exit(scenario.SKIPPED)
    unittest.main()
