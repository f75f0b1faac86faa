"""TCP of real kernels through a hub's way out of the tunnel, by iperf3:

    client ── hub ── service

The client reaches the service through the tunnel alone: there is no route besides."""

import contextlib
import json
import os
import subprocess
import tempfile

from gateways import DIES_WITH_US, Gateway, is_wireguard_go, last_line, process, wait
from hosts import row_of_hosts
from machine import Problem

SERVICE, SERVICE_PREFIX = "203.0.113.1", "203.0.113.0/24"
# The tunnel of a hub that is not ours.
CLIENT_ADDRESS, HUB_ADDRESS, PORT = "172.27.0.2", "172.27.0.1", 5000
MTU = 1420
API = "http://127.0.0.1:8080"


class Site:
    """The three hosts, and a folder for what runs on them."""

    def __init__(self, hosts, folder):
        self.client, self.hub, self.service = hosts
        self.folder, self.runs = folder, 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            os.chmod(file.fileno(), 0o600)
            file.write(text)
        return self.path(name)

    def new_folder(self, name):
        """One that no run before has used."""
        self.runs += 1
        folder = self.path(f"{name}-{self.runs}")
        os.mkdir(folder, 0o700)
        return folder

    @contextlib.contextmanager
    def running(self, host, command, log, is_ready, processor=None, environment=None):
        """A program on a host, once `is_ready`, which takes what it has written."""
        pin = [] if processor is None else ["taskset", "-c", str(processor)]
        words = DIES_WITH_US + host.inside + pin + command
        environment = dict(os.environ, **(environment or {}))
        with process(words, self.path(log), environment) as (child, written):
            name = os.path.basename(command[0])
            wait(lambda: is_ready(written()), child, written, name, 20)
            yield child


@contextlib.contextmanager
def site(bench):
    """Everything but hub and client."""
    if not bench.others:
        raise Problem("network namespaces need root; use sudo")
    folder = tempfile.mkdtemp(prefix="tcp-", dir=bench.load.scratch)
    with row_of_hosts(3) as hosts:
        here = Site(hosts, folder)
        service = here.service
        service.do("ip", "address", "add", f"{SERVICE}/32", "dev", "lo")
        here.hub.do("ip", "route", "add", SERVICE_PREFIX, "via", service.addresses[0])
        yield here


@contextlib.contextmanager
def way_out(here, binary, processor=None):
    """A hub that leads to the service: what it is reached by, and the client's config file."""
    kind = with_wireguard_go if is_wireguard_go(binary) else with_wgw
    with kind(here, binary, processor) as (gateway, config):
        yield gateway, config


@contextlib.contextmanager
def with_wgw(here, binary, processor):
    """`wgw serve` with a private service, set up as its users do."""
    folder = here.new_folder("data")
    key = "wgwb-" + os.urandom(16).hex()
    environment = {
        "WGW_API_KEY": key, "WGW_URL": API, "WGW_DATA_DIR": folder, "HOME": folder,
        "WGW_ENDPOINT_ADDRESS": here.hub.addresses[0], "WGW_WORKERS": "1",
    }
    serve = here.running(
        here.hub, [binary, "serve"], "serve.log", lambda text: "wgw is ready" in text,
        processor, environment
    )
    with serve as child:
        def wgw(*words):
            command = here.hub.inside + [binary, *words]
            return call(command, dict(os.environ, **environment))

        # The first one makes network and gateway too.
        wgw("peer", "create", "first", "-o", f"{folder}/first.conf")
        wgw("service", "create", "bench", "--prefixes", SERVICE_PREFIX)
        gateway = json.loads(wgw("gateway", "list", "-o", "json"))
        name = (gateway["data"] if isinstance(gateway, dict) else gateway)[0]["id"]
        wgw("gateway", "update", name, "--services", "bench")
        wgw("wait", "gateway", name, "--for", "provisioned")
        wgw("peer", "create", "client", "-o", f"{folder}/client.conf")
        with open(f"{folder}/client.conf", encoding="utf-8") as file:
            yield Gateway(child.pid, here.hub.addresses[0], 0), file.read()


@contextlib.contextmanager
def with_wireguard_go(here, binary, processor):
    """wireguard-go, behind which the kernel forwards and masquerades, as `wgw serve` has it done."""
    hub_key, client_key = (call(["wg", "genkey"]).strip() for _ in range(2))
    public = {key: call(["wg", "pubkey"], text=key).strip() for key in (hub_key, client_key)}
    setconf = here.write("hub.conf", "\n".join([
        "[Interface]", f"PrivateKey = {hub_key}", f"ListenPort = {PORT}",
        "[Peer]", f"PublicKey = {public[client_key]}", f"AllowedIPs = {CLIENT_ADDRESS}/32", "",
    ]))
    config = "\n".join([
        "[Interface]", f"PrivateKey = {client_key}", f"Address = {CLIENT_ADDRESS}/32",
        f"MTU = {MTU}", "[Peer]", f"PublicKey = {public[hub_key]}",
        f"Endpoint = {here.hub.addresses[0]}:{PORT}",
        f"AllowedIPs = {HUB_ADDRESS}/32, {SERVICE_PREFIX}", "PersistentKeepalive = 25", "",
    ])
    with device_of(here, here.hub, binary, "hub", setconf, HUB_ADDRESS, processor) as child:
        here.hub.do("ip", "route", "add", f"{CLIENT_ADDRESS}/32", "dev", name_of("hub"))
        here.hub.set("ip_forward", 1)
        table = here.write("hub.nft", """table ip bench {
            chain postrouting {
                type nat hook postrouting priority srcnat;
                oifname "right" masquerade
            }
        }""")
        here.hub.do("nft", "-f", table)
        try:
            yield Gateway(child.pid, here.hub.addresses[0], 0), config
        finally:
            here.hub.do("nft", "delete", "table", "ip", "bench")
            here.hub.set("ip_forward", 0)


