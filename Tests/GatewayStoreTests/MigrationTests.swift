import GatewayDomain
import TestSupport
import Testing

@testable import GatewayStore

/// Databases of earlier versions, as they may be found.
@Suite("A database of an earlier version")
struct MigrationTests {
    struct Key: Sendable {
        var role = "admin"
        var name = "first key"
        var maker: String?
    }

    private static let before = Array(Migrations.all.prefix { $0.id < "2026-11-26" })

    @Test(
        "migration makes the organization of the first start the operator's, whatever its name is now"
    )
    func renamed() async throws {
        let directory = try TemporaryDirectory()
        do {
            let old = try Store(directory: directory.path, Self.before)
            try await old.insert("ops", at: 1, keys: [Key(), Key(name: "ops' own", maker: "k")])
            try await old.insert("tenant", at: 2, keys: [Key(role: "owner", maker: "k")])
            // What an earlier version made when it found no organization of its name.
            try await old.insert("default", at: 3, keys: [Key()])
        }
        let store = try Store(directory: directory.path)
        #expect(try await store.operators() == "ops")
        #expect(try await store.namesOfKeysMadeAtStart() == ["first key"])
    }

    @Test("migration does not make a tenant with the operator's old name the operator")
    func tenant() async throws {
        let directory = try TemporaryDirectory()
        do {
            let old = try Store(directory: directory.path, Self.before)
            try await old.insert("ops", at: 1, keys: [Key(name: "own", maker: "k")])
            try await old.insert("default", at: 2, keys: [Key(), Key(role: "owner", maker: "k")])
        }
        #expect(try await Store(directory: directory.path).operators() == "ops")
    }

    @Test(
        "migration makes the oldest organization with an admin key the operator's if the first has none"
    )
    func handedOver() async throws {
        let directory = try TemporaryDirectory()
        do {
            let old = try Store(directory: directory.path, Self.before)
            try await old.insert("tenant", at: 1, keys: [Key(role: "owner", maker: "k")])
            try await old.insert("ops", at: 2, keys: [Key(name: "own", maker: "k")])
        }
        #expect(try await Store(directory: directory.path).operators() == "ops")
    }

    @Test(
        "migration of a database without keys keeps its oldest organization, and of an empty one none"
    )
    func withoutKeys() async throws {
        let directory = try TemporaryDirectory()
        do {
            let old = try Store(directory: directory.path, Self.before)
            try await old.insert("default", at: 1, keys: [])
            try await old.insert("tenant", at: 2, keys: [])
        }
        #expect(try await Store(directory: directory.path).operators() == "default")
        let empty = try TemporaryDirectory()
        do { _ = try Store(directory: empty.path, Self.before) }
        #expect(try await Store(directory: empty.path).operators() == nil)
    }

    @Test("migration gives each network behind a peer an id of its own, as of RFC 9562")
    func routeIDs() async throws {
        let directory = try TemporaryDirectory()
        do {
            let before = Migrations.all.prefix { $0.id != Migrations.waysOut.id }
            let old = try Store(directory: directory.path, Array(before))
            try await old.write { db in
                try db.executeScript(
                    """
                    INSERT INTO organization (id, name, created_at, updated_at) VALUES ('o', 'o', 1, 1);
                    INSERT INTO region (code, name, created_at, updated_at) VALUES ('r', 'r', 1, 1);
                    INSERT INTO network (id, organization_id, name, address_block, created_at, updated_at)
                        VALUES ('n', 'o', 'n', '172.27.0.0/16', 1, 1);
                    INSERT INTO gateway (id, organization_id, network_id, region_code, enables_sip_trunking,
                            status, public_key, sealed_private_key, endpoint_address, port, subnet,
                            next_address, mtu, created_at, updated_at)
                        VALUES ('g', 'o', 'n', 'r', 0, 'provisioned', 'k', x'00', '192.0.2.1', 5000,
                            '172.27.0.0/24', 1, 1420, 1, 1);
                    INSERT INTO peer (id, organization_id, gateway_id, public_key, address, created_at,
                            updated_at)
                        VALUES ('p', 'o', 'g', 'k', 1, 1, 1);
                    """
                )
                for address in 1...9 {
                    try db.execute(
                        """
                        INSERT INTO peer_prefix (peer_id, organization_id, network_id, prefix, first_address)
                        VALUES ('p', 'o', 'n', \("10.\(address).0.0/16"), \([UInt8(address)]))
                        """
                    )
                }
            }
        }
        let store = try Store(directory: directory.path)
        let ids = try await store.read { db in
            try db.rows("SELECT id FROM peer_prefix").map { row throws(StoreError) in
                try row.value("id") as NetworkRouteID
            }
        }
        #expect(Set(ids).count == 9)
        #expect(ids.allSatisfy { "\($0)".wholeMatch(of: /.{14}4.{4}[89ab].{16}/) != nil })
    }

