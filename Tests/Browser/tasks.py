"""What a person does on the pages, beside looking at them. Each function is a scenario; its docstring says what it shows."""

import datetime
import http.server
import json
import os
import re
import signal
import threading
import urllib.parse

from playwright.sync_api import TimeoutError

from scenarios import AXE, AXE_OPTIONS, is_fit, walk
from world import Objects, wait_until


def silence(stage):
    """A first run to which nothing comes says after 20 seconds what the diagnosis says, and a reload makes nothing twice."""
    server = stage.server()
    visit = stage.visit(server)
    visit.sign_in(to="/start")
    page = visit.page
    page.get_by_role("img", name=re.compile("QR code of the config")).wait_for()
    code = page.locator("img.qr").get_attribute("src")
    other = visit.new_page()
    other.goto("/start")
    other.get_by_text("has never connected").wait_for()
    page.reload()
    page.locator("img.qr").wait_for()
    assert page.locator("img.qr").get_attribute("src") == code, "a reload made other keys"
    page.get_by_text("This is what the server sees").wait_for()
    peer = server.api("GET", "wireguard_peers")[0]
    finding = server.api("GET", f"wireguard_peers/{peer['id']}/diagnosis")["findings"][0]
    assert finding["next_step"] in page.locator(".arrival").inner_text()
    for kind in ["networks", "wireguard_interfaces", "wireguard_peers"]:
        assert len(server.api("GET", kind)) == 1, kind
    other.get_by_role("button", name="Make new keys for it").click()
    other.locator("img.qr").wait_for()
    assert other.locator("img.qr").get_attribute("src") != code
    visit.check()


def keys(stage):
    """A new API key is shown once, and is revoked by typing its name."""
    server = stage.server()
    visit = stage.visit(server)
    visit.sign_in(to="/keys")
    visit.settle()
    page = visit.page
    page.get_by_role("button", name="New API key").click()
    page.get_by_role("button", name="Make the API key").click()
    page.get_by_label("Name").and_(page.locator("[aria-invalid=true]")).wait_for()
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    page.get_by_label("Name").fill("backup")
    page.get_by_role("button", name="Make the API key").click()
    page.get_by_text("shown only now").wait_for()
    key = page.locator("dialog pre").inner_text()
    assert server.api("GET", "networks", key=key) == []
    page.get_by_role("button", name="Done").click()
    page.get_by_role("cell", name="backup", exact=True).wait_for()
    assert key not in page.content()
    page.get_by_role("button", name="Revoke backup").click()
    confirmation = page.get_by_label("to confirm")
    confirmation.fill("back")
    page.get_by_role("button", name="Revoke the API key").click()
    page.get_by_text("Type “backup” to go on.").wait_for()
    assert len(server.api("GET", "api_keys")) == 2
    confirmation.fill("backup")
    page.get_by_role("button", name="Revoke the API key").click()
    wait_until("the key is revoked", lambda: len(server.api("GET", "api_keys")) == 1)
    page.get_by_role("cell", name="backup", exact=True).wait_for(state="detached")
    visit.check()


def changing(stage):
    """A gateway is edited, with what the server has against it at the field, and deleted by typing its name."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to=f"/gateways/{objects.gateway}")
    visit.settle()
    page = visit.page
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("MTU").fill("99")
    page.get_by_label("Name").fill("main gate")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("'mtu' must be").wait_for()
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    assert page.get_by_label("Name").input_value() == "main gate"
    page.get_by_label("MTU").fill("1380")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="main gate").wait_for()
    page.get_by_text("1380 bytes").wait_for()
    page.get_by_role("button", name="Delete").click()
    page.get_by_text("Its 3 peers are deleted with it").wait_for()
    page.get_by_label("to confirm").fill("main gate")
    page.get_by_role("button", name="Delete the gateway").click()
    page.wait_for_url("**/gateways")
    page.get_by_text("There are no gateways yet").wait_for()
    visit.check()


def following(stage):
    """Events come by themselves, are filtered, say what was before and after, and each has an address."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server, permissions=["clipboard-read", "clipboard-write"])
    visit.sign_in(to="/events")
    visit.settle()
    page = visit.page
    page.get_by_text("created network office").wait_for()
    other = server.api("POST", "api_keys", {"name": "script", "role": "member"})
    server.api("POST", "networks", {"name": "lab"}, key=other["api_key"])
    page.get_by_text("script created network lab").wait_for()
    page.get_by_label("By").select_option("script")
    page.wait_for_url(f"**/events?actor={other['id']}")
    page.get_by_text("created network office").wait_for(state="detached")
    page.get_by_text("script created network lab").wait_for()
    page.reload()
    page.get_by_text("script created network lab").wait_for()
    assert page.get_by_label("By").input_value() == other["id"]
    page.get_by_label("By").select_option("Any")
    page.get_by_text("created network office").wait_for()
    page.get_by_label("Object", exact=True).select_option("network")
    page.wait_for_url("**/events?kind=network")
    server.api("PATCH", f"wireguard_peers/{objects.peer}", {"name": "unseen"})
    server.api("PATCH", f"networks/{objects.network}", {"name": "workshop"})
    entry = page.locator(".events li").filter(has_text="changed network")
    entry.wait_for()
    assert page.get_by_text("unseen").count() == 0
    entry.locator("summary").click()
    entry.get_by_role("row", name="name office workshop").wait_for()
    entry.get_by_role("button", name="Copy a link").click()
    page.goto(page.evaluate("navigator.clipboard.readText()"))
    page.get_by_role("row", name="name office workshop").wait_for()
    page.get_by_role("button", name="Show more than one event").click()
    page.wait_for_url(lambda url: "event=" not in url)
    page.go_back()
    visit.check()


