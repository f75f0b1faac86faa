import GatewayDomain
import GatewayService
import GatewayStore
import NodeProtocol
import ServiceTestSupport
import StoreTestSupport
import SystemIO
import TestSupport
import Testing
import WireGuardCrypto

struct MasterKeyTests {
    @Test(
        "the master key is made once, readable by its owner alone, and opens what it sealed before"
    )
    func file() async throws {
        let directory = try TemporaryDirectory()
        let store = try await TestStore.make()
        let made = try MasterKey.load(
            directory: directory.path,
            given: nil,
            isNewInstallation: true
        )
        #expect(directory.mode(of: "master-key") == 0o600)
        #expect(directory.names == ["master-key"])
        _ = try await ServiceFixture(store: store, masterKey: made)
        let loaded = try MasterKey.load(
            directory: directory.path,
            given: nil,
            isNewInstallation: true
        )
        _ = try await ServiceFixture(store: store, masterKey: loaded)
    }

    @Test("a master key that is given is used, and no file is made")
    func given() throws {
        let directory = try TemporaryDirectory()
        let text = "FpCyhws9cxwWoV4xELtfJvjJN+zQVRPISllRWgeopVE="
        _ = try MasterKey.load(
            directory: directory.path,
            given: MasterKey(given: text),
            isNewInstallation: true
        )
        #expect(directory.names.isEmpty)
        for malformed in ["", "secret"] {
            #expect(throws: MasterKeyError.malformedEnvironment) { try MasterKey(given: malformed) }
        }
    }

    @Test(
        "a damaged master key file is refused and left alone",
        arguments: ["", "abc\n", String(repeating: "A", count: 44)]
    )
    func damaged(text: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array(text.utf8), to: "master-key")
        let path = directory.path + "/master-key"
        let error = try #require(throws: MasterKeyError.self) {
            try MasterKey.load(directory: directory.path, given: nil, isNewInstallation: true)
        }
        #expect(error == .malformedFile(path: path))
        #expect(!error.description.contains("AAAA"))
        #expect(directory.bytes(of: "master-key") == Array(text.utf8))
    }

    @Test("a missing master key file is not made anew for a database that is there")
    func missing() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/master-key"
        #expect(throws: MasterKeyError.missingFile(path: path)) {
            try MasterKey.load(directory: directory.path, given: nil, isNewInstallation: false)
        }
        #expect(directory.names.isEmpty)
    }

    @Test("a start after one that was killed while it wrote the master key writes a new one")
    func leftover() throws {
        let directory = try TemporaryDirectory()
        try directory.write(Array("half a k".utf8), to: "master-key.new")
        _ = try MasterKey.load(directory: directory.path, given: nil, isNewInstallation: true)
        #expect(directory.names == ["master-key"])
    }

    @Test("a master key's directory that does not exist is reported")
    func noDirectory() {
        #expect(throws: SecretFileError.unwritable(path: "/nonexistent/wgw/master-key")) {
            try MasterKey.load(directory: "/nonexistent/wgw", given: nil, isNewInstallation: true)
        }
    }

    @Test("no secret key can be read in the files of the database")
    func sealed() async throws {
        let directory = try TemporaryDirectory()
        let fixture = try await ServiceFixture(store: Store(directory: directory.path))
        let apiKey = "an-api-key-that-nobody-guesses"
        _ = try await fixture.controlPlane.prepareInstallation(firstKey: apiKey)
        let gateway = try await fixture.gateway(in: fixture.network())
        let created = try await fixture.peer(of: gateway) { $0.presharedKey = .value(.make) }
        let node = try await fixture.controlPlane.nodeFeed.snapshot()
        let secrets = [
            try #require(node.gateways.first?.privateKey),
            try #require(created.privateKey),
            try #require(created.presharedKey),
        ]
        let files = directory.names.map { directory.bytes(of: $0) }
        let isReadable = { (needle: [UInt8]) in files.contains { $0.containsRun(needle) } }
        #expect(isReadable(Array(gateway.publicKey.base64.utf8)), "the search finds what is there")
        #expect(!isReadable(Array(apiKey.utf8)))
        for secret in secrets {
            #expect(!isReadable(secret.withBytes { Array($0) }))
            #expect(!isReadable(Array(secret.base64.utf8)))
        }
    }
}

extension [UInt8] {
    fileprivate func containsRun(_ needle: [UInt8]) -> Bool {
        guard let first = needle.first, count >= needle.count else { return false }
        return indices.dropLast(needle.count - 1).contains { start in
            self[start] == first && self[start..<start + needle.count].elementsEqual(needle)
        }
    }
}
