#!/usr/bin/env python3
"""Titles in a group's index: postgres_titles.py INDEX_FIGURES [WORKS...] (100000 and 1000000), each in a server of its own."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))
import postgres  # noqa: E402

for works in sys.argv[2:] or ["100000", "1000000"]:
    server = postgres.Server(shared_buffers="512MB")
    try:
        subprocess.run([sys.argv[1], works, server.url], check=True)
    finally:
        server.close()
