import GatewayDomain
import Logging
import NetAddress
import Synchronization
import SystemIO

/// Looks up where other nodes are that are known by name, again and again: a name leads elsewhere when its node has
/// another address. What is not found stays where it was heard last,
/// and of several addresses, which a name server gives in changing order, it keeps the one that it has.
final class LinkNames: Sendable {
    typealias Lookup = @Sendable (HostName) async -> [IPAddress]

    private struct Name {
        var address: IPAddress?
        var nextLookup: ContinuousClock.Instant
    }

    /// How soon a name is looked up again; the shorter one while it was not found yet.
    private static let pauses = (found: Duration.seconds(60), missing: Duration.seconds(5))

    private let names = Mutex<[HostName: Name]>([:])
    private let lookUp: Lookup
    private let logger: Logger

    init(lookUp: @escaping Lookup = LinkNames.systemLookup, logger: Logger) {
        self.lookUp = lookUp
        self.logger = logger
    }

    /// Those of the links that there are: others are forgotten.
    func want(_ wanted: Set<HostName>) {
        names.withLock { names in
            guard !wanted.isEmpty || !names.isEmpty else { return }
            names = names.filter { wanted.contains($0.key) }
            for name in wanted where names[name] == nil { names[name] = Name(nextLookup: .now) }
        }
    }

    var addresses: [HostName: IPAddress] { names.withLock { $0.compactMapValues(\.address) } }

    /// Returns when its task is cancelled.
    func run() async {
        while !Task.isCancelled {
            await lookUpDue(at: .now)
            try? await Task.sleep(for: .seconds(1))
        }
    }

    func lookUpDue(at now: ContinuousClock.Instant) async {
        let due = names.withLock { $0.filter { $0.value.nextLookup <= now }.map(\.key) }
        for name in due { note(await lookUp(name), of: name, at: now) }
    }

    private func note(_ found: [IPAddress], of name: HostName, at now: ContinuousClock.Instant) {
        let news = names.withLock { names -> IPAddress? in
            guard let known = names[name] else { return nil }
            let isThere = known.address.map(found.contains) ?? false
            let next = isThere ? known.address : found.first ?? known.address
            names[name] = Name(
                address: next,
                nextLookup: now + (found.isEmpty ? Self.pauses.missing : Self.pauses.found)
            )
            return next == known.address ? nil : next
        }
        guard let news else { return }
        logger.info(
            "another node is found by its name",
            metadata: ["name": "\(name)", "address": "\(news)"]
        )
    }

    /// A name server that does not answer holds up the next name for ten seconds, and nothing else.
    private static func systemLookup(_ name: HostName) async -> [IPAddress] {
        let found = try? await WorkerThread.value(named: "wgw-link-names") {
            try NameLookup.endpoints(of: "\(name)").map(\.address)
        }
        return found ?? []
    }
}
