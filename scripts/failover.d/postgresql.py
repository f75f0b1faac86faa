"""A primary of PostgreSQL and its synchronous replica, in folders of a test's own."""

import glob
import os
import shutil
import subprocess
import time

from gateways import last_line
from machine import Problem

PATIENCE = 30
# Goes with this program, as PostgreSQL's own processes go with the first of them.
AS_SERVER = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--pdeathsig", "KILL"]


def program(name):
    """Of the newest version that is installed."""
    folders = glob.glob("/usr/lib/postgresql/*/bin")
    return os.path.join(max(folders, key=lambda each: int(each.split("/")[4])), name)


def as_server(*command):
    done = subprocess.run(AS_SERVER + list(command), cwd="/", capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Problem(f"{os.path.basename(command[0])} failed: {last_line(done.stderr or done.stdout)}")
    return done.stdout.strip()


class Cluster:
    """One server: its data and the socket by which it is reached are in `folder`."""

    def __init__(self, parent, name):
        self.name, self.folder = name, os.path.join(parent, name)
        os.mkdir(self.folder, 0o700)
        shutil.chown(self.folder, "postgres", "postgres")
        self.data = os.path.join(self.folder, "data")
        self.process = None

    @classmethod
    def primary(cls, parent, name):
        made = cls(parent, name)
        as_server(
            program("initdb"), "-D", made.data, "-U", "postgres", "-E", "UTF8", "--locale=C", "-A", "trust",
            "--no-sync", "--no-instructions"
        )
        made.start()
        made.ask("CREATE ROLE wgw LOGIN")
        made.ask("CREATE DATABASE wgw OWNER wgw")
        return made

    def replica(self, parent, name):
        """A copy that follows this one, and without whose word this one acknowledges nothing."""
        made = Cluster(parent, name)
        source = f"host={self.folder} user=postgres application_name={name}"
        as_server(program("pg_basebackup"), "-D", made.data, "-d", source, "-R", "-c", "fast", "--no-sync")
        made.start()
        self.ask(f"ALTER SYSTEM SET synchronous_standby_names = '\"{name}\"'")
        self.ask("SELECT pg_reload_conf()")
        self.wait_for("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'", "1")
        return made

    def start(self):
        settings = [
            "listen_addresses=", f"unix_socket_directories={self.folder}", "wal_level=replica",
            "shared_buffers=32MB", "wal_retrieve_retry_interval=100ms",
        ]
        words = [word for setting in settings for word in ("-c", setting)]
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                AS_SERVER + [program("postgres"), "-D", self.data] + words, cwd="/",
                stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        self.wait_for("SELECT 1", "1")

    def wait_for(self, question, answer):
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if self.ask(question) == answer:
                    return
            except Problem:
                if self.process.poll() is not None:
                    raise Problem(f"PostgreSQL has ended; its log is {self.folder}/log") from None
            if time.monotonic() > deadline:
                raise Problem(f"{self.name} does not answer '{question}' with {answer}")
            time.sleep(0.05)

    def ask(self, statement, database="postgres"):
        return as_server(
            program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "postgres",
            "-d", database, "-c", statement
        )

    def promote(self):
        as_server(program("pg_ctl"), "promote", "-D", self.data)
        self.wait_for("SELECT pg_is_in_recovery()", "f")

    def kill(self):
        """As a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(2)  # SIGINT: ends connections, and writes all to disk.
            self.process.wait(PATIENCE)
