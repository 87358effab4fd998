"""How the clients of editors begin, and their habits: each file of tests/data/lsp_clients is a session, played to the server.

A file holds `initialize`, what the capabilities of the server have to hold (`expect`) and not to hold (`absent`), and `steps`:
a request with what its answer has to hold, a notification, or findings to wait for. ROOT_URI and ROOT_PATH stand for the
project, PAPER and BIB for the texts of its files.
"""
import json
import os
import unittest

import lsp_client
import world
from paper import BIB, PAPER

SESSIONS = world.TESTS / "data" / "lsp_clients"


class Clients(world.World):
    def filled(self, value):
        if isinstance(value, dict):
            return {name: self.filled(member) for name, member in value.items()}
        if isinstance(value, list):
            return [self.filled(one) for one in value]
        if value in ("PAPER", "BIB"):
            return {"PAPER": PAPER, "BIB": BIB}[value]
        if isinstance(value, str):
            return value.replace("ROOT_URI", self.project.as_uri()).replace("ROOT_PATH", str(self.project))
        return value

    def holds(self, whole, part, where):
        """`part` is in `whole`: every member of an object, and as many elements of a list."""
        if isinstance(part, dict):
            self.assertIsInstance(whole, dict, where)
            for name, member in part.items():
                self.assertIn(name, whole, where)
                self.holds(whole[name], member, f"{where}.{name}")
        elif isinstance(part, list):
            self.assertEqual(len(whole), len(part), f"{where}: {whole}")
            for i, (one, wanted) in enumerate(zip(whole, part)):
                self.holds(one, wanted, f"{where}[{i}]")
        else:
            self.assertEqual(whole, part, where)

    def play(self, session):
        self.project = self.folder / session["client"].split()[0]
        self.project.mkdir()
        (self.project / "paper.tex").write_text(PAPER)
        (self.project / "refs.bib").write_text(BIB)
        client = lsp_client.Client(os.environ["BIBSMITH_PROGRAM"], self.environment, self.project,
                                   initialize=self.filled(session["initialize"]))
        self.addCleanup(client.stop)
        capabilities = client.server["capabilities"]
        self.holds(capabilities, session["expect"], "capabilities")
        for name in session.get("absent", ()):
            self.assertNotIn(name, capabilities)
        for number, step in enumerate(session["steps"]):
            step, where = self.filled(step), f"step {number}"
            message = {"params": step["params"]} if "params" in step else {}
            if "request" in step:
                answer = client.answer(client.begin(step["request"], message))
                self.assertIn("result", answer, f"{where}: {answer}")
                self.holds(answer["result"], step["expect"], where)
            elif "notify" in step:
                client.send({"method": step["notify"], **message})
            elif "wait_for_findings" in step:
                codes = sorted(step["codes"])
                client.wait_for_diagnostics(step["wait_for_findings"],
                                            lambda found: sorted(one["code"] for one in found) == codes)
        self.assertEqual(client.process.wait(timeout=lsp_client.LIMIT_S), 0)


def test_of(path):
    return lambda self: self.play(json.loads(path.read_text()))


for path in sorted(SESSIONS.glob("*.json")):
    setattr(Clients, "test_" + path.stem.replace("-", "_").replace(".", "_"), test_of(path))


if __name__ == "__main__":
    unittest.main()
