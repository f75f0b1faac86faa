"""What was used and what it costs, as the pages show it. Each function is a scenario; its docstring says what it shows."""

import csv
import re

from scenarios import is_fit
from world import wait_until

FORMULA = '=HYPERLINK("http://example.org","a")'


def size(number):
    """As the pages say it."""
    power = 0
    while number >= 1023.5 and power < 6:
        number, power = number / 1024, power + 1
    digits = 0 if power == 0 or number >= 99.95 else 1 if number >= 9.995 else 2
    return f"{number:.{digits}f} {['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB'][power]}"


def pair(stage):
    """A server, a gateway's id, its two peers, their clients, and the second one's address, at which the first has an answer."""
    first, second = stage.client(), stage.client()
    server = stage.server("--endpoint-address", first.server_address, "--bind-address", first.server_address)
    network = server.api("POST", "networks", {"name": "office"})["id"]
    made = server.api("POST", "wireguard_interfaces", {"network_id": network, "region_code": "local", "name": "main"})
    gateway, inside = made["id"], made["server_ip_address"].split("/")[0]
    peers = [
        server.api("POST", "wireguard_peers?include=config", {"wireguard_interface_id": gateway, "name": name})
        for name in [FORMULA, "a-device-whose-name-has-sixty-four-characters-and-not-one-blank-x"]
    ]
    wait_until("the gateway is in service", lambda: server.api("GET", f"wireguard_interfaces/{gateway}")["status"] == "provisioned")
    for client, peer in zip([first, second], peers):
        client.connect(peer["config"])
    # To an address behind the first client's cable, too.
    second.run("ip", "route", "add", first.server_address, "dev", "eth0", "via", second.server_address)
    target = peers[1]["address"].split("/")[0]
    for client, address in [(first, inside), (second, inside), (first, target)]:
        client.ping(address)
    return server, gateway, peers, first, target


def usage(stage):
    """What two clients have sent each other is in the sums of the page, in its drawing and in what it exports, to the byte; what a
    gateway costs so far is beside it; wide and narrow, light and dark, for axe and by keyboard."""
    server, gateway, peers, first, target = pair(stage)

    def counted():
        return {one["peer_id"]: one for one in server.api("GET", "usage?group_by=peer")}

    before = wait_until("the first echo is counted", lambda: len(found := counted()) == 2 and found)
    # An echo has an IPv4 header and an ICMP header around its bytes; each peer sends 50 packets and receives as many.
    first.run("ping", "-c50", "-i0.02", "-W20", "-s1000", target)
    expected = 50 * 1028
    wait_until("all are counted", lambda: all(
        one[way] - before[id][way] >= expected for id, one in counted().items() for way in ("rx_bytes", "tx_bytes")
    ))
    sums = counted()
    # What was under way before is at most some single echoes.
    assert all((one["rx_bytes"] - before[id]["rx_bytes"] - expected) % 84 == 0 for id, one in sums.items()), (before, sums)
    received = sum(one["rx_bytes"] for one in sums.values())

    visit = stage.visit(server)
    visit.sign_in(to="/usage")
    visit.settle()
    page = visit.page
    figures = page.locator(".figures")
    assert re.search(rf"Received\s+{re.escape(size(received))}", figures.inner_text()), figures.inner_text()
    assert re.search(r"Costs\s+0\.0\d USD\s+so far", figures.inner_text()), figures.inner_text()
    page.get_by_label("Sums by", exact=True).select_option("Peer")
    page.wait_for_url("**/usage?by=peer")
    for peer in peers:
        row = page.get_by_role("row").filter(has=page.get_by_role("link", name=peer["name"], exact=True))
        row.get_by_text(size(sums[peer["id"]]["rx_bytes"]), exact=True).first.wait_for()
    assert page.locator("path.block").count() == 1, "one kind is drawn"
    page.get_by_text("As a table").click()
    page.get_by_role("group", name="Usage of each day").get_by_text(size(received)).first.wait_for()

    table = page.get_by_role("region", name="Sums by peer")
    with page.expect_download() as saving:
        table.get_by_role("button", name="Export CSV").click()
    saving.value.save_as(stage.folder / "usage.csv")
    with open(stage.folder / "usage.csv", newline="") as file:
        lines = list(csv.DictReader(file))
    assert {line["peer_id"]: int(line["rx_bytes"]) for line in lines} == {id: one["rx_bytes"] for id, one in sums.items()}
    assert "'" + FORMULA in [line["peer_name"] for line in lines], "a name would be a formula"
    with page.expect_download() as saving:
        page.get_by_role("region", name="Costs").get_by_role("button", name="Export CSV").click()
    saving.value.save_as(stage.folder / "costs.csv")
    assert (stage.folder / "costs.csv").read_text().count(gateway) == 1
    visit.check()

    is_fit(stage, server, "/usage?by=peer")

    # For those who offer gateways to others.
    page.goto("/organizations")
    row = page.get_by_role("row").filter(has_text="shown now")
    row.get_by_text(size(sum(one["rx_bytes"] + one["tx_bytes"] for one in sums.values())), exact=True).wait_for()
    row.get_by_text(re.compile(r"^0\.0\d USD$")).wait_for()

    # From a peer's own page, and to a month in which nothing was.
    page.goto(f"/peers/{peers[0]['id']}")
    page.get_by_role("link", name="Its usage").click()
    page.get_by_role("button", name="Show all peers").wait_for()
    assert size(sums[peers[0]["id"]]["rx_bytes"]) in figures.inner_text()
    page.get_by_role("button", name="Show all peers").click()
    page.wait_for_url(lambda url: "peer=" not in url)
    page.get_by_label("Month").select_option(index=20)
    page.get_by_text("Nothing was used").wait_for()
    visit.check()


