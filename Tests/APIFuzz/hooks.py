"""Ids that exist, for what schemathesis makes up: else it would hardly get past the first 404.

Of the ids that it generates, one in four stays as it is. What is no id stays wrong.
"""

import json
import os
import re
import urllib.request
import zlib

import schemathesis

BASE = os.environ["WGW_URL"]
HEADERS = {
    "Authorization": "Bearer " + os.environ["WGW_API_KEY"],
    "x-wgw-organization": os.environ["WGW_ORGANIZATION"],
}
ID = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# A list and the members of a body that name one of its objects.
LISTS = {
    "network_id": "networks",
    "wireguard_interface_id": "wireguard_interfaces",
    "wireguard_peer_id": "wireguard_peers",
}


def known(path):
    """The ids of what a list has now."""
    request = urllib.request.Request(f"{BASE}/v2/{path}?page[size]=250", headers=HEADERS)
    with urllib.request.urlopen(request) as answer:
        return [row["id"] for row in json.load(answer)["data"]]


def instead_of(value, path):
    """One of the known ids, always the same for the same value and list."""
    if not isinstance(value, str) or not ID.fullmatch(value):
        return value
    number = zlib.crc32(value.encode())
    ids = known(path)
    return ids[number // 4 % len(ids)] if ids and number % 4 else value


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    path = context.operation.path
    if path_parameters and "id" in path_parameters:
        path_parameters["id"] = instead_of(path_parameters["id"], path.split("/")[2])
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        for member, path in LISTS.items():
            if member in body:
                body[member] = instead_of(body[member], path)
        if isinstance(body.get("region_code"), str) and zlib.crc32(repr(body).encode()) % 4:
            body["region_code"] = "local"
    return body


@schemathesis.hook
def map_query(context, query):
    # A stream that goes on for ever would be waited for.
    if context.operation.path == "/v2/changes":
        query = {**(query or {}), "follow": "false"}
    return query