def explaining(stage):
    """Whether one peer reaches another is told with the reasons, and the answer has an address."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to="/explain")
    visit.settle()
    page = visit.page
    page.get_by_label("From").fill("office")
    page.get_by_label("To", exact=True).fill("phone")
    page.get_by_role("button", name="Explain").click()
    page.get_by_text("No, it does not arrive").wait_for()
    answer = server.api("GET", f"networks/{objects.network}/explanation?from=office&to=phone")
    text = page.locator("main").inner_text()
    for step in answer["steps"]:
        assert (step["next_step"] or "") in text, step
    assert re.search(r"\bfrom=office&to=phone", page.url), page.url
    page.get_by_role("button", name="Check the way back").click()
    page.wait_for_url("**from=phone&to=office")
    page.reload()
    page.get_by_text("No, it does not arrive").wait_for()
    page.get_by_label("To", exact=True).fill("nobody-of-this-name")
    page.get_by_role("button", name="Explain").click()
    page.locator(".banner.error, .field .error:not(:empty)").first.wait_for()
    assert page.get_by_label("From").input_value() == "phone"
    visit.complaints = [text for text in visit.complaints if not re.search("40[04]|422", text)]
    visit.check()


def acting(stage):
    """An admin makes an organization, acts for it in one tab, and comes back to its own."""
    server = stage.server()
    Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to="/organizations")
    visit.settle()
    page = visit.page
    page.get_by_role("button", name="New organization").click()
    page.get_by_label("Name").fill("tenant")
    page.get_by_role("button", name="Make the organization").click()
    page.get_by_role("button", name="Change tenant").click()
    page.get_by_role("button", name="Act for it").click()
    page.get_by_text("You act for the organization tenant").wait_for()
    page.get_by_text("There are no networks yet").wait_for()
    page.goto("/start")
    page.get_by_text("nothing is made before you say so").wait_for()
    other = visit.new_page()
    other.goto("/networks")
    other.get_by_role("link", name="office", exact=True).wait_for()
    page.get_by_role("button", name="Back to your own").click()
    page.wait_for_url("**/networks")
    page.get_by_role("link", name="office", exact=True).wait_for()
    visit.check()


def inviting(stage):
    """A user is invited by a link that is shown once, changes the password, and loses the session that an owner ends."""
    server = stage.server()
    visit = stage.visit(server)
    visit.sign_in(to="/users")
    visit.settle()
    page = visit.page
    page.get_by_role("button", name="Invite a user").first.click()
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Role").select_option("viewer")
    page.get_by_role("button", name="Make the link").click()
    page.get_by_text("shown only now").wait_for()
    link = page.locator("dialog pre").inner_text()
    page.get_by_role("button", name="Done").click()
    page.get_by_text("Invited").wait_for()

    guest = stage.visit(server)
    guest.page.goto(link)
    guest.page.get_by_label("New password").fill("correct horse battery")
    guest.page.get_by_label("The same once more").fill("correct horse battery")
    guest.page.get_by_role("button", name="Sign in").click()
    guest.page.wait_for_url(lambda url: "/invitations/" not in url)
    guest.open("/account")
    guest.page.get_by_text("This one").wait_for()
    assert guest.page.get_by_role("link", name="Users").count() == 0
    guest.page.get_by_label("Old password").fill("not this one")
    guest.page.get_by_label("New password", exact=True).fill("battery horse correct")
    guest.page.get_by_label("New password again").fill("battery horse")
    guest.page.get_by_role("button", name="Change the password").click()
    guest.page.get_by_text("are not the same").wait_for()
    guest.page.get_by_label("New password again").fill("battery horse correct")
    guest.page.get_by_role("button", name="Change the password").click()
    guest.page.get_by_label("Old password").and_(guest.page.locator("[aria-invalid=true]")).wait_for()
    guest.page.get_by_label("Old password").fill("correct horse battery")
    guest.page.get_by_role("button", name="Change the password").click()
    guest.page.get_by_text("The password is changed").wait_for()
    guest.complaints = [text for text in guest.complaints if not re.search("40[0-9]|422", text)]
    guest.check()

    page.get_by_text("Active").wait_for()
    page.get_by_role("button", name="Change ada").click()
    # A change that arrives while the menu is open leaves it open.
    with page.expect_response(lambda answer: "/v2/users" in answer.url):
        server.api("POST", "users", {"name": "grace", "role": "viewer"})
    page.wait_for_timeout(200)
    page.get_by_role("button", name="Sessions").click()
    page.locator("bdi", has_text="grace").wait_for()
    page.get_by_role("button", name="End the session of").click()
    page.get_by_role("button", name="End the session", exact=True).click()
    page.get_by_text("No browser is signed in").wait_for()
    guest.page.goto("/account")
    guest.page.wait_for_url("**/sign-in**")
    visit.check()


def acting_ends(stage):
    """Whom an admin acts for is forgotten with the session, however it ends, and is not the choice of another who signs in."""
    server = stage.server()
    Objects(server)
    server.api("POST", "organizations", {"name": "tenant"})
    other = server.api("POST", "api_keys", {"name": "other", "role": "admin"})["api_key"]
    visit = stage.visit(server)
    page = visit.page

    def act():
        visit.open("/organizations")
        page.get_by_role("button", name="Change tenant").click()
        page.get_by_role("button", name="Act for it").click()
        page.get_by_text("You act for the organization tenant").wait_for()

    def is_own():
        page.get_by_role("link", name="office", exact=True).wait_for()
        assert page.get_by_role("button", name="Back to your own").count() == 0

    visit.sign_in()
    act()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()
    visit.sign_in(to="/networks")
    is_own()
    act()
    page.goto("about:blank")
    visit.context.clear_cookies()
    visit.complaints = []
    visit.sign_in(other, to="/networks")
    is_own()
    visit.complaints = [text for text in visit.complaints if "401" not in text]
    visit.check()


def exporting(stage):
    """The table of peers that is saved is the server's: of all that are listed, and of those that are chosen."""
    server = stage.server()
    objects = Objects(server)
    server.api("PATCH", f"wireguard_peers/{objects.peer}", {"name": "=1+1"})
    visit = stage.visit(server)
    visit.sign_in(to="/peers?search=ph")
    visit.settle()
    page = visit.page

    def saved():
        with page.expect_download() as saving, page.expect_response("**/v2/wireguard_peers.csv?*"):
            page.get_by_role("button", name="Export CSV").click()
        path = stage.folder / "peers.csv"
        saving.value.save_as(path)
        head, *lines = path.read_bytes().decode().removesuffix("\r\n").split("\r\n")
        assert head.startswith("id,name,address,public_key,"), head
        assert all(re.match("[0-9a-f-]{36},", line) for line in lines), lines
        return [line.split(",")[1] for line in lines]

    page.get_by_role("checkbox", name="Select all peers of this list").check()
    assert saved() == ["phone"]
    visit.open("/peers?sort=-created_at")
    page.get_by_role("checkbox", name="Select all peers of this list").check()
    names = saved()
    assert len(names) == 3 and names[0] == "phone" and names[2] == "'=1+1", names
    page.get_by_role("checkbox", name="Select phone").uncheck()
    assert saved() == names[1:]
    visit.check()


