#!/usr/bin/env python3
"""Runs a test against a PostgreSQL of its own, which is thrown away afterwards.

    with_postgres.py [--durable] PROGRAM [ARGUMENT…]

The cluster lives in a temporary folder and listens on a unix socket there. PROGRAM finds its address in PK_TEST_POSTGRES. The
server refuses to be root's, so that root runs it as the user postgres, or nobody. Without --durable nothing is synced to disk.
Where PostgreSQL is not installed the test is skipped, in words.
"""
import glob
import os
import pathlib
import pwd
import shutil
import subprocess
import sys
import tempfile

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "max_pred_locks_per_transaction": "256",
    "autovacuum_naptime": "10s",
    "log_min_messages": "warning",
}
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def find_programs():
    """Returns the folder of initdb and postgres, or None."""
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda name: int(name.split("/")[4]), reverse=True):
        if os.access(f"{folder}/initdb", os.X_OK):
            return folder
    found = shutil.which("postgres")
    return os.path.dirname(os.path.realpath(found)) if found and shutil.which("initdb") else None


def find_owner():
    """Returns whose the server is: somebody else's where we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


class Cluster:
    """A server with a folder, until the with block ends."""

    def __init__(self, programs, is_durable):
        self.programs = programs
        self.owner = find_owner()
        self.settings = SETTINGS if is_durable else SETTINGS | CARELESS
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="pk-postgres-", dir="/tmp"))
        self.server = None

    def run_as_owner(self, program, *arguments):
        identity = {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []} if self.owner else {}
        return subprocess.Popen([f"{self.programs}/{program}", *arguments], cwd="/", stdin=subprocess.DEVNULL,
                                stdout=self.log, stderr=self.log, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}, **identity)

    def __enter__(self):
        self.log = open(self.folder / "log", "w", encoding="utf-8")
        if self.owner:
            os.chown(self.folder, self.owner.pw_uid, self.owner.pw_gid)
        self.folder.chmod(0o711)
        initdb = self.run_as_owner("initdb", "-D", f"{self.folder}/data", "-U", "pakobla", "-A", "trust", "-E", "UTF8",
                                   "--locale=C.UTF-8", "--no-sync", "--no-instructions")
        if initdb.wait() != 0:
            raise RuntimeError("initdb failed")
        options = [word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")]
        self.server = self.run_as_owner("postgres", "-D", f"{self.folder}/data", "-k", str(self.folder), *options)
        self.wait_until_ready()
        return f"postgresql:///postgres?host={self.folder}&user=pakobla"

    def wait_until_ready(self):
        """pg_isready waits itself for an answer; a server that has ended gives none."""
        while self.server.poll() is None:
            if self.run_as_owner("pg_isready", "-q", "-h", str(self.folder), "-t", "1").wait() == 0:
                return
        raise RuntimeError("The server ended")

    def __exit__(self, kind, value, trace):
        if self.server is not None and self.server.poll() is None:
            self.server.terminate() if kind is None else self.server.kill()
            try:
                self.server.wait(10)
            except subprocess.TimeoutExpired:
                self.server.send_signal(3)
                self.server.wait()
        self.log.close()
        if kind is not None:
            sys.stderr.write((self.folder / "log").read_text(encoding="utf-8", errors="replace")[-4000:])
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    arguments = sys.argv[1:]
    is_durable = arguments[:1] == ["--durable"]
    command = arguments[is_durable:]
    programs = find_programs()
    if programs is None or (os.geteuid() == 0 and find_owner() is None):
        print("1..0 # SKIP There is no PostgreSQL server on this machine (Debian: the package postgresql)", flush=True)
        return 0
    with Cluster(programs, is_durable) as address:
        environment = os.environ | {"PK_TEST_POSTGRES": address, "PK_TEST_POSTGRES_PROGRAMS": programs}
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
