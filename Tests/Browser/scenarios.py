"""What a person sees and does in the portal. Each function is a scenario; its docstring says what it shows."""

import html.parser
import re
import time

from axe_playwright_python.sync_playwright import Axe

from browser import Visit
from pages import OPEN, POLICY, PORTAL, ROLES, WIDTHS
from world import HOSTILE, Client, Objects, Refused, wait_until

AXE = Axe()
AXE_OPTIONS = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def each_page(stage, objects, **more):
    """The pages of the portal, signed in as an admin, and those for everybody."""
    visit = stage.visit(**more)
    for page in OPEN:
        yield visit, page, objects.path(page)
    visit.sign_in()
    for page in PORTAL:
        yield visit, page, objects.path(page)


def expect_complaints(visit, page):
    """An answer of 4xx to a page itself stands in the console of chromium."""
    expected = {"unknown": "404", "share-spent": "410"}.get(page.name)
    if expected:
        visit.complaints = [text for text in visit.complaints if expected not in text]


def first_run(stage):
    """From an empty server to the line that turns green, with a real client."""
    client = stage.client()
    server = stage.server("--endpoint-address", client.server_address, "--bind-address", client.server_address)
    visit = stage.visit(server)
    visit.sign_in()
    visit.page.wait_for_url("**/start")
    visit.page.get_by_role("img", name=re.compile("QR code of the config")).wait_for()
    visit.page.evaluate("window.isTheSamePage = true")
    with visit.page.expect_download() as saving:
        visit.page.get_by_role("button", name="Download the config").click()
    config = stage.folder / "config"
    saving.value.save_as(config)
    client.connect(config.read_text())
    gateway = server.api("GET", "wireguard_interfaces")[0]
    client.ping(gateway["server_ip_address"].split("/")[0])
    visit.page.locator('.arrival[data-state="green"]').wait_for()
    assert visit.page.evaluate("window.isTheSamePage"), "the page was loaded again"
    visit.check()
    # A page that is loaded again goes on where it was, and makes nothing twice.
    visit.open("/start")
    visit.page.locator('.arrival[data-state="green"]').wait_for()
    for kind in ["networks", "wireguard_interfaces", "wireguard_peers"]:
        assert len(server.api("GET", kind)) == 1, kind
    visit.open("/")
    visit.page.get_by_role("main").get_by_text("default").first.wait_for()
    visit.check()


def two_browsers(stage):
    """What one browser changes, another sees within a second."""
    server = stage.server()
    objects = Objects(server)
    first, second = stage.visit(server), stage.visit(server)
    for visit in (first, second):
        visit.sign_in(to="/peers")
        visit.settle()
        visit.page.get_by_text("phone").first.wait_for()
    for number in range(5):
        name = f"tablet-{number}"
        second.page.evaluate(
            """([gateway, name]) => fetch('/v2/wireguard_peers', {
                method: 'POST', headers: { 'Content-Type': 'application/json' },
                body: JSON.stringify({ wireguard_interface_id: gateway, name }) }).then((answer) => {
                    if (!answer.ok) throw new Error(answer.status); })""",
            [objects.gateway, name],
        )
        began = time.monotonic()
        first.page.get_by_text(name).first.wait_for()
        took = time.monotonic() - began
        # A machine that does other things as well may be slow once.
        if took < 1:
            break
    else:
        raise AssertionError(f"the other browser saw it after {took:.1f} s")
    first.check()
    second.check()


def roles(stage):
    """Each role sees what it may: links, pages and buttons, and the API refuses the rest."""
    server = stage.server()
    objects = Objects(server)
    for role in ROLES:
        key = server.api("POST", "api_keys", {"name": role, "role": role})["api_key"]
        visit = stage.visit(server)
        visit.sign_in(key)
        visit.settle()
        shown = set(visit.page.locator("nav#menu li a").evaluate_all("links => links.map(a => a.getAttribute('href'))"))
        for page in PORTAL:
            if "{" in page.path or page.name in ("start", "account"):
                continue
            may = ROLES.index(role) >= ROLES.index(page.role)
            assert (page.path in shown) == may, f"{role}: the navigation and {page.path}"
        for page in PORTAL:
            if ROLES.index(role) < ROLES.index(page.role):
                continue
            visit.open(objects.path(page))
            if role == "viewer" and page.name != "account":
                words = visit.page.locator("main button:visible").all_inner_texts()
                changing = [w for w in words if re.match(r"(New|Add|Create|Delete|Rotate|Edit|Rename|Revoke|Share|Make)\b", w)]
                assert not changing, f"a viewer is offered {changing} at {page.path}"
        visit.check()
        if role == "viewer":
            answer = visit.page.evaluate(
                f"fetch('/v2/networks/{objects.network}', {{ method: 'DELETE' }}).then((answer) => answer.status)"
            )
            assert answer == 403, answer
        visit.close()


