import GatewayDomain
import NetAddress

/// What becomes of the peer's packets inside the tunnel.
extension PeerEvidence {
    var packetFindings: [Finding] {
        sourceFindings + targetFindings + routeFindings + egressFindings + sizeFindings
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
            if let service = deniedService(at: drop.destination) {
                return finding(drop, to: service)
            }
            return Finding(
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

    /// Of a gateway that leads out of its network, and not there, or not with these packets.
    private var egressFindings: [Finding] {
        drops(.egressNotAllowed).map { drop in
            if let service = deniedService(at: drop.destination) {
                return finding(drop, to: service)
            }
            let destination = text(drop.destination)
            let (message, step) = egressRefusal(of: drop, to: destination)
            return Finding(
                .egressNotAllowed,
                .warning,
                message,
                nextStep: step,
                count: drop.count,
                lastAt: drop.last
            )
        }
    }

    private func egressRefusal(
        of drop: DropObservation,
        to destination: String
    ) -> (message: String, step: String) {
        if let source = drop.source, source != .v4(peer.address) {
            return (
                """
                Packets come from \(source), an address of a network behind the peer, and go to \(destination) outside \
                of the network. Gateway \(gateway.title) lets only addresses of its own subnet out.
                """,
                """
                Let the device translate the addresses of the network behind it to its own, \(peer.address), for \
                these packets.
                """
            )
        }
        if let service = service(at: drop.destination) {
            return (
                """
                The peer sends packets to \(destination), an address of the private service \(service.name), with \
                another protocol or port than the service has\(service.bounds).
                """,
                "Use the ports of the service, or ask the operator of the server to add those that are needed."
            )
        }
        return (
            """
            The peer sends packets to \(destination), outside of its network, where gateway \(gateway.title) does not \
            lead.
            """,
            """
            To reach the internet, make an internet gateway in region \(gateway.region.code). A host of the operator \
            is reached by a private service. Otherwise take the address out of the `AllowedIPs` of the device.
            """
        )
    }

    private func finding(_ drop: DropObservation, to service: PrivateService) -> Finding {
        Finding(
            .serviceNotAllowed,
            .warning,
            """
            The peer sends packets to \(text(drop.destination)), an address of the private service \
            \(service.name), to which gateway \(gateway.title) does not lead.
            """,
            nextStep: gateway.step(for: service),
            command: gateway.command(for: service),
            count: drop.count,
            lastAt: drop.last
        )
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
