"""Gateways under load: a hub's process, and wireguard-go in a network namespace of its own."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import time

from machine import Problem, is_bound

# A gateway must not outlive this program, however it ends.
DIES_WITH_US = ["setpriv", "--pdeathsig", "KILL"]


class Gateway:
    """A running process: where it is reached, and how long it took to be ready, in seconds."""

    def __init__(self, pid, target, seconds):
        self.pid, self.target, self.seconds = pid, target, seconds

    def worker_seconds(self):
        """CPU seconds of each worker thread of a hub so far."""
        seconds = []
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/comm", encoding="utf-8") as file:
                if "worker" not in file.read():
                    continue
            with open(f"/proc/{self.pid}/task/{thread}/schedstat", encoding="ascii") as file:
                seconds.append(int(file.read().split()[0]) / 1e9)
        return sorted(seconds, reverse=True)


@contextlib.contextmanager
def hub(binary, directory, workers=1, processor=None, patience=60):
    """Any binary that takes `hub FILE`; the number of workers is in its environment."""
    pin = [] if processor is None else ["taskset", "-c", str(processor)]
    command = DIES_WITH_US + pin + [binary, "hub", f"{directory.path}/gateway.conf"]
    # The peers of the run before are gone: a hub that remembers them would call them for nothing.
    with tempfile.TemporaryDirectory(prefix="wgw-bench-state-") as state:
        environment = dict(os.environ, WGW_WORKERS=str(workers), STATE_DIRECTORY=state)
        start = time.monotonic()
        with process(command, f"{directory.path}/hub.log", environment) as (child, log):

            def is_ready():
                return "is ready" in log() or (not is_wgw(binary) and is_bound(directory.port))

            wait(is_ready, child, log, f"{binary} hub", patience)
            yield Gateway(child.pid, f"127.0.0.1:{directory.port}", time.monotonic() - start)


def is_wgw(binary):
    return os.path.basename(binary) == "wgw"


def is_wireguard_go(binary):
    return os.path.basename(binary).startswith("wireguard-go")


@contextlib.contextmanager
def wireguard_go(binary, directory, processor, patience=120):
    """Any wireguard-go, and the kernel forwards between its peers.

    `seconds` is how long `wg setconf` took."""
    with namespace() as (name, address):
        inside = ["ip", "netns", "exec", name]
        command = DIES_WITH_US + inside + ["taskset", "-c", str(processor)]
        command += [binary, "-f", name]
        control = f"/var/run/wireguard/{name}.sock"
        with contextlib.suppress(FileNotFoundError):
            os.unlink(control)
        with process(command, f"{directory.path}/wireguard-go.log") as (child, log):
            wait(lambda: listens(control), child, log, "wireguard-go", 10)
            # First, since its peers take most of their memory when the device is up.
            do(inside + ["ip", "link", "set", name, "mtu", "1420", "up"])
            start = time.monotonic()
            do(inside + ["wg", "setconf", name, f"{directory.path}/gateway.conf"], patience)
            seconds = time.monotonic() - start
            do(inside + ["ip", "route", "add", directory.subnet, "dev", name])
            yield Gateway(child.pid, f"{address}:{directory.port}", seconds)


def listens(path):
    """Whether a program listens at a Unix socket: `wg` removes one that is there and does not."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(path) == 0


@contextlib.contextmanager
def namespace():
    """A namespace that routes, a wire to it, and its address at the other end of the wire."""
    remove_leftovers()
    name = f"wgwb{os.getpid()}"
    # The range for benchmarks of RFC 2544: 198.18.0.0/15.
    number = os.getpid() % (1 << 15)
    wire = f"198.{18 + number // 16384}.{number // 64 % 256}."
    here, there = (wire + str(number % 64 * 4 + host) for host in (1, 2))
    settings = {"ip_forward": 1}
    for interface in ("all", "default"):
        settings |= {f"conf/{interface}/{key}": 0 for key in ("rp_filter", "send_redirects")}
    try:
        do(["ip", "netns", "add", name])
        do(["ip", "link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name])
        do(["ip", "address", "add", f"{here}/30", "dev", name])
        do(["ip", "link", "set", name, "up"])
        inside = ["ip", "netns", "exec", name]
        for key, value in settings.items():
            do(inside + ["sh", "-c", f"echo {value} > /proc/sys/net/ipv4/{key}"])
        do(inside + ["ip", "link", "set", "lo", "up"])
        do(inside + ["ip", "address", "add", f"{there}/30", "dev", "eth0"])
        do(inside + ["ip", "link", "set", "eth0", "up"])
        yield name, there
    finally:
        # The kernel takes the wire down some time after the namespace, too late for the next one.
        for command in (["ip", "link", "delete", name], ["ip", "netns", "delete", name]):
            subprocess.run(command, stderr=subprocess.DEVNULL, timeout=20, check=False)


def remove_leftovers():
    """Namespaces of runs that were killed."""
    names = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=False)
    for name, pid in re.findall(r"^(wgwb(\d+)[a-h]?)\b", names.stdout, re.MULTILINE):
        if not os.path.exists(f"/proc/{pid}"):
            do(["ip", "netns", "delete", name])


@contextlib.contextmanager
def process(command, log_path, environment=None):
    """The child process, and a function that reads what it has written."""
    with open(log_path, "wb") as file:
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=file, stderr=file, env=environment
        )

    def log():
        with open(log_path, encoding="utf-8", errors="replace") as file:
            return file.read()

    try:
        yield child, log
    finally:
        child.send_signal(signal.SIGTERM)
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def wait(is_ready, child, log, name, patience):
    deadline = time.monotonic() + patience
    while not is_ready():
        if child.poll() is not None:
            raise Problem(f"{name} has ended: {last_line(log())}")
        if time.monotonic() > deadline:
            raise Problem(f"{name} is not ready after {patience} seconds")
        time.sleep(0.002)


def do(command, patience=30):
    try:
        subprocess.run(command, capture_output=True, text=True, timeout=patience, check=True)
    except subprocess.CalledProcessError as error:
        raise Problem(f"'{' '.join(command)}' failed: {last_line(error.stderr)}") from error
    except subprocess.TimeoutExpired as error:
        raise Problem(f"'{' '.join(command)}' took more than {patience} seconds") from error


def last_line(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it said nothing"