def hostile_names(stage):
    """A name is text wherever it stands, whatever it looks like."""
    server = stage.server()
    objects = Objects(server, HOSTILE)
    server.api("POST", "api_keys", {"name": HOSTILE, "role": "viewer"})
    server.api("POST", "users", {"name": "<b>" + HOSTILE, "role": "viewer"})
    server.api("POST", "organizations", {"name": HOSTILE})
    shown = 0
    for visit, page, path in each_page(stage, objects):
        visit.open(path)
        shown += HOSTILE in visit.page.locator("body").inner_text()
        assert visit.page.locator("img[src=x]").count() == 0, f"{path}: the name became an element"
        expect_complaints(visit, page)
        visit.check()
    assert shown >= 6, f"the name was shown on {shown} pages only"


def accessible(stage):
    """Axe finds nothing on any page: wide and narrow, light and dark."""
    server = stage.server()
    objects = Objects(server)
    findings = []
    for width, scheme in [("desktop", "light"), ("desktop", "dark"), ("phone", "light"), ("tablet", "dark")]:
        for visit, page, path in each_page(stage, objects, width=WIDTHS[width], scheme=scheme):
            visit.open(path)
            for violation in AXE.run(visit.page, options=AXE_OPTIONS).response["violations"]:
                for node in violation["nodes"]:
                    findings.append(f"{page.name} {width} {scheme}: {violation['id']}: {node['html'][:200]}")
            expect_complaints(visit, page)
            findings += visit.complaints
            visit.complaints = []
    assert not findings, "\n".join(findings)


def narrow(stage):
    """Nothing has to be scrolled sideways on a phone, on a tablet, or at 200 % zoom of a laptop's screen."""
    server = stage.server()
    objects = Objects(server)
    wide = []
    # A laptop of 1280 pixels at 200 % has 640.
    for width in [WIDTHS["phone"], 640, WIDTHS["tablet"]]:
        for visit, page, path in each_page(stage, objects, width=width):
            visit.open(path)
            over = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                wide.append(f"{page.name} at {width} px is {over} px too wide")
    assert not wide, "\n".join(wide)


def keyboard(stage):
    """Everything that can be clicked is reached by the Tab key, and what has the focus is seen to have it."""
    server = stage.server()
    objects = Objects(server)
    faults = []
    for visit, page, path in each_page(stage, objects):
        if page.name in ("docs", "errors"):
            continue
        visit.open(path)
        faults += [f"{page.name}: {fault}" for fault in walk(visit.page)]
    assert not faults, "\n".join(faults)


