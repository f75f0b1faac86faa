import FoundationEssentials

/// All that a machine needs to become a node: where the server is, by which certificate it is known, which
/// node the machine is to be, and a secret that lets it be that once. One word, to be pasted.
package struct JoinToken: Equatable, Sendable {
    /// The default, and what may be asked for.
    package static let defaultSeconds = 15 * 60
    package static let seconds = 60...24 * 60 * 60

    private static let prefix = "wgw-join-1"

    /// Without a slash at the end.
    package let serverURL: String
    /// Of the certificate's DER, 64 hexadecimal digits of SHA-256. Nil where an authority vouches for the
    /// certificate, or the server is asked in clear text on the machine itself.
    package let fingerprint: String?
    package let nodeID: NodeID
    package let secret: String

    package init(serverURL: String, fingerprint: String?, nodeID: NodeID, secret: String) {
        self.serverURL = serverURL
        self.fingerprint = fingerprint
        self.nodeID = nodeID
        self.secret = secret
    }
}

extension JoinToken: LosslessStringConvertible {
    package init?(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard text.utf8.count <= 4_096, parts.count == 5, parts[0] == Self.prefix,
            let url = Self.decoded(parts[1]),
            url.hasPrefix("https://") || url.hasPrefix("http://"),
            parts[2].isEmpty || Self.isFingerprint(parts[2]),
            let node = NodeID(parts[3]), !parts[4].isEmpty
        else { return nil }
        self.init(
            serverURL: url,
            fingerprint: parts[2].isEmpty ? nil : parts[2],
            nodeID: node,
            secret: parts[4]
        )
    }

    package var description: String {
        [Self.prefix, Self.encoded(serverURL), fingerprint ?? "", "\(nodeID)", secret]
            .joined(separator: ".")
    }

    private static func isFingerprint(_ text: String) -> Bool {
        text.utf8.count == 64
            && text.utf8.allSatisfy {
                (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
            }
    }

    /// RFC 4648 section 5, without padding: a token has no character that a shell or a URL changes.
    private static func encoded(_ text: String) -> String {
        Data(text.utf8).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func decoded(_ text: String) -> String? {
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        let base64 = text.replacing("-", with: "+").replacing("_", with: "/") + padding
        return Data(base64Encoded: base64).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
