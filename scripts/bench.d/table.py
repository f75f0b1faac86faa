"""The table: medians over all rounds, their spread, and whether each bound is met."""

import dataclasses
import statistics

from rows import (
    ACTIVE_PAIRS, ATTACKS, DIRECTIONS, FULL_PAIRS, TCP_FLOWS, VALID_RATE, WIDER_PREFIXES,
)

# The program that a table is about.
HUB = "hub"


@dataclasses.dataclass(frozen=True)
class Line:
    """A figure of a row, beside the same figure of `than`, a row and who, if there is one.

    At most one bound: for the ratio of both, or for the figure itself."""

    title: str
    row: str
    figure: str
    than: tuple = None
    most_ratio: float = None
    least_ratio: float = None
    most: float = None
    least: float = None
    who: str = HUB
    unit: str = ""


def lines(bench):
    """Of the programs that are not ours, all are held against the same bounds."""
    others = [name for name, _ in bench.others] or ["wireguard-go"]
    yield from cost_lines(others)
    yield from peer_lines()
    for burst in (1, 32):
        row, title = f"latency-{burst}", f"10 % load, bursts of {burst}: latency p99"
        yield Line(title, row, "p99", (row, "forwarder"), most_ratio=1.5, unit="us")
    yield Line("handshakes", "handshakes", "completed", unit="/s")
    title = "handshakes, of what four X25519 allow"
    yield Line(title, "handshakes", "share", least=0.8)
    for attack in ATTACKS:
        title, row = f"flood ({attack})", f"flood-{attack}"
        yield Line(f"{title}: throughput left", row, "ratio", least=0.8)
        title += f": handshakes, of {VALID_RATE} valid ones"
        yield Line(title, row, "completed", least=1, unit="/s")
    yield from tcp_lines(bench, others)


def cost_lines(others):
    def cost(title, row, than, most_ratio=None):
        return Line(f"{title}: CPU", row, "cpu", than, most_ratio, unit="s/GB")

    for row, title, most, eighth in (
        ("1420x32", "1420 bytes, bursts of 32", 1.25, 1 / 8),
        ("1420x44", "1420 bytes, bursts of 44", 1.25, 1 / 8),
        ("256x32", "256 bytes, bursts of 32", 1.4, None),
        ("1420x1", "1420 bytes, one at a time", 1.25, None),
    ):
        yield cost(title, row, (row, "floor"), most)
        for other in others:
            yield cost(title, row, (row, other), eighth)
    yield cost("two workers", "workers-2", ("workers-1", HUB), 1.1)
    yield Line("two workers: packets out of order", "workers-2", "reordered", most=0)
    yield cost(f"{ACTIVE_PAIRS} pairs", f"pairs-{ACTIVE_PAIRS}", ("pairs-1", HUB), 1.3)
    routes = 2 * FULL_PAIRS + WIDER_PREFIXES
    yield cost(f"{routes} routes", "table-full", ("table-small", HUB))


def tcp_lines(bench, others):
    for flows in TCP_FLOWS:
        for direction in DIRECTIONS:
            row, most = f"egress-{flows}-{direction}", 0.5 if flows == 1 else None
            title = f"TCP through egress, {flows} × {direction}: CPU"
            for other in others:
                yield Line(title, row, "cpu", (row, other), most, unit="s/GB")
    ours = [name for name, _ in bench.hubs]
    for direction in DIRECTIONS:
        row, title = f"connect-{direction}", f"wgw connect, TCP {direction}"
        for other in (name for name, _ in bench.clients if name not in ours):
            yield Line(f"{title}: throughput", row, "tcp", (row, other), least_ratio=1, unit="Gbit/s")
            yield Line(f"{title}: CPU", row, "cpu", (row, other), unit="s/GB")


def peer_lines():
    yield Line("an active peer: memory", "pairs", "bytes", most=8192, unit="B")
    idle = ("setconf", "wireguard-go")
    yield Line("an idle peer: memory", "table", "bytes", idle, most=512, unit="B")
    title = f"start with {2 * FULL_PAIRS} peers"
    yield Line(title, "table-full", "start", most=2, unit="s")
    for peers in (5000, 10000):
        title, row = f"wg setconf with {peers} peers", f"setconf-{peers}"
        yield Line(title, row, "start", who="wireguard-go", unit="s")


