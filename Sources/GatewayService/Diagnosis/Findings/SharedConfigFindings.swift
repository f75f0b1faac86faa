import GatewayDomain
import NetAddress

/// Two devices use the config of one peer: they have one key, and the gateway takes them for one device that moves.
extension PeerEvidence {
    var sharedConfigFindings: [Finding] {
        [turns ?? secondClock].compactMap(\.self)
    }

    /// A device that goes from one network to another and back does so, too, but not again and again.
    private static let fewestReturns = 3

    private var turns: Finding? {
        guard let moves = observed.moves, moves.returns.count >= Self.fewestReturns,
            let last = moves.returns.last, seconds(since: last) < Int(Self.memorySeconds)
        else { return nil }
        return finding(
            """
            The peer is heard in turns from \(moves.from) and \(moves.to), \(moves.returns.count) times back and \
            forth so far. Most likely two devices use its config at once, and each takes the connection away from \
            the other.
            """,
            source: moves.to,
            count: moves.returns.count,
            lastAt: last
        )
    }

    /// One device is connected, while handshakes of an older clock come from elsewhere.
    private var secondClock: Finding? {
        guard let clock = observed.backwardClock, clock.isAdvancing, clock.occurrences.count > 1,
            let source = clock.source, let endpoint = peer.activity.endpoint, source != endpoint,
            case .connected = connection
        else { return nil }
        return finding(
            """
            The peer is connected from \(endpoint), and handshakes with its key come from \(source), which the \
            gateway refuses, as the clock there is behind. Most likely two devices use its config at once.
            """,
            source: source,
            count: clock.occurrences.count,
            lastAt: clock.occurrences.last
        )
    }

    private func finding(
        _ message: String,
        source: Endpoint,
        count: Int,
        lastAt: Timestamp?
    ) -> Finding {
        Finding(
            .configUsedTwice,
            .error,
            certainty: .likely,
            message,
            nextStep: """
                Make a peer for each device, and give its config to no other. If there is one device only, its \
                private key is known elsewhere: make new keys for the peer.
                """,
            source: source,
            count: count,
            lastAt: lastAt
        )
    }
}
