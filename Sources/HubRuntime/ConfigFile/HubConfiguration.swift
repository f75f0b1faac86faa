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
        /// Whether the file names it.
        package var namesMTU: Bool
        /// The words of DNS, for a client.
        package var dns: [String]
        /// Table, for a client; nil where the file does not have it.
        package var table: String?
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

        var prefixRange: Range<Int> { Int(firstPrefix)..<Int(firstPrefix + prefixCount) }
    }

    package var interface: Interface
    /// No two have the same key.
    package var peers: [Peer]
    /// Of all peers, in their order.
    var prefixes: [IPPrefix]
    /// Keys of wg-quick and the kernel that stand in the file, and do nothing here.
    package var ignoredKeys: [String]
    /// What in the file has no effect here, as sentences.
    package var remarks: [String]

    package func allowedIPs(of peer: Peer) -> ArraySlice<IPPrefix> {
        prefixes[peer.prefixRange]
    }

    /// Of the only peer.
    package mutating func replaceAllowedIPs(with prefixes: [IPPrefix]) {
        precondition(peers.count == 1, "several peers have AllowedIPs of their own")
        self.prefixes = prefixes
        peers[0].firstPrefix = 0
        peers[0].prefixCount = UInt32(clamping: prefixes.count)
    }

    /// How the remark on `ignoredKeys` ends.
    package static let withoutEffect = "without effect on a gateway"
}

/// Where the file says that a peer is.
package enum PeerEndpoint: Sendable, Hashable {
    case address(Endpoint)
    /// A host name, or an address with a zone: looked up at the start and at each SIGHUP.
    case name(String, port: UInt16)
    /// Port zero, which programs write for a peer that was never heard.
    case nowhere
}

extension PeerEndpoint: CustomStringConvertible {
    package var description: String {
        switch self {
        case .address(let endpoint): "\(endpoint)"
        case .name(let name, let port): name.contains(":") ? "[\(name)]:\(port)" : "\(name):\(port)"
        case .nowhere: "nowhere"
        }
    }
}
