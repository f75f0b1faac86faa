import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import ServiceTestSupport
import StoreTestSupport
import Testing

struct PrepareInstallationTests {
    @Test("the first start makes an API key that authenticates, and the second start makes none")
    func madeKey() async throws {
        let (store, masterKey) = (try await TestStore.make(), MasterKey.random())
        let controlPlane = try Self.controlPlane(store, masterKey)
        let first = try await controlPlane.prepareInstallation(firstKey: nil)
        let key = try #require(first.madeKey)
        let caller = try await controlPlane.authenticate(bearer: key)
        #expect(caller?.organizationID == first.organizationID)
        let second = try await controlPlane.prepareInstallation(firstKey: nil)
        #expect(second.madeKey == nil)
        #expect(second.organizationID == first.organizationID)
        #expect(try await controlPlane.authenticate(bearer: key) == caller)
    }

    @Test("an API key of the settings is added once, and a changed one beside it")
    func givenKey() async throws {
        let controlPlane = try await Self.controlPlane(TestStore.make(), .random())
        let keys = ["first-given-key-0001", "second-given-key-0002"]
        for key in [keys[0], keys[0], keys[1]] {
            #expect(try await controlPlane.prepareInstallation(firstKey: key).madeKey == nil)
        }
        let callers = [
            try await controlPlane.authenticate(bearer: keys[0]),
            try await controlPlane.authenticate(bearer: keys[1]),
        ]
        #expect(callers[0] != nil)
        #expect(callers[1] != nil)
        #expect(callers[0]?.principal != callers[1]?.principal)
    }

    @Test(
        "a wrong API key does not authenticate",
        arguments: ["", "KEY", "first-given-key-0002", "'"]
    )
    func wrongKey(key: String) async throws {
        let controlPlane = try await Self.controlPlane(TestStore.make(), .random())
        _ = try await controlPlane.prepareInstallation(firstKey: "first-given-key-0001")
        #expect(try await controlPlane.authenticate(bearer: key) == nil)
    }

