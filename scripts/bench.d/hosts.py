"""Hosts of a measurement: network namespaces in a row, with a wire between neighbours."""

import contextlib
import os
import subprocess

from gateways import do, remove_leftovers

# The range for benchmarks of RFC 2544; each wire has a /30 of it.
WIRE = "198.18.0."


class Host:
    """A network namespace: `inside` runs a command in it; `addresses` are those of its wires, the
    one to the neighbour before first."""

    def __init__(self, name):
        self.name, self.inside, self.addresses = name, ["ip", "netns", "exec", name], []

    def do(self, *command):
        do(self.inside + list(command))

    def set(self, key, value):
        self.do("sh", "-c", f"echo {value} > /proc/sys/net/ipv4/{key}")


@contextlib.contextmanager
def row_of_hosts(count):
    """Hosts whose wires are called `left` and `right`. Each reaches its neighbours only."""
    remove_leftovers()
    hosts = [Host(f"wgwb{os.getpid()}{letter}") for letter in "abcdefgh"[:count]]
    try:
        for host in hosts:
            do(["ip", "netns", "add", host.name])
            host.do("ip", "link", "set", "lo", "up")
            for interface in ("all", "default"):
                host.set(f"conf/{interface}/rp_filter", 0)
        for number, (left, right) in enumerate(zip(hosts, hosts[1:])):
            wire(left, right, [f"{WIRE}{4 * number + place}" for place in (1, 2)])
        yield hosts
    finally:
        for host in hosts:
            subprocess.run(
                ["ip", "netns", "delete", host.name], stderr=subprocess.DEVNULL, timeout=20,
                check=False
            )


def wire(left, right, addresses):
    do(["ip", "link", "add", "right", "netns", left.name, "type", "veth", "peer", "name", "left",
        "netns", right.name])
    for host, device, address in zip((left, right), ("right", "left"), addresses):
        host.do("ip", "address", "add", f"{address}/30", "dev", device)
        host.do("ip", "link", "set", device, "up")
        host.addresses.append(address)
