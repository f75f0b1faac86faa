import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// The paths of all pages in `PortalPage.all`, for those who are signed in; others are asked to sign in first.
struct PageRoutes {
    let visitor: Portal.FindVisitor

    var routes: [EdgeRoute] {
        PortalPage.all.map { page in
            EdgeRoute(.get, page.path) { request, context in
                // A program that asks for JSON is told by the API that this is not of the API.
                guard request.takesHTML else { return nil }
                guard let visitor = try await visitor(request, context) else {
                    let here = LocalPath(request.uri.string) ?? .overview
                    return .seeOther(here.signIn)
                }
                return Shell(page: page, visitor: visitor).response
            }
        }
    }
}
