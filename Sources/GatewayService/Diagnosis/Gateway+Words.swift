import GatewayDomain

/// What overview, diagnosis and explanation say of a gateway alike.
extension Gateway {
    /// What people call it.
    var title: String { name.map { "'\($0)'" } ?? "\(id)" }

    /// That it is not in service, as a sentence; nil where it is.
    var outage: String? {
        guard status != .provisioned, !lacksEgress else { return nil }
        return "Gateway \(title) is not in service\(cause)."
    }

    /// That packets between its peers are all that it carries, as a sentence; nil where it is not so.
    var egressOutage: String? {
        guard lacksEgress else { return nil }
        return
            "Gateway \(title) carries packets between peers, and none out of its network\(cause)."
    }

    /// What follows the sentence that says so, up to its full stop: some reasons are sentences of their own.
    private var cause: String {
        guard let finding = reason?.finding, let first = finding.first else { return "" }
        return first.isUppercase ? ". \(finding)" : ": \(finding)"
    }

    private var reason: StatusReason? { statusReason.map { StatusReason($0) } }

    /// What to do about either.
    func outageStep(on machine: Machine) -> String {
        if let advice = reason?.advice { return "On the machine of \(machine.name), \(advice)." }
        if let commands = reason?.commands, !commands.isEmpty {
            return "On the machine of \(machine.name), run \(commands.joined(separator: " and "))."
        }
        guard !machine.isAway else {
            return
                "Wait until \(machine.name) is back: it takes up then what has changed meanwhile."
        }
        return """
            Wait some seconds and ask again. If it stays so, tell the operator of the server: the log of \
            \(machine.name) has the cause.
            """
    }

    /// Nil where no command is known to help, and where it is for another machine than the server's.
    func outageCommand(on machine: Machine) -> String? {
        machine.isServer ? reason?.command : nil
    }

    /// Of a gateway that is out of service, or has no way out.
    func finding(
        _ code: Finding.Code,
        _ severity: Severity,
        _ outage: String,
        on machine: Machine
    ) -> Finding {
        Finding(
            code,
            severity,
            outage,
            nextStep: outageStep(on: machine),
            command: outageCommand(on: machine)
        )
    }

    /// For packets to a service that the gateway does not lead to.
    func step(for service: PrivateService) -> String {
        guard service.isOffered(in: region.code) else {
            return """
                Let this gateway and one of the network in a region that has the service lead to it, on two nodes; region \
                \(region.code) has not. Or use a gateway there.
                """
        }
        return """
            Let the gateway lead to the service \(service.name), or take the address out of the `AllowedIPs` of \
            the device.
            """
    }

    /// Nil where the gateway cannot lead to the service.
    func command(for service: PrivateService) -> String? {
        guard service.isOffered(in: region.code) else { return nil }
        let names = ((serviceNames ?? []) + [service.name]).joined(separator: ",")
        return "wgw gateway update \(id) --services \(names)"
    }

    /// Whether a datagram from anywhere has reached its UDP port, as far as the server knows.
    func wasReached(_ observed: GatewayObservations) -> Bool {
        activity.rxBytes > 0 || observed.drops > 0
    }

    /// For a gateway that was not.
    func reachStep(on machine: Machine) -> String {
        """
        Open UDP port \(endpoint.port) in the firewall of \(machine.name) and, where \(machine.name) is behind a \
        router, forward it. Check that devices find \(machine.name) at \(endpoint.host).
        """
    }
}
