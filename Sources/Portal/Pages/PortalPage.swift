import GatewayDomain

/// The pages that a module in the browser fills: the one list of their paths. Each is answered with the same
/// shell, which links to those of them that lead somewhere for the visitor.
package struct PortalPage: Sendable {
    enum NavigationPart { case main, administration }

    /// In Hummingbird's notation.
    package let path: String
    package let title: String
    /// What it shows, in one sentence.
    let about: String
    /// What a visitor has to be to see anything there.
    var least = Role.viewer
    /// Only for a visitor that is not restricted to single networks.
    var isUnrestricted = false
    /// Of the navigation; nil for a page that it does not name.
    var part: NavigationPart? = .main

    package static let all: [PortalPage] = [
        PortalPage(
            path: "/",
            title: "Overview",
            about: "The overview shows what is connected, what is not, and why."
        ),
        PortalPage(
            path: "/start",
            title: "First steps",
            about: """
                Three steps lead to a first connection: a network, a gateway in it, and a peer whose \
                configuration goes onto a device.
                """,
            least: .member,
            part: nil
        ),
        PortalPage(
            path: "/peers",
            title: "Peers",
            about: "Peers are the devices that connect to a gateway."
        ),
        PortalPage(
            path: "/peers/:id",
            title: "Peer",
            about: "The page of a peer shows its state, its traffic and its configuration.",
            part: nil
        ),
        PortalPage(
            path: "/gateways",
            title: "Gateways",
            about: "Gateways are what peers connect to."
        ),
        PortalPage(
            path: "/gateways/:id",
            title: "Gateway",
            about: "The page of a gateway shows its state, its addresses and its traffic.",
            part: nil
        ),
        PortalPage(
            path: "/networks",
            title: "Networks",
            about: "Networks are apart from each other: no packet gets from one into another."
        ),
        PortalPage(
            path: "/networks/:id",
            title: "Network",
            about: "The page of a network shows its gateways and what goes through them.",
            part: nil
        ),
        PortalPage(
            path: "/explain",
            title: "Explain",
            about: "This page explains whether one address reaches another, by which way, and why."
        ),
        PortalPage(
            path: "/events",
            title: "Events",
            about: "Events are all changes, with who made them."
        ),
        PortalPage(
            path: "/usage",
            title: "Usage",
            about: "The usage of a month is what peers sent and received, and what it costs."
        ),
        PortalPage(
            path: "/services",
            title: "Services",
            about: """
                Private services are what the operator of this server offers to peers through their tunnels.
                """
        ),
        PortalPage(
            path: "/regions",
            title: "Regions",
            about: "Regions are the places where gateways can be."
        ),
        PortalPage(
            path: "/keys",
            title: "API keys",
            about: "API keys let programs use the API.",
            least: .owner,
            isUnrestricted: true,
            part: .administration
        ),
        PortalPage(
            path: "/users",
            title: "Users",
            about: "Users are the people who sign in here.",
            least: .owner,
            isUnrestricted: true,
            part: .administration
        ),
        PortalPage(
            path: "/webhooks",
            title: "Webhooks",
            about: "Webhooks tell a server of the organization's own what happens.",
            least: .owner,
            isUnrestricted: true,
            part: .administration
        ),
        PortalPage(
            path: "/organizations",
            title: "Organizations",
            about: "Organizations share this server and see nothing of each other.",
            least: .admin,
            isUnrestricted: true,
            part: .administration
        ),
        PortalPage(
            path: "/nodes",
            title: "Nodes",
            about: "Nodes are the machines that carry gateways.",
            least: .admin,
            isUnrestricted: true,
            part: .administration
        ),
        PortalPage(
            path: "/about",
            title: "About",
            about:
                "This page shows the version of the server and the licences of what it is made of."
        ),
        PortalPage(
            path: "/account",
            title: "Account",
            about: "This page shows where you are signed in, and lets you change your password.",
            part: nil
        ),
    ]

    /// Whether the visitor sees anything there.
    func isFor(_ visitor: Visitor) -> Bool {
        visitor.role >= least && !(isUnrestricted && visitor.isRestricted)
    }
}
