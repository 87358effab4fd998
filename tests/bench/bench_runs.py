"""What the benches of whole runs share: one measured process, records to serve, and a row of the report."""
import json
import subprocess

MEASURE = ""  # the program `measure`; the caller sets it


def run(command, environment, stdin=subprocess.DEVNULL):
    """(wall seconds, peak KiB) of one process, as measure.cpp sees it."""
    done = subprocess.run([MEASURE, *command], env=environment, stdin=stdin, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[:3]}: status {done.returncode}")
    wall, peak = done.stdout.split()
    return float(wall), int(peak)


def write_records(path, count):
    """Papers 2401.00001 and so on, with texts as long as arXiv's are on average."""
    with path.open("w") as file:
        for number in range(1, count + 1):
            file.write(json.dumps({
                "id": f"2401.{number:05}", "title": f"On the number {number} and its neighbours in a lattice",
                "authors": "Ada Q. Lovelace, Evariste Galois, Carl Friedrich Gauss, Emmy Noether",
                "categories": ["math.NT", "cs.DM"], "comments": "12 pages, 3 figures", "journal_ref": None,
                "doi": None, "report_no": None, "msc_class": None, "acm_class": None, "license": None,
                "abstract": "We count the neighbours of a number and bound their spread. " * 17,
                "versions": [{"version": "v1", "created": "Mon, 15 Jan 2024 18:00:00 GMT"}]}) + "\n")


def row(what, value, limit, unit=""):
    verdict = "ok" if value <= limit else "MISSED"
    print(f"{what:58} {value:8.2f}{unit:4} limit {limit:g}{unit}  {verdict}")
    return value <= limit
