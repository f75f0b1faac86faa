import GatewayDomain
import NetAddress

/// Whether the peer can be reached when it has not sent anything for a while.
extension PeerEvidence {
    var endpointFindings: [Finding] {
        let found = [forgottenMapping, unanswered, overdue].compactMap(\.self).prefix(1)
        return found.isEmpty ? [moved].compactMap(\.self) : Array(found)
    }

    /// A NAT between the peer and the gateway forgets a silent peer, most after 30 seconds or more, and
    /// gives it another port when it speaks again.
    private static let shortestMappingSeconds = 30

    private var forgottenMapping: Finding? {
        guard let moves = observed.moves, moves.from.address == moves.to.address,
            moves.silence >= Self.shortestMappingSeconds || moves.followsUnansweredCalls,
            let last = moves.occurrences.last,
            last.advanced(bySeconds: 24 * Self.memorySeconds) > now
        else { return nil }
        let silence = DurationText(seconds: moves.silence)
        let inVain =
            moves.followsUnansweredCalls ? " The gateway had called it in vain before." : ""
        return Finding(
            .keepaliveMissing,
            .warning,
            certainty: .likely,
            """
            After a silence of \(silence) the peer came from another port, \(moves.to) instead of \
            \(moves.from), as behind a NAT that had forgotten it. Until then it could not be \
            reached.\(inVain)
            """,
            nextStep: keepaliveStep,
            source: moves.to,
            count: moves.occurrences.count,
            lastAt: last
        )
    }

    private var unanswered: Finding? {
        guard observed.unansweredCalls.count > 0, observed.refusedAnswers.count == 0 else {
            return nil
        }
        let calls = observed.unansweredCalls
        return Finding(
            keepalive == 0 ? .keepaliveMissing : .silent,
            .warning,
            certainty: .likely,
            """
            The peer does not answer the gateway at \(place), where it was last heard: it is switched \
            off, or a NAT or firewall in front of it has forgotten the connection.
            """,
            nextStep: keepalive == 0
                ? keepaliveStep : "Start WireGuard on the device, and send something from there.",
            source: peer.activity.endpoint,
            count: calls.count,
            lastAt: calls.last
        )
    }

    /// A peer with a keepalive is heard in every interval while it is there.
    private var overdue: Finding? {
        guard keepalive > 0, let lastSeen = peer.activity.lastSeen else { return nil }
        let silence = seconds(since: lastSeen)
        guard silence > max(3 * keepalive, Int(PeerConnection.sessionSeconds)) else { return nil }
        return Finding(
            .silent,
            .warning,
            certainty: .likely,
            """
            The peer was not heard for \(DurationText(seconds: silence)), though its config asks for a \
            keepalive every \(DurationText(seconds: keepalive)): it is switched off, or its datagrams do \
            not reach the gateway.
            """,
            nextStep: """
                Start WireGuard on the device, and check that the network it is in lets UDP to \
                \(gateway.endpoint) through.
                """,
            source: peer.activity.endpoint,
            lastAt: lastSeen
        )
    }

    private var moved: Finding? {
        guard let moves = observed.moves else { return nil }
        return Finding(
            .endpointMoved,
            .info,
            "The peer moved from \(moves.from) to \(moves.to), and the gateway followed it.",
            nextStep: nil,
            source: moves.to,
            count: moves.occurrences.count,
            lastAt: moves.occurrences.last
        )
    }

    private var place: String { peer.activity.endpoint.map { "\($0)" } ?? "its endpoint" }

    private var keepaliveStep: String {
        keepalive == 0
            ? """
            Set the persistent keepalive of the peer to 25 seconds, and give the device its config anew.
            """
            : """
            Give the device its config anew: that asks for a keepalive every \
            \(DurationText(seconds: keepalive)), which the device does not send.
            """
    }
}
