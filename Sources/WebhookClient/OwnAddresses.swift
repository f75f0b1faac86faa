package import GatewayDomain
package import NetAddress

/// Which addresses are the installation's own: those of this machine, and those of hosts such as nodes on other machines, where
/// more may listen than is for all. Names are looked up now and then, as they may lead elsewhere tomorrow.
package actor OwnAddresses {
    private static let interval = Duration.seconds(60)
    /// Names that are looked up at a time.
    private static let fewNames = 8

    private let hosts: @Sendable () async throws -> [PublicHost]
    private let lookUp: WebhookSender.LookUp
    private let hasHost: @Sendable (IPAddress) -> Bool
    private let uptime: @Sendable () -> ContinuousClock.Instant
    private var known: [PublicHost: [IPAddress]] = [:]
    private var refreshedAt: ContinuousClock.Instant?
    private var refresh: Task<Void, Never>?

    /// - Parameters:
    ///   - hosts: where the installation is found, as of now.
    ///   - hasHost: whether an interface of this machine has the address.
    package init(
        lookUp: @escaping WebhookSender.LookUp = TargetLookUp.addresses,
        hasHost: @escaping @Sendable (IPAddress) -> Bool = WebhookSender.hasHost,
        uptime: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        hosts: @escaping @Sendable () async throws -> [PublicHost]
    ) {
        self.lookUp = lookUp
        self.hasHost = hasHost
        self.uptime = uptime
        self.hosts = hosts
    }

    package func contains(_ address: IPAddress) async -> Bool {
        if hasHost(address) { return true }
        let time = uptime()
        if refresh == nil, refreshedAt.map({ $0 + Self.interval <= time }) ?? true {
            refresh = Task { await renew(at: time) }
        }
        await refresh?.value
        return known.values.contains { $0.contains(address) }
    }

    /// What cannot be found out now is as it was.
    private func renew(at time: ContinuousClock.Instant) async {
        if let hosts = try? await hosts() {
            var found: [PublicHost: [IPAddress]] = [:]
            var names: [PublicHost: String] = [:]
            for host in hosts {
                switch host {
                case .address(let address): found[host] = [address]
                case .name(let name): names[host] = name.description
                }
            }
            for (host, addresses) in await lookUp(names) {
                found[host] = addresses ?? known[host]
            }
            known = found
        }
        refreshedAt = time
        refresh = nil
    }

    private func lookUp(_ names: [PublicHost: String]) async -> [PublicHost: [IPAddress]?] {
        await withTaskGroup(of: (PublicHost, [IPAddress]?).self) { [lookUp] group in
            var found: [PublicHost: [IPAddress]?] = [:]
            var begun = 0
            for (host, name) in names {
                if begun >= Self.fewNames, let (host, addresses) = await group.next() {
                    found.updateValue(addresses, forKey: host)
                }
                begun += 1
                group.addTask { (host, try? await lookUp(name)) }
            }
            for await (host, addresses) in group { found.updateValue(addresses, forKey: host) }
            return found
        }
    }
}
