#!/usr/bin/env python3
"""allocator_test.py BIBSMITH: a command allocates in huge pages, a server does not, and MALLOC_CONF has the last word."""
import os
import subprocess
import sys


def option(words, name, conf=""):
    """What jemalloc says of one of its options when the program ends; nothing: another allocator."""
    environment = dict(os.environ, MALLOC_CONF=f"stats_print:true{conf and ','}{conf}")
    result = subprocess.run(words, env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
    lines = (line.strip() for line in (result.stdout + result.stderr).decode(errors="replace").splitlines())
    return next((line.partition(": ")[2].split()[0].strip('"') for line in lines if line.startswith(f"opt.{name}:")), None)


def main():
    program = sys.argv[1]
    if option([program, "--version"], "narenas") is None:
        print("skipped: built without jemalloc")
        return 77
    assert option([program, "--version"], "thp") == "always"
    assert option([program, "--version"], "narenas") == "2"
    assert option([program, "--version"], "dirty_decay_ms") == "-1"
    assert option([program, "--version"], "thp", "thp:default") == "default"
    for words in ([program, "lsp"], [program, "-q", "lsp"]):
        assert option(words, "thp") == "default"
        assert option(words, "dirty_decay_ms") == "10000"
    return 0


if __name__ == "__main__":
    sys.exit(main())
