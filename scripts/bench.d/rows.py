"""The rows of the standard set. Each is a function that measures its part of one round."""

from functools import partial

import tcp
from gateways import hub, wireguard_go
from machine import Problem, settled_bytes

# Peers of the large table, whose /32s are in it beside these wider prefixes.
FULL_PAIRS, WIDER_PREFIXES = 50_000, 300
ACTIVE_PAIRS = 1000
# Lost packets, as a share, that a window of wireguard-go's may cost and still be called lossless.
NO_LOSS = 0.0005
# Valid handshakes a second beside an attack.
VALID_RATE = 100
ATTACKS = ("invalid-mac", "no-cookie", "random")
# TCP connections at once, and their directions as the client sees them.
TCP_FLOWS = (1, 8, 64)
DIRECTIONS = ("up", "down")


class Bench:
    """What rows measure with, and all figures so far."""

    def __init__(self, load, hubs, others, clients, processor):
        """Names and binaries: `hubs` are ours, `others` are wireguard-go's, none without root;
        `clients` are measured as such beside both."""
        self.load, self.hubs, self.others, self.processor = load, hubs, others, processor
        self.clients = hubs + others + clients
        self.figures, self.windows, self.round = {}, {}, 0
        self.full_rate = None

    def note(self, row, figure, who, value):
        if value is None:
            raise Problem(f"{row}: no {figure} was measured")
        self.figures.setdefault((row, figure, who), []).append(float(value))

    def note_run(self, row, who, report):
        self.note(row, "cpu", who, report["gateway_cpu_seconds_per_gb"])
        self.note(row, "rate", who, report["packets_per_second"])
        self.note(row, "gbps", who, report["throughput_gbps"])
        self.note(row, "loss", who, report["loss_ratio"])
        self.note(row, "reordered", who, report["reordered"])

    def turns(self, jobs):
        """All jobs, every other round from the last to the first."""
        for job in jobs if self.round % 2 == 0 else reversed(jobs):
            job()

    def run_hub(self, name, binary, row, directory, workers=1, **options):
        """One run on a fresh hub."""
        processor = self.processor if workers == 1 else None
        with hub(binary, directory, workers, processor) as gateway:
            self.note_run(row, name, self.load.run(directory, gateway, **options))


def packets(size, burst):
    """One pair, as fast as packets go through: hub, floor and wireguard-go."""
    row = f"{size}x{burst}"

    def measure(bench):
        directory = bench.load.directory(pairs=2)
        shape = {"size": size, "burst": burst}

        def measure_floor():
            report = bench.load.floor(**shape)
            bench.note(row, "cpu", "floor", report["floor_cpu_seconds_per_gb"])

        def measure_other(name, binary):
            with wireguard_go(binary, directory, bench.processor) as gateway:
                window = best_window(bench, name, directory, gateway, shape)
                report = bench.load.run(directory, gateway, pairs=1, window=window, **shape)
                bench.note_run(row, name, report)
                bench.note(row, "window", name, window)

        jobs = [
            partial(bench.run_hub, *one, row, directory, pairs=1, **shape) for one in bench.hubs
        ]
        jobs.insert(1, measure_floor)
        jobs += [partial(measure_other, *one) for one in bench.others]
        bench.turns(jobs)

    return measure


def best_window(bench, name, directory, gateway, shape):
    """How many packets may be under way to wireguard-go so that it loses none, where its receive
    buffer and the queue of its device are small, and needs the least CPU for those it forwards."""
    key = (name, *shape.values())
    if key not in bench.windows:
        costs = {}
        for window in (16, 32, 64, 96, 128, 192, 256, 512, 1024):
            if window < shape["burst"]:
                continue
            report = bench.load.run(
                directory, gateway, seconds=1, pairs=1, window=window, **shape
            )
            loss = report["loss_ratio"]
            costs[window] = (max(loss, NO_LOSS), report["gateway_cpu_seconds_per_gb"])
            # A larger window loses more still.
            if loss > 0.05:
                break
        bench.windows[key] = min(costs, key=costs.get)
    return bench.windows[key]


def workers(bench):
    """64 pairs through one and through two workers, which may run where they like."""
    directory = bench.load.directory(pairs=64)

    def measure(name, binary, count):
        row = f"workers-{count}"
        with hub(binary, directory, count) as gateway:
            bench.note_run(row, name, bench.load.run(directory, gateway))
            times = gateway.worker_seconds()
            if len(times) == count:
                bench.note(row, "share of the second worker", name, times[-1] / sum(times))

    bench.turns([partial(measure, *one, count) for one in bench.hubs for count in (1, 2)])


def pairs(bench):
    """The same hub with one pair and with many active, and what an active peer takes."""
    directory = bench.load.directory(pairs=ACTIVE_PAIRS)

    def measure_many(name, binary):
        with hub(binary, directory, 1, bench.processor) as gateway:
            before = settled_bytes(gateway.pid)
            report = bench.load.run(directory, gateway)
            bench.note_run(f"pairs-{ACTIVE_PAIRS}", name, report)
            grown = report["gateway_rss_bytes"] - before
            bench.note("pairs", "bytes", name, grown / (2 * ACTIVE_PAIRS))

    jobs = []
    for one in bench.hubs:
        jobs += [
            partial(bench.run_hub, *one, "pairs-1", directory, pairs=1),
            partial(measure_many, *one),
        ]
    bench.turns(jobs)


