#!/usr/bin/env python3
"""Processes of one machine keep the interval and the one connection between them, as the emulator measures it."""
import signal
import time
import unittest

import world


class TwoProcesses(world.World):
    interval_ms = 400

    def setUp(self):
        super().setUp()
        self.before = time.monotonic()

    def check_rules(self, requests):
        """By the emulator's judgement, but for the spacing: a busy machine hands requests over late, and the next then
        seems early. From before the first start to after the last there are never fewer intervals than between them."""
        passed_ms = 1000 * (time.monotonic() - self.before)
        report = self.stop_emulator()
        self.assertEqual(report["requests"], requests)
        self.assertGreaterEqual(passed_ms, (requests - 1) * 0.95 * self.interval_ms)  # the limiter's twentieth
        judged = ("connections_max", "requests_max", "retry_after_violations", "undescriptive_user_agents")
        self.assertEqual([report[rule] for rule in judged], [1, 1, 0, 0], report)

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
        self.check_rules(requests=6)

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
        self.check_rules(requests=4)


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
