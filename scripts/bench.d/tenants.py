"""A server with one worker, and organizations on it whose peers wgw-bench plays."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import urllib.request

from machine import Problem

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent / "Tests" / "Browser"))

from world import KEY, Server  # noqa: E402


@contextlib.contextmanager
def one_worker(wgw, folder, processor):
    """The server, which stays on one processor."""
    # Away from the ports of servers that run here already.
    first = 20_000 + os.getpid() % 1_000 * 10
    server = Server(wgw, folder, [
        "--endpoint-address", "127.0.0.1", "--workers", "1", "--log-level", "error", "--rate-limit", "off",
        "--port-range", f"{first}-{first + 9}",
    ])
    try:
        subprocess.run(
            ["taskset", "-a", "-p", "-c", str(processor), str(server.process.pid)],
            stdout=subprocess.DEVNULL, check=True
        )
        yield server
    finally:
        server.stop()


class Tenant:
    """An organization's gateway and its peers: their ids, and a directory with their keys."""

    def __init__(self, organization, gateway, peers, directory, target):
        self.organization, self.gateway, self.peers = organization, gateway, peers
        self.directory, self.target = directory, target


def organization(server, generator, folder, name, count):
    """Makes it, with a gateway of `count` peers."""
    owner = send(server, "POST", "organizations", {"name": name})["id"]
    network = send(server, "POST", "networks", {"name": name}, owner)["id"]
    gateway = send(
        server, "POST", "wireguard_interfaces",
        {"network_id": network, "region_code": "local", "name": name, "subnet_prefix_length": 17}, owner
    )
    directory = folder / name
    call(
        [generator, "config", "--pairs", str(count // 2), "--listen-port", "1", "--subnet", "10.64.0.0/15",
         "--out", str(directory)], 120
    )
    config = (directory / "gateway.conf").read_text()
    keys = [line.split(" = ")[1] for line in config.splitlines() if line.startswith("PublicKey")]
    lines = [line for line in (directory / "peers").read_text().splitlines() if line.startswith("peer ")]
    text, peers = [f"gateway {gateway['public_key']}\n"], []
    for number, (public, line) in enumerate(zip(keys, lines)):
        peer = send(
            server, "POST", "wireguard_peers",
            {"wireguard_interface_id": gateway["id"], "name": f"{name}-{number}", "public_key": public}, owner
        )
        peers.append(peer["id"])
        # The addresses are those that the server has given.
        text.append(" ".join(line.split()[:2]) + f" {peer['address'].split('/')[0]}\n")
    (directory / "peers").write_text("".join(text))
    return Tenant(owner, gateway["id"], peers, str(directory), gateway["endpoint"])


def send(server, method, path, body=None, organization=None):
    headers = {"X-WGW-Organization": organization} if organization else {}
    request = urllib.request.Request(
        f"{server.url}/v2/{path}", method=method, data=None if body is None else json.dumps(body).encode(),
        headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json", **headers},
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)["data"]


def call(command, patience):
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=patience, check=True
        ).stdout
    except subprocess.CalledProcessError as error:
        lines = error.stderr.strip().splitlines()
        raise Problem(lines[-1] if lines else f"{os.path.basename(command[0])} failed") from error
