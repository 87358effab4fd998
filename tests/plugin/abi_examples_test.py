#!/usr/bin/env python3
"""abi_examples_test.py NAME: one of the examples that call the library or extend it, from an installation.

The environment says what was built: BIBSMITH_BUILD (installed into a scratch folder first) or BIBSMITH_PREFIX (as it is),
EMULATOR_PROGRAM, BIBSMITH_NPM (a folder that npm installed into), and BIBSMITH_PRELOAD (libraries of a sanitizer).
Status 77: skipped, because what the example needs is not there.
"""
import contextlib
import http.server
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
EXAMPLES = ROOT / "examples"
LIMIT_S = 120
KEY = "vaswani2017attention"


class Skip(Exception):
    """What is not there."""


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            raise Skip(f"{program} is not there")


def run(*command, environment, **more):
    """Standard output and status; standard error goes through."""
    done = subprocess.run([str(word) for word in command], env=environment, stdout=subprocess.PIPE, text=True,
                          timeout=LIMIT_S, check=False, **more)
    return done.stdout, done.returncode


class Place:
    """An installation in a scratch folder, and arXiv's emulator."""

    def __init__(self, folder, emulator_url):
        self.folder = pathlib.Path(folder)
        prefix = self.folder / "usr"
        installed = os.environ.get("BIBSMITH_PREFIX")  # of a package that was installed
        if installed:
            prefix = pathlib.Path(installed)
        else:
            subprocess.run(["cmake", "--install", os.environ["BIBSMITH_BUILD"], "--prefix", str(prefix)],
                           check=True, stdout=subprocess.DEVNULL)
        self.prefix = prefix
        library = next(path for path in prefix.rglob("libbibsmith.so.1") if path.exists())
        self.libraries = library.parent
        self.headers = prefix / "include"
        self.environment = {
            "PATH": f"{prefix / 'bin'}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "LD_LIBRARY_PATH": str(self.libraries),
            "BIBSMITH_ARXIV_URL": f"{emulator_url}/api/query",
            "BIBSMITH_ARXIV_INTERVAL_MS": "10",
            "BIBSMITH_CACHE_DIR": str(self.folder / "cache"),
            "BIBSMITH_STATE_DIR": str(self.folder / "state"),
        }
        # A host that was not built with the sanitizer of the library needs its run-time library first.
        self.environment["LD_PRELOAD"] = os.environ.get("BIBSMITH_PRELOAD", "")
        self.environment |= {name: os.environ[name] for name in ("ASAN_OPTIONS", "PYTHONMALLOC") if name in os.environ}
        self.environment["NODE_PATH"] = os.environ.get("BIBSMITH_NPM", "") + "/node_modules"

    def expect(self, *command, status=0, holds=KEY):
        out, got = run(*command, environment=self.environment, cwd=self.folder)
        if got != status or holds not in out:
            raise AssertionError(f"{command}: status {got} and {out!r}, wanted {status} and {holds!r}")
        return out

    def configure(self, text):
        config = self.folder / ".config" / "bibsmith" / "config.toml"
        config.parent.mkdir(parents=True)
        config.write_text(text)


