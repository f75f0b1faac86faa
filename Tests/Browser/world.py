"""A server with objects in it, and a client in a network namespace."""

import json
import os
import pathlib
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

KEY = "KEY-for-browser-tests"
HOSTILE = "<img src=x onerror=alert(1)>"
PATIENCE = 60  # seconds; a busy machine is slow, and no scenario is about speed


def wait_until(what, condition):
    end = time.monotonic() + PATIENCE
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"not in {PATIENCE} s: {what}")
        time.sleep(0.05)
    return value


class Refused(Exception):
    def __init__(self, status, text):
        super().__init__(f"HTTP {status}: {text}")
        self.status = status


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.text = response.read().decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Server:
    """`wgw serve` with a data directory of its own. It can be stopped and started again."""

    def __init__(self, binary, folder, options=()):
        self.binary, self.folder, self.options = binary, folder, list(options)
        self.listen = "127.0.0.1:0"
        self.process = None
        self.start()

    def start(self):
        output = self.folder / "output"
        command = [self.binary, "serve", "--listen", self.listen, "--data-dir", str(self.folder / "data")]
        with open(output, "wb") as out, open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                command + self.options, stdout=out, stderr=log,
                env={"PATH": "/usr/bin:/bin", "WGW_API_KEY": KEY},
            )
        def ready():
            if self.process.poll() is not None:
                raise AssertionError("the server did not start: " + (self.folder / "log").read_text())
            return "wgw is ready" in output.read_text()
        wait_until("the server is ready", ready)
        self.url = re.search(r"(http://\S+)/v2", output.read_text())[1]
        self.listen = self.url.removeprefix("http://")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def api(self, method, path, body=None, key=KEY):
        request = urllib.request.Request(
            self.url + "/v2/" + path, method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as response:
                return json.load(response)["data"]
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode()) from None

    def get(self, path, **headers):
        return self.send("GET", path, **headers)

    def send(self, method, path, form=None, **headers):
        """Without a key, as any client; a redirection is an answer."""
        request = urllib.request.Request(
            self.url + path, method=method,
            data=None if form is None else urllib.parse.urlencode(form).encode(),
            headers={"Accept": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}},
        )
        try:
            with urllib.request.build_opener(NoRedirect).open(request, timeout=PATIENCE) as response:
                return Answer(response)
        except urllib.error.HTTPError as error:
            return Answer(error)


class Objects:
    """One of each kind, of names that a test may choose."""

    def __init__(self, server, name="office"):
        self.network = server.api("POST", "networks", {"name": name})["id"]
        self.gateway = server.api(
            "POST", "wireguard_interfaces",
            {"network_id": self.network, "region_code": "local", "name": name},
        )["id"]
        peers = [
            server.api("POST", "wireguard_peers", {"wireguard_interface_id": self.gateway, "name": each})["id"]
            for each in [name, "a-device-whose-name-has-sixty-four-characters-and-not-one-blank-x", "phone"]
        ]
        self.peer = peers[0]
        self.share = self.make_share(server, peers[1])
        self.spent = self.make_share(server, peers[2])
        server.send("POST", "/shares/" + self.spent, Accept="text/plain")
        wait_until(
            "the gateway is in service",
            lambda: server.api("GET", "wireguard_interfaces/" + self.gateway)["status"] == "provisioned",
        )

    @staticmethod
    def make_share(server, peer):
        return server.api("POST", f"wireguard_peers/{peer}/shares", {})["url"].rsplit("/", 1)[1]

    def path(self, page):
        return page.path.format(**vars(self))


class Client:
    """Debian's wireguard-go on a host of its own, set up as wg-quick would, and a cable to the server's."""

    def __init__(self, folder, number=0):
        self.folder, self.process = folder, None
        self.name = f"wgwb{os.getpid()}{'xyz'[number]}"
        subnet = 10 + (os.getpid() + number) % 240
        self.server_address = f"198.18.{subnet}.1"
        run("ip", "netns", "add", self.name)
        run("ip", "link", "add", f"{self.name}a", "type", "veth", "peer", "name", "eth0", "netns", self.name)
        run("ip", "address", "add", f"{self.server_address}/30", "dev", f"{self.name}a")
        run("ip", "link", "set", f"{self.name}a", "up")
        self.run("ip", "address", "add", f"198.18.{subnet}.2/30", "dev", "eth0")
        self.run("ip", "link", "set", "eth0", "up")
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *words, **more):
        return run("ip", "netns", "exec", self.name, *words, **more)

    def connect(self, config):
        """- config: the text of a config for wg-quick."""
        values = dict(re.findall(r"^(\w+) *= *(.+)$", config, re.M))
        kept = [line for line in config.splitlines() if not re.match(r"(Address|DNS|MTU) *=", line)]
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, "wireguard-go", "--foreground", self.name],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        # Not by `wg show`, which removes a control socket that does not listen yet.
        with socket.socket(socket.AF_UNIX) as client:
            control = f"/var/run/wireguard/{self.name}.sock"
            wait_until("wireguard-go is up", lambda: client.connect_ex(control) == 0)
        self.run("wg", "setconf", self.name, "/dev/stdin", input="\n".join(kept) + "\n")
        for address in values["Address"].split(","):
            self.run("ip", "address", "add", address.strip(), "dev", self.name)
        self.run("ip", "link", "set", self.name, "mtu", "1420", "up")
        for network in values["AllowedIPs"].split(","):
            self.run("ip", "route", "add", network.strip(), "dev", self.name)

    def ping(self, address):
        wait_until(f"an echo from {address}", lambda: self.attempt("ping", "-c1", "-W2", address))

    def attempt(self, *words):
        return subprocess.run(["ip", "netns", "exec", self.name, *words], capture_output=True).returncode == 0

    def remove(self):
        if self.process:
            self.process.kill()
            self.process.wait()
        subprocess.run(["ip", "netns", "del", self.name], capture_output=True)
        subprocess.run(["ip", "link", "del", f"{self.name}a"], capture_output=True)


class Backbone:
    """Addresses of this machine, one for each of three nodes, and the ways between them, which can be cut."""

    def __init__(self):
        self.name = f"wgwl{os.getpid()}"
        self.addresses = [f"198.19.{os.getpid() % 250}.{number}" for number in (1, 2, 3)]
        run("ip", "link", "add", self.name, "type", "veth", "peer", "name", f"{self.name}p")
        for address in self.addresses:
            run("ip", "address", "add", f"{address}/32", "dev", self.name)
        run("ip", "link", "set", self.name, "up")

    def cut(self, one, other):
        """No packet gets from one to the other any more."""
        run("nft", "-f", "-", input=f"""
            table ip {self.name} {{
                chain output {{
                    type filter hook output priority 0;
                    ip saddr {one} ip daddr {other} drop
                    ip saddr {other} ip daddr {one} drop
                }}
            }}
        """)

    def mend(self):
        run("nft", "delete", "table", "ip", self.name)

    def remove(self):
        subprocess.run(["nft", "delete", "table", "ip", self.name], capture_output=True)
        subprocess.run(["ip", "link", "del", self.name], capture_output=True)


def run(*words, input=None):
    result = subprocess.run(words, input=input, capture_output=True, text=True)
    if result.returncode != 0:
        raise AssertionError(f"{' '.join(words)}: {result.stderr}")
    return result.stdout


def folder():
    return tempfile.TemporaryDirectory(prefix="wgw-browser-")


Path = pathlib.Path