def table(bench):
    """A full routing table: time to start, memory of idle peers, and packets through it."""
    full = bench.load.directory(FULL_PAIRS, WIDER_PREFIXES)
    small = bench.load.directory(pairs=1)

    def measure(name, binary, directory, row):
        with hub(binary, directory, 1, bench.processor) as gateway:
            bench.note(row, "start", name, gateway.seconds)
            bench.note(row, "resident", name, settled_bytes(gateway.pid))
            bench.note_run(row, name, bench.load.run(directory, gateway, pairs=1))

    jobs = []
    for one in bench.hubs:
        jobs += [
            partial(measure, *one, small, "table-small"),
            partial(measure, *one, full, "table-full"),
        ]
    bench.turns(jobs)
    for name, _ in bench.hubs:
        sizes = [bench.figures["table-" + kind, "resident", name][-1] for kind in ("full", "small")]
        bench.note("table", "bytes", name, (sizes[0] - sizes[1]) / (2 * FULL_PAIRS - 2))


def setconf(bench):
    """Configuring wireguard-go, and its idle peers' memory: in the first round only."""
    if not bench.others or bench.round > 0:
        return
    resident = {}
    for count in (1, 2500, 5000):
        directory = bench.load.directory(pairs=count)
        with wireguard_go("wireguard-go", directory, bench.processor) as gateway:
            resident[count] = settled_bytes(gateway.pid)
            bench.note(f"setconf-{2 * count}", "start", "wireguard-go", gateway.seconds)
    grown = resident[5000] - resident[1]
    bench.note("setconf", "bytes", "wireguard-go", grown / (2 * 5000 - 2))


def latency(burst):
    """At a tenth of what goes through in bursts of 32: hub, and a plain forwarder."""
    row = f"latency-{burst}"

    def measure(bench):
        directory = bench.load.directory(pairs=2)
        rate = round(tenth(bench, directory))
        shape = {"burst": burst, "rate": rate}

        def note(who, report):
            bench.note(row, "p99", who, report["latency_us"]["p99"])
            bench.note(row, "p50", who, report["latency_us"]["p50"])
            bench.note(row, "rate", who, rate)

        def measure_hub(name, binary):
            with hub(binary, directory, 1, bench.processor) as gateway:
                note(name, bench.load.run(directory, gateway, pairs=1, **shape))

        jobs = [partial(measure_hub, *one) for one in bench.hubs]
        jobs.insert(1, lambda: note("forwarder", bench.load.floor(**shape)))
        bench.turns(jobs)

    return measure


def tenth(bench, directory):
    """A tenth of our hub's packets a second, the same for all rounds."""
    name, binary = bench.hubs[0]
    known = bench.figures.get(("1420x32", "rate", name))
    if known and bench.full_rate is None:
        bench.full_rate = known[0]
    if bench.full_rate is None:
        with hub(binary, directory, 1, bench.processor) as gateway:
            bench.full_rate = bench.load.run(directory, gateway, pairs=1)["packets_per_second"]
    return bench.full_rate / 10


def handshakes(bench):
    """As many handshakes as the hub completes."""
    directory = bench.load.directory(pairs=ACTIVE_PAIRS)

    def measure(name, binary):
        with hub(binary, directory, 1, bench.processor) as gateway:
            report = bench.load.handshakes(directory, gateway, max=True)
            bench.note("handshakes", "completed", name, report["handshakes_per_second"])
            bench.note("handshakes", "share", name, report["x25519_ratio"])

    bench.turns([partial(measure, *one) for one in bench.hubs])


def flood(bench):
    """A data stream and some valid handshakes while invalid initiations come in."""
    directory = bench.load.directory(pairs=64)

    def measure(name, binary, attack):
        with hub(binary, directory, 1, bench.processor) as gateway:
            report = bench.load.handshakes(
                directory, gateway, seconds=1, rate=VALID_RATE, attack=attack
            )
            row, storm = f"flood-{attack}", report["storm_beside_data"]
            bench.note(row, "ratio", name, report["throughput_ratio"])
            bench.note(row, "completed", name, storm["completed_per_second"])

    bench.turns([partial(measure, *one, attack) for attack in ATTACKS for one in bench.hubs])


def egress(bench):
    """TCP of real kernels from a peer to a service behind the hub, and back."""

    def measure(here, name, binary):
        with tcp.way_out(here, binary, bench.processor) as (gateway, config):
            with tcp.client(here, bench.hubs[0][1], config, bench.load.processor):
                for flows in TCP_FLOWS:
                    for direction in DIRECTIONS:
                        note_tcp(
                            bench, f"egress-{flows}-{direction}", name,
                            tcp.measured(
                                here, [gateway.pid], flows, direction == "up", bench.load.seconds,
                                bench.load.processor
                            ),
                        )

    with tcp.site(bench) as here:
        bench.turns([partial(measure, here, *one) for one in bench.hubs + bench.others])


def connect(bench):
    """The same with several clients at our hub; all programs may run where they like."""

    def measure(here, config, name, binary):
        with tcp.client(here, binary, config) as client:
            for direction in DIRECTIONS:
                note_tcp(
                    bench, f"connect-{direction}", name,
                    tcp.measured(here, [client.pid], 1, direction == "up", bench.load.seconds),
                )

    with tcp.site(bench) as here, tcp.way_out(here, bench.hubs[0][1]) as (_, config):
        bench.turns([partial(measure, here, config, *one) for one in bench.clients])


def note_tcp(bench, row, name, report):
    bench.note(row, "cpu", name, report["cpu"][0])
    bench.note(row, "tcp", name, report["gbps"])
    bench.note(row, "retransmits", name, report["retransmits"])


ROWS = {
    "1420x32": packets(1420, 32),
    "1420x44": packets(1420, 44),
    "256x32": packets(256, 32),
    "1420x1": packets(1420, 1),
    "workers": workers,
    "pairs": pairs,
    "table": table,
    "setconf": setconf,
    "latency-1": latency(1),
    "latency-32": latency(32),
    "handshakes": handshakes,
    "flood": flood,
    "egress": egress,
    "connect": connect,
}
