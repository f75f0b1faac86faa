"""Callers of the API who repeat what was not answered, and remember what was."""

import http.client
import json
import random
import threading
import time
import urllib.parse

PATIENCE = 60  # seconds for one call with all of its repetitions


class Refused(Exception):
    """An answer that says no, and will say so again."""

    def __init__(self, status, text):
        super().__init__(f"{status} {text}")
        self.status = status


class API:
    def __init__(self, port, key):
        self.port, self.key = port, key

    def once(self, method, path, body=None, headers=None):
        """The status, the data of the answer, and after how many seconds to ask again."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request(method, "/v2/" + path, None if body is None else json.dumps(body), {
                "Authorization": f"Bearer {self.key}", "Content-Type": "application/json", **(headers or {}),
            })
            answer = connection.getresponse()
            text = answer.read().decode()
            wait = answer.headers.get("retry-after")
            return answer.status, text, wait and float(wait)
        finally:
            connection.close()

    def call(self, method, path, body=None, headers=None, seen=None):
        """Repeated until somebody answers."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                status, text, wait = self.once(method, path, body, headers)
            except (OSError, http.client.HTTPException):
                status, text, wait = None, "no answer", None
            if seen is not None:
                seen.append(status)
            if status and status // 100 == 2:
                return json.loads(text)["data"]
            # 409 is also the answer to a request whose first try is still under way.
            again = status is None or status >= 500 or (status == 409 and "Idempotency-Key" in (headers or {}))
            if not again or time.monotonic() > deadline:
                raise Refused(status, text)
            time.sleep(min(wait or 0.05, 2))

    def all(self, path):
        """Every object of a list."""
        found, page = [], 1
        while True:
            sizes = urllib.parse.urlencode({"page[size]": 250, "page[number]": page})
            some = self.call("GET", f"{path}?{sizes}")
            found += some
            if len(some) < 250:
                return found
            page += 1


class Caller(threading.Thread):
    """Makes and deletes peers, and a gateway now and then. `kept` and `gone` have what was acknowledged."""

    def __init__(self, number, api, gateways, network, region):
        super().__init__(daemon=True)
        self.name, self.api, self.gateways = f"caller-{number}", api, gateways
        self.network, self.region = network, region
        self.kept, self.gone, self.failure = {}, {}, None
        self.longest, self.calls, self.repeated, self.unavailable = 0, 0, 0, 0
        self.random, self.ends = random.Random(number), threading.Event()

    def run(self):
        number = 0
        try:
            while not self.ends.is_set():
                number += 1
                self.make(f"{self.name}-{number}", is_gateway=number % 25 == 0)
                if self.kept and self.random.random() < 0.4:
                    self.delete(self.random.choice(list(self.kept)))
        except Exception as error:  # pylint: disable=broad-except
            self.failure = f"{self.name}: {error}"

    def make(self, name, is_gateway):
        if is_gateway:
            path, body = "wireguard_interfaces", {"network_id": self.network, "region_code": self.region}
        else:
            path, body = "wireguard_peers", {"wireguard_interface_id": self.random.choice(self.gateways)}
        made = self.timed("POST", path, {**body, "name": name}, {"Idempotency-Key": name})
        self.kept[name] = f"{path}/{made['id']}"

    def delete(self, name):
        try:
            self.timed("DELETE", self.kept[name])
        except Refused as error:
            # A try before this one has done it, and its answer was lost.
            if error.status != 404:
                raise
        self.gone[name] = self.kept.pop(name)

    def timed(self, *call):
        began, seen = time.monotonic(), []
        try:
            return self.api.call(*call, seen=seen)
        finally:
            self.longest = max(self.longest, time.monotonic() - began)
            self.calls += 1
            self.repeated += len(seen) > 1
            self.unavailable += seen.count(503)


class Follower(threading.Thread):
    """Reads the stream of changes, and goes on from where it was when it is cut off."""

    def __init__(self, port, key, since):
        super().__init__(daemon=True)
        self.port, self.key, self.since = port, key, since
        self.revisions, self.cut, self.failure, self.ends = [], 0, None, threading.Event()

    def run(self):
        while not self.ends.is_set() and not self.failure:
            try:
                self.read()
            except (OSError, http.client.HTTPException, ValueError):
                pass
            self.cut += 1
            time.sleep(0.05)

    def read(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", f"/v2/changes?since={self.since}", headers={
                "Authorization": f"Bearer {self.key}"
            })
            answer = connection.getresponse()
            if answer.status in (400, 401, 403, 404, 410):
                self.failure = f"since={self.since} is answered {answer.status}"
            if answer.status != 200:
                return
            while line := answer.readline():
                if not line.endswith(b"\n"):
                    return
                event = json.loads(line)
                if event["record_type"] != "heartbeat":
                    self.revisions.append(event["revision"])
                self.since = event["revision"]
        finally:
            connection.close()
