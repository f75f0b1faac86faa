import GatewayDomain
import NetAddress
import WireGuardCrypto

/// Why handshakes fail.
extension PeerEvidence {
    var handshakeFindings: [Finding] {
        presharedKeyFindings + clockFindings + strangerFindings
    }

    private var presharedKeyFindings: [Finding] {
        let nextStep =
            peer.hasPresharedKey
            ? """
            Give the device the config of the peer anew: its `PresharedKey` has to be the one that the \
            gateway has.
            """
            : """
            Remove the line `PresharedKey` from the config of the device, or give the peer that preshared \
            key here.
            """
        if observed.refusedAnswers.count > 0 {
            return [
                Finding(
                    .wrongPresharedKey,
                    .error,
                    """
                    The answers of the peer to handshakes of the gateway cannot be opened: the two have \
                    different preshared keys.
                    """,
                    nextStep: nextStep,
                    source: peer.activity.endpoint,
                    count: observed.refusedAnswers.count,
                    lastAt: observed.refusedAnswers.last
                )
            ]
        }
        // One may be lost on the way; WireGuard tries again after five seconds.
        guard observed.unusedAnswers.count >= 2 else { return [] }
        return [
            Finding(
                .wrongPresharedKey,
                .error,
                certainty: .likely,
                """
                The gateway accepts the handshakes of the peer and answers them, and the peer begins anew \
                each time. It refuses the answers, as it does where the preshared keys differ, or the \
                answers do not reach it.
                """,
                nextStep: nextStep + """
                     If the preshared keys are the same, check that UDP from \(gateway.endpoint) reaches \
                    the device.
                    """,
                source: peer.activity.endpoint,
                count: observed.unusedAnswers.count,
                lastAt: observed.unusedAnswers.last
            )
        ]
    }

    private var clockFindings: [Finding] {
        // A stamp that is the same as an earlier one is an initiation that arrived twice.
        if let clock = observed.backwardClock, clock.secondsBehind > 0 || clock.isAdvancing {
            let isLikely = clock.isAdvancing && clock.occurrences.count > 1
            return [
                Finding(
                    .clockWentBack,
                    .error,
                    certainty: isLikely ? .likely : .possible,
                    """
                    The clock of the peer is \(DurationText(seconds: clock.secondsBehind)) behind what it \
                    showed at an earlier handshake, so that the gateway refuses its handshakes as \
                    repetitions of old ones.
                    """,
                    nextStep: """
                        Set the clock of the device, by NTP where it can. If the clock is right now and was \
                        ahead before, give the peer a new key: the gateway then forgets the time.
                        """,
                    count: clock.occurrences.count,
                    lastAt: clock.occurrences.last
                )
            ]
        }
        guard let offset = observed.clockOffset else { return [] }
        let isAhead = offset > 0
        let amount = DurationText(seconds: Int(clamping: offset.magnitude))
        return [
            Finding(
                .clockIsOff,
                isAhead ? .warning : .info,
                isAhead
                    ? """
                    The clock of the peer is \(amount) ahead of the server's. Once it is set right, the \
                    gateway refuses its handshakes until that time has passed.
                    """
                    : "The clock of the peer is \(amount) behind the server's.",
                nextStep: """
                    Set the clock of the device, by NTP where it can, and see whether that of the server \
                    is right.
                    """
            )
        ]
    }

    /// Handshakes that no peer of the gateway can have sent, where they may be this peer's.
    private var strangerFindings: [Finding] {
        guard connection != .connected else { return [] }
        return atGateway.strangers.compactMap { stranger in
            switch stranger.mistake {
            case .wrongGatewayKey:
                certainty(of: stranger).map { wrongGatewayKey(stranger, $0) }
            case .unknownKey(let key) where formerKeys.contains(key):
                unknownKey(
                    stranger,
                    .certain,
                    "The device uses the key \(key.base64), which this peer had before."
                )
            case .unknownKey(let key) where keysOfOthers.contains(key):
                nil
            case .unknownKey(let key):
                certainty(of: stranger).map {
                    unknownKey(
                        stranger,
                        $0,
                        """
                        A device at \(stranger.endpoint) begins handshakes with the key \(key.base64), \
                        which no peer of the gateway has\(clue($0)).
                        """
                    )
                }
            }
        }
    }

    /// How certain it is that a stranger is this peer; nil where there is no reason to think so.
    private func certainty(of stranger: StrangerObservation) -> Finding.Certainty? {
        if let known = peer.activity.endpoint?.address {
            return known == stranger.endpoint.address ? .likely : nil
        }
        return stranger.last > peer.createdAt ? .possible : nil
    }

    private func clue(_ certainty: Finding.Certainty) -> String {
        certainty == .likely
            ? "; this peer was last heard from the same address"
            : "; it may be this peer, which was never heard"
    }

    private func unknownKey(
        _ stranger: StrangerObservation,
        _ certainty: Finding.Certainty,
        _ message: String
    ) -> Finding {
        Finding(
            .unknownKey,
            certainty == .possible ? .warning : .error,
            certainty: certainty,
            message,
            nextStep: """
                Give the device the config of this peer anew, or give the peer the public key of the \
                device, which `wg show` prints there. The peer's is \(peer.publicKey.base64).
                """,
            source: stranger.endpoint,
            count: stranger.count,
            lastAt: stranger.last
        )
    }

    private func wrongGatewayKey(
        _ stranger: StrangerObservation,
        _ certainty: Finding.Certainty
    ) -> Finding {
        Finding(
            .wrongGatewayKey,
            certainty == .possible ? .warning : .error,
            certainty: certainty,
            """
            A device at \(stranger.endpoint) begins handshakes with another public key for the \
            gateway\(clue(certainty)).
            """,
            nextStep: """
                Give the device the config of this peer anew: the `PublicKey` in it has to be \
                \(gateway.publicKey.base64).
                """,
            source: stranger.endpoint,
            count: stranger.count,
            lastAt: stranger.last
        )
    }
}
