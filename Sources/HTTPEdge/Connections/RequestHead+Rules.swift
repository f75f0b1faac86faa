import NIOHTTP1

/// What RFC 9112 asks of a request, whatever it asks for.
extension HTTPRequestHead {
    /// Nil where nothing is wrong. The numbers are sections of RFC 9112.
    var violation: Refusal? {
        let hosts = headers["host"]
        // 3.2
        guard hosts.count == 1 || hosts.isEmpty && version == .http1_0 else {
            return .malformed("An HTTP/1.1 request has one Host field, not \(hosts.count).")
        }
        guard hosts.allSatisfy(Self.isHost) else {
            return .malformed("A Host field is a name or an address, with or without a port.")
        }
        // 6.1
        guard headers.contains(name: "transfer-encoding") else { return nil }
        guard version != .http1_0 else {
            return .malformed("Transfer-Encoding is not of HTTP/1.0. Send a Content-Length.")
        }
        // A body of both would be of two lengths, for two readers of it.
        guard !headers.contains(name: "content-length") else {
            return .malformed("A request has a Transfer-Encoding or a Content-Length, not both.")
        }
        let codings = headers[canonicalForm: "transfer-encoding"].map { $0.lowercased() }
        if codings == ["chunked"] { return nil }
        guard codings.firstIndex(of: "chunked") == codings.count - 1 else {
            return .malformed("The last transfer coding of a request must be chunked, once.")
        }
        return .unknownTransferCoding
    }

    /// Letters that stand in names, addresses and ports. An empty field is one that names no host.
    private static func isHost(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "-._~%!$&'()*+,;=:[]".utf8.contains(byte)
            }
        }
    }

    /// Whether NIO's decoder stops behind the request (RFC 9110 section 7.8). For an empty Upgrade
    /// field, which names no protocol, it does not.
    var asksForUpgrade: Bool {
        guard headers["upgrade"].contains(where: { !$0.isEmpty }) else { return false }
        return headers["connection"].contains { field in
            field.split(separator: ",").contains { $0.isWord("upgrade") }
        }
    }

    /// Whether the decoder could have stopped in another way than `asksForUpgrade` tells, or the client
    /// waits for something else than HTTP from here on. Such a connection is closed.
    var leadsElsewhere: Bool {
        if method == .CONNECT { return true }
        guard headers.contains(name: "upgrade"), !asksForUpgrade else { return false }
        return (headers["connection"] + headers["proxy-connection"]).contains {
            $0.lowercased().contains("upgrade")
        }
    }
}

extension Substring {
    /// Letters in either case, with nothing around them but spaces.
    fileprivate func isWord(_ word: String) -> Bool {
        var rest = self
        while rest.utf8.first == UInt8(ascii: " ") { rest.removeFirst() }
        while rest.utf8.last == UInt8(ascii: " ") { rest.removeLast() }
        return rest.lowercased() == word
    }
}