def strangers(stage):
    """A device that no peer is knocks at a gateway, whose page says where it is and what to do."""
    client = stage.client()
    server = stage.server("--endpoint-address", client.server_address, "--bind-address", client.server_address)
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to=f"/gateways/{objects.gateway}")
    visit.settle()
    page = visit.page
    page.get_by_text("No datagram from anywhere has reached").wait_for()
    config = server.api(
        "POST", "wireguard_peers?include=config", {"wireguard_interface_id": objects.gateway, "name": "gone"}
    )
    server.api("DELETE", f"wireguard_peers/{config['id']}")
    client.connect(config["config"])
    client.attempt("ping", "-c1", "-W1", "172.27.0.1")
    finding = page.locator(".findings li").filter(has_text=config["public_key"])
    finding.get_by_text("which no peer of the gateway has").wait_for()
    finding.get_by_text("If you know the device").wait_for()
    finding.get_by_text(re.compile(r"^Seen \d+ times?, last .* from 198\.18\.")).wait_for()
    visit.check()


def ways_out(stage):
    """A network gets a default gateway and internet gateways, which are changed and taken away."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to=f"/networks/{objects.network}")
    visit.settle()
    page = visit.page
    page.get_by_text("Traffic to other addresses does not leave the network.").wait_for()
    page.get_by_role("button", name="Set a default gateway").click()
    page.get_by_label("Peer").fill("nothing of this name")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("No peer of this network has this name or address.").wait_for()
    page.get_by_label("Peer").fill("phone")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("What is for other addresses goes through phone.").wait_for()
    page.get_by_role("button", name="Change the default gateway").click()
    page.get_by_label("Peer").fill("172.27.0.2")
    changes = []
    page.on("request", lambda request: request.method != "GET" and changes.append(request.method))
    page.get_by_role("button", name="Save").click()
    page.get_by_text("What is for other addresses goes through office.").wait_for()
    assert changes == ["PUT"], f"there is one default gateway or the other at any time: {changes}"
    assert server.api("GET", f"networks/{objects.network}/default_gateway")[0]["wireguard_peer_id"] == objects.peer
    page.get_by_role("button", name="New internet gateway").click()
    page.get_by_label("Name").fill("exit")
    page.get_by_role("button", name="Make the internet gateway").click()
    page.get_by_role("cell", name="exit", exact=True).wait_for()
    page.get_by_role("button", name="Delete the internet gateway exit").click()
    page.get_by_role("button", name="Delete the internet gateway", exact=True).click()
    page.get_by_role("cell", name="exit", exact=True).wait_for(state="detached")
    page.get_by_role("button", name="Delete the default gateway office").click()
    page.get_by_role("button", name="Delete the default gateway", exact=True).click()
    page.get_by_text("Traffic to other addresses does not leave the network.").wait_for()
    assert not server.api("GET", f"networks/{objects.network}/default_gateway")
    visit.check()


def config_url(stage):
    """A config counts as taken when it is saved, not when it is looked at. A peer gets a config URL, which is shown once and
    revoked, and a browser's console has nothing against any of it."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to=f"/peers/{objects.peer}")
    visit.settle()
    page = visit.page
    state = lambda: server.api("GET", f"wireguard_peers/{objects.peer}")["config_state"]
    save = page.get_by_role("button", name=re.compile("^Download ")).first
    save.wait_for()
    assert state() == "never_fetched", state()
    with page.expect_download():
        save.click()
    wait_until("the config is taken", lambda: state() == "current")
    page.get_by_role("button", name="Config URL").click()
    page.get_by_role("button", name="Make the URL").click()
    page.get_by_text("shown only now").wait_for()
    url = page.locator("dialog pre").inner_text()
    page.get_by_role("button", name="Done").click()
    assert "[Interface]" in server.get(url.removeprefix(server.url)).text
    page.get_by_role("button", name="Config URL").click()
    revoke = page.get_by_role("button", name="Revoke it")
    try:
        revoke.wait_for(timeout=15_000)
    except TimeoutError:
        # The page has heard that the config was fetched and drew its buttons anew, right under the click.
        page.get_by_role("button", name="Config URL").click()
    revoke.click()
    wait_until("the URL leads to nothing", lambda: not server.api("GET", f"wireguard_peers/{objects.peer}/config_urls"))
    visit.check()


