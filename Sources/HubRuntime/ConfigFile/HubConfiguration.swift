package import NetAddress
package import WireGuardCrypto

/// What a WireGuard config file says.
package struct HubConfiguration: Sendable {
    package struct Interface: Sendable, Equatable {
        package var privateKey: SecretKey
        /// Zero takes any free port.
        package var listenPort: UInt16
        package var addresses: [InterfaceAddress]
        package var mtu: Int
    }

    /// Kept for as long as the hub runs, for the next file to be compared with: small.
    package struct Peer: Sendable {
        package var publicKey: PublicKey
        package var presharedKey: SecretKey?
        package var endpoint: PeerEndpoint?
        /// Seconds; zero sends none.
        package var persistentKeepalive: UInt16
        /// Where its section begins.
        package var line: UInt32
        var firstPrefix: UInt32
        var prefixCount: UInt32
    }

    package var interface: Interface
    /// No two have the same key.
    package var peers: [Peer]
    /// Of all peers, in their order.
    var prefixes: [IPPrefix]
    /// What in the file has no effect here, as sentences.
    package var remarks: [String]

    package func allowedIPs(of peer: Peer) -> ArraySlice<IPPrefix> {
        prefixes[Int(peer.firstPrefix)..<Int(peer.firstPrefix + peer.prefixCount)]
    }
}

/// Where the file says that a peer is.
package enum PeerEndpoint: Sendable, Hashable {
    case address(Endpoint)
    /// Looked up when it is needed, and not again while the file says the same.
    case name(String, port: UInt16)
}
