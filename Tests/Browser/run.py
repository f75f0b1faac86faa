#!/usr/bin/env python3
"""run.py --wgw BINARY [--pictures FOLDER] SCENARIO…: plays scenarios of the portal, each on a server of its own.

Prints what failed, with the server's log. With --pictures, or WGW_SCREENSHOTS in the environment, the pictures of `screenshots` and
those of the pages of a scenario that failed go there. `--list` names the scenarios."""

import argparse
import os
import pathlib
import signal
import subprocess
import sys
import traceback

import scenarios
import tasks
import usage
from browser import Visit, chromium
from world import PATIENCE, Backbone, Client, Server, folder, wait_until

HERE = pathlib.Path(__file__).parent


class Stage:
    """What one scenario makes, all of which is gone afterwards."""

    def __init__(self, binary, browser, where, pictures):
        self.binary, self.browser, self.folder, self.pictures = binary, browser, where, pictures
        self.servers, self.visits, self.clients, self.nodes = [], [], [], []

    def server(self, *options):
        place = self.folder / f"server-{len(self.servers)}"
        place.mkdir()
        # Every server has an address of its own on loopback, so that gateways of two never want one port.
        number = os.getpid() % 60_000
        options = options or ("--bind-address", f"127.77.{number // 250}.{1 + number % 250}", "--endpoint-address", "127.0.0.1")
        self.servers.append(Server(self.binary, place, [*options, "--port-range", "20000-20099"]))
        return self.servers[-1]

    def visit(self, server=None, **more):
        self.visits.append(Visit(self.browser, (server or self.servers[0]).url, **more))
        return self.visits[-1]

    def client(self):
        self.clients.append(Client(self.folder, len(self.clients)))
        return self.clients[-1]

    def backbone(self):
        self.clients.append(Backbone())
        return self.clients[-1]

    def node(self, command, address=None, name="node"):
        """Runs the command by which a machine becomes a node, as the portal shows it, in a process group of its own."""
        run = f"{self.binary} node --data-dir {self.folder / name} --bind-address {address or self.servers[0].options[1]}"
        with open(self.folder / "node-log", "ab") as log:
            self.nodes.append(subprocess.Popen(["sh", "-c", command.replace("wgw node", run)], stdout=log, stderr=log, start_new_session=True))
        return self.nodes[-1]

    def join(self, region, name, address):
        """A region, and a node in it at an address of this machine, which is connected."""
        server = self.servers[0]
        server.api("POST", "regions", {"code": region, "name": name})
        made = server.api("POST", "nodes", {
            "name": f"{region}-1", "regions": [region], "endpoint_address": address, "port_range": "20000-20099",
        })
        process = self.node(f"wgw node --join {made['join_token']}", address, region)
        wait_until(f"{region}-1 is connected", lambda: server.api("GET", f"nodes/{made['id']}")["state"] == "connected")
        return process

    def show(self, name):
        for number, visit in enumerate(self.visits):
            for page in visit.context.pages:
                print(f"    at {page.url}", file=sys.stderr)
                text = " | ".join(page.locator("body").inner_text(timeout=5_000).split("\n"))
                print(f"    which shows: {text[:3_000]}", file=sys.stderr)
                if self.pictures:
                    page.screenshot(path=self.pictures / f"failed-{name}-{number}.png")

    def end(self):
        for visit in self.visits:
            visit.close()
        for process in self.nodes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(PATIENCE)
        for server in self.servers:
            server.stop()
        for client in self.clients:
            client.remove()


def play(scenario, arguments, browser):
    with folder() as where:
        stage = Stage(arguments.wgw, browser, pathlib.Path(where), arguments.pictures)
        try:
            scenario(stage)
            print(f"{scenario.__name__}: done", flush=True)
            return True
        except Exception as failure:
            print(f"{scenario.__name__}: {scenario.__doc__}", file=sys.stderr)
            traceback.print_exc()
            steps = [step for step in traceback.extract_tb(failure.__traceback__) if step.filename.startswith(str(HERE))]
            what = f"{scenario.__name__} failed at {pathlib.Path(steps[-1].filename).name}:{steps[-1].lineno}: {steps[-1].line} {failure!r}"
            try:
                stage.show(scenario.__name__)
            except Exception as error:
                print(f"    no picture: {error}", file=sys.stderr)
            for server in stage.servers:
                log = (server.folder / "log").read_text().splitlines()
                print("\n".join(line for line in log[-400:] if ' info request ' not in line)[-4000:], file=sys.stderr)
            # The last line says it all: of a long report of tests, that line is what is shown at its end.
            print(what.replace("\n", " ")[:500], file=sys.stderr, flush=True)
            return False
        finally:
            stage.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wgw")
    parser.add_argument("--pictures", type=pathlib.Path, default=os.environ.get("WGW_SCREENSHOTS"))
    parser.add_argument("--list", action="store_true")
    parser.add_argument("scenario", nargs="*")
    arguments = parser.parse_args()
    names = {scenario.__name__: scenario for scenario in scenarios.ALL + tasks.ALL + usage.ALL}
    if arguments.list:
        print("\n".join(names))
        return 0
    if arguments.pictures:
        arguments.pictures = pathlib.Path(arguments.pictures)
        arguments.pictures.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        results = [play(names[name], arguments, browser) for name in arguments.scenario or names]
    return 0 if all(results) else 1


sys.exit(main())
