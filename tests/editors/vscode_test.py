"""The VS Code extension, as far as it goes without VS Code: its commands against the server, and its bundle. What a user does
in VS Code itself is vscode_browser_test.py."""
import os
import subprocess
import sys
import unittest

import scenario
import npm

EXTENSION = scenario.ROOT / "plugin" / "editors" / "vscode"


class VsCode(scenario.Project):
    def test_contributions_and_commands(self):
        self.environment["BIBSMITH_PROGRAM"] = os.environ["BIBSMITH_PROGRAM"]
        status, printed = npm.node(scenario.TESTS / "editors" / "vscode_scenario.js", str(EXTENSION), str(self.project),
                                   environment=self.environment)
        self.assertEqual(status, 0, printed)

    @unittest.skipUnless(npm.is_there("@vscode/vsce"), "vsce is absent")
    def test_the_package(self):
        package = self.folder / "bibsmith.vsix"
        subprocess.run([EXTENSION / "package", npm.MODULES, package], check=True)
        names = subprocess.run([sys.executable, "-m", "zipfile", "-l", package], capture_output=True, text=True, check=True).stdout
        for name in ("extension/package.json", "extension/readme.md", "extension/LICENSE.txt", "extension/dist/extension.js"):
            self.assertIn(name, names)

    def test_the_bundle(self):
        bundle = self.folder / "extension.js"
        subprocess.run([npm.MODULES / ".bin" / "esbuild", EXTENSION / "src" / "extension.js", "--bundle", "--platform=node",
                        "--external:vscode", "--log-level=warning", f"--outfile={bundle}"],
                       env={**self.environment, "NODE_PATH": str(npm.MODULES)}, check=True)
        status, printed = npm.node("--check", str(bundle), environment=self.environment)
        self.assertEqual(status, 0, printed)


if __name__ == "__main__":
    if not npm.is_there("vscode-languageserver-protocol", "vscode-languageclient", "esbuild"):
        print("there is no node with vscode-languageclient and esbuild: skipped")
        sys.exit(scenario.SKIPPED)
    unittest.main()
