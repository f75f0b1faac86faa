"""`wgw-bench`, as a function call: options go in, the JSON object comes out."""

import json
import os
import subprocess

from gateways import last_line
from machine import Problem, free_port

SUBNET = "10.64.0.0/15"


class Directory:
    """What `wgw-bench config` has written."""

    subnet = SUBNET

    def __init__(self, path, port, pairs):
        self.path, self.port, self.pairs = path, port, pairs


class Load:
    """The generator, on one processor."""

    def __init__(self, generator, processor, seconds, scratch, record):
        """`record` takes the command and the report of every measurement."""
        self.generator, self.processor, self.seconds = generator, processor, seconds
        self.scratch, self.record = scratch, record
        self.directories = {}

    def directory(self, pairs, extra_routes=0):
        """Keys and config file for a number of pairs, made at the first call."""
        name = f"{pairs}-{extra_routes}"
        if name not in self.directories:
            path, port = os.path.join(self.scratch, name), free_port()
            command = [self.generator, "config", "--out", path, "--subnet", SUBNET]
            command += words(pairs=pairs, listen_port=port, extra_routes=extra_routes)
            call(command, 120)
            self.directories[name] = Directory(path, port, pairs)
        return self.directories[name]

    def run(self, directory, gateway, seconds=None, **options):
        return self.measure(
            "run", seconds, dir=directory.path, target=gateway.target, gateway_pid=gateway.pid,
            **options
        )

    def floor(self, seconds=None, **options):
        return self.measure("floor", seconds, **options)

    def handshakes(self, directory, gateway, seconds=None, **options):
        return self.measure(
            "handshakes", seconds, dir=directory.path, target=gateway.target,
            gateway_pid=gateway.pid, **options
        )

    def measure(self, kind, seconds, **options):
        options |= {"seconds": seconds or self.seconds, "cpu": self.processor, "json": True}
        command = [self.generator, kind] + words(**options)
        report = json.loads(call(command, 30 + 6 * options["seconds"]))
        self.record(command, report)
        return report


def words(**options):
    """`extra_routes=3, json=True` is `--extra-routes 3 --json`."""
    line = []
    for name, value in options.items():
        line.append("--" + name.replace("_", "-"))
        if value is not True:
            line.append(str(value))
    return line


def call(command, patience):
    """What the command prints. The generator dies with us, and late answers are none."""
    prefix = ["setpriv", "--pdeathsig", "KILL"]
    try:
        result = subprocess.run(
            prefix + command, capture_output=True, text=True, timeout=patience, check=True
        )
    except subprocess.CalledProcessError as error:
        raise Problem(f"wgw-bench {command[1]}: {last_line(error.stderr)}") from error
    except subprocess.TimeoutExpired as error:
        raise Problem(f"'{' '.join(command)}' took more than {patience:.0f} seconds") from error
    return result.stdout
