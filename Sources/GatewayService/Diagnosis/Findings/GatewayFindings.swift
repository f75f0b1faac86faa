import GatewayDomain

extension PeerEvidence {
    var gatewayFindings: [Finding] {
        guard let outage = gateway.outage else { return [] }
        return [
            Finding(.gatewayNotProvisioned, .error, outage, nextStep: Gateway.outageStep)
        ]
    }

    /// The peer has never connected, and no better reason is known.
    var unexplainedFindings: [Finding] {
        guard case .never = connection, gateway.status == .provisioned else { return [] }
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
                    nextStep: gateway.reachStep
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
