package import NetAddress
package import WireGuardCrypto
package import WireGuardEngine

/// Where a peer is, as far as its own packets tell.
package struct HeardPeer: Sendable, Equatable {
    package var endpoint: Endpoint
    package var lastSeen: WallTime
}

/// What outlives a gateway and a process: enough to call a peer that was heard lately.
package struct RememberedPeer: Sendable, Equatable {
    package var publicKey: PublicKey
    /// The endpoint that the file gave it at that time, as text; another one counts more than `heard`.
    package var configured: String
    package var heard: HeardPeer
}

extension HubConfiguration.Peer {
    /// Without white space, as it is a field of the file of remembered peers.
    var configuredEndpoint: String { endpoint.map { "\($0)" } ?? "none" }
}
