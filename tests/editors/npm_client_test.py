"""The npm client vscode-languageserver-protocol, which checks what it is sent, over the whole surface of the server."""
import os
import sys
import unittest

import scenario
import npm


class NpmClient(scenario.Project):
    def test_the_whole_surface(self):
        self.environment["BIBSMITH_PROGRAM"] = os.environ["BIBSMITH_PROGRAM"]
        status, printed = npm.node(scenario.TESTS / "editors" / "npm_client_scenario.js", str(self.project),
                                   environment=self.environment)
        self.assertEqual(status, 0, printed)


if __name__ == "__main__":
    if not npm.is_there("vscode-languageserver-protocol"):
        print("there is no node with vscode-languageserver-protocol: skipped")
        sys.exit(scenario.SKIPPED)
    unittest.main()