    @Test("an API key of the settings that is too short is refused before anything is made")
    func shortKey() async throws {
        let store = try await TestStore.make()
        let controlPlane = try Self.controlPlane(store, .random())
        await #expect(throws: PreparationError.unacceptableKey) {
            _ = try await controlPlane.prepareInstallation(firstKey: "short")
        }
        #expect(try await store.read { try Installation.operatorOrganizationID($0) } == nil)
    }

    @Test("the operator's organization stays the same, whatever it and others are called")
    func names() async throws {
        let controlPlane = try await Self.controlPlane(TestStore.make(), .random())
        let first = try await controlPlane.prepareInstallation(firstKey: nil)
        let key = try #require(first.madeKey)
        let operators = try #require(try await controlPlane.authenticate(bearer: key))
        try await controlPlane.rename(operators.organizationID, "ops", by: operators)
        var request = NewOrganization()
        request.name = .value("tenant")
        let tenant = try await controlPlane.perform(.createOrganization(request), by: operators)
        for name in ["tenant", "default"] {
            try await controlPlane.rename(tenant.id, name, by: operators)
            let again = try await controlPlane.prepareInstallation(firstKey: nil)
            #expect(again.organizationID == operators.organizationID)
            #expect(again.madeKey == nil)
            let given = "a-given-key-for-\(name)"
            let result = try await controlPlane.prepareInstallation(firstKey: given)
            #expect(result.organizationID == operators.organizationID)
            let caller = try await controlPlane.authenticate(bearer: given)
            #expect(caller?.organizationID == operators.organizationID)
        }
        let all = try await controlPlane.listOrganizations(name: nil, page: .first, by: operators)
        #expect(all.elements.map(\.name) == ["ops", "default"])
    }

    /// Values that are no id of an organization, and the id of none.
    private static let noOrganizations =
        TestStore.isOnPostgreSQL
        ? [#"'\xff'"#, "'5a1e0000-0000-4000-8000-000000000000'"]
        : ["x'ff'", "5", "CAST('5a1e0000-0000-4000-8000-000000000000' AS BLOB)"]

    @Test(
        "a start that cannot tell which organization is the operator's refuses and changes nothing",
        arguments: [
            "DELETE FROM installation WHERE key = 'operator_organization'",
            "DELETE FROM installation",
        ]
            + noOrganizations.map { value in
                "UPDATE installation SET value = \(value) WHERE key = 'operator_organization'"
            }
    )
    func lostOrganization(damage: String) async throws {
        let store = try await TestStore.make()
        let controlPlane = try Self.controlPlane(store, .random())
        _ = try await controlPlane.prepareInstallation(firstKey: nil)
        let before = try await store.read { db in
            (try Events.newestRevision(db), try db.number("SELECT count(*) AS value FROM api_key"))
        }
        try await store.write { try $0.executeScript(damage) }
        for key in [nil, "a-given-key-0001"] {
            await #expect(throws: PreparationError.operatorOrganizationUnknown) {
                _ = try await controlPlane.prepareInstallation(firstKey: key) {
                    Issue.record("a key is asked for")
                    return APIKeyText.make()
                }
            }
        }
        let after = try await store.read { db in
            (try Events.newestRevision(db), try db.number("SELECT count(*) AS value FROM api_key"))
        }
        #expect(before == after)
    }

    @Test("the sentence of a lost operator's organization has the statement that names it again")
    func lostOrganizationRemedy() async throws {
        let store = try await TestStore.make()
        let controlPlane = try Self.controlPlane(store, .random())
        let id = try await controlPlane.prepareInstallation(firstKey: nil).organizationID
        try await store.write { db in
            try db.executeScript("DELETE FROM installation WHERE key = 'operator_organization'")
        }
        let sentence = PreparationError.operatorOrganizationUnknown.description
        let statements = sentence.split(separator: "\"").enumerated()
            .filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
        try #require(statements.count == 2)
        let statement = statements[TestStore.isOnPostgreSQL ? 1 : 0]
            .replacing("NAME", with: "default")
        try await store.write { try $0.executeScript(String(statement)) }
        #expect(try await controlPlane.prepareInstallation(firstKey: nil).organizationID == id)
    }

    @Test("a start makes no API key for an installation without keys, unless it is given one")
    func noKeys() async throws {
        let store = try await TestStore.make()
        let controlPlane = try Self.controlPlane(store, .random())
        _ = try await controlPlane.prepareInstallation(firstKey: nil)
        try await store.write { db in _ = try db.execute("DELETE FROM api_key") }
        let again = try await controlPlane.prepareInstallation(firstKey: nil) {
            Issue.record("a key is asked for")
            return APIKeyText.make()
        }
        #expect(again.madeKey == nil)
        let given = "the-way-back-in-0001"
        _ = try await controlPlane.prepareInstallation(firstKey: given)
        #expect(try await controlPlane.authenticate(bearer: given)?.role == .admin)
    }

    @Test(
        "a first API key that cannot be written where the operator finds it does not authenticate"
    )
    func unkept() async throws {
        struct Interrupted: Error {}
        let controlPlane = try await Self.controlPlane(TestStore.make(), .random())
        let key = APIKeyText.make()
        await #expect(throws: Interrupted.self) {
            _ = try await controlPlane.prepareInstallation(firstKey: nil) { throw Interrupted() }
        }
        #expect(try await controlPlane.authenticate(bearer: key) == nil)
        #expect(try await controlPlane.prepareInstallation(firstKey: nil) { key }.madeKey == key)
        #expect(try await controlPlane.authenticate(bearer: key) != nil)
    }

    @Test("a revoked API key of the settings stays revoked, and the start says so")
    func revoked() async throws {
        let controlPlane = try await Self.controlPlane(TestStore.make(), .random())
        let keys = ["first-given-key-0001", "second-given-key-0002"]
        for key in keys { _ = try await controlPlane.prepareInstallation(firstKey: key) }
        let caller = try #require(try await controlPlane.authenticate(bearer: keys[1]))
        let old = try #require(try await controlPlane.authenticate(bearer: keys[0]))
        _ = try await controlPlane.perform(
            .revokeAPIKey(APIKeyID(uuid: old.principal.id.uuid)),
            by: caller
        )
        let again = try await controlPlane.prepareInstallation(firstKey: keys[0])
        #expect(try await controlPlane.authenticate(bearer: keys[0]) == nil)
        guard case .givenKeyIsRevoked = again.notices.first, again.notices.count == 1 else {
            Issue.record("\(again.notices)")
            return
        }
        #expect(again.notices.description.contains("revoked"))
    }

    @Test(
        "a changed API key of the settings leaves the old one, and the start says how to revoke it"
    )
    func changed() async throws {
        let controlPlane = try await Self.controlPlane(TestStore.make(), .random())
        let keys = ["first-given-key-0001", "second-given-key-0002"]
        #expect(try await controlPlane.prepareInstallation(firstKey: keys[0]).notices == [])
        let old = try #require(try await controlPlane.authenticate(bearer: keys[0]))
        for _ in 0..<2 {
            let notices = try await controlPlane.prepareInstallation(firstKey: keys[1]).notices
            #expect(notices.count == 1)
            #expect(
                notices.first?.description.contains("DELETE /v2/api_keys/\(old.principal.id)")
                    == true
            )
        }
        let new = try #require(try await controlPlane.authenticate(bearer: keys[1]))
        _ = try await controlPlane.perform(
            .revokeAPIKey(APIKeyID(uuid: old.principal.id.uuid)),
            by: new
        )
        #expect(try await controlPlane.prepareInstallation(firstKey: keys[1]).notices == [])
    }

    @Test(
        "an API key of the settings that belongs to a tenant is left as it is, and the start says so"
    )
    func tenantsKey() async throws {
        let controlPlane = try await Self.controlPlane(TestStore.make(), .random())
        let key = APIKeyText.make()
        _ = try await controlPlane.prepareInstallation(firstKey: key)
        let admin = try #require(try await controlPlane.authenticate(bearer: key))
        var request = NewAPIKey()
        request.name = .value("first key")
        request.role = .value(.viewer)
        let made = try await controlPlane.perform(.createAPIKey(request), by: admin)
        let notices = try await controlPlane.prepareInstallation(firstKey: made.text).notices
        #expect(notices.first == .givenKeyIsNoAdmin(made.key.id))
        #expect(try await controlPlane.authenticate(bearer: made.text)?.role == .viewer)
    }

    @Test("a master key that the database was not made with is refused at the start")
    func wrongMasterKey() async throws {
        let store = try await TestStore.make()
        _ = try await Self.controlPlane(store, .random()).prepareInstallation(firstKey: nil)
        let other = try Self.controlPlane(store, .random())
        await #expect(throws: MasterKeyError.doesNotFit) {
            _ = try await other.prepareInstallation(firstKey: nil)
        }
    }

    private static func controlPlane(_ store: Store, _ masterKey: MasterKey) throws -> ControlPlane
    {
        ControlPlane(
            store: store,
            settings: InstallationSettings(
                regions: [try Region.parse("local", at: .now())],
                publicHost: .address(.v4(.init(bits: 0x7f00_0001))),
                portRange: 5000...5999
            ),
            masterKey: masterKey,
        )
    }
}

extension ControlPlane {
    fileprivate func rename(
        _ id: OrganizationID,
        _ name: String,
        by caller: Caller
    ) async throws {
        var change = OrganizationChange()
        change.name = .value(name)
        _ = try await perform(.updateOrganization(id, change), by: caller)
    }
}