def choosing(stage):
    """Peers are chosen one by one, from one to another with the shift key, and by keyboard; lists of silent peers take any number of days."""
    server = stage.server()
    objects = Objects(server)
    for number in range(230):
        server.api("POST", "wireguard_peers", {"wireguard_interface_id": objects.gateway, "name": f"device-{number:03}"})
    visit = stage.visit(server)
    visit.sign_in(to="/peers?sort=name&search=device-")
    visit.settle()
    page = visit.page
    box = lambda number: page.get_by_role("checkbox", name=f"Select device-{number:03}")
    selected = lambda number: page.get_by_text(f"{number} selected", exact=True).wait_for()
    box(2).click()
    box(6).click(modifiers=["Shift"])
    selected(5)
    assert box(4).is_checked() and not box(7).is_checked()
    # Rows that were never shown are chosen as well.
    page.keyboard.press("End")
    box(229).click(modifiers=["Shift"])
    selected(228)
    with page.expect_download() as saving:
        page.get_by_role("button", name="Export CSV").click()
    saving.value.save_as(stage.folder / "peers.csv")
    lines = (stage.folder / "peers.csv").read_text().splitlines()
    assert len(lines) == 229 and "device-002" in lines[1] and "device-229" in lines[-1], lines[-1]
    page.get_by_role("button", name="Clear").click()
    page.keyboard.press("Home")
    box(0).focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    selected(4)
    page.keyboard.press("ArrowUp")
    assert box(2).evaluate("box => box === document.activeElement")
    page.get_by_role("link", name="device-002").focus()
    page.keyboard.press("ArrowDown")
    assert page.get_by_role("link", name="device-003").evaluate("link => link === document.activeElement")
    # Links are made for all of them, and shown once.
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make 4 links").click()
    page.get_by_text("shown only now").wait_for()
    assert len(page.locator("dialog pre").inner_text().splitlines()) == 4
    page.get_by_role("button", name="Done").click()
    # Without the shift key a click chooses one, and another order begins anew.
    box(9).click()
    selected(5)
    page.get_by_role("button", name="Name").click()
    page.wait_for_url("**sort=-name**")
    box(225).click(modifiers=["Shift"])
    selected(6)
    page.get_by_role("button", name="Clear").click()

    # Many are deleted by typing how many.
    box(228).click()
    box(227).click()
    page.get_by_role("region", name="Selected peers").get_by_role("button", name="Delete").click()
    page.get_by_label("to confirm").fill("delete 2")
    page.get_by_role("dialog").get_by_role("button", name=re.compile("^Delete ")).click()
    for number in (228, 227):
        box(number).wait_for(state="detached")
    assert len(server.api("GET", "wireguard_peers?filter[name][contains]=device-22")) == 8

    # A peer is found by how its key begins.
    peer = server.api("GET", f"wireguard_peers/{objects.peer}")
    page.get_by_role("searchbox").fill(peer["public_key"][:12])
    page.get_by_role("link", name="office", exact=True).wait_for()
    page.get_by_text("1 peer", exact=True).wait_for()
    page.get_by_role("searchbox").fill("device-")
    box(229).wait_for()

    def asked(act):
        with page.expect_request(lambda request: "last_seen" in request.url) as asking:
            act()
        text = urllib.parse.parse_qs(urllib.parse.urlsplit(asking.value.url).query)["filter[last_seen][lt]"][0]
        now = datetime.datetime.now(datetime.timezone.utc)
        return round((now - datetime.datetime.fromisoformat(text)) / datetime.timedelta(days=1))

    assert asked(lambda: page.get_by_role("button", name="Silent for 30 days").click()) == 30
    # A device that was never seen is not silent.
    page.get_by_text("No peer matches").wait_for()
    own = page.get_by_label("Silent for this number of days")
    assert own.input_value() == "30"
    own.fill("0")
    own.press("Enter")
    assert own.evaluate("input => input.validity.rangeUnderflow") and "silent-30" in page.url
    own.fill("3")
    assert asked(lambda: own.press("Enter")) == 3
    page.wait_for_url("**list=silent-3**")
    assert asked(lambda: page.reload()) == 3
    assert own.input_value() == "3"
    visit.check()


