#!/usr/bin/env python3
"""packaging_test.py SOURCES: the recipes of .packaging are what can be read of them here: well formed, of the version and
with the dependencies of the build; and the source archive is the same each time."""
import ast
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

# What .cmake/Dependencies.cmake looks for, as each package manager calls it: vcpkg, Conan, Homebrew, Nix.
NAMES = {
    "CURL": ("curl", "libcurl", "curl", "curl"),
    "pugixml": ("pugixml", "pugixml", "pugixml", "pugixml"),
    "SQLite3": ("sqlite3", "sqlite3", "sqlite", "sqlite"),
    "tl-expected": ("tl-expected", "tl-expected", "tl-expected", "tl-expected"),
    "ICU": ("icu", "icu", "icu4c@77", "icu"),
    "nlohmann_json": ("nlohmann-json", "nlohmann_json", "nlohmann-json", "nlohmann_json"),
    "CLI11": ("cli11", "cli11", "cli11", "cli11"),
    "fmt": ("fmt", "fmt", "fmt", "fmt"),
    "tomlplusplus": ("tomlplusplus", "tomlplusplus", "tomlplusplus", "tomlplusplus"),
    "PQ": ("libpq", "libpq", "libpq", "libpq"),
    "ZSTD": ("zstd", "zstd", "zstd", "zstd"),
    "YAML": ("libyaml", "libyaml", "libyaml", "libyaml"),
}
NOT_PACKAGES = {"Threads", "PkgConfig", "Catch2", "benchmark", "HTTPLIB"}  # of the system, or of the tests alone


def main():
    root = pathlib.Path(sys.argv[1])
    packaging = root / ".packaging"
    failures = []

    def check(is_right, what):
        if not is_right:
            failures.append(what)

    version = re.search(r"project\(bibsmith VERSION ([0-9.]+)", (root / "CMakeLists.txt").read_text())[1]
    dependencies = (root / ".cmake/Dependencies.cmake").read_text()
    found = set(re.findall(r"(?:find_package|pkg_check_modules)\((\S+)", dependencies)) - NOT_PACKAGES
    check(found == set(NAMES), f"the build looks for {found ^ set(NAMES)}, which packaging_test.py does not know")

    vcpkg = json.loads((packaging / "vcpkg/bibsmith/vcpkg.json").read_text())
    names = {one if isinstance(one, str) else one["name"] for one in vcpkg["dependencies"]}
    check(vcpkg["version"] == version, "vcpkg.json has another version")
    check(names - {"vcpkg-cmake", "vcpkg-cmake-config"} == {name[0] for name in NAMES.values()}, "vcpkg.json: dependencies")

    conan = (packaging / "conan/conanfile.py").read_text()
    recipe = next(node for node in ast.parse(conan).body if isinstance(node, ast.ClassDef))
    values = {node.targets[0].id: ast.literal_eval(node.value) for node in recipe.body if isinstance(node, ast.Assign)}
    check(values["version"] == version, "conanfile.py has another version")
    check({one.partition("/")[0] for one in values["requires"]} == {name[1] for name in NAMES.values()}, "conanfile.py: requires")
    check(f'"{version}":' in (packaging / "conan/conandata.yml").read_text(), "conandata.yml has another version")

    formula = packaging / "homebrew/bibsmith.rb"
    text = formula.read_text()
    check(f"bibsmith-{version}.tar.gz" in text, "bibsmith.rb has another version")
    depends = set(re.findall(r'depends_on "(.+?)"', text)) - {"cmake", "pkgconf"}
    check(depends == {name[2] for name in NAMES.values()}, "bibsmith.rb: depends_on")
    if shutil.which("ruby"):
        check(subprocess.run(["ruby", "-c", formula], stdout=subprocess.DEVNULL, check=False).returncode == 0, "bibsmith.rb: syntax")

    nix = (packaging / "nix/default.nix").read_text()
    inputs = re.search(r"buildInputs = with pkgs; \[([^\]]*)\]", nix[nix.index("  buildInputs"):])[1].split()
    check(set(inputs) == {name[3] for name in NAMES.values()}, "default.nix: buildInputs")
    check(f'version = "{version}"' in nix, "default.nix has another version")
    if shutil.which("nix-instantiate"):
        check(subprocess.run(["nix-instantiate", "--parse", packaging / "nix/default.nix"], stdout=subprocess.DEVNULL,
                             check=False).returncode == 0, "default.nix: syntax")

    for script in ("source_archive", "debian_packages", "debian_test"):
        check(subprocess.run(["bash", "-n", packaging / script], check=False).returncode == 0, f"{script}: syntax")

    if (root / ".git").exists() and shutil.which("git"):
        digests = set()
        for _ in range(2):
            with tempfile.TemporaryDirectory() as folder:
                subprocess.run([packaging / "source_archive", folder], check=True, stdout=subprocess.DEVNULL)
                archive = pathlib.Path(folder) / f"bibsmith-{version}.tar.gz"
                digests.add(hashlib.sha256(archive.read_bytes()).hexdigest())
        check(len(digests) == 1, "the source archive differs from run to run")
    print("\n".join(failures) or "packaging: no finding")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