def name_of(role):
    """Of a device; the sockets by which they are set up are in one folder for all namespaces."""
    return f"wb{os.getpid() % 100_000}{role}"


@contextlib.contextmanager
def device_of(here, host, binary, role, setconf, address, processor):
    name = name_of(role)
    control = f"/var/run/wireguard/{name}.sock"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(control)
    runs = here.running(
        host, [binary, "-f", name], f"{role}.log", lambda _: os.path.exists(control), processor
    )
    with runs as child:
        host.do("wg", "setconf", name, setconf)
        host.do("ip", "address", "add", f"{address}/32", "dev", name)
        host.do("ip", "link", "set", name, "mtu", str(MTU), "up")
        yield child


@contextlib.contextmanager
def client(here, binary, config, processor=None):
    """The other end of the tunnel to the service, once it is up. Its process."""
    with tunnel(here, here.client, binary, "c", config, processor) as child:
        # The handshake is not part of what is measured.
        here.client.do("ping", "-c", "1", "-W", "5", SERVICE)
        yield child


@contextlib.contextmanager
def tunnel(here, host, binary, role, config, processor=None):
    """A peer by its config, on any host: `wgw connect`, or wireguard-go and the routes that wg-quick makes. Its process."""
    if not is_wireguard_go(binary):
        file = here.write(f"{name_of(role)}.conf", config)
        runs = here.running(
            host, [binary, "connect", file], f"{role}.log", lambda text: "is ready" in text,
            processor, {"WGW_WORKERS": "1"}
        )
        with runs as child:
            yield child
        return
    # What wg-quick knows, and wg does not.
    keys = ("Address", "MTU", "DNS")
    setconf = here.write(f"{role}.setconf", "\n".join(
        line for line in config.splitlines() if line.split("=")[0].strip() not in keys
    ) + "\n")
    with device_of(here, host, binary, role, setconf, address_of(config), processor) as child:
        for prefix in values_of(config)["AllowedIPs"].split(","):
            host.do("ip", "route", "add", prefix.strip(), "dev", name_of(role))
        yield child


def values_of(config):
    """By their names, of a config with one peer."""
    pairs = (line.split("=", 1) for line in config.splitlines() if "=" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def address_of(config):
    return values_of(config)["Address"].split("/")[0]


def iperf3(here, flows, is_upward, seconds, processor=None, address=SERVICE, settling=0):
    """What arrived, in bytes and Gbit/s, when the first seconds are not counted. Up is from the client to the address."""
    pin = [] if processor is None else ["taskset", "-c", str(processor)]
    words = ["iperf3", "-c", address, "-J", "-O", str(settling), "-t", str(seconds), "-P", str(flows)]
    # A server for each run: one that has lost a connection to an overloaded tunnel serves no more.
    serves = here.running(
        here.service, ["iperf3", "-s", "-1", "--forceflush"], "iperf3.log",
        lambda text: "Server listening" in text, processor
    )
    with serves:
        text = call(
            DIES_WITH_US + here.client.inside + pin + words + ([] if is_upward else ["-R"]),
            patience=settling + seconds + 20
        )
    report = json.loads(text)
    if "error" in report:
        raise Problem(f"iperf3: {report['error']}")
    received = report["end"]["sum_received"]
    if not received["bytes"]:
        raise Problem("iperf3: nothing arrived")
    return {
        "bytes": received["bytes"], "gbps": received["bits_per_second"] / 1e9,
        "retransmits": report["end"]["sum_sent"].get("retransmits", 0),
    }


def processor_seconds(pid):
    """User and system, of all its threads, those that have ended included."""
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measured(here, pids, *run, **options):
    """One run of `iperf3`, and the seconds of processor that it cost each process for each 10^9 bytes of it."""
    before = [processor_seconds(pid) for pid in pids]
    report = iperf3(here, *run, **options)
    after = [processor_seconds(pid) for pid in pids]
    report["cpu"] = [(end - start) / (report["bytes"] / 1e9) for start, end in zip(before, after)]
    return report


def call(command, environment=None, text=None, patience=30):
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=patience, check=True, input=text,
            env=environment
        )
    except subprocess.CalledProcessError as error:
        said = last_line(error.stderr or error.stdout)
        raise Problem(f"'{' '.join(command)}' failed: {said}") from error
    except subprocess.TimeoutExpired as error:
        raise Problem(f"'{' '.join(command)}' took more than {patience} seconds") from error
    return result.stdout
