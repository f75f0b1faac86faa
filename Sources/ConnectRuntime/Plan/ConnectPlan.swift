package import HubRuntime
package import NetAddress

/// What a config file makes of this machine: pure.
package struct ConnectPlan: Equatable, Sendable {
    package let addresses: [InterfaceAddress]
    package let mtu: Int
    package let routes: RoutePlan
    package let nameServers: NameServers?

    /// - Parameter endpoints: where the peers are, as far as it is known.
    package init(
        _ configuration: HubConfiguration,
        endpoints: [IPAddress],
        leavesRoutes: Bool
    ) throws(ConnectError) {
        let interface = configuration.interface
        guard !interface.addresses.isEmpty else {
            throw ConnectError(
                "the [Interface] has no Address, which this machine is to have in the tunnel"
            )
        }
        addresses = interface.addresses
        mtu = interface.mtu
        let table = try RoutePlan.Table(interface.table)
        routes =
            leavesRoutes
            ? RoutePlan(prefixes: [], endpoints: [], table: .off)
            : RoutePlan(
                prefixes: configuration.peers.flatMap(configuration.allowedIPs(of:)),
                endpoints: endpoints,
                table: table
            )
        nameServers = leavesRoutes ? nil : NameServers(interface.dns)
    }
}

extension HubConfiguration {
    /// The file as a client takes it.
    package func forClient(_ options: ConnectOptions) throws(ConnectError) -> HubConfiguration {
        var configuration = self
        guard !peers.isEmpty else {
            throw ConnectError("the file has no [Peer], so there is nothing to connect to")
        }
        guard peers.contains(where: { $0.isReachable }) else {
            throw ConnectError(
                "no [Peer] of the file has an Endpoint, so there is nothing to connect to"
            )
        }
        if let allowedIPs = options.allowedIPs {
            guard peers.count == 1 else {
                throw ConnectError(
                    """
                    --allowed-ips is for files with one [Peer], and this one has \(peers.count): change \
                    their AllowedIPs in the file
                    """
                )
            }
            configuration.replaceAllowedIPs(with: allowedIPs)
        }
        let acted: Set = ["DNS", "Table"]
        let ignored = ignoredKeys.filter { !acted.contains($0) }
        configuration.remarks = remarks.filter { !$0.hasSuffix(Self.withoutEffect) }
        if !ignored.isEmpty {
            configuration.remarks.append(
                "\(ignored.joined(separator: ", ")): wgw connect runs no commands and does not act on it"
            )
        }
        return configuration
    }
}

extension HubConfiguration.Peer {
    fileprivate var isReachable: Bool {
        switch endpoint {
        case .address, .name: true
        case .nowhere, nil: false
        }
    }
}
