import GatewayDomain

/// What overview, diagnosis and explanation say of a gateway alike.
extension Gateway {
    /// What people call it.
    var title: String { name.map { "'\($0)'" } ?? "\(id)" }

    /// That it is not in service, as a sentence; nil where it is.
    var outage: String? {
        guard status != .provisioned else { return nil }
        let reason = statusReason.map { ": \($0)" } ?? ""
        return "Gateway \(title) is not in service\(reason)."
    }

    static let outageStep = """
        Wait some seconds and ask again. If it stays so, tell the operator of the server, whose log has the \
        cause.
        """

    /// Whether a datagram from anywhere has reached its UDP port, as far as the server knows.
    func wasReached(_ observed: GatewayObservations) -> Bool {
        activity.rxBytes > 0 || observed.drops > 0
    }

    /// For a gateway that was not.
    var reachStep: String {
        """
        Open UDP port \(endpoint.port) in the firewall of the server and, where the server is behind a \
        router, forward it. Check that devices find the server at \(endpoint.host).
        """
    }
}
