#!/usr/bin/env python3
"""abi_diff_test.py LIBRARY SOURCES: the interface of LIBRARY is that of the kept baseline, plugin/abi/bibsmith.abi.

With --keep the baseline is written anew: for a new minor number that adds functions or members. Status 77: skipped,
because abidiff (Debian: abigail-tools) or the compiler is not there.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

DECLARATION = re.compile(r"^BIBSMITH_API ([^;]*?\([^;]*\));", re.MULTILINE)


def describe(library, headers, out):
    # What no function of the header's reaches is private, and so is where it was built.
    subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed",
                    "--drop-private-types", "--exported-interfaces-only", "--headers-dir", headers, "--out-file", out,
                    library], check=True)


def compare(before, after, *options):
    run = subprocess.run(["abidiff", "--no-added-syms", *options, before, after], capture_output=True, text=True,
                         check=False)
    return run.returncode, run.stdout + run.stderr


def difference(before, after, suppressions):
    """What programs that were built before would not survive, in abidiff's words; empty: nothing."""
    status, words = compare(before, after, "--suppressions", suppressions)
    if status != 0:
        return words
    # The suppression lets members through wherever they are put in (abidiff 2.2); those behind must not move.
    _, all_words = compare(before, after)
    return all_words if "offset changed" in all_words else ""


def stub(header_text, folder):
    """A library that has the functions of a header, and nothing in them."""
    headers = folder / "include"
    (headers / "bibsmith").mkdir(parents=True)
    (headers / "bibsmith" / "bibsmith.h").write_text(header_text)
    source = '#include "bibsmith/bibsmith.h"\n#include <stdlib.h>\n'
    for declaration in DECLARATION.findall(header_text):
        source += declaration + " { abort(); }\n"
    (folder / "stub.c").write_text(source)
    library = folder / "libbibsmith.so"
    subprocess.run(["gcc", "-g", "-shared", "-fPIC", "-I", headers, "-Wl,-soname,libbibsmith.so.1", "-o", library,
                    folder / "stub.c"], check=True)
    return library, headers


def main():
    library, sources = sys.argv[1], pathlib.Path(sys.argv[2])
    if not all(shutil.which(tool) for tool in ("abidw", "abidiff", "gcc")):
        print("abidiff or gcc is not there: skipped")
        return 77
    baseline = sources / "plugin/abi/bibsmith.abi"
    headers = sources / "plugin/include"
    suppressions = sources / "plugin/abi/abi.suppr"
    if "--keep" in sys.argv:
        describe(library, headers, baseline)
        return 0
    failures = []

    with tempfile.TemporaryDirectory() as scratch:
        current = pathlib.Path(scratch) / "current.abi"
        describe(library, headers, current)
        words = difference(baseline, current, suppressions)
        if words:
            failures.append(f"the library is not that of the baseline:\n{words}")

    # The check itself: it lets through what old programs survive, and nothing else.
    text = (headers / "bibsmith/bibsmith.h").read_text()
    changes = {
        "a member at the end": ("} bibsmith_options;", "  const char *added;\n} bibsmith_options;", True),
        "a function that is new": ("BIBSMITH_API const char* bibsmith_version(void);",
                                   "BIBSMITH_API const char* bibsmith_version(void);\n"
                                   "BIBSMITH_API void bibsmith_added(void);", True),
        "a member in the middle": ("  const char* cache_dir;", "  const char *added;\n  const char* cache_dir;", False),
        "a parameter of another type": ("const char* const* ids, size_t count,",
                                        "const char* const* ids, int16_t count,", False),
        "a function that is gone": ("BIBSMITH_API void bibsmith_close(bibsmith_context* context);", "", False),
    }
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        first, first_headers = stub(text, scratch / "first")
        describe(first, first_headers, scratch / "first.abi")
        for number, (name, (old, new, is_allowed)) in enumerate(changes.items()):
            assert text.count(old) == 1, name
            other, other_headers = stub(text.replace(old, new), scratch / str(number))
            describe(other, other_headers, scratch / "other.abi")
            words = difference(scratch / "first.abi", scratch / "other.abi", suppressions)
            if (words == "") != is_allowed:
                failures.append(f"{name}: {words or 'it went through'}")
    print("\n".join(failures) or "abi: no difference")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
