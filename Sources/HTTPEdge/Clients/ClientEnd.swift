/// The other end of a request, as far as the server knows it: a client, or a proxy that it does not trust.
package struct ClientEnd: Equatable, Sendable {
    package static let unknown = ClientEnd(address: "unknown", isTLS: false)

    /// As text, without a port.
    package let address: String
    /// Whether it speaks TLS: with this server, or with the proxy in front of it.
    package let isTLS: Bool

    package init(address: String, isTLS: Bool) {
        self.address = address
        self.isTLS = isTLS
    }
}