def watching(stage):
    """A peer's page draws what its device carries since the page was opened and over the last hour, and lists its events, also new ones."""
    client = stage.client()
    server = stage.server("--endpoint-address", client.server_address, "--bind-address", client.server_address)
    objects = Objects(server)
    peer = server.api("POST", "wireguard_peers?include=config", {"wireguard_interface_id": objects.gateway, "name": "laptop"})
    client.connect(peer["config"])
    client.ping("172.27.0.1")
    visit = stage.visit(server)
    visit.sign_in(to=f"/peers/{peer['id']}")
    visit.settle()
    page = visit.page
    assert page.get_by_role("button", name="Live").get_attribute("aria-pressed") == "true"
    page.get_by_text("As a table").first.click()
    rows = page.locator(".chart-table[open] tbody tr")
    carried = rows.filter(has_text=re.compile(r"[1-9]\d* bit/s|kbit/s"))

    def is_drawn():
        client.attempt("ping", "-c4", "-i0.2", "-s1000", "172.27.0.1")
        return carried.count()

    wait_until("what is carried is drawn", is_drawn)
    events = page.locator(".events")
    events.get_by_text("created peer laptop").wait_for()
    first = rows.last.inner_text()
    # The page is loaded anew, and what it has seen stays.
    server.api("PATCH", f"wireguard_peers/{peer['id']}", {"name": "notebook"})
    entry = events.locator("li").filter(has_text="changed peer notebook")
    entry.wait_for()
    page.get_by_role("heading", name="notebook", level=1).wait_for()
    entry.locator("summary").click()
    entry.get_by_role("row", name="name laptop notebook").wait_for()
    page.get_by_text("As a table").first.click()
    rows.last.wait_for()
    assert rows.last.inner_text() == first, (rows.last.inner_text(), first)
    with page.expect_response(lambda answer: "since=3600s" in answer.url):
        page.get_by_role("button", name="1 hour").click()
    page.get_by_role("heading", name="Packets that went no further").wait_for()
    page.get_by_text("Known since").wait_for()
    # The server has counted since the page was opened, though the page showed its own figures until now.
    carried.first.wait_for()
    page.get_by_role("link", name="All its events").click()
    page.wait_for_url(f"**/events?object={peer['id']}")
    visit.check()


