import GatewayDomain
import NetAddress
import Synchronization
import TestSupport
import Testing

@testable import WebhookClient

@Suite("Own addresses")
struct OwnAddressesTests {
    /// What there is outside, and how the time goes.
    private final class Surroundings: Sendable {
        let time = Mutex(ContinuousClock.now)
        let hosts = Mutex<[PublicHost]?>([])
        let names = Mutex<[String: [String]]>([:])
        /// Names of which no server says anything.
        let silent = Mutex<Set<String>>([])
        /// The name whose look-up does not end before the test is done.
        let slow = Mutex<String?>(nil)

        /// - Parameter patience: so long that a busy machine has the first look behind it.
        func own(
            patience: Duration = TestSupport.patience,
            known: [PublicHost: [IPAddress]] = [:]
        ) -> OwnAddresses {
            OwnAddresses(
                lookUp: { [self] (name) throws(WebhookSender.LookUpFailure) in
                    if slow.withLock({ $0 == name }) {
                        try? await Task.sleep(for: TestSupport.patience)
                    }
                    if silent.withLock({ $0.contains(name) }) {
                        throw WebhookSender.LookUpFailure(reason: "no answer")
                    }
                    guard let found = names.withLock({ $0[name] }) else {
                        throw WebhookSender.LookUpFailure(reason: "unknown", isAnswer: true)
                    }
                    return found.compactMap { IPAddress($0) }
                },
                timeLimit: TestSupport.patience,
                patience: patience,
                known: known,
                hasHost: { "\($0)" == "192.0.2.1" },
                uptime: { [self] in time.withLock(\.self) }
            ) { [self] in
                guard let hosts = hosts.withLock(\.self) else { throw CancellationError() }
                return hosts
            }
        }
    }

    private let outside = Surroundings()

    private func own(_ own: OwnAddresses, _ text: String) async throws -> Bool? {
        await own.contains(try #require(IPAddress(text)))
    }

    /// The time goes on, and what is looked for in it is found.
    private func pass(_ seconds: Int, _ own: OwnAddresses) async throws {
        outside.time.withLock { $0 += .seconds(seconds) }
        _ = try await self.own(own, "192.0.2.10")
        await own.waitForRefresh(TestSupport.patience)
    }

    @Test(
        "addresses of this machine and of the hosts of an installation are its own, others are not"
    )
    func addresses() async throws {
        outside.names.withLock { $0["node.example"] = ["198.51.100.7", "2001:db8::7"] }
        outside.hosts.withLock {
            $0 = ["192.0.2.9", "node.example", "gone.example"].compactMap { PublicHost($0) }
        }
        let own = outside.own()
        for text in ["192.0.2.1", "192.0.2.9", "198.51.100.7", "2001:db8::7"] {
            #expect(try await true == self.own(own, text), "\(text)")
        }
        #expect(try await false == self.own(own, "192.0.2.10"))
    }

    @Test("a host of an installation that comes, goes or moves is noticed within a minute")
    func changes() async throws {
        outside.names.withLock { $0["node.example"] = ["198.51.100.7"] }
        outside.hosts.withLock { $0 = [PublicHost("node.example")].compactMap(\.self) }
        let own = outside.own()
        #expect(try await true == self.own(own, "198.51.100.7"))
        outside.names.withLock { $0["node.example"] = ["198.51.100.8"] }
        #expect(try await false == self.own(own, "198.51.100.8"))
        try await pass(60, own)
        #expect(try await true == self.own(own, "198.51.100.8"))
        #expect(try await false == self.own(own, "198.51.100.7"))
        outside.hosts.withLock { $0 = [] }
        try await pass(60, own)
        #expect(try await false == self.own(own, "198.51.100.8"))
    }

    @Test(
        "where hosts or their names cannot be asked for, their addresses stay an installation's own"
    )
    func outage() async throws {
        outside.names.withLock { $0["node.example"] = ["198.51.100.7"] }
        outside.hosts.withLock { $0 = [PublicHost("node.example")].compactMap(\.self) }
        let own = outside.own()
        #expect(try await true == self.own(own, "198.51.100.7"))
        outside.names.withLock { $0 = [:] }
        try await pass(60, own)
        #expect(try await true == self.own(own, "198.51.100.7"))
        outside.hosts.withLock { $0 = nil }
        try await pass(60, own)
        #expect(try await true == self.own(own, "198.51.100.7"))
    }

    @Test(
        "while names are looked up again, what is known of an installation's addresses is the answer"
    )
    func slowRefresh() async throws {
        outside.names.withLock { $0["node.example"] = ["198.51.100.7"] }
        outside.hosts.withLock { $0 = [PublicHost("node.example")].compactMap(\.self) }
        let own = outside.own()
        #expect(try await true == self.own(own, "198.51.100.7"))
        outside.slow.withLock { $0 = "node.example" }
        outside.time.withLock { $0 += .seconds(60) }
        let begin = ContinuousClock.now
        #expect(try await true == self.own(own, "198.51.100.7"))
        #expect(try await false == self.own(own, "198.51.100.8"))
        #expect(ContinuousClock.now - begin < TestSupport.patience / 2)
    }

    @Test(
        "what was not looked up so far may be an installation's own, and is not waited for for long"
    )
    func slowBegin() async throws {
        outside.names.withLock { $0["node.example"] = ["198.51.100.7"] }
        outside.slow.withLock { $0 = "slow.example" }
        outside.hosts.withLock {
            $0 = ["node.example", "slow.example"].compactMap { PublicHost($0) }
        }
        let own = outside.own(patience: .milliseconds(1))
        let begin = ContinuousClock.now
        #expect(try await nil == self.own(own, "198.51.100.8"))
        #expect(ContinuousClock.now - begin < TestSupport.patience / 2)
        // One that is known is known, whatever the other one is.
        #expect(try await eventually { try await true == self.own(own, "198.51.100.7") })
    }

    @Test(
        "as long as nobody can say where an installation is, no address is known not to be its own"
    )
    func unknownHosts() async throws {
        outside.hosts.withLock { $0 = nil }
        let seed = try [#require(PublicHost("vpn.example")): [#require(IPAddress("198.51.100.1"))]]
        let own = outside.own(known: seed)
        #expect(try await nil == self.own(own, "198.51.100.8"))
        #expect(try await true == self.own(own, "198.51.100.1"))
        outside.hosts.withLock { $0 = [] }
        // Soon, as nothing is known.
        try await pass(5, own)
        #expect(try await false == self.own(own, "198.51.100.8"))
    }

    @Test(
        "a host of an installation of which no name server says anything holds up webhooks for a while"
    )
    func silentName() async throws {
        outside.hosts.withLock { $0 = [PublicHost("lame.example")].compactMap(\.self) }
        outside.silent.withLock { $0 = ["lame.example"] }
        let own = outside.own()
        for _ in 0..<2 {
            #expect(try await nil == self.own(own, "198.51.100.8"))
            try await pass(5, own)
        }
        #expect(try await false == self.own(own, "198.51.100.8"))
    }
}
