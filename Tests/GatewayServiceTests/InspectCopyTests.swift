import APIContract
import GatewayDomain
import GatewayService
import GatewayStore
import JSON
import ServiceTestSupport
import TestSupport
import Testing

struct InspectCopyTests {
    @Test("a copy is opened by the master key of its installation and by no other")
    func masterKey() async throws {
        let directory = try TemporaryDirectory()
        let fixture = try await ServiceFixture(store: try Store(directory: directory.path))
        let gateway = try await fixture.gateway(in: try await fixture.network())
        for number in 0..<3 {
            _ = try await fixture.peer(of: gateway) { request in
                request.presharedKey = number == 0 ? .absent : .value(.make)
            }
        }
        let copy = try fixture.copy(of: directory)
        let inspection = try fixture.masterKey.inspect(copy)
        #expect(inspection.unopened == [])
        #expect(inspection.counts.networks == 1 && inspection.counts.peers == 3)
        #expect(throws: MasterKeyError.doesNotFit) { try MasterKey.random().inspect(copy) }
    }

    @Test("keys in a copy that the master key does not open are named by their objects")
    func damagedKeys() async throws {
        let directory = try TemporaryDirectory()
        let fixture = try await ServiceFixture(store: try Store(directory: directory.path))
        let gateway = try await fixture.gateway(in: try await fixture.network())
        let peer = try await fixture.peer(of: gateway) { $0.presharedKey = .value(.make) }.peer
        let request = NewWebhook(
            reading: ["name": "alerts", "url": "https://example.com/", "events": ["*"]]
        )
        let webhook = try await fixture.controlPlane.perform(
            .createWebhook(request),
            by: fixture.caller
        ).webhook
        try await fixture.store.write { db in
            try db.execute("UPDATE webhook SET sealed_secret = zeroblob(60)")
            try db.execute("UPDATE peer SET sealed_preshared_key = zeroblob(60)")
            try db.execute("UPDATE gateway SET sealed_private_key = zeroblob(60)")
        }
        let inspection = try fixture.masterKey.inspect(try fixture.copy(of: directory))
        #expect(
            inspection.unopened == [
                "gateway \(gateway.id)", "peer \(peer.id)", "webhook \(webhook.id)",
            ]
        )
    }
}

extension ServiceFixture {
    fileprivate func copy(of directory: TemporaryDirectory) throws -> DatabaseCopy {
        let path = directory.path + "/copy"
        try directory.write([], to: "copy")
        try DatabaseCopy.make(ofDirectory: directory.path, at: path)
        return try DatabaseCopy(path: path)
    }
}