def delivering(stage):
    """A peer's page has its config in every format and its guide for every system, makes a one-time link, and makes new keys, which it shows
    once with a QR code."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to=f"/peers/{objects.peer}")
    visit.settle()
    page = visit.page
    peer = lambda: server.api("GET", f"wireguard_peers/{objects.peer}")
    shown = set()
    formats = page.get_by_label("Format of the config")
    for title in formats.locator("option").all_inner_texts():
        formats.select_option(title)
        config = page.get_by_role("group", name=f"Config for {title}", exact=True)
        config.wait_for()
        shown.add(config.inner_text())
    assert len(shown) == 6, len(shown)
    page.get_by_text("How to connect a device").click()
    systems = page.get_by_label("System of the device")
    guides = set()
    guide = page.locator("div.guide")
    wait_until("the systems are there", lambda: systems.locator("option").count() > 0)
    titles = systems.locator("option").all_inner_texts()
    for title in titles:
        systems.select_option(title)
        wait_until(f"the guide for {title}", lambda: guide.count() and guide.inner_text() not in guides)
        guides.add(guide.inner_text())
    assert len(titles) == 7, titles

    page.get_by_role("button", name="Make a one-time link").first.click()
    page.get_by_role("button", name="Make 1 link").click()
    page.get_by_text("shown only now").wait_for()
    link = page.locator("dialog pre").inner_text()
    page.get_by_role("button", name="Done").click()
    page.get_by_role("cell", name="Complete config").first.wait_for()
    wait_until("the link is gone from the page", lambda: link not in page.content())
    assert server.get(link.removeprefix(server.url)).status == 200

    old = peer()["public_key"]
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="New key pair").click()
    page.get_by_role("button", name="Make a new key pair").click()
    page.get_by_role("img", name=re.compile("QR code of the config")).evaluate("image => image.decode()")
    page.locator("dialog .guide").wait_for()
    assert peer()["public_key"] != old
    with page.expect_download() as saving:
        page.get_by_role("button", name="Download the config").click()
    saving.value.save_as(stage.folder / "config")
    key = re.search("PrivateKey = (.{43}=)", (stage.folder / "config").read_text())[1]
    page.keyboard.press("Escape")
    page.get_by_role("img", name=re.compile("QR code of the config")).wait_for(state="detached")
    wait_until("the key is gone from the page", lambda: key not in page.content())
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="New preshared key").click()
    page.get_by_role("button", name="Make a new preshared key").click()
    page.get_by_text("The peer has a new preshared key").wait_for()
    visit.check()


def resting(stage):
    """A tab in the background asks for nothing, and goes on with what has changed when it is in front again."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to="/peers")
    visit.settle()
    page = visit.page
    page.get_by_text("phone").first.wait_for()
    become = """hidden => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    for path in ("/peers", "/", f"/peers/{objects.peer}", f"/gateways/{objects.gateway}"):
        visit.open(path)
        page.wait_for_load_state()
        page.evaluate(become, True)
        page.wait_for_timeout(500)
        asked = []
        note = lambda request: asked.append(request.url)
        page.on("request", note)
        # Two rounds of the figures of a page that is in front.
        page.wait_for_timeout(4500)
        page.remove_listener("request", note)
        assert not asked, f"{path}: {asked}"
    visit.open("/peers")
    page.get_by_text("phone").first.wait_for()
    page.evaluate(become, True)
    server.api("POST", "wireguard_peers", {"wireguard_interface_id": objects.gateway, "name": "newcomer"})
    page.evaluate(become, False)
    page.get_by_text("newcomer").first.wait_for()
    visit.complaints = [text for text in visit.complaints if "ERR_ABORTED" not in text]
    visit.check()


def services(stage):
    """An admin makes a private service, a gateway leads to it, and both say so; who is no admin only looks."""
    server = stage.server()
    objects = Objects(server)
    member = server.api("POST", "api_keys", {"name": "member", "role": "member"})["api_key"]
    visit = stage.visit(server)
    visit.sign_in(to="/services")
    visit.settle()
    page = visit.page
    page.get_by_text("There are no private services").wait_for()
    assert page.get_by_role("button", name="New private service").count() == 1, "one button is enough"
    page.get_by_role("button", name="New private service").click()
    page.get_by_label("Name").fill("sip")
    page.get_by_label("Description").fill("Telephony")
    page.get_by_label("Addresses", exact=True).fill("203.0.113.0/24\nnowhere")
    page.get_by_label("Ports").fill("5060, 10000-20000")
    page.get_by_label("Protocol").select_option("UDP")
    page.get_by_role("button", name="Make the private service").click()
    page.locator("#" + page.get_by_label("Addresses", exact=True).get_attribute("id") + "-error:not(:empty)").wait_for()
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    assert page.get_by_label("Description").input_value() == "Telephony"
    page.get_by_label("Addresses", exact=True).fill("203.0.113.0/24 198.51.100.7/32")
    page.get_by_role("button", name="Make the private service").click()
    page.get_by_role("cell", name="UDP 5060, 10000-20000").wait_for()
    service = server.api("GET", "private_services")[0]
    assert service["prefixes"] == ["203.0.113.0/24", "198.51.100.7/32"] and service["regions"] is None, service

    page.goto(f"/gateways/{objects.gateway}")
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Private services").select_option("Only some")
    page.get_by_role("checkbox", name="sip").check()
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="sip").click()
    page.wait_for_url("**/services")
    page.get_by_role("cell", name="office", exact=True).wait_for()
    assert server.api("GET", f"wireguard_interfaces/{objects.gateway}")["services"] == ["sip"]

    page.get_by_role("button", name="Change sip").click()
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Ports").fill("")
    page.get_by_label("Protocol").select_option("All")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("cell", name="UDP 5060").wait_for(state="detached")
    service = server.api("GET", "private_services")[0]
    assert service["ports"] == [] and service["protocol"] is None, service

    guest = stage.visit(server)
    guest.sign_in(member, to="/services")
    guest.settle()
    guest.page.get_by_role("cell", name="sip").first.wait_for()
    assert guest.page.get_by_role("button", name=re.compile("New private service|Change")).count() == 0
    guest.check()

    page.get_by_role("button", name="Change sip").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_label("to confirm").fill("sip")
    page.get_by_role("button", name="Delete the private service").click()
    page.get_by_text("There are no private services").wait_for()
    visit.check()


def nodes(stage):
    """An admin makes a region and a node in it, is shown once how its machine joins, sees that it has, moves a gateway there and back, and
    deletes both."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to="/regions")
    visit.settle()
    page = visit.page
    page.get_by_role("button", name="New region").click()
    page.get_by_label("Code").fill("ams")
    page.get_by_label("Name", exact=True).fill("Amsterdam")
    page.get_by_role("button", name="Make the region").click()
    page.get_by_role("button", name="Change Amsterdam").click()
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Name", exact=True).fill("Amsterdam West")
    page.get_by_label("Area").select_option("EMEA")
    page.get_by_label("Site").fill("AMS")
    page.get_by_label("Data centre").fill("AMS2")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("cell", name="Amsterdam West", exact=True).wait_for()
    page.get_by_role("cell", name="EMEA, AMS, AMS2").wait_for()

    visit.open("/nodes")
    page.get_by_text("(this server)").wait_for()
    page.get_by_text("Connected").first.wait_for()
    page.get_by_role("button", name="New node").click()
    page.get_by_label("Name", exact=True).fill("ams-1")
    page.get_by_role("button", name="Make the node").click()
    page.get_by_label("Address").and_(page.locator("[aria-invalid=true]")).wait_for()
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    page.get_by_role("checkbox", name="Amsterdam West").check()
    page.get_by_role("checkbox", name="local").check()
    page.get_by_label("Address").fill("198.51.100.7")
    page.get_by_label("UDP ports").fill("21000-21009")
    page.get_by_role("button", name="Make the node").click()
    page.get_by_text("shown only now").wait_for()
    page.get_by_role("dialog").get_by_text(server.url, exact=True).wait_for()
    command = page.locator("dialog pre").inner_text()
    token = re.fullmatch(r"echo (\S+) \| wgw node --join -", command)[1]
    page.get_by_role("button", name="Done").click()
    row = page.get_by_role("row").filter(has_text="ams-1")
    row.get_by_text("Joining").wait_for()
    row.get_by_text("join command ends").wait_for()
    assert token not in page.content()
    page.get_by_role("button", name="Change ams-1").click()
    page.get_by_role("button", name="New join command").click()
    page.get_by_text("shown only now").wait_for()
    assert token not in page.locator("dialog pre").inner_text()
    stage.node(page.locator("dialog pre").inner_text())
    page.get_by_role("button", name="Done").click()
    row.get_by_text("Connected").wait_for()
    page.get_by_role("button", name="Change ams-1").click()
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Address").fill("ams.example.net")
    page.get_by_role("button", name="Save").click()
    row.get_by_text("ams.example.net").wait_for()
    page.get_by_role("button", name="Change ams-1").click()
    page.get_by_role("button", name="Drain").click()
    row.get_by_text("Draining").wait_for()
    page.get_by_role("button", name="Change ams-1").click()
    page.get_by_role("button", name="Give it gateways again").click()
    row.get_by_text("Draining").wait_for(state="detached")

    # A gateway is made on a node of a region that has several.
    here, there = server.api("GET", "nodes")
    assert here["embedded"] and there["name"] == "ams-1"
    visit.open("/gateways")
    page.get_by_role("button", name="New gateway").click()
    page.get_by_label("Name", exact=True).fill("second")
    page.get_by_label("Region").select_option("local, on ams-1")
    page.get_by_role("button", name="Make the gateway").click()
    page.get_by_role("heading", name="second").wait_for()
    second = server.api("GET", "wireguard_interfaces?filter[name]=second")[0]
    assert second["node_id"] == there["id"], second

    # It says on which node it is, and goes to another one of its region and back.
    visit.open(f"/gateways/{objects.gateway}")
    server.api("DELETE", f"wireguard_interfaces/{second['id']}")
    page.get_by_role("link", name=here["name"], exact=True).wait_for()
    for node in (there, here):
        page.get_by_role("button", name="Move").click()
        page.get_by_label("Node", exact=True).select_option(node["name"])
        page.get_by_role("button", name="Move it").click()
        page.get_by_role("link", name=node["name"], exact=True).and_(page.locator("[href='/nodes']")).wait_for()
        wait_until("it is in service there", lambda: (now := server.api("GET", f"wireguard_interfaces/{objects.gateway}"))
                   and now["node_id"] == node["id"] and now["status"] == "provisioned")

    visit.open("/nodes")
    page.get_by_role("button", name="Change ams-1").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_label("to confirm").fill("ams-1")
    page.get_by_role("button", name="Delete the node").click()
    row.wait_for(state="detached")

    visit.open("/regions")
    page.get_by_role("button", name="Change Amsterdam West").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    page.get_by_label("to confirm").fill("Amsterdam West")
    page.get_by_role("button", name="Delete the region").click()
    page.get_by_role("cell", name="Amsterdam West", exact=True).wait_for(state="detached")
    visit.check()


