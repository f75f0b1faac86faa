"""Debian's chromium, and what a scenario notes of each page that it opens."""

import contextlib

from playwright.sync_api import sync_playwright

from world import KEY, PATIENCE

CHROMIUM = "/usr/bin/chromium"


class Visit:
    """A browser context: one person at one browser. Whatever the console says against a page is a failure."""

    def __init__(self, browser, url, width=1440, height=900, scheme="light", **more):
        self.url = url
        self.context = browser.new_context(
            base_url=url, viewport={"width": width, "height": height}, color_scheme=scheme,
            reduced_motion="reduce", **more,
        )
        self.context.set_default_timeout(PATIENCE * 1000)
        self.complaints = []
        self.page = self.new_page()

    def new_page(self):
        page = self.context.new_page()
        page.on("console", self.note_console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("dialog", self.note_dialog)
        page.on("request", self.note_request)
        return page

    def note_console(self, message):
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.location.get('url')}: {message.text}")

    def note_dialog(self, dialog):
        self.complaints.append(f"a script of a name ran: {dialog.message}")
        dialog.dismiss()

    def note_request(self, request):
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"a request to another host: {request.url}")

    def sign_in(self, key=KEY, to="/"):
        self.page.goto("/sign-in?next=" + to)
        self.page.get_by_text("Sign in with an API key").click()
        self.page.get_by_label("API key").fill(key)
        self.page.locator("form:has(#api_key) button").click()
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def open(self, path):
        """Comes back when the page has what it shows."""
        answer = self.page.goto(path)
        self.settle()
        return answer

    def settle(self):
        self.page.wait_for_function(
            "() => document.querySelector('main h1') && !document.querySelector('main[aria-busy]')"
        )

    def check(self):
        """No complaint so far."""
        complaints, self.complaints = self.complaints, []
        assert not complaints, "\n".join(complaints)

    def close(self):
        self.context.close()


@contextlib.contextmanager
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
