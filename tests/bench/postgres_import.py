#!/usr/bin/env python3
"""`cache import` of arXiv's metadata snapshot into a group's store, against a bare COPY of the same rows:
postgres_import.py BIBSMITH [RECORDS [ROUNDS [CONNECTIONS,...]]] (100000, 3, 2). Synthetic records of some 1.7 KB, seeded: two runs see
the same. With several numbers of connections each round imports with each, into a server of its own.

The bare COPY is psql's, one table after the other into the same tables with the same indexes, from binary files that the server's own
COPY made of the import's rows."""
import json
import os
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))
import postgres  # noqa: E402

TABLES = ("works", "records", "words")


def vocabulary(random_):
    syllables = "ba con di er fo gra ho in ja ka lo mi ne or pa qua re sta tri u ve wa xi zo al tion sis met".split()
    return ["".join(random_.choices(syllables, k=random_.choice((1, 2, 2, 3, 3, 4)))) for _ in range(80_000)]


def write_snapshot(path, records):
    random_ = random.Random(7)
    words = vocabulary(random_)
    weights = [1 / (rank + 10) for rank in range(len(words))]
    common = words[:20_000]
    with open(path, "w", encoding="utf-8") as out:
        for at in range(0, records, 10_000):
            titles = iter(random_.choices(words, weights, k=9 * 10_000))
            for number in range(at, min(at + 10_000, records)):
                title = " ".join(next(titles) for _ in range(9)).capitalize()
                names = [[random_.choice(common).capitalize(), random_.choice(common).capitalize(), ""] for _ in range(3)]
                identifier = f"{15 + number // 240_000:02}{1 + number // 20_000 % 12:02}.{number % 20_000:05}"
                begin = random_.randrange(19_000)
                out.write(json.dumps({
                    "id": identifier, "submitter": " ".join(names[0]).strip(),
                    "authors": ", ".join(" ".join(name).strip() for name in names), "title": title,
                    "comments": "12 pages, 3 figures", "journal-ref": None, "doi": f"10.1000/{identifier}" if number % 3 == 0 else None,
                    "report-no": None, "categories": "cs.LG stat.ML", "license": "http://arxiv.org/licenses/nonexclusive-distrib/1.0/",
                    "abstract": "  " + " ".join(common[begin:begin + 150]) + "\n",
                    "versions": [{"version": "v1", "created": "Mon, 2 Apr 2012 19:18:42 GMT"}],
                    "update_date": "2012-04-03", "authors_parsed": [[name[1], name[0], ""] for name in names]}) + "\n")


def seconds_of(*command, **options):
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **options)
    return time.monotonic() - begin


def bare_copy(server, program, folder, environment):
    """The rows of the import, into a database of their own: seconds of each table."""
    psql = [postgres.programs() / "psql", "-h", server.folder, "-U", "postgres", "-qX", "-v", "ON_ERROR_STOP=1"]
    for table in TABLES:
        server.sql(f"COPY (SELECT * FROM bibsmith.{table}) TO '{folder}/{table}' (FORMAT binary)")
    subprocess.run([*psql, "-d", "postgres", "-c", "CREATE DATABASE bare"], check=True, cwd="/")
    bare = server.url.replace("/papers?", "/bare?")
    seconds_of(program, "--store", bare, "cache", "stats", env=environment)
    subprocess.run([program, "-q", "--store", bare, "--offline", "search", "--local", "nothing"], env=environment,
                   stderr=subprocess.DEVNULL)  # makes the tables, and finds nothing
    return [seconds_of(*psql, "-d", "bare", "-c", f"\\copy bibsmith.{table} FROM '{folder}/{table}' (FORMAT binary)", cwd="/")
            for table in TABLES]


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    records = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    connections = sys.argv[4].split(",") if len(sys.argv) > 4 else ["2"]
    ratios = {number: [] for number in connections}
    with tempfile.TemporaryDirectory(prefix="bibsmith-bench-") as folder:
        os.chmod(folder, 0o777)  # the server writes here too, as another user
        environment = {**os.environ, "BIBSMITH_CACHE_DIR": folder + "/cache", "BIBSMITH_STATE_DIR": folder + "/state"}
        config = pathlib.Path(folder, "config.toml")
        snapshot = folder + "/snapshot.json"
        write_snapshot(snapshot, records)
        print(f"{records} records, {os.path.getsize(snapshot) / records:.0f} bytes each", flush=True)
        for _ in range(rounds):
            import_s = {}
            for number in connections:
                config.write_text(f"[store]\nconnections = {number}\n")
                server = postgres.Server(shared_buffers="512MB")
                try:
                    import_s[number] = seconds_of(program, "-q", "--config", config, "--store", server.url, "cache", "import", snapshot,
                                                  env=environment)
                    if number == connections[-1]:
                        size = server.sql("SELECT pg_database_size('papers') / 1000000")
                        copies = bare_copy(server, program, folder, environment)
                finally:
                    server.close()
            print(f"{size} MB; bare COPY {sum(copies):.2f} s ("
                  + ", ".join(f"{table} {one:.2f}" for table, one in zip(TABLES, copies)) + ")", flush=True)
            for number, took in import_s.items():
                ratios[number].append(sum(copies) / took)
                print(f"  over {number} connections {took:.2f} s, {records / took:.0f} a second; ratio {ratios[number][-1]:.2f}", flush=True)
    for number, some in ratios.items():
        print(f"over {number} connections: median ratio {statistics.median(some):.2f} of {rounds}")


if __name__ == "__main__":
    main()