def walk(page):
    page.evaluate(
        """() => {
            document.activeElement?.blur();
            const seen = (element) => element.checkVisibility({ visibilityProperty: true }) && !element.closest('[inert]');
            window.reachable = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
                .filter((element) => seen(element) && !element.disabled && element.tabIndex >= 0 && element.type !== 'radio');
        }"""
    )
    count = page.evaluate("reachable.length")
    faults = []
    for _ in range(count + 60):
        page.keyboard.press("Tab")
        state = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (!element || element === document.body) return null;
                window.reachable = reachable.filter((other) => other !== element);
                const style = getComputedStyle(element);
                // Of a time, chromium marks the part that is typed into by itself.
                const shown = style.outlineStyle !== 'none' || style.boxShadow !== 'none' || element.type === 'datetime-local';
                return shown ? '' : `the focus is not seen on ${element.outerHTML.slice(0, 120)}`;
            }"""
        )
        if state is None:
            break
        if state:
            faults.append(state)
    left = page.evaluate(
        "reachable.filter((element) => element.isConnected && element.checkVisibility()).map((element) => element.outerHTML.slice(0, 120))"
    )
    return faults + [f"the Tab key does not reach {element}" for element in left]


def is_fit(stage, server, path):
    """Wide and narrow, light and dark, for axe and by keyboard."""
    for width, scheme in [(1440, "dark"), (768, "light"), (360, "dark")]:
        visit = stage.visit(server, width=width, scheme=scheme)
        visit.sign_in(to=path)
        visit.settle()
        findings = AXE.run(visit.page, options=AXE_OPTIONS).response["violations"]
        assert not findings, findings
        assert visit.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), width
        assert not walk(visit.page), "everything is reached by the Tab key"
        visit.check()


def restart(stage):
    """A server that goes away is said to be away, what was typed stays, and the page goes on by itself."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in(to="/peers")
    visit.settle()
    visit.page.get_by_text("phone").first.wait_for()
    search = visit.page.get_by_role("searchbox").first
    search.fill("tab")
    server.stop()
    banner = visit.page.get_by_text("What you typed stays")
    banner.wait_for()
    assert search.input_value() == "tab"
    server.start()
    banner.wait_for(state="hidden")
    assert search.input_value() == "tab"
    server.api("POST", "wireguard_peers", {"wireguard_interface_id": objects.gateway, "name": "tablet"})
    visit.page.get_by_text("tablet").first.wait_for()


class Inline(html.parser.HTMLParser):
    """What a page must not have in its text."""

    def __init__(self, text):
        super().__init__()
        self.faults, self.links = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "style" or "style" in attributes:
            self.faults.append(f"an inline style: <{tag}>")
        if tag == "script" and "src" not in attributes:
            self.faults.append("an inline script")
        self.faults += [f"a handler: {name}" for name in attributes if name.startswith("on")]
        for name in ("src", "href", "action"):
            value = attributes.get(name) or ""
            if re.match(r"(https?:)?//|javascript:", value):
                self.faults.append(f"{name} leads elsewhere: {value}")
            if tag == "a" and name == "href" and value.startswith("/"):
                self.links.append(value.split("#")[0])


