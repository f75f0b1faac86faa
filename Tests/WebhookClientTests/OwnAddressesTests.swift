import GatewayDomain
import NetAddress
import Synchronization
import Testing

@testable import WebhookClient

@Suite("Own addresses")
struct OwnAddressesTests {
    /// What there is outside, and how the time goes.
    private final class Surroundings: Sendable {
        let time = Mutex(ContinuousClock.now)
        let hosts = Mutex<[PublicHost]?>([])
        let names = Mutex<[String: [String]]>([:])

        func own() -> OwnAddresses {
            OwnAddresses(
                lookUp: { [self] (name) throws(WebhookSender.LookUpFailure) in
                    guard let found = names.withLock({ $0[name] }) else {
                        throw WebhookSender.LookUpFailure(reason: "unknown")
                    }
                    return found.compactMap { IPAddress($0) }
                },
                hasHost: { "\($0)" == "192.0.2.1" },
                uptime: { [self] in time.withLock(\.self) }
            ) { [self] in
                guard let hosts = hosts.withLock(\.self) else { throw CancellationError() }
                return hosts
            }
        }
    }

    private let outside = Surroundings()

    private func own(_ own: OwnAddresses, _ text: String) async throws -> Bool {
        await own.contains(try #require(IPAddress(text)))
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
            #expect(try await self.own(own, text), "\(text)")
        }
        #expect(try await !self.own(own, "192.0.2.10"))
    }

    @Test("a host of an installation that comes, goes or moves is noticed within a minute")
    func changes() async throws {
        outside.names.withLock { $0["node.example"] = ["198.51.100.7"] }
        outside.hosts.withLock { $0 = [PublicHost("node.example")].compactMap(\.self) }
        let own = outside.own()
        #expect(try await self.own(own, "198.51.100.7"))
        outside.names.withLock { $0["node.example"] = ["198.51.100.8"] }
        #expect(try await !self.own(own, "198.51.100.8"))
        outside.time.withLock { $0 += .seconds(60) }
        #expect(try await self.own(own, "198.51.100.8"))
        #expect(try await !self.own(own, "198.51.100.7"))
        outside.hosts.withLock { $0 = [] }
        outside.time.withLock { $0 += .seconds(60) }
        #expect(try await !self.own(own, "198.51.100.8"))
    }

    @Test(
        "where hosts or their names cannot be asked for, their addresses stay an installation's own"
    )
    func outage() async throws {
        outside.names.withLock { $0["node.example"] = ["198.51.100.7"] }
        outside.hosts.withLock { $0 = [PublicHost("node.example")].compactMap(\.self) }
        let own = outside.own()
        #expect(try await self.own(own, "198.51.100.7"))
        outside.names.withLock { $0 = [:] }
        outside.time.withLock { $0 += .seconds(60) }
        #expect(try await self.own(own, "198.51.100.7"))
        outside.hosts.withLock { $0 = nil }
        outside.time.withLock { $0 += .seconds(60) }
        #expect(try await self.own(own, "198.51.100.7"))
    }
}
