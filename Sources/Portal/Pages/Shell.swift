import GatewayDomain
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The HTML around a page that a module fills: who is signed in, and where they can go.
struct Shell {
    let page: PortalPage
    let visitor: Visitor

    var response: Response {
        let administration = links(.administration)
        return Templates.page(
            "shell",
            [
                "title": page.title,
                "about": page.about,
                "name": visitor.name,
                "role": visitor.role.rawValue,
                "organization": visitor.organization,
                "links": links(.main),
                "administration": administration,
                "hasAdministration": !administration.isEmpty,
                "isAccount": page.path == "/account",
            ]
        )
    }

    private func links(_ part: PortalPage.NavigationPart) -> [[String: Any]] {
        PortalPage.all.filter { $0.part == part && $0.isFor(visitor) }.map { link in
            ["path": link.path, "title": link.title, "isCurrent": isAt(link)]
        }
    }

    /// The page of a peer is under that of all peers.
    private func isAt(_ link: PortalPage) -> Bool {
        page.path == link.path || page.path.hasPrefix(link.path + "/") && link.path != "/"
    }
}