@contextlib.contextmanager
def emulator():
    program = subprocess.Popen(
        [os.environ["EMULATOR_PROGRAM"], "--records", ROOT / "tests/data/sample_papers.jsonl", "--interval-ms", "10",
         "--run-seconds", "300", "--stop-when-parent-dies"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield program.stdout.readline().split()[-1]
    finally:
        program.terminate()
        program.communicate()


@contextlib.contextmanager
def server(answers):
    """A made-up source on loopback: paths to bodies; anything else is not found. Counts its requests."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            served.requests.append(self.path)
            body = answers.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *_):
            pass

    served = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.requests = []
    thread = threading.Thread(target=served.serve_forever, daemon=True)
    thread.start()
    try:
        served.url = f"http://127.0.0.1:{served.server_port}"
        yield served
    finally:
        served.shutdown()
        served.server_close()


def example_c(place):
    need("gcc")
    place.expect("gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-I", place.headers, EXAMPLES / "c/cite.c", "-L",
                 place.libraries, "-lbibsmith", "-o", "cite", holds="")
    place.expect("./cite", "1706.03762")
    place.expect("./cite", "2411.99999", status=1, holds="")


def example_pkg_config(place):
    need("gcc", "pkg-config")
    place.environment["PKG_CONFIG_PATH"] = str(place.libraries / "pkgconfig")
    flags = place.expect("pkg-config", "--cflags", "--libs", "bibsmith", holds="-lbibsmith").split()
    place.expect("gcc", EXAMPLES / "c/cite.c", *flags, "-o", "cite", holds="")
    place.expect("./cite", "1706.03762")


def example_python(place):
    place.expect(sys.executable, EXAMPLES / "python/cite.py", "1706.03762")
    place.expect(sys.executable, EXAMPLES / "python/cite.py", "2411.99999", status=1, holds="")


def example_luajit(place):
    need("luajit")
    place.expect("luajit", EXAMPLES / "luajit/cite.lua", "1706.03762")
    place.expect("luajit", EXAMPLES / "luajit/cite.lua", "2411.99999", status=1, holds="")


def example_node(place):
    need("node")
    _, status = run("node", "-e", "require('koffi')", environment=place.environment, stderr=subprocess.DEVNULL)
    if status != 0:
        raise Skip("koffi is not there: npm install --prefix build/npm koffi")
    place.expect("node", EXAMPLES / "node/cite.js", "1706.03762")
    place.expect("node", EXAMPLES / "node/cite.js", "no id", status=1, holds="")


def example_emacs(place):
    need("emacs", "gcc")
    if not pathlib.Path("/usr/include/emacs-module.h").exists():
        raise Skip("emacs-module.h is not there")
    place.expect("gcc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-I", place.headers,
                 EXAMPLES / "emacs/bibsmith-module.c", "-L", place.libraries, "-lbibsmith", "-o", "bibsmith-module.so",
                 holds="")
    lisp = ["emacs", "-Q", "--batch", "--eval", '(module-load "./bibsmith-module.so")', "--eval"]
    place.expect(*lisp, '(princ (bibsmith-call "bibsmith/entry.get" "{\\"ids\\":[\\"1706.03762\\"]}"))')
    place.expect(*lisp, '(princ (condition-case e (bibsmith-call "bibsmith/none" "{}") (error (cadr e))))',
                 holds="there is no such method")


def example_cmake(place):
    need("cmake", "g++")
    place.expect("cmake", "-S", EXAMPLES / "cpp", "-B", "build", f"-DCMAKE_PREFIX_PATH={place.prefix}", holds="")
    place.expect("cmake", "--build", "build", holds="")
    place.expect("build/cite", "1706.03762", holds="@online{" + KEY)


def example_fetcher(place):
    need("gcc")
    place.expect("gcc", "-shared", "-fPIC", "-Wall", "-Wextra", "-Werror", "-I", place.headers,
                 EXAMPLES / "plugins/shelf.c", "-o", "shelf.so", holds="")
    place.environment["BIBSMITH_PLUGIN_PATH"] = str(place.folder / "shelf.so")
    place.expect("bibsmith", "plugin", "list", holds="shelf: not used: set url in [plugin.shelf] of config.toml")
    with server({"/books/42": "The Art of \"Bindings\"\n1968\n"}) as shelf:
        place.configure(f'[plugin.shelf]\nurl = "{shelf.url}"\n')
        place.expect("bibsmith", "plugin", "list", holds="shelf 1.0: fetches shelf:ID")
        wanted = "@book{1968art,\n  title         = {The Art of Bindings},\n  year          = {1968},\n}\n"
        place.expect("bibsmith", "get", "shelf:42", holds=wanted)
        place.expect("bibsmith", "get", "shelf:42", holds=wanted)
        assert shelf.requests == ["/books/42"], shelf.requests  # the second time from the cache
        place.expect("bibsmith", "get", "shelf:7", status=1, holds="")
    place.expect("bibsmith", "--offline", "get", "shelf:42", holds=wanted)
    place.expect("bibsmith", "--offline", "get", "shelf:8", status=3, holds="")
    # The library has the same plugins.
    place.expect(sys.executable, EXAMPLES / "python/cite.py", "shelf:42", "1706.03762", holds=wanted)


def example_process_plugin(place):
    plugin = place.folder / "bibsmith-plugin-library.py"
    shutil.copy(EXAMPLES / "plugins/bibsmith-plugin-library.py", plugin)
    plugin.chmod(0o755)
    book = '{"title": "Bees & Books", "publisher": "Hive", "authors": [["Ann", "Lee"], ["Bo", "Ek"]], "year": 1999}'
    with server({"/books/42.json": book}) as library:
        place.configure(f'[plugins]\nload = ["{plugin}"]\n\n[plugin.library]\nurl = "{library.url}"\n')
        place.expect("bibsmith", "plugin", "list", holds="library 1.0: fetches library:ID, writes titles")
        place.expect("bibsmith", "get", "library:42", holds="@book{lee1999bees,\n  author        = {Lee, Ann and Ek, Bo},\n"
                     "  title         = {Bees \\& Books},\n")
        place.expect("bibsmith", "get", "--format", "titles", "library:42", "1706.03762",
                     holds="Attention Is All You Need\nBees & Books\n")
        place.expect("bibsmith", "add", "library:42", "library:43", "--to", "refs.bib", status=1, holds="lee1999bees\n")
        place.expect("bibsmith", "add", "library:42", "--to", "refs.bib", holds="")
        assert (place.folder / "refs.bib").read_text().count("@book") == 1
        place.expect("bibsmith", "export", "refs.bib", "--format", "titles", holds="Bees & Books\n")
        assert sorted(set(library.requests)) == ["/books/42.json", "/books/43.json"], library.requests
    # A project does not name plugins.
    project = place.folder / "project"
    project.mkdir()
    (place.folder / ".config/bibsmith/config.toml").unlink()
    (project / "bibsmith.toml").write_text(f'[plugins]\nload = ["{plugin}"]\n')
    out, status = run("bibsmith", "plugin", "list", environment=place.environment, cwd=project)
    assert (out, status) == ("", 0), out


def main():
    example = globals()["example_" + sys.argv[1]]
    try:
        with emulator() as url, tempfile.TemporaryDirectory() as folder:
            example(Place(folder, url))
    except Skip as missing:
        print(f"skipped: {missing}")
        return 77
    print("done")
    return 0


if __name__ == "__main__":
    sys.exit(main())