def limits(stage):
    """Limits of a peer are set, with what the server has against one at its field; a quota that is used up is seen on the peer's
    page and in the list; and they are taken away."""
    server, gateway, peers, first, target = pair(stage)
    visit = stage.visit(server)
    visit.sign_in(to=f"/peers/{peers[0]['id']}")
    visit.settle()
    page = visit.page
    card = page.get_by_role("region", name="Limits")
    card.get_by_text("as much as there is").wait_for()
    card.get_by_role("button", name="Set limits").click()
    page.get_by_label("Received at most").fill("0.001")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("'rx_rate' must be").wait_for()
    # Before, there were no limits.
    visit.complaints = [text for text in visit.complaints if "422" not in text and "404" not in text]
    page.get_by_label("Received at most").fill("50")
    page.get_by_label("Quota for a month").fill("0.001")
    page.get_by_label("When it is used up").select_option("Packets pass at a lower rate")
    page.get_by_label("The lower rate").fill("0.001")
    page.get_by_label("Day of the month").fill("31")
    page.get_by_role("button", name="Save").click()
    for label in ("The lower rate", "Day of the month"):
        page.get_by_label(label).and_(page.locator("[aria-invalid=true]")).wait_for()
    assert page.get_by_label("Quota for a month").get_attribute("aria-invalid") is None
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    page.get_by_label("Day of the month").fill("")
    page.get_by_label("When it is used up").select_option("No packet passes")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("dialog").wait_for(state="detached")
    card.get_by_text("at most 50.0 Mbit/s").wait_for()
    card.get_by_text("Within it").wait_for()
    set_limits = server.api("GET", f"wireguard_peers/{peers[0]['id']}/limits")
    assert set_limits["rx_rate"] == 50_000_000 and set_limits["tx_rate"] is None, set_limits
    assert set_limits["quota"]["bytes"] == 1_000_000 and set_limits["quota"]["action"] == "block", set_limits

    # 1.4 MB, both ways together: the last packet that there is room for ends it.
    first.attempt("ping", "-c500", "-i0.002", "-W1", "-s1400", target)
    page.get_by_role("banner").or_(page.locator("header.page-head")).get_by_text("Blocked").wait_for()
    card.get_by_text(re.compile(r"\((99|1\d\d) %\)")).wait_for()
    is_fit(stage, server, f"/peers/{peers[0]['id']}")
    other = visit.new_page()
    other.goto("/peers")
    row = other.get_by_role("row").filter(has=other.get_by_role("link", name=FORMULA, exact=True))
    row.get_by_text("Blocked").wait_for()
    other.close()

    card.get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove the limits").click()
    card.get_by_text("as much as there is").wait_for()
    page.get_by_text("Blocked").wait_for(state="detached")
    first.ping(target)
    page.goto(f"/gateways/{gateway}")
    card.get_by_role("button", name="Set limits").click()
    page.get_by_label("Connected peers at most").fill("2")
    page.get_by_role("button", name="Save").click()
    card.get_by_text("at most 2 peers").wait_for()
    visit.complaints = [text for text in visit.complaints if "404" not in text]
    visit.check()


ALL = [usage, limits]