def links(stage):
    """The map and the tables show the links between gateways on three nodes: that they answer, that packets go around one that does
    not, that a node is away, and that all is well again; wide and narrow, light and dark, for axe and by keyboard."""
    backbone = stage.backbone()
    here, ams, fra = backbone.addresses
    server = stage.server("--bind-address", here, "--endpoint-address", here)
    network = server.api("POST", "networks", {"name": "office"})["id"]
    stage.join("ams", "Amsterdam", ams)
    machine = stage.join("fra", "Frankfurt", fra)
    gateways = {
        region: server.api("POST", "wireguard_interfaces", {"network_id": network, "region_code": region, "name": f"in-{region}"})["id"]
        for region in ["local", "ams", "fra"]
    }

    wide = stage.visit(server)
    narrow = stage.visit(server, width=360, scheme="dark")
    for visit in (wide, narrow):
        visit.sign_in()
        visit.settle()
    page = wide.page
    card = page.get_by_role("region", name="Links")
    row = card.get_by_role("row")

    def between(one, other):
        return row.filter(has_text=f"in-{one}").filter(has_text=f"in-{other}")

    def drawn(state, count, text):
        """So many lines of the drawing in this state, each with this text and without another colour's sign."""
        for visit in (wide, narrow):
            lines = visit.page.locator(f".drawing .link.{state}")
            wait_until(f"{count} lines are {state}", lambda: lines.count() == count)
            for line in lines.all():
                assert re.search(text, line.text_content()), line.text_content()

    def link_is_fit():
        for visit in (wide, narrow):
            findings = AXE.run(visit.page, options=AXE_OPTIONS).response["violations"]
            assert not findings, findings
            visit.check()
        assert narrow.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")

    card.get_by_role("cell", name="Up").nth(2).wait_for()
    card.get_by_role("cell", name=re.compile(r"^\d+\.\d ms$")).nth(2).wait_for()
    drawn("ok", 3, r"\d\.\d ms")
    link_is_fit()
    assert not walk(page), "everything is reached by the Tab key"

    # A gateway's own page has its links, live as well.
    gateway = wide.new_page()
    gateway.goto(f"/gateways/{gateways['ams']}")
    own = gateway.get_by_role("region", name="Links").get_by_role("row")
    own.filter(has_text="in-fra").get_by_text("Up").wait_for()
    own.filter(has_text="in-local").get_by_text("Up").wait_for()
    gateway.evaluate("window.isTheSamePage = true")

    backbone.cut(ams, fra)
    between("ams", "fra").get_by_text("Detour").wait_for()
    between("ams", "fra").get_by_text("over in-local").wait_for()
    own.filter(has_text="in-fra").get_by_text("Detour").wait_for()
    drawn("warning", 1, "over in-local|Detour")
    link_is_fit()

    os.killpg(machine.pid, signal.SIGKILL)
    machine.wait()
    between("local", "fra").get_by_text("Down").wait_for()
    between("ams", "fra").get_by_text("Down").wait_for()
    between("local", "ams").get_by_text("Up").wait_for()
    drawn("error", 2, "Down")
    page.get_by_text("The node 'fra-1' has not been heard of").wait_for()
    page.get_by_text("1 not heard of").wait_for()
    # Its gateway does not pass for one in service, neither here nor on its own page.
    page.get_by_role("row").filter(has_text="in-fra").get_by_text("Node away").wait_for()
    assert page.locator(".drawing .node.error").count() == 1
    gateway.goto(f"/gateways/{gateways['fra']}")
    gateway.get_by_role("heading", name="in-fra Node away").wait_for()
    gateway.goto(f"/gateways/{gateways['ams']}")
    gateway.evaluate("window.isTheSamePage = true")
    link_is_fit()

    backbone.mend()
    stage.node("wgw node", fra, "fra")
    wait_until("all links are up", lambda: card.get_by_role("cell", name="Up").count() == 3)
    drawn("ok", 3, r"\d\.\d ms")
    own.filter(has_text="in-fra").get_by_text("Up").wait_for()
    assert gateway.evaluate("window.isTheSamePage"), "the page was loaded again"
    gateway.close()

    # The journal names a link by what it connects.
    events = wide.new_page()
    events.goto("/events?kind=backbone_link")
    events.get_by_text(re.compile(r"created link (ams – fra|fra – ams)")).wait_for()
    events.close()

    # With a gateway goes what it has links to.
    server.api("DELETE", f"wireguard_interfaces/{gateways['fra']}")
    between("ams", "fra").wait_for(state="detached")
    drawn("ok", 1, r"\d\.\d ms")
    server.api("DELETE", f"wireguard_interfaces/{gateways['ams']}")
    card.wait_for(state="hidden")
    wide.check()


