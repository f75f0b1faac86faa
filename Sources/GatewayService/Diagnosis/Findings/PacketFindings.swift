import GatewayDomain
import NetAddress

/// What becomes of the peer's packets inside the tunnel.
extension PeerEvidence {
    var packetFindings: [Finding] {
        sourceFindings + targetFindings + routeFindings + sizeFindings
    }

    private var sourceFindings: [Finding] {
        let drops = drops(.sourceNotAllowed)
        guard let newest = drops.first else { return [] }
        return [
            Finding(
                .sourceNotAllowed,
                .error,
                """
                The peer sends packets from \(text(newest.source)) to \(text(newest.destination)), and \
                the gateway takes none from it but those from \(ownAddresses).
                """,
                nextStep: """
                    Set `Address = \(peer.address)/32` in the config of the device. Where it forwards for \
                    others, let it translate their addresses to its own, or give the peer their network \
                    as `allowed_ips`.
                    """,
                count: drops.reduce(0) { $0 + $1.count },
                lastAt: newest.last
            )
        ]
    }

    private var targetFindings: [Finding] {
        drops(.targetUnknown).map { drop in
            Finding(
                .targetSilent,
                .warning,
                """
                The peer sends packets to \(text(drop.destination)), which has not connected yet, so that \
                the gateway does not know where to send them.
                """,
                nextStep: """
                    Start WireGuard there. Give that peer a persistent keepalive, so that it is reachable \
                    before it sends something itself.
                    """,
                count: drop.count,
                lastAt: drop.last
            )
        }
    }

    private var routeFindings: [Finding] {
        drops(.noRoute).map { drop in
            Finding(
                .noRoute,
                .warning,
                """
                The peer sends packets to \(text(drop.destination)), an address that no peer and no \
                gateway of the network has.
                """,
                nextStep: """
                    Look the address up among the peers of the network, or take it out of the `AllowedIPs` \
                    of the device.
                    """,
                count: drop.count,
                lastAt: drop.last
            )
        }
    }

    private var sizeFindings: [Finding] {
        drops(.tooBig).prefix(1).map { drop in
            let mtu = drop.mtu ?? gateway.mtu
            return Finding(
                .packetTooBig,
                .warning,
                """
                The peer sends packets of \(drop.length) bytes to \(text(drop.destination)), where \(mtu) \
                are the most. The gateway drops them and tells the peer so, which some devices do not hear.
                """,
                nextStep: "Set `MTU = \(mtu)` in the config of the device where connections hang.",
                count: drop.count,
                lastAt: drop.last
            )
        }
    }
}
