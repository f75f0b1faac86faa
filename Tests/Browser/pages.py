"""The pages of the portal, in one place: every scenario goes through this list."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    name: str
    path: str
    # viewer < member < owner < admin
    role: str = "viewer"


# What stands in braces is the id of an object that `world.Objects` has made.
PORTAL = [
    Page("overview", "/"),
    Page("start", "/start", "member"),
    Page("peers", "/peers"),
    Page("peer", "/peers/{peer}"),
    Page("gateways", "/gateways"),
    Page("gateway", "/gateways/{gateway}"),
    Page("networks", "/networks"),
    Page("network", "/networks/{network}"),
    Page("explain", "/explain"),
    Page("events", "/events"),
    Page("usage", "/usage"),
    Page("keys", "/keys", "owner"),
    Page("users", "/users", "owner"),
    Page("webhooks", "/webhooks", "owner"),
    Page("organizations", "/organizations", "admin"),
    Page("services", "/services"),
    Page("nodes", "/nodes", "admin"),
    Page("regions", "/regions"),
    Page("about", "/about"),
    Page("account", "/account"),
]

# For those who are not signed in.
OPEN = [
    Page("sign-in", "/sign-in?next=/peers"),
    Page("sign-in-by-link", "/sign-in?code=none"),
    Page("unknown", "/nothing"),
    Page("share", "/shares/{share}"),
    Page("share-spent", "/shares/{spent}"),
    Page("docs", "/docs"),
    Page("errors", "/docs/errors"),
]

ROLES = ["viewer", "member", "owner", "admin"]

# Wide, tablet, phone: in CSS pixels.
WIDTHS = {"desktop": 1440, "tablet": 768, "phone": 360}

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)