    @Test("migration gives all gateways to the node inside of the server, and keeps their peers")
    func embeddedNode() async throws {
        let directory = try TemporaryDirectory()
        let ids = (gateway: GatewayID.random(), peer: PeerID.random())
        do {
            let before = Migrations.all.prefix { $0.id != Migrations.nodes.id }
            let old = try Store(directory: directory.path, Array(before))
            try await old.write { db in
                try db.executeScript(
                    """
                    INSERT INTO organization (id, name, created_at, updated_at) VALUES ('o', 'o', 1, 1);
                    INSERT INTO region (code, name, created_at, updated_at) VALUES ('r', 'r', 1, 1);
                    INSERT INTO network (id, organization_id, name, address_block, created_at, updated_at)
                        VALUES ('n', 'o', 'n', '172.27.0.0/16', 1, 1);
                    INSERT INTO gateway (id, organization_id, network_id, region_code, enables_sip_trunking,
                            status, public_key, sealed_private_key, endpoint_address, port, subnet,
                            next_address, mtu, created_at, updated_at)
                        VALUES ('\(ids.gateway)', 'o', 'n', 'r', 0, 'provisioned', 'k', x'00',
                            '192.0.2.1', 5000, '172.27.0.0/24', 1, 1420, 1, 1);
                    INSERT INTO peer (id, organization_id, gateway_id, public_key, address, created_at,
                            updated_at)
                        VALUES ('\(ids.peer)', 'o', '\(ids.gateway)', 'k', 1, 1, 1);
                    INSERT INTO released_address (gateway_id, organization_id, address, released_at)
                        VALUES ('\(ids.gateway)', 'o', 2, 1);
                    """
                )
            }
        }
        let store = try Store(directory: directory.path)
        let (node, timeline) = try await store.read { db in
            (try #require(try Nodes.embedded(db)), try Installation.timeline(db))
        }
        #expect(node.regionCodes == ["r"] && "\(node.host)" == "192.0.2.1")
        #expect(node.activity.gatewaysCount == 1 && node.state == .connected)
        #expect(timeline.count == 32)
        let kept = try await store.read { db in
            (
                try db.number("SELECT count(*) AS value FROM peer"),
                try db.number("SELECT count(*) AS value FROM released_address")
            )
        }
        #expect(kept == (1, 1), "what refers to gateways does not go with the old table")
        await #expect(throws: StoreError.violated(.foreignKey)) {
            _ = try await store.write { db in try db.execute("DELETE FROM gateway") }
        }
    }

    @Test("migration takes over the last revision that was given out, with an entry or without one")
    func journalPosition() async throws {
        let before = Array(Migrations.all.prefix { $0.id != Migrations.journalPosition.id })
        for lastGivenOut in [nil, 7, 3] as [Int64?] {
            let directory = try TemporaryDirectory()
            do {
                let old = try Store(directory: directory.path, before)
                try await old.write { db in
                    guard let lastGivenOut else { return }
                    try db.executeScript(
                        """
                        INSERT INTO event (revision, organization_id, object_type, object_id, operation,
                            occurred_at)
                        VALUES (3, 'o', 'network', 'n', 'created', 1);
                        UPDATE sqlite_sequence SET seq = \(lastGivenOut) WHERE name = 'event';
                        """
                    )
                }
            }
            let store = try Store(directory: directory.path)
            let next = try await store.read(Events.nextRevision)
            #expect(next == (lastGivenOut ?? 0) + 1)
        }
    }

    @Test("migration keeps the order of lists, and new objects come last")
    func order() async throws {
        let directory = try TemporaryDirectory()
        let times: KeyValuePairs<String, Int64> = ["c": 30, "a": 10, "b": 20]
        do {
            let old = try Store(directory: directory.path, Self.before)
            for (name, time) in times { try await old.insert(name, at: time, keys: []) }
        }
        let store = try Store(directory: directory.path)
        let organization = Organization(
            id: .random(),
            name: "new",
            createdAt: Timestamp(microseconds: 5),
            updatedAt: Timestamp(microseconds: 5)
        )
        let names = try await store.write { db in
            try Organizations.insert(organization, db)
            return try Organizations.list(name: nil, page: .first, db).elements.map(\.name)
        }
        #expect(names == ["a", "b", "c", "new"])
    }
}

extension Store {
    fileprivate func insert(
        _ name: String,
        at time: Int64,
        keys: [MigrationTests.Key]
    ) async throws {
        let id = OrganizationID.random()
        try await write { db in
            _ = try db.execute(
                """
                INSERT INTO organization (id, name, created_at, updated_at)
                VALUES (\(id), \(name), \(time), \(time))
                """
            )
            for key in keys {
                let keyID = APIKeyID.random()
                let hash = (0..<32).map { _ in UInt8.random(in: 0...255) }
                try db.execute(
                    """
                    INSERT INTO api_key (id, organization_id, selector, hash, created_at, name, role)
                    VALUES (\(keyID), \(id), 0, \(hash), \(time), \(key.name), \(key.role))
                    """
                )
                try db.execute(
                    """
                    INSERT INTO event (organization_id, object_type, object_id, operation,
                        occurred_at, api_key_id)
                    VALUES (\(id), 'api_key', \(keyID), 'created', \(time), \(key.maker))
                    """
                )
            }
        }
    }

    fileprivate func operators() async throws -> String? {
        try await read { db in
            guard let id = try Installation.operatorOrganizationID(db) else { return nil }
            return try Organizations.find(id, db)?.name
        }
    }

    fileprivate func namesOfKeysMadeAtStart() async throws -> [String] {
        try await read { db in
            guard let id = try Installation.operatorOrganizationID(db) else { return [] }
            return try APIKeys.madeAtStart(of: id, db).map(\.name)
        }
    }
}
