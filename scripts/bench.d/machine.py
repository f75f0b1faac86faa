"""What is measured on: processors, memory of processes, and what a reader of figures must know."""

import datetime
import os
import platform
import socket
import subprocess
import time


class Problem(Exception):
    """One sentence for the user: what is wrong, and what to do."""


def processors():
    """The gateway's and the generator's processor."""
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        raise Problem("two processors are needed: one for the gateway, one for the generator")
    return allowed[0], allowed[-1]


def free_port():
    """A UDP port that was free a moment ago."""
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
        probe.bind(("::", 0))
        return probe.getsockname()[1]


def is_bound(port):
    """Whether any socket of this machine has the UDP port."""
    for table in ("/proc/net/udp", "/proc/net/udp6"):
        with open(table, encoding="ascii") as lines:
            next(lines)
            if any(int(line.split()[1].rsplit(":", 1)[1], 16) == port for line in lines):
                return True
    return False


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def settled_bytes(pid, patience=10):
    """Resident memory when it has not changed for half a second, or after `patience` seconds."""
    deadline = time.monotonic() + patience
    before = resident_bytes(pid)
    while time.monotonic() < deadline:
        time.sleep(0.5)
        now = resident_bytes(pid)
        if abs(now - before) < 64 << 10:
            return now
        before = now
    return before


def busy_processors(seconds=1):
    """How many processors others keep busy while we wait; the average load still has our own build."""

    def times():
        with open("/proc/stat", encoding="ascii") as file:
            fields = [int(field) for field in file.readline().split()[1:9]]
        idle = fields[3] + fields[4]
        return sum(fields) - idle, sum(fields)

    busy, total = times()
    time.sleep(seconds)
    busy_after, total_after = times()
    return os.cpu_count() * (busy_after - busy) / max(total_after - total, 1)


def processor_seconds():
    """Of all programs that this one has started, and of those that these have, as long as they run."""
    found = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        # Its parent, and its ticks and those of children that have ended.
        found[int(pid)] = int(fields[1]), sum(map(int, fields[11:15]))
    started, parents = 0, {os.getpid()}
    while parents:
        parents = {pid for pid, (parent, _) in found.items() if parent in parents}
        started += sum(found[pid][1] for pid in parents)
    return started / os.sysconf("SC_CLK_TCK")


def description(root):
    """Name and value of everything that figures depend on."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return [
        ("date", datetime.date.today().isoformat()),
        ("commit", output(["git", "-C", root, "describe", "--always", "--dirty", "--exclude=*"])),
        ("processors", f"{os.cpu_count()} × {models[0] if models else platform.machine()}"),
        ("memory", f"{memory / 1e9:.0f} GB"),
        ("kernel", f"{platform.system()} {platform.release()}"),
        ("wireguard-go", output(["dpkg-query", "-W", "-f", "${Version}", "wireguard-go"])),
    ]


def output(command):
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
        return result.stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "unknown"
