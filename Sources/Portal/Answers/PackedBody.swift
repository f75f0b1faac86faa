import CZlib
import Crypto
import HTTPEdge
import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore

/// A body that many requests get, as it is and compressed. Only what is the same for every reader is
/// compressed: the length of a page that mixes a secret with what a stranger chose would tell of the secret.
struct PackedBody: Sendable {
    private let plain: ByteBuffer
    /// Nil where that is not shorter.
    private let gzip: ByteBuffer?
    /// Weak: one for both forms (RFC 9110 section 8.8.3).
    private let tag: String

    init(_ bytes: [UInt8]) {
        plain = ByteBuffer(bytes: bytes)
        let packed = Self.gzip(bytes)
        gzip = packed.count < bytes.count ? ByteBuffer(bytes: packed) : nil
        let digest = SHA256.hash(data: bytes).prefix(12)
        tag = "W/\"\(digest.map { String($0, radix: 36) }.joined(separator: "-"))\""
    }

    /// A page that is the same for every reader and changes with the program: browsers keep it, and ask each time
    /// whether it is still the one.
    func page(for request: Request) -> Response {
        var response = response(to: request, mediaType: "text/html; charset=utf-8")
        if request.alreadyHas(tag: tag) {
            response = Response(status: .notModified, headers: [.vary: "accept-encoding"])
        }
        for field in PageHeaders.all { response.headers[field.name] = field.value }
        response.headers[.cacheControl] = "no-cache"
        response.headers[.eTag] = tag
        return response
    }

    func response(to request: Request, mediaType: String) -> Response {
        var response = Response(
            status: .ok,
            headers: [.contentType: mediaType, .vary: "accept-encoding"],
            body: ResponseBody(byteBuffer: plain)
        )
        if let gzip, request.takesGzip {
            response.body = ResponseBody(byteBuffer: gzip)
            response.headers[.contentEncoding] = "gzip"
        }
        return response
    }

    /// The same bytes where they cannot be compressed.
    private static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        let room = wgw_gzip_bound(bytes.count)
        let packed = [UInt8](unsafeUninitializedCapacity: room) { packed, count in
            count = wgw_gzip(bytes, bytes.count, packed.baseAddress, room)
        }
        return packed.isEmpty ? bytes : packed
    }
}

extension Request {
    /// Whether `Accept-Encoding` names gzip with a weight above zero (RFC 9110 section 12.5.3).
    fileprivate var takesGzip: Bool {
        headers[values: .acceptEncoding].joined(separator: ",").split(separator: ",").contains {
            let parts = $0.lowercased().filter { $0 != " " && $0 != "\t" }.split(separator: ";")
            guard parts.first == "gzip" else { return false }
            return !parts.dropFirst().contains {
                ["q=0", "q=0.0", "q=0.00", "q=0.000"].contains($0)
            }
        }
    }
}