def routes(stage):
    """A network is made on its page, which shows the effective table; a static route is made to what is behind a peer, and deleted."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to="/networks")
    visit.settle()
    page = visit.page
    page.get_by_role("button", name="New network").click()
    page.get_by_label("Name", exact=True).fill("lab")
    page.get_by_label("Addresses", exact=True).fill("10.20.0.0/16")
    page.get_by_role("button", name="Make the network").click()
    page.get_by_role("heading", name="lab").wait_for()
    page.get_by_text("There are no routes yet").wait_for()
    page.goto(f"/networks/{objects.network}")
    page.get_by_role("cell", name="172.27.0.0/24").wait_for()
    page.get_by_role("button", name="New static route").click()
    page.get_by_label("To", exact=True).fill("192.168.7.1/24")
    page.get_by_label("Through the peer").fill("phone")
    page.get_by_role("button", name="Make the static route").click()
    page.get_by_label("To", exact=True).and_(page.locator("[aria-invalid=true]")).wait_for()
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    page.get_by_label("To", exact=True).fill("192.168.7.0/24")
    page.get_by_role("button", name="Make the static route").click()
    row = page.get_by_role("row").filter(has_text="192.168.7.0/24")
    row.get_by_role("link", name="phone").wait_for()
    phone = server.api("GET", "wireguard_peers?filter[name]=phone")[0]
    assert phone["allowed_ips"] == ["192.168.7.0/24"], phone
    row.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete the route", exact=True).click()
    row.wait_for(state="detached")
    visit.check()


def webhooks(stage):
    """A webhook is made with its secret, which is shown once; a test and events arrive at its target, signed; what does not arrive is
    said; and it is deleted."""
    arrived, status = [], [204]

    class Target(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            arrived.append((self.headers, json.loads(self.rfile.read(int(self.headers["content-length"])))))
            self.send_response(status[0])
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    target = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Target)
    threading.Thread(target=target.serve_forever, daemon=True).start()
    try:
        server = stage.server("--bind-address", f"127.78.{os.getpid() % 250}.1", "--endpoint-address", "127.0.0.1", "--webhook-allow", "127.0.0.0/8")
        visit = stage.visit(server)
        visit.sign_in(to="/webhooks")
        visit.settle()
        page = visit.page
        page.get_by_role("button", name="New webhook").click()
        page.get_by_label("Name").fill("monitoring")
        page.get_by_label("URL").fill("ftp://example.org")
        page.get_by_role("button", name="Make the webhook").click()
        page.get_by_label("URL").and_(page.locator("[aria-invalid=true]")).wait_for()
        visit.complaints = [text for text in visit.complaints if "422" not in text]
        page.get_by_label("URL").fill(f"http://127.0.0.1:{target.server_port}/events?" + "of-one-word-" * 20)
        page.get_by_label("Events").fill("network.*")
        page.get_by_role("button", name="Make the webhook").click()
        page.get_by_text("shown only now").wait_for()
        secret = page.locator("dialog pre").inner_text()
        page.get_by_role("button", name="Done").click()
        page.get_by_role("cell", name="monitoring", exact=True).wait_for()
        assert secret not in page.content()

        def choose(action):
            page.get_by_role("button", name="Change monitoring").click()
            page.get_by_role("button", name=action, exact=True).click()

        choose("Send a test")
        page.get_by_text("The test arrived").wait_for()
        assert arrived[0][0]["webhook-signature"].startswith("v1,"), arrived[0][0]
        server.api("POST", "networks", {"name": "office"})
        wait_until("the event arrives", lambda: any(body["type"] == "network.created" for _, body in arrived))
        status[0] = 500
        choose("Send a test")
        page.get_by_text("The test has failed").wait_for()
        server.api("POST", "networks", {"name": "late"})
        row = page.get_by_role("row").filter(has_text="monitoring")
        row.get_by_text("Failing").wait_for(timeout=30_000)
        is_fit(stage, server, "/webhooks")
        status[0] = 204
        arrived.clear()
        choose("Send what waits now")
        wait_until("what waited arrives", lambda: any(body["type"] == "network.created" for _, body in arrived))
        row.get_by_text("On", exact=True).wait_for(timeout=30_000)
        status[0] = 500
        choose("Send a test")
        page.get_by_text("The test has failed").first.wait_for()
        choose("Last deliveries")
        page.get_by_role("dialog").get_by_text("network.created").first.wait_for()
        page.get_by_role("dialog").get_by_text("Failed").first.wait_for()
        page.keyboard.press("Escape")
        choose("Delete")
        page.get_by_label("to confirm").fill("monitoring")
        page.get_by_role("button", name="Delete the webhook").click()
        page.get_by_text("There are no webhooks yet").wait_for()
        visit.check()
    finally:
        target.shutdown()


ALL = [
    silence, keys, changing, following, explaining, inviting, acting, acting_ends, exporting, strangers, ways_out, choosing, watching,
    delivering, resting, services, routes, nodes, links, config_url, webhooks,
]
