import GatewayDomain
import GatewayService
import GatewayStore
import NetAddress
import Testing

struct BootstrapTests {
    @Test("the first start makes a key that opens the door, the second makes none")
    func madeKey() async throws {
        let (store, masterKey) = (try Store.inMemory(), MasterKey.random())
        let services = try Self.services(store, masterKey)
        let first = try await services.bootstrap(firstKey: nil)
        let key = try #require(first.madeKey)
        let caller = try await services.authenticate(bearer: key)
        #expect(caller?.organizationID == first.organizationID)
        let second = try await services.bootstrap(firstKey: nil)
        #expect(second.madeKey == nil)
        #expect(second.organizationID == first.organizationID)
        #expect(try await services.authenticate(bearer: key) == caller)
    }

    @Test("a given key is added once, and a changed one beside it")
    func givenKey() async throws {
        let services = try Self.services(.inMemory(), .random())
        let keys = ["first-given-key-0001", "second-given-key-0002"]
        for key in [keys[0], keys[0], keys[1]] {
            #expect(try await services.bootstrap(firstKey: key).madeKey == nil)
        }
        let callers = [
            try await services.authenticate(bearer: keys[0]),
            try await services.authenticate(bearer: keys[1]),
        ]
        #expect(callers[0] != nil)
        #expect(callers[1] != nil)
        #expect(callers[0]?.keyID != callers[1]?.keyID)
    }

    @Test("nobody gets in with a wrong key", arguments: ["", "KEY", "first-given-key-0002", "'"])
    func wrongKey(key: String) async throws {
        let services = try Self.services(.inMemory(), .random())
        _ = try await services.bootstrap(firstKey: "first-given-key-0001")
        #expect(try await services.authenticate(bearer: key) == nil)
    }

    @Test("a key that is too short is refused before anything is made")
    func shortKey() async throws {
        let store = try Store.inMemory()
        let services = try Self.services(store, .random())
        await #expect(throws: BootstrapError.unacceptableKey) {
            _ = try await services.bootstrap(firstKey: "short")
        }
        #expect(try await store.read { try Organizations.find(named: "default", $0) } == nil)
    }

    @Test("a master key that the database was not made with is refused")
    func wrongMasterKey() async throws {
        let store = try Store.inMemory()
        _ = try await Self.services(store, .random()).bootstrap(firstKey: nil)
        let other = try Self.services(store, .random())
        await #expect(throws: MasterKeyError.doesNotFit) {
            _ = try await other.bootstrap(firstKey: nil)
        }
    }

    private static func services(_ store: Store, _ masterKey: MasterKey) throws -> Services {
        Services(
            store: store,
            settings: InstallationSettings(
                regions: [try Region.parse("local", at: .now())],
                publicHost: .address(.v4(.init(bits: 0x7f00_0001))),
                portRange: 5000...5999
            ),
            masterKey: masterKey,
            dataPlane: CountingDataPlane()
        )
    }
}
