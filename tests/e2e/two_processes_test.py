#!/usr/bin/env python3
"""Processes of one machine keep the interval and the one connection between them, as the emulator measures it."""
import signal
import unittest

import world


class TwoProcesses(world.World):
    interval_ms = 400  # of which a twentieth is more than a busy machine delays a request

    def finish(self, process):
        out, err = process.communicate(timeout=world.LIMIT_S)
        self.assertEqual(process.returncode, 0, err)
        return out

    def test_the_interval_is_kept_between_them(self):
        # With a version each, so that nothing of one run answers the other.
        ids = (["1706.03762v1", "1810.04805", "1512.03385"], ["1706.03762v2", "1412.6980", "1207.7214"])
        # One request for each id: three processes a side in the order that they find.
        running = [self.start("get", paper) for pair in zip(*ids) for paper in pair]
        outputs = [self.finish(process) for process in running]
        self.assertTrue(all(out.startswith("@") for out in outputs), outputs)
        report = self.stop_emulator()
        self.assertEqual(report["broken_rules"], [])
        self.assertTrue(report["polite"])
        self.assertEqual(report["requests"], 6)
        self.assertEqual(report["connections_max"], 1)
        self.assertGreaterEqual(report["spacing_min_ms"], 0.95 * self.interval_ms - 5)

    def test_the_rule_is_kept_when_both_have_several_batches(self):
        listing = self.folder / "ids.txt"
        # Ids that nobody has are asked for twice each: four requests in all.
        running = []
        for numbers in (range(1, 401), range(401, 801)):
            listing.write_text("".join(f"2405.{number:05}\n" for number in numbers))
            running.append(self.start("get", *listing.read_text().split()))
        for process in running:
            process.communicate(timeout=world.LIMIT_S)
            self.assertEqual(process.returncode, 1)
        report = self.stop_emulator()
        self.assertEqual(report["broken_rules"], [])
        self.assertEqual(report["requests"], 4)


class KilledProcess(world.World):
    interval_ms = 150
    faults = ("stall:60@1",)

    def test_it_does_not_block_the_next(self):
        killed = self.start("get", "1706.03762")
        rate = self.folder / "state" / "loopback.rate"
        world.wait_until(lambda: rate.exists() and rate.read_text(), "the first request has its permit")
        waiting = self.start("get", "1810.04805")
        killed.send_signal(signal.SIGKILL)
        killed.communicate(timeout=world.LIMIT_S)
        out, err = waiting.communicate(timeout=world.LIMIT_S)
        self.assertEqual(waiting.returncode, 0, err)
        self.assertIn("1810.04805", out)
        status, out, errors = self.run_bibsmith("get", "1706.03762")
        self.assertEqual((status, errors), (0, []))
        self.assertIn("1706.03762", out)


if __name__ == "__main__":
    unittest.main()
