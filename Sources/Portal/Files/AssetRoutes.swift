import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore

/// Serves the files that pages load. A path is looked up in a table and never in the file system, so that
/// nothing else can be reached by it.
struct AssetRoutes {
    var routes: [EdgeRoute] {
        [EdgeRoute(.get, "assets/:hash/**", show)]
    }

    private func show(_ request: Request, _ context: EdgeContext) -> Response? {
        let path = context.parameters.getCatchAll().joined(separator: "/")
        let set = AssetSet.shared
        guard context.parameters.get("hash") == set.hash, let file = set.file(path) else {
            return nil
        }
        var response = file.body.response(to: request, mediaType: file.mediaType)
        response.headers[.cacheControl] = "public, max-age=31536000, immutable"
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.known("cross-origin-resource-policy")] = "same-origin"
        return response
    }
}
