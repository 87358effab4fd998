"""A PostgreSQL of the tests: in a temporary folder, on a Unix socket there, with nobody else's data."""
import ctypes
import os
import pathlib
import pwd
import signal
import subprocess
import tempfile
import time

LIMIT_S = 60
PR_SET_PDEATHSIG = 1


def programs():
    """The folder of the newest server of Debian's places; None: none is installed."""
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else None


def end_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


class Server:
    """Ends with stop(), or with this process. initdb refuses root, whose tests run it as "nobody"."""

    def __init__(self, shared_buffers="16MB"):
        self.shared_buffers = shared_buffers
        self.make_folder()
        subprocess.run([programs() / "initdb", "-D", self.folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8",
                        "--locale=C", "--no-sync", "--no-instructions"], check=True, stdout=subprocess.DEVNULL,
                       cwd="/", **self.user)
        self.start()
        subprocess.run([programs() / "createdb", "-h", self.folder, "-U", "postgres", "papers"], check=True, cwd="/",
                       timeout=LIMIT_S)

    def make_folder(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="bibsmith-pg-", ignore_cleanup_errors=True)
        self.folder = pathlib.Path(self.temporary.name)
        self.user = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self.user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self.process = None

    @property
    def url(self):
        return f"postgresql:///papers?host={self.folder}&user=postgres"

    def start(self):
        self.process = subprocess.Popen(
            [programs() / "postgres", "-D", self.folder / "data", "-k", self.folder, "-c", "listen_addresses=", "-c",
             "fsync=off", "-c", "max_connections=80", "-c", f"shared_buffers={self.shared_buffers}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", preexec_fn=end_with_parent, **self.user)
        end = time.monotonic() + LIMIT_S
        while subprocess.run([programs() / "pg_isready", "-q", "-h", self.folder, "-U", "postgres"],
                             cwd="/").returncode != 0:
            if time.monotonic() > end or self.process.poll() is not None:
                raise TimeoutError("the PostgreSQL server does not start")
            time.sleep(0.01)

    def stop(self):
        """At once, as `pg_ctl stop -m immediate` does: nothing is finished, and the next start recovers."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait(timeout=LIMIT_S)

    def kill(self):
        """As if the machine had lost its power: each process is gone where it is."""
        self.process.send_signal(signal.SIGSTOP)
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        self.process.kill()
        self.process.wait(timeout=LIMIT_S)

    def sql(self, text):
        """The first column of the rows, as text."""
        done = subprocess.run([programs() / "psql", "-h", self.folder, "-U", "postgres", "-d", "papers", "-qAtX", "-c", text],
                              check=True, cwd="/", timeout=LIMIT_S, capture_output=True, text=True)
        return done.stdout.strip()

    def close(self):
        self.stop()
        self.temporary.cleanup()


class Replica(Server):
    """A copy of a server that follows it by its stream."""

    def __init__(self, server):
        self.shared_buffers = server.shared_buffers
        self.make_folder()
        subprocess.run([programs() / "pg_basebackup", "-D", self.folder / "data", "-h", server.folder, "-U", "postgres",
                        "-R", "--no-sync", "--checkpoint=fast"], check=True, cwd="/", timeout=LIMIT_S, **self.user)
        self.start()

    def wait_for(self, server):
        """Until it has all that the server has by now."""
        reached = server.sql("SELECT pg_current_wal_lsn()")
        end = time.monotonic() + LIMIT_S
        while self.sql(f"SELECT pg_last_wal_replay_lsn() >= '{reached}'") != "t":
            if time.monotonic() > end:
                raise TimeoutError("the replica does not follow")
            time.sleep(0.01)

    def promote(self):
        if self.sql("SELECT pg_promote()") != "t":
            raise RuntimeError("the replica was not promoted")
