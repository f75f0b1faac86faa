package import NetAddress
package import WireGuardCrypto

/// What a node saw at a gateway's UDP port that belongs to no peer, since it carries the gateway.
package struct GatewayObservations: Equatable, Sendable {
    /// How many datagrams and packets went no further, whatever the reason.
    package var drops: Int
    package var strangers: [StrangerObservation]

    package init(drops: Int = 0, strangers: [StrangerObservation] = []) {
        self.drops = drops
        self.strangers = strangers
    }
}

/// A sender of handshakes that belongs to no peer of the gateway.
package struct StrangerObservation: Equatable, Sendable {
    package let mistake: Mistake
    /// Where the newest of its handshakes came from.
    package let endpoint: Endpoint
    package let count: Int
    package let last: Timestamp

    package enum Mistake: Equatable, Sendable {
        /// It takes another public key for the gateway's.
        case wrongGatewayKey
        /// It names this key as its own. That it has the private key to it is not certain.
        case unknownKey(PublicKey)
    }

    package init(mistake: Mistake, endpoint: Endpoint, count: Int, last: Timestamp) {
        self.mistake = mistake
        self.endpoint = endpoint
        self.count = count
        self.last = last
    }
}