def headers(stage):
    """Every page that links lead to has the policy and the other headers, and nothing inline."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in()
    cookie = "; ".join(f"{one['name']}={one['value']}" for one in visit.context.cookies())
    waiting = [objects.path(page) for page in OPEN + PORTAL]
    seen = set()
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith("/openapi.json"):
            continue
        seen.add(path)
        answer = server.get(path, Cookie=cookie)
        policy = answer.headers.get("content-security-policy", "")
        if path.startswith("/shares/"):
            assert "script-src" not in policy and "default-src 'none'" in policy, f"{path}: {policy}"
        else:
            assert policy == POLICY, f"{path}: {policy}"
        for name, value in [
            ("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cache-control", "no-cache" if path.startswith("/docs") else "no-store"),
        ]:
            assert answer.headers.get(name) == value, f"{path}: {name} is {answer.headers.get(name)}"
        assert "access-control-allow-origin" not in answer.headers, path
        found = Inline(answer.text)
        assert not found.faults, f"{path}: {found.faults}"
        waiting += found.links
    assert len(seen) >= len(OPEN + PORTAL)


def holes(stage):
    """The holes that other portals had are closed here."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server)
    visit.sign_in()
    cookies = visit.context.cookies()
    session = next(one for one in cookies if "wgw" in one["name"])
    assert session["httpOnly"] and session["sameSite"] == "Strict", session
    assert visit.page.evaluate("document.cookie") == "", "a script can read the cookie"
    assert visit.page.evaluate("JSON.stringify([localStorage, sessionStorage])").find("KEY") < 0
    cookie = f"{session['name']}={session['value']}"

    # Path traversal.
    assets = re.search(r'href="(/assets/\w+)/style\.css"', server.get("/sign-in").text)[1]
    for path in ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "//etc/passwd", "/..\\..\\etc"]:
        answer = server.get(assets + path)
        assert answer.status in (400, 404) and "root:" not in answer.text, path

    # Framing: chromium shows an error instead of the page.
    framing = visit.new_page()
    framing.goto("about:blank")
    framing.evaluate("url => { const frame = document.createElement('iframe'); frame.src = url; document.body.append(frame); }", server.url)
    framing.wait_for_timeout(500)
    assert all("wgw" not in (frame.title() or "") for frame in framing.frames[1:]), "the portal can be framed"
    framing.close()
    visit.complaints = [text for text in visit.complaints if "frame" not in text.lower()]

    # A GET changes nothing: not the link of a share, not the session.
    for _ in range(2):
        assert server.get("/shares/" + objects.share).status == 200
    assert server.get("/sign-out", Cookie=cookie).status == 405
    assert server.get("/peers", Cookie=cookie).status == 200

    # A page of another site can send no form and make no change.
    for site in ("cross-site", "same-site"):
        for path, form in [("/sign-in", {"api_key": "KEY"}), ("/sign-out", {})]:
            answer = server.send("POST", path, form, Cookie=cookie, Sec_Fetch_Site=site)
            assert answer.status == 403, f"{path} from {site}: {answer.status}"
        answer = server.send("DELETE", f"/v2/networks/{objects.network}", Cookie=cookie, Sec_Fetch_Site=site)
        assert answer.status == 403, answer.status
    answer = server.send("DELETE", f"/v2/networks/{objects.network}", Cookie=cookie)
    assert answer.status == 403, "a change by cookie of which nothing says where it comes from"

    # Open redirection.
    for there in ["https://example.org", "//example.org", "/\\example.org", "\\\\example.org", "/\t/example.org", "javascript:alert(1)", "peers"]:
        answer = server.send(
            "POST", "/sign-in", {"api_key": "KEY-for-browser-tests", "next": there}, Sec_Fetch_Site="same-origin"
        )
        assert (answer.status, answer.headers["location"]) == (303, "/"), f"{there}: {answer.headers}"

    # Reflected text.
    for path in ["/sign-in?next=\"><img src=x onerror=alert(1)>", "/sign-in?code=\"><img src=x onerror=alert(1)>", "/<img src=x onerror=alert(1)>"]:
        visit.page.goto(path)
        assert visit.page.locator("img[src=x]").count() == 0, path
    answer = server.send("POST", "/sign-in", {"name": HOSTILE, "password": "wrong"}, Sec_Fetch_Site="same-origin")
    assert answer.status == 401 and "<img src=x" not in answer.text and "&lt;img" in answer.text
    assert "wrong\"" not in answer.text, "a password was shown again"
    visit.complaints = [text for text in visit.complaints if "404" not in text]

    # Who exists is not told, and neither is what a key was.
    known = server.api("POST", "users", {"name": "known", "role": "viewer"})
    assert known["id"]
    texts = {
        server.send("POST", "/sign-in", {"name": name, "password": "wrong-password"}, Sec_Fetch_Site="same-origin")
        .text.replace(name, "NAME") for name in ("known", "unheard-of")
    }
    assert len(texts) == 1, texts

    # A session that has ended is ended at once, also in a page that is open.
    visit.open("/peers")
    visit.page.get_by_role("button", name="Sign out").click()
    visit.page.wait_for_url("**/sign-in*")
    assert server.get("/peers", Cookie=cookie).status == 303
    visit.check()


def signing_in(stage):
    """A person is invited, chooses a password, signs out and in again, and comes back to where it wanted to go."""
    server = stage.server()
    link = server.api("POST", "users", {"name": "ada", "role": "member"})["invitation_url"]
    visit = stage.visit(server)
    page = visit.page
    page.goto(link)
    page.get_by_label("New password").fill("correct horse battery")
    page.get_by_label("The same once more").fill("another horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("the same password into both").wait_for()
    page.get_by_label("New password").fill("correct horse battery")
    page.get_by_label("The same once more").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="ada").first.wait_for()

    def answer_late(route):
        with page.expect_response(lambda response: response.status == 401, timeout=20_000):
            headers = {**route.request.all_headers(), "sec-fetch-site": "same-origin"}
            answer = route.fetch(max_redirects=0, headers=headers)
            assert answer.status == 303, answer.text()
        route.fulfill(response=answer)

    # The page hears from other requests that the session is over, and waits for the answer to the form.
    page.goto("/peers")
    page.route("**/sign-out", answer_late)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_text("You are signed out.").wait_for()
    visit.complaints = [text for text in visit.complaints if "401" not in text]
    page.goto("/events?type=user.created")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill("a wrong password")
    page.get_by_role("button", name="Sign in").first.click()
    page.get_by_text("The name or the password is wrong").wait_for()
    assert page.get_by_label("Name").input_value() == "ada"
    assert page.get_by_label("Password").input_value() == ""
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").first.click()
    page.wait_for_url("**/events?type=user.created")
    page.goto(link)
    page.get_by_text("was used or has expired").wait_for()


