#!/usr/bin/env python3
"""`cache import` of arXiv's metadata snapshot into the local index, against a bare prepared insert of the same rows into the same
tables, in one transaction: sqlite_import.py BIBSMITH [RECORDS [ROUNDS]] (200000, 3). Synthetic records of some 1.7 KB, seeded.

The bare insert gets the rows in the order in which they came, from memory; its tables are those of the index, indexes too."""
import os
import pathlib
import sqlite3
import statistics
import sys
import tempfile
import time

from postgres_import import seconds_of, write_snapshot

# In the order in which the import made them.
TABLES = {"works": "id", "records": "id", "names": "work", "fingerprints": "work", "postings": "first"}


def bare_insert(index, place):
    """Seconds of it."""
    source = sqlite3.connect(index)
    schema = [sql for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")]
    rows = {table: source.execute(f"SELECT * FROM {table} ORDER BY {order}").fetchall() for table, order in TABLES.items()}
    source.close()
    bare = sqlite3.connect(place, isolation_level=None)
    bare.executescript("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536")
    for sql in schema:
        bare.execute(sql)
    begin = time.monotonic()
    bare.execute("BEGIN")
    for table, some in rows.items():
        bare.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(some[0]))})", some)
    bare.execute("COMMIT")
    took = time.monotonic() - begin
    bare.close()
    return took


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    records = int(sys.argv[2]) if len(sys.argv) > 2 else 200_000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    ratios = []
    with tempfile.TemporaryDirectory(prefix="bibsmith-bench-") as folder:
        snapshot = folder + "/snapshot.json"
        write_snapshot(snapshot, records)
        for number in range(rounds):
            cache = f"{folder}/cache{number}"
            environment = {**os.environ, "BIBSMITH_CACHE_DIR": cache, "BIBSMITH_STATE_DIR": folder + "/state"}
            import_s = seconds_of(program, "-q", "cache", "import", snapshot, env=environment)
            bare_s = bare_insert(cache + "/index.sqlite", f"{folder}/bare{number}.sqlite")
            ratios.append(bare_s / import_s)
            print(f"import {import_s:.2f} s, {records / import_s:.0f} a second; bare insert {bare_s:.2f} s; ratio {ratios[-1]:.2f}",
                  flush=True)
    print(f"median ratio {statistics.median(ratios):.2f} of {rounds}")


if __name__ == "__main__":
    main()
