import GatewayDomain
import GatewayStore
import NetAddress
import Testing

struct ChangesTests {
    @Test("an empty journal is at revision zero and has nothing to tell")
    func empty() async throws {
        let store = try Store.inMemory()
        let (revision, changes) = try await store.read { db in
            (try Changes.newestRevision(db), try Changes.since(0, db))
        }
        #expect(revision == 0)
        #expect(changes?.isEmpty == true)
    }

    @Test("an object comes once, where it changed last")
    func newestOnly() async throws {
        let fixture = try await Fixture(store: .inMemory())
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/24")
        let first = fixture.peer(of: gateway, address: IPv4Address(bits: 1))
        let second = fixture.peer(of: gateway, address: IPv4Address(bits: 2))
        let changes = try await fixture.store.write { db in
            try Gateways.insert(gateway, sealedPrivateKey: [1], db)
            try Peers.insert(first, sealedPresharedKey: nil, db)
            try Peers.insert(second, sealedPresharedKey: nil, db)
            try Peers.update(first, sealedPresharedKey: nil, db)
            return try #require(try Changes.since(0, db))
        }
        #expect(changes.map(\.object) == [.gateway(gateway.id), .peer(second.id), .peer(first.id)])
    }

    @Test("a reader that is too far behind, or ahead, is told so")
    func trimmed() async throws {
        let fixture = try await Fixture(store: .inMemory())
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/24")
        let peers = (0..<9).map { fixture.peer(of: gateway, address: IPv4Address(bits: $0)) }
        try await fixture.store.write { db in
            try Gateways.insert(gateway, sealedPrivateKey: [1], db)
            for peer in peers { try Peers.insert(peer, sealedPresharedKey: nil, db) }
            try Changes.trim(keeping: 4, db)
            #expect(try Changes.newestRevision(db) == 10)
            #expect(try Changes.since(5, db) == nil)
            #expect(try Changes.since(6, db)?.count == 4)
            #expect(try Changes.since(10, db)?.isEmpty == true)
            #expect(try Changes.since(11, db) == nil)
        }
    }

    @Test("a revision is not used again, even if the journal was emptied")
    func neverReused() async throws {
        let fixture = try await Fixture(store: .inMemory())
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/24")
        let other = try fixture.gateway(port: 5001, subnet: "172.27.1.0/24")
        try await fixture.store.write { db in
            try Gateways.insert(gateway, sealedPrivateKey: [1], db)
            try db.execute("DELETE FROM change")
            try Gateways.insert(other, sealedPrivateKey: [1], db)
            #expect(try Changes.newestRevision(db) == 2)
        }
    }

    @Test("a transaction that fails leaves no line in the journal")
    func rollback() async throws {
        let fixture = try await Fixture(store: .inMemory())
        let gateway = try fixture.gateway(port: 5000, subnet: "172.27.0.0/24")
        await #expect(throws: StoreError.self) {
            try await fixture.store.write { db in
                try Gateways.insert(gateway, sealedPrivateKey: [1], db)
                try Gateways.insert(gateway, sealedPrivateKey: [1], db)
            }
        }
        #expect(try await fixture.store.read { try Changes.newestRevision($0) } == 0)
    }
}
