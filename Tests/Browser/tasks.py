"""What a person does on the pages, beside looking at them. Each function is a scenario; its docstring says what it shows."""

import re

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
    page.get_by_role("button", name="Make the key").click()
    page.get_by_label("Name").and_(page.locator("[aria-invalid=true]")).wait_for()
    visit.complaints = [text for text in visit.complaints if "422" not in text]
    page.get_by_label("Name").fill("backup")
    page.get_by_role("button", name="Make the key").click()
    page.get_by_text("shown only now").wait_for()
    key = page.locator("dialog pre").inner_text()
    assert server.api("GET", "networks", key=key) == []
    page.get_by_role("button", name="Done").click()
    page.get_by_role("cell", name="backup", exact=True).wait_for()
    assert key not in page.content()
    page.get_by_role("button", name="Revoke backup").click()
    confirmation = page.get_by_label("to confirm")
    confirmation.fill("back")
    page.get_by_role("button", name="Revoke the key").click()
    page.get_by_text("Type “backup” to go on.").wait_for()
    assert len(server.api("GET", "api_keys")) == 2
    confirmation.fill("backup")
    page.get_by_role("button", name="Revoke the key").click()
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
    page.get_by_role("button", name="End it").click()
    page.get_by_text("No browser is signed in").wait_for()
    guest.page.goto("/account")
    guest.page.wait_for_url("**/sign-in**")
    visit.check()


ALL = [silence, keys, changing, following, explaining, inviting, acting]