def text(bench, about, missing):
    """The whole report in Markdown. `missing` tells for rows why they were not measured."""
    parts = ["".join(f"- {name}: {value}\n" for name, value in about)]
    for name, _ in bench.hubs:
        heading = f"### {name}\n\n" if len(bench.hubs) > 1 else ""
        cells = [comparison(bench.figures, line, name) for line in lines(bench)]
        heads = ["what", "measured", "held against", "ratio", "bound", ""]
        parts.append(heading + table(heads, filter(None, cells)))
    if len(bench.hubs) > 1:
        parts.append(f"### {bench.hubs[0][0]} against {bench.hubs[1][0]}\n\n" + versus(bench))
    parts.append("What came through in the same runs:\n\n" + throughput(bench.figures))
    parts.append("TCP of the kernel through the same machine:\n\n" + streams(bench.figures))
    for row, reason in missing.items():
        parts.append(f"Not measured: {row}, because {reason}.\n")
    return "\n".join(parts)


def comparison(figures, line, name):
    """The cells of a line, or nothing when it was not measured."""
    values = figures.get((line.row, line.figure, name if line.who == HUB else line.who))
    if not values:
        return None
    other, ratios = "", []
    if line.than:
        row, who = line.than[0], name if line.than[1] == HUB else line.than[1]
        others = figures.get((row, line.figure, who))
        if others:
            place = who if row == line.row else row
            other = f"{place}: {spread(others, line.unit)}"
            # Of the same round: what slows the machine down slows both. A figure of the first
            # round only is held against all.
            ratios = [a / others[min(i, len(others) - 1)] for i, a in enumerate(values)]
        elif line.most is None:
            return None
    ratio = spread(ratios) if ratios else ""
    return [line.title, spread(values, line.unit), other, ratio, *verdict(line, values, ratios)]


def verdict(line, values, ratios):
    if line.least is not None:
        sign, bound, is_met = "≥", line.least, statistics.median(values) >= line.least
    elif line.most is not None:
        sign, bound, is_met = "≤", line.most, statistics.median(values) <= line.most
    elif line.most_ratio is not None:
        sign, bound, is_met = "≤", line.most_ratio, statistics.median(ratios) <= line.most_ratio
    elif line.least_ratio is not None:
        sign, bound, is_met = "≥", line.least_ratio, statistics.median(ratios) >= line.least_ratio
    else:
        return "", ""
    return f"{sign} {bound:g}", "met" if is_met else "**missed**"


# Counts of what should not happen, of which a ratio says nothing.
UNRATED = ("loss", "reordered", "retransmits")


def versus(bench):
    """All figures that both hubs have."""
    (ours, _), (theirs, _) = bench.hubs[:2]
    rows = []
    for (row, figure, who), values in bench.figures.items():
        others = bench.figures.get((row, figure, theirs))
        if who != ours or not others or figure in UNRATED or 0 in others:
            continue
        ratios = [a / b for a, b in zip(values, others)]
        rows.append([f"{row}: {figure}", spread(values), spread(others), spread(ratios)])
    return table(["what", ours, theirs, "ratio"], rows)


def throughput(figures):
    rows = []
    for (row, figure, who), values in figures.items():
        if figure != "gbps":
            continue
        rate, loss = (figures[row, name, who] for name in ("rate", "loss"))
        window = figures.get((row, "window", who))
        late = sum(figures[row, "reordered", who])
        lost = statistics.median(loss)
        rows.append([
            row, who, spread(values), f"{statistics.median(rate):,.0f}".replace(",", " "),
            f"{100 * lost:.3f} %", f"{late:.0f}", f"{window[0]:.0f}" if window else "1024",
        ])
    return table(
        ["row", "gateway", "Gbit/s", "packets/s", "lost", "out of order", "under way"], rows
    )


def streams(figures):
    rows = []
    for (row, figure, who), values in figures.items():
        if figure != "tcp":
            continue
        cost, again = figures[row, "cpu", who], figures[row, "retransmits", who]
        rows.append([row, who, spread(values), spread(cost), spread(again)])
    return table(["row", "program", "Gbit/s", "CPU s/GB", "sent again"], rows)


def spread(values, unit=""):
    middle = number(statistics.median(values)) + (f" {unit}" if unit else "")
    if len(values) == 1 or min(values) == max(values):
        return middle
    return f"{middle} ({number(min(values))}–{number(max(values))})"


def number(value):
    """Three digits that count."""
    return f"{value:.0f}" if value == 0 or value >= 99.95 else f"{value:#.3g}"


def table(heads, rows):
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)
