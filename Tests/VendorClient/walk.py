"""Every method of the vendor's own client for the resources that we serve, against a running server.

The client is the unmodified package from PyPI; base URL and key come from the environment, as its
documentation says. An answer that its models do not allow is an exception. Prints one line for each
step that went well, and `walk: done` at the end."""

import sys
import time
import uuid

import telnyx

REGION = sys.argv[1]


def step(text):
    print(f"walk: {text}", flush=True)


def fails(error_class, status, code, call):
    """The call is answered with this class of error, and the code stands in its body."""
    try:
        call()
    except telnyx.APIStatusError as error:
        assert type(error) is error_class, f"{type(error).__name__} instead of {error_class.__name__}"
        assert error.status_code == status, error.status_code
        codes = [entry["code"] for entry in error.body["errors"]]
        assert codes == [code], codes
        return error
    raise AssertionError(f"nothing was refused, where {code} was expected")


def networks(client):
    made = client.networks.create(network_create={"name": "walk"}).data
    assert made.record_type == "network" and made.name == "walk"
    assert client.networks.retrieve(made.id).data.to_dict() == made.to_dict()
    renamed = client.networks.update(made.id, network_create={"name": "walked"}).data
    assert (renamed.id, renamed.name) == (made.id, "walked")
    assert [n.id for n in client.networks.list(filter={"name": "walked"})] == [made.id]
    step("networks: create, retrieve, update, list")
    return made.id


def places(client):
    rows = list(
        client.network_coverage.list(filters={"available_services": {"contains": "cloud_vpn"}})
    )
    assert REGION in [row.location.code for row in rows]
    chosen = list(client.network_coverage.list(filter={"location_code": REGION}))
    assert len(chosen) == 1 and "cloud_vpn" in chosen[0].available_services
    regions = client.regions.list().data
    assert REGION in [region.code for region in regions]
    step("network_coverage and regions: list")


def gateways(client, network):
    made = client.wireguard_interfaces.create(
        body={"network_id": network, "region_code": REGION, "name": "gateway"}
    ).data
    assert made.status == "provisioning" and made.endpoint and made.public_key
    deadline = time.monotonic() + 120
    while client.wireguard_interfaces.retrieve(made.id).data.status != "provisioned":
        assert time.monotonic() < deadline, "the gateway is never provisioned"
        time.sleep(0.01)
    listed = client.wireguard_interfaces.list(filter={"network_id": network})
    assert [gateway.id for gateway in listed] == [made.id]
    rows = list(client.networks.list_interfaces(network, filter={"type": "wireguard_interface"}))
    assert [(row.id, row.status) for row in rows] == [(made.id, "provisioned")]
    step("wireguard_interfaces: create, retrieve, list; networks: list_interfaces")
    return made.id


def peers(client, gateway):
    made = client.wireguard_peers.create(body={"wireguard_interface_id": gateway}).data
    assert made.private_key and made.public_key and made.last_seen is None
    shown = client.wireguard_peers.retrieve(made.id).data
    assert shown.public_key == made.public_key and shown.private_key is None
    changed = client.wireguard_peers.update(made.id, public_key=made.private_key).data
    assert changed.public_key == made.private_key
    text = client.wireguard_peers.retrieve_config(made.id)
    address = [line for line in text.splitlines() if line.startswith("Address")]
    assert len(address) == 1 and address[0].split("=")[1].strip().endswith("/32"), text
    step("wireguard_peers: create, retrieve, update, retrieve_config")

    more = [
        client.wireguard_peers.create(body={"wireguard_interface_id": gateway}).data.id
        for _ in range(25)
    ]
    pages = client.wireguard_peers.list(
        filter={"wireguard_interface_id": gateway}, page_size=10
    )
    assert len(pages.data) == 10 and pages.meta.total_pages == 3
    assert [peer.id for peer in pages] == [made.id] + more, "paging goes on by itself"
    step("wireguard_peers: list, over three pages")
    return made.id


def ways_out(client, network, peer):
    gateway = client.networks.default_gateway
    assert gateway.retrieve(network).data == []
    made = gateway.create(network, wireguard_peer_id=peer).data
    assert [(g.network_id, g.wireguard_peer_id) for g in made] == [(network, peer)]
    assert gateway.retrieve(network).data == made
    assert gateway.delete(network).data == made
    step("networks.default_gateway: create, retrieve, delete")

    internet = client.public_internet_gateways
    made = internet.create(body={"network_id": network, "region_code": REGION}).data
    # Its status follows the gateways of its region, which may have heard of it meanwhile.
    standing = {"status", "status_reason", "updated_at"}
    lasting = lambda gateway: {k: v for k, v in gateway.to_dict().items() if k not in standing}
    assert made.public_ip and made.status in ("provisioning", "provisioned")
    assert lasting(internet.retrieve(made.id).data) == lasting(made)
    assert [g.id for g in internet.list(filter={"network_id": network})] == [made.id]
    assert internet.delete(made.id).data.status == "deleting"
    step("public_internet_gateways: create, retrieve, list, delete")


def errors(client, network, gateway):
    nobody = str(uuid.uuid4())
    fails(telnyx.NotFoundError, 404, "10005", lambda: client.networks.retrieve(nobody))
    fails(
        telnyx.UnprocessableEntityError, 422, "50000", lambda: client.networks.delete(network)
    )
    error = fails(
        telnyx.UnprocessableEntityError, 422, "10015",
        lambda: client.wireguard_peers.create(
            body={"wireguard_interface_id": gateway, "public_key": "short"}
        ),
    )
    assert error.body["errors"][0]["source"] == {"pointer": "/public_key"}
    stranger = client.with_options(api_key="KEYofNobody")
    fails(telnyx.AuthenticationError, 401, "10009", lambda: stranger.networks.list())
    step("errors are those of the client's classes")


def limits(client):
    """The server admits 20 requests at once and 5 a second: this client asks far more often."""
    impatient = client.with_options(max_retries=0)
    try:
        for _ in range(1000):
            impatient.regions.list()
        raise AssertionError("a thousand requests at once were admitted")
    except telnyx.RateLimitError as error:
        assert int(error.response.headers["retry-after"]) >= 1
    client.regions.list()
    step("too many requests: refused, and tried again as the answer says")


def removal(client, network, gateway, peer):
    assert client.wireguard_peers.delete(peer).data.id == peer
    assert client.wireguard_interfaces.delete(gateway).data.status == "deleting"
    assert client.networks.delete(network).data.id == network
    assert list(client.wireguard_peers.list(filter={"wireguard_interface_id": gateway})) == []
    step("wireguard_peers, wireguard_interfaces, networks: delete")


def main():
    client = telnyx.Telnyx(_strict_response_validation=True)
    places(client)
    network = networks(client)
    gateway = gateways(client, network)
    peer = peers(client, gateway)
    ways_out(client, network, peer)
    errors(client, network, gateway)
    limits(client)
    removal(client, network, gateway, peer)
    step("done")


main()
