import HTTPTypes
import Hummingbird

extension Response {
    /// The browser goes on by GET, whatever it asked by (RFC 9110 section 15.4.4).
    static func seeOther(_ path: LocalPath) -> Response {
        var headers = PageHeaders.all
        headers[.location] = path.text
        return Response(status: .seeOther, headers: headers)
    }
}
