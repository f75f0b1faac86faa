"""A server under load: `wgw serve`, its API, and wrk, another process."""

import contextlib
import json
import os
import re
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from gateways import DIES_WITH_US, last_line
from machine import Problem

KEY = "KEY-of-scripts-bench-api"
PATIENCE = 20

WRK = """
wrk.headers["Authorization"] = "Bearer {key}"
wrk.headers["Content-Type"] = "application/json"
{rest}
done = function(summary, latency)
    local errors = summary.errors
    io.stderr:write(string.format('{{"requests": %d, "us": %d, "broken": %d, "refused": %d, "late": %d, ',
        summary.requests, summary.duration, errors.connect + errors.read + errors.write, errors.status,
        errors.timeout))
    io.stderr:write(string.format('"p50": %d, "p99": %d}}\\n', latency:percentile(50), latency:percentile(99)))
end
"""


class API:
    def __init__(self, base):
        self.base = base

    def call(self, path, body=None):
        request = urllib.request.Request(
            self.base + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Problem(f"{path} was refused: {error.read().decode()}") from None

    def start_load(self, path, seconds, clients, rest=""):
        """Answers what waits for the end and tells what wrk saw: requests a second, and latencies in milliseconds."""
        with contextlib.ExitStack() as stack:
            script = stack.enter_context(tempfile.NamedTemporaryFile("w", suffix=".lua"))
            script.write(WRK.format(key=KEY, rest=rest))
            script.flush()
            command = ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "-s", script.name]
            process = subprocess.Popen(
                DIES_WITH_US + command + [self.base + path], text=True,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            kept = stack.pop_all()

        def end():
            with kept:
                _, said = process.communicate()
            if process.returncode != 0:
                raise Problem(f"wrk failed: {last_line(said)}")
            figures = json.loads(said.strip().splitlines()[-1])
            for failure in ("broken", "refused", "late"):
                if figures[failure]:
                    raise Problem(f"{figures[failure]} requests of {path} were {failure}")
            rate = figures["requests"] / figures["us"] * 1e6
            return rate, figures["p50"] / 1000, figures["p99"] / 1000

        return end

    def load(self, path, seconds, clients, rest=""):
        return self.start_load(path, seconds, clients, rest)()


def posting(body):
    return f"wrk.method = 'POST'\nwrk.body = '{json.dumps(body)}'"


@contextlib.contextmanager
def started(words, folder, name, environment=None):
    """A program of ours, whose standard output and log are files of that name."""
    with open(f"{folder}/{name}.log", "wb") as log, open(f"{folder}/{name}.out", "wb") as out:
        process = subprocess.Popen(
            DIES_WITH_US + words, stdout=out, stderr=log, env=dict(os.environ, **(environment or {}))
        )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def server(wgw, folder, name="server", words=(), environment=None):
    command = [
        wgw, "serve", "--listen", "127.0.0.1:0", "--data-dir", f"{folder}/{name}", "--endpoint-address", "127.0.0.1",
        "--rate-limit", "off", *words,
    ]
    with started(command, folder, name, {"WGW_API_KEY": KEY, **(environment or {})}) as process:
        deadline = time.monotonic() + PATIENCE
        while True:
            with open(f"{folder}/{name}.out", encoding="utf-8") as out:
                base = re.search(r"http://[\d.]+:\d+/v2", out.read())
            if base:
                break
            if process.poll() is not None or time.monotonic() > deadline:
                with open(f"{folder}/{name}.log", encoding="utf-8") as log:
                    raise Problem(f"wgw serve did not start: {last_line(log.read())}")
            time.sleep(0.05)
        yield API(base.group())
