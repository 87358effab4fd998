#!/usr/bin/env python3
"""bibsmith watch: a citation that is saved is fetched, once, until Control-C."""
import signal
import subprocess
import unittest

import world


class Watch(world.World):
    def test_watch(self):
        paper = self.folder / "paper"
        paper.mkdir()
        source = paper / "main.tex"
        source.write_text(r"\cite{arXiv:1706.03762}\bibliography{auto}")
        watch = self.start("watch", "paper")
        self.addCleanup(watch.kill)
        bib = paper / "auto.bib"
        world.wait_until(lambda: bib.exists() and "1706.03762," in bib.read_text(), "the first paper is there")
        source.write_text(r"\cite{arXiv:1706.03762,arXiv:1412.6980}\bibliography{auto}")
        world.wait_until(lambda: "1412.6980," in bib.read_text(), "the second paper is there")
        watch.send_signal(signal.SIGINT)
        try:
            out, err = watch.communicate(timeout=world.LIMIT_S)
        except subprocess.TimeoutExpired:
            self.fail("Control-C does not end it")
        self.assertEqual(watch.returncode, 0, err)
        self.assertEqual(out, "arXiv:1706.03762\narXiv:1412.6980\n")
        self.assertEqual(len(self.emulator.requests()), 2)

    def test_no_folder(self):
        self.assertEqual(self.run_bibsmith("watch", "nowhere"), (4, "", ["bibsmith: nowhere is no folder"]))


if __name__ == "__main__":
    unittest.main()
