package import GatewayDomain
package import NetAddress

/// Which addresses are the installation's own: those of this machine, and those of hosts such as nodes on other machines, where
/// more may listen than is for all. Names are looked up now and then, as they may lead elsewhere tomorrow; who asks meanwhile is
/// answered by what was found before.
package actor OwnAddresses {
    private static let interval = Duration.seconds(60)
    /// While not all is known.
    private static let shortInterval = Duration.seconds(5)
    /// Names that are looked up at a time.
    private static let fewNames = 8
    /// A name that no server has said anything of this often in a row holds up webhooks no more.
    private static let mostSilences = 3

    private let hosts: @Sendable () async throws -> [PublicHost]
    private let lookUp: WebhookSender.LookUp
    private let hasHost: @Sendable (IPAddress) -> Bool
    private let uptime: @Sendable () -> ContinuousClock.Instant
    private let timeLimit: Duration
    private let patience: Duration
    /// Those that the installation has; nil until that could be asked.
    private var all: Set<PublicHost>?
    /// What was found last, empty for names that have none.
    private var known: [PublicHost: [IPAddress]]
    /// How often in a row the look-up of a name that is not known came to no answer.
    private var silences: [PublicHost: Int] = [:]
    private var refreshedAt: ContinuousClock.Instant?
    private var refresh: Task<Void, Never>?
    /// Those that wait for its end.
    private var waiting: [AsyncStream<Void>.Continuation] = []

    /// - Parameters:
    ///   - timeLimit: for looking up one name; a name server that is silent for longer has not answered.
    ///   - patience: for how long the first look is waited for.
    ///   - known: what was found before.
    ///   - hasHost: whether an interface of this machine has the address.
    ///   - hosts: where the installation is found, as of now.
    package init(
        lookUp: @escaping WebhookSender.LookUp = TargetLookUp.addresses,
        timeLimit: Duration = .seconds(5),
        patience: Duration = .seconds(2),
        known: [PublicHost: [IPAddress]] = [:],
        hasHost: @escaping @Sendable (IPAddress) -> Bool = WebhookSender.hasHost,
        uptime: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        hosts: @escaping @Sendable () async throws -> [PublicHost]
    ) {
        self.lookUp = lookUp
        self.timeLimit = timeLimit
        self.patience = patience
        self.known = known
        self.hasHost = hasHost
        self.uptime = uptime
        self.hosts = hosts
    }

    /// Nil where that cannot be told yet, as some host was not found so far, and may have it.
    package func contains(_ address: IPAddress) async -> Bool? {
        if hasHost(address) { return true }
        let interval = isComplete ? Self.interval : Self.shortInterval
        if refresh == nil, refreshedAt.map({ $0 + interval <= uptime() }) ?? true {
            refresh = Task { await renew() }
        }
        if !isComplete { await waitForRefresh(patience) }
        if known.values.contains(where: { $0.contains(address) }) { return true }
        return isComplete ? false : nil
    }

    /// Whether each host was found, or has no address.
    private var isComplete: Bool { all?.allSatisfy { known[$0] != nil } ?? false }

    /// Returns at its end, after this time, or when the task is cancelled.
    func waitForRefresh(_ time: Duration) async {
        guard refresh != nil else { return }
        let (end, continuation) = AsyncStream.makeStream(of: Void.self)
        waiting.append(continuation)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in end {} }
            group.addTask { try? await Task.sleep(for: time) }
            _ = await group.next()
            group.cancelAll()
        }
    }

    /// What cannot be found out now is as it was.
    private func renew() async {
        if let hosts = try? await hosts() {
            let all = Set(hosts)
            self.all = all
            known = known.filter { all.contains($0.key) }
            silences = silences.filter { all.contains($0.key) }
            var names: [PublicHost: String] = [:]
            for host in hosts {
                switch host {
                case .address(let address): known[host] = [address]
                case .name(let name): names[host] = name.description
                }
            }
            await renew(names)
        }
        refreshedAt = uptime()
        refresh = nil
        for continuation in waiting { continuation.finish() }
        waiting = []
    }

    private func renew(_ names: [PublicHost: String]) async {
        await withTaskGroup(of: (PublicHost, Found).self) { [lookUp, timeLimit] group in
            var begun = 0
            for (host, name) in names {
                if begun >= Self.fewNames, let (host, found) = await group.next() {
                    note(found, of: host)
                }
                begun += 1
                group.addTask { (host, await Found(name, lookUp, within: timeLimit)) }
            }
            for await (host, found) in group { note(found, of: host) }
        }
    }

    private func note(_ found: Found, of host: PublicHost) {
        switch found {
        case .addresses(let addresses): known[host] = addresses
        case .nothing: known[host] = known[host] ?? []
        case .noAnswer:
            guard known[host] == nil else { return }
            silences[host, default: 0] += 1
            if silences[host, default: 0] >= Self.mostSilences { known[host] = [] }
            return
        }
        silences[host] = nil
    }

    /// What a look-up has come to.
    private enum Found: Sendable {
        case addresses([IPAddress])
        case nothing
        case noAnswer

        init(_ name: String, _ lookUp: @escaping WebhookSender.LookUp, within limit: Duration) async
        {
            self = await withTaskGroup(of: Found.self) { group in
                group.addTask {
                    do throws(WebhookSender.LookUpFailure) {
                        return .addresses(try await lookUp(name))
                    } catch {
                        return error.isAnswer ? .nothing : .noAnswer
                    }
                }
                group.addTask {
                    try? await Task.sleep(for: limit)
                    return .noAnswer
                }
                defer { group.cancelAll() }
                return await group.next() ?? .noAnswer
            }
        }
    }
}