def without_javascript(stage):
    """Signing in, the shell, one-time links and the reference work without JavaScript."""
    server = stage.server()
    objects = Objects(server)
    visit = stage.visit(server, java_script_enabled=False)
    visit.sign_in(to="/peers")
    visit.page.locator("main noscript h1").wait_for()
    visit.page.get_by_role("link", name="Gateways").click()
    visit.page.wait_for_url("**/gateways")
    visit.page.goto("/shares/" + objects.share)
    visit.page.get_by_role("button", name="Show the configuration").click()
    visit.page.get_by_text("[Interface]").wait_for()
    assert visit.page.locator("img.qr").is_visible()
    visit.page.goto("/docs#createPeer")
    assert visit.page.get_by_text("POST").first.is_visible()


def reference(stage):
    """The reference is searched, linked into and copied from."""
    server = stage.server()
    visit = stage.visit(server, permissions=["clipboard-read", "clipboard-write"])
    page = visit.page
    page.goto("/docs?q=explanation")
    page.get_by_role("searchbox").wait_for()
    page.locator("#explainPath").wait_for()
    assert not page.locator("#listNetworks").is_visible()
    page.get_by_role("searchbox").fill("")
    page.locator("#listNetworks").wait_for()
    page.goto("/docs#createNetwork")
    page.locator("#createNetwork").get_by_role("button", name="Copy wgw").click()
    assert page.evaluate("navigator.clipboard.readText()") == "wgw network create office"
    visit.check()


def screenshots(stage):
    """Pictures of every page in every width, light and dark, in the folder that WGW_SCREENSHOTS names."""
    if not stage.pictures:
        return
    server = stage.server()
    objects = Objects(server)
    for scheme in ("light", "dark"):
        for width, pixels in WIDTHS.items():
            for visit, page, path in each_page(stage, objects, width=pixels, scheme=scheme):
                visit.open(path)
                visit.page.wait_for_timeout(300)
                visit.page.screenshot(path=stage.pictures / f"{page.name}-{width}-{scheme}.png", full_page=page.name not in ("docs",))


def readme_pictures(stage):
    """The two pictures of README.md: the overview and a peer, of a network in three regions with a client that is connected."""
    if not stage.pictures:
        return
    client = stage.client()
    server = stage.server("--endpoint-address", client.server_address, "--bind-address", client.server_address)
    for region, name, address in zip(["ams", "fra"], ["Amsterdam", "Frankfurt"], stage.backbone().addresses):
        stage.join(region, name, address)
    network = server.api("POST", "networks", {"name": "office"})["id"]
    for region, peers in [("fra", []), ("ams", []), ("local", ["laptop", "phone", "build-server", "printer"])]:
        gateway = server.api(
            "POST", "wireguard_interfaces", {"network_id": network, "region_code": region, "name": f"office-{region}"}
        )
        for name in peers:
            peer = server.api(
                "POST", "wireguard_peers?include=config", {"wireguard_interface_id": gateway["id"], "name": name}
            )
            if name == "laptop":
                laptop = peer
    wait_until("the links are measured", lambda: all(link["round_trip_us"] for link in server.api("GET", "backbone_links")))
    client.connect(laptop["config"])
    address = gateway["server_ip_address"].split("/")[0]
    client.ping(address)
    visit = stage.visit(server, width=1200, height=750)
    visit.sign_in()
    for name, path in [("overview", "/"), ("peer", "/peers/" + laptop["id"])]:
        visit.open(path)
        send = lambda: client.attempt("ping", "-c5", "-i0.05", "-s1200", address)
        for _ in range(40):
            send()
        wait_until("much is carried", lambda: send() and visit.page.get_by_text(re.compile(r"\d+ kbit/s")).count())
        visit.page.screenshot(path=stage.pictures / f"readme-{name}.png")


ALL = [
    first_run, two_browsers, roles, hostile_names, accessible, narrow, keyboard, restart, headers, holes, signing_in,
    without_javascript, reference, screenshots, readme_pictures,
]
