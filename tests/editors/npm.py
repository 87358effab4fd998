"""Node, and the packages that tests/run installs into build/npm."""
import os
import pathlib
import shutil
import subprocess

import world

MODULES = pathlib.Path(os.environ["BIBSMITH_NPM"]) / "node_modules"


def is_there(*packages):
    return shutil.which("node") is not None and all((MODULES / name / "package.json").exists() for name in packages)


def node(script, *arguments, environment):
    """Runs a script that finds the packages: (status, what it printed)."""
    done = subprocess.run(["node", str(script), *arguments], env={**environment, "NODE_PATH": str(MODULES)},
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=world.LIMIT_S)
    return done.returncode, done.stdout
