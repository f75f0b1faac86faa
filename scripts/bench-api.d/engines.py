"""The two engines of the store beside each other: SQLite, and PostgreSQL with one server and with two."""

import base64
import contextlib
import os
import statistics
import tempfile
import time

from machine import Problem
from postgresql import Cluster
from served import PATIENCE, posting, server, started

CLIENTS = 16
SQLITE, ONE, TWO = "SQLite", "PostgreSQL, one server", "PostgreSQL, two servers"


def join_node(stack, api, wgw, folder):
    """On PostgreSQL gateways are carried by nodes."""
    made = api.call("/nodes", {
        "name": "bench", "regions": ["local"], "endpoint_address": "192.0.2.1", "port_range": "20000-20099",
    })
    made = made.get("data", made)
    words = [wgw, "node", "--data-dir", f"{folder}/node", "--join", made["join_token"]]
    stack.enter_context(started(words, folder, "node-1"))
    deadline = time.monotonic() + PATIENCE
    while api.call(f"/nodes/{made['id']}")["data"]["state"] != "connected":
        if time.monotonic() > deadline:
            raise Problem("the node did not join")
        time.sleep(0.05)


def gateway(api):
    network = api.call("/networks", {"name": "bench", "address_block": "10.0.0.0/12"})["data"]["id"]
    made = api.call("/wireguard_interfaces", {
        "network_id": network, "region_code": "local", "subnet_prefix_length": 14,
    })
    return made["data"]["id"]


@contextlib.contextmanager
def engines(wgw):
    """The servers of each row of the table, and the gateway whose peers are made there."""
    # PostgreSQL reaches its folder through this one. Not in memory: what is answered has to be on disk.
    with tempfile.TemporaryDirectory(prefix="wgw-bench-", dir="/var/tmp") as folder, contextlib.ExitStack() as stack:
        os.chmod(folder, 0o711)
        cluster = Cluster.primary(folder, "db")
        stack.callback(cluster.stop)
        words = ["--database", f"postgres://wgw@/wgw?host={cluster.folder}"]
        environment = {"WGW_MASTER_KEY": base64.b64encode(os.urandom(32)).decode()}
        sqlite = stack.enter_context(server(wgw, folder, "sqlite"))
        first, second = (
            stack.enter_context(server(wgw, folder, name, words, environment)) for name in ("first", "second")
        )
        join_node(stack, first, wgw, folder)
        there, here = gateway(sqlite), gateway(first)
        yield {SQLITE: ([sqlite], there), ONE: ([first], here), TWO: ([first, second], here)}


def both(apis, path, seconds, rest=""):
    """The same number of clients, shared out among the servers: what they get answered together."""
    ends = [api.start_load(path, seconds, CLIENTS // len(apis), rest) for api in apis]
    return sum(end()[0] for end in ends)


def measure(wgw, rounds, seconds):
    """Requests a second of each round, by what was done and where."""
    creations, readings = {}, {}
    with engines(wgw) as places:
        for _ in range(rounds):
            for name, (apis, made) in places.items():
                rest = posting({"wireguard_interface_id": made})
                creations.setdefault(name, []).append(both(apis, "/wireguard_peers", seconds, rest))
            for name, (apis, _) in places.items():
                peer = apis[0].call("/wireguard_peers?page[size]=1")["data"][0]["id"]
                readings.setdefault(name, []).append(both(apis, f"/wireguard_peers/{peer}", seconds))
    return creations, readings


def figure(values, digits):
    return f"{statistics.median(values):.{digits}f} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def rows(creations, readings):
    for what, figures, least in (("create a peer", creations, 0.6), ("get one peer", readings, 0.5)):
        yield what, SQLITE, figures[SQLITE], None, None, None
        yield what, ONE, figures[ONE], SQLITE, ratios(figures, ONE, SQLITE), least
        # Two measurements of the same are not equal.
        yield what, TWO, figures[TWO], ONE, ratios(figures, TWO, ONE), 0.95 if what == "create a peer" else None


def ratios(figures, name, than):
    """Of each round, whose measurements were made one soon after the other."""
    return [one / other for one, other in zip(figures[name], figures[than])]


def table(found):
    text = (
        f"| what, {CLIENTS} clients together | where | a second | ratio | bound |  |\n"
        "| --- | --- | --- | --- | --- | --- |\n"
    )
    for what, where, rates, than, shares, least in found:
        ratio = f"{figure(shares, 2)} of {than}'s" if than else ""
        bound, verdict = "", ""
        if least:
            bound = f"≥ {least}"
            verdict = "met" if statistics.median(shares) >= least else "**missed**"
        text += f"| {what} | {where} | {figure(rates, 0)} | {ratio} | {bound} | {verdict} |\n"
    return text
