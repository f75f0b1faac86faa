import GatewayDomain

extension PeerEvidence {
    /// That of the gateway.
    var machine: Machine { Machine(of: node) }

    var gatewayFindings: [Finding] {
        if let outage = gateway.outage {
            return [gateway.finding(.gatewayNotProvisioned, .error, outage, on: machine)]
        }
        if let outage = gateway.egressOutage {
            return [gateway.finding(.noWayOut, .error, outage, on: machine)]
        }
        return []
    }

    /// The peer has never connected, and no better reason is known.
    var unexplainedFindings: [Finding] {
        guard case .never = connection, gateway.outage == nil else { return [] }
        let endpoint = gateway.endpoint
        guard gateway.wasReached(atGateway) else {
            return [
                Finding(
                    .noDatagram,
                    .error,
                    """
                    No datagram from anywhere has reached UDP port \(endpoint.port) of the gateway since \
                    \(observedSince).
                    """,
                    nextStep: gateway.reachStep(on: machine)
                )
            ]
        }
        return [
            Finding(
                .neverConnected,
                .error,
                """
                The gateway has never seen a handshake of this peer, though datagrams of others reach its \
                UDP port.
                """,
                nextStep: """
                    Start WireGuard on the device with the config of this peer, and check that the network \
                    it is in lets UDP to \(endpoint) through.
                    """
            )
        ]
    }
}
