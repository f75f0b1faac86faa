import GatewayDomain

extension PeerEvidence {
    var gatewayFindings: [Finding] {
        guard gateway.status != .provisioned else { return [] }
        let reason = gateway.statusReason.map { ": \($0)" } ?? ""
        return [
            Finding(
                .gatewayNotCarried,
                .error,
                "The gateway of the peer is not in service\(reason).",
                nextStep: """
                    Wait some seconds and ask again. If it stays so, tell the operator of the server, \
                    whose log has the cause.
                    """
            )
        ]
    }

    /// The peer has never connected, and no better reason is known.
    var unexplainedFindings: [Finding] {
        guard case .never = connection, gateway.status == .provisioned else { return [] }
        let endpoint = gateway.endpoint
        guard gateway.activity.rxBytes > 0 || atGateway.drops > 0 else {
            return [
                Finding(
                    .noDatagram,
                    .error,
                    """
                    No datagram from anywhere has reached UDP port \(endpoint.port) of the gateway since \
                    \(observedSince).
                    """,
                    nextStep: """
                        Open UDP port \(endpoint.port) in the firewall of the server and, where the server \
                        is behind a router, forward it. Check that devices find the server at \
                        \(endpoint.host).
                        """
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
