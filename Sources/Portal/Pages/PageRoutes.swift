import GatewayService
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The paths of all pages in `PortalPage.all`, for those who are signed in; others are asked to sign in first.
struct PageRoutes {
    let controlPlane: ControlPlane

    var routes: [EdgeRoute] {
        PortalPage.all.map { page in
            EdgeRoute(.get, page.path) { request, context in
                // A program that asks for JSON is told by the API that this is not of the API.
                guard request.takesHTML else { return nil }
                let here = LocalPath(request.uri.string) ?? .overview
                guard let session = Browser(request, context).session else {
                    // A link on another site does not bring the cookie along. The page of this server that
                    // is opened first brings the browser here again, and then the cookie comes.
                    return request.isFromForeignPage
                        ? Arrival(here).response : .seeOther(here.signIn)
                }
                guard
                    let visitor = try await controlPlane.visitor(
                        behind: session,
                        from: context.client.address
                    )
                else {
                    return .seeOther(here.signIn)
                }
                return Shell(page: page, visitor: visitor).response
            }
        }
    }
}

/// Opens a page again, from a page of this server.
private struct Arrival {
    private let path: LocalPath

    init(_ path: LocalPath) {
        self.path = path
    }

    var response: Response {
        Templates.page("arrival", ["title": "wgw", "path": path.text])
    }
}
