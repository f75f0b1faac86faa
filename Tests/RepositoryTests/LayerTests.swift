import Foundation
import Testing

/// The arrows of ARCHITECTURE.md, which point down only.
struct LayerTests {
    private static let dataPlane: Set = [
        "WireGuardEngine", "EgressFirewall", "CLinux", "DataPlane", "DataPlaneStatus", "HubRuntime",
        "ConnectRuntime", "LoadGenerator",
    ]
    private static let controlPlane: Set = [
        "GatewayDomain", "NodeProtocol", "NodeClient", "NodeAPI", "PeerConfig", "APIContract",
        "OpenAPI",
        "GatewayDeclaration",
        "GatewayStore",
        "GatewayService", "RateLimiting", "HTTPEdge", "GatewayAPI", "Portal", "GatewayClient",
    ]
    private static let joints: Set = ["GatewayRuntime", "wgw"]

    @Test("every target of the manifest is known, and imports only what the manifest gives it")
    func importsFollowTheManifest() throws {
        let manifest = Manifest(text: try Repository.text("Package.swift"))
        let targets = try Repository.targets()
        #expect(manifest.dependencies.keys.filter { targets.contains($0) }.sorted() == targets)

        for file in try Repository.swiftFiles(under: "Sources") {
            let allowed = manifest.dependencies[file.target] ?? []
            let forbidden = file.imports.filter { targets.contains($0) && !allowed.contains($0) }
            #expect(forbidden.isEmpty, "\(file.path) imports against the arrows of Package.swift")
        }
    }

    @Test("only GatewayRuntime and wgw know both the data plane and the control plane")
    func halvesDoNotKnowEachOther() throws {
        let manifest = Manifest(text: try Repository.text("Package.swift"))
        for target in try Repository.targets() where !Self.joints.contains(target) {
            let known = manifest.dependencies[target] ?? []
            let isOfOneHalf =
                known.union([target]).isDisjoint(with: Self.dataPlane)
                || known.union([target]).isDisjoint(with: Self.controlPlane)
            #expect(isOfOneHalf, "\(target) knows the data plane and the control plane")
        }
    }

    @Test("what carries gateways knows of the control plane only what travels to a node")
    func nodeKnowsTheProtocolOnly() throws {
        let manifest = Manifest(text: try Repository.text("Package.swift"))
        let known = manifest.reach(of: "GatewayRuntime").intersection(Self.controlPlane)
        #expect(known == ["GatewayDomain", "NodeProtocol"])
    }

    @Test("tests import of the product and of what they share only what the manifest gives them")
    func testsFollowTheManifest() throws {
        let manifest = Manifest(text: try Repository.text("Package.swift"))
        let ours = Set(try Repository.targets() + Repository.supportTargets())
        let files = try Repository.swiftFiles(under: "Tests")
        #expect(files.contains { !ours.isDisjoint(with: $0.imports) })
        for file in files {
            let allowed = manifest.dependencies[file.target] ?? []
            let forbidden = file.imports.filter { ours.contains($0) && !allowed.contains($0) }
            #expect(forbidden.isEmpty, "\(file.path) imports against the arrows of Package.swift")
        }
    }

    @Test("what tests share is in no product, and its base depends on no target of the product")
    func supportIsForTests() throws {
        let manifest = Manifest(text: try Repository.text("Package.swift"))
        let support = Set(try Repository.supportTargets())
        #expect(support.isSubset(of: manifest.dependencies.keys))
        #expect(manifest.dependencies["TestSupport"] == ["CTestOutput"])
        #expect(manifest.dependencies["CTestOutput"] == [])
        for target in try Repository.targets() {
            let known = manifest.dependencies[target] ?? []
            #expect(known.isDisjoint(with: support), "\(target) depends on what is for tests")
        }
    }

    @Test("wgw holds no load generator, and wgw-bench neither the API nor the store")
    func programsAreApart() throws {
        let manifest = Manifest(text: try Repository.text("Package.swift"))
        #expect(manifest.reach(of: "wgw").isSuperset(of: ["GatewayAPI", "DataPlane"]))
        #expect(!manifest.reach(of: "wgw").contains("LoadGenerator"))
        #expect(manifest.reach(of: "wgw-bench").contains("LoadGenerator"))
        #expect(manifest.reach(of: "wgw-bench").isDisjoint(with: Self.controlPlane))
    }

    /// Modules of other packages, and the targets that are the one place for them.
    private static let importers: [String: Set<String>] = [
        "ArgumentParser": ["CommandLineProgram", "wgw-bench", "wgw"],
        "Configuration": ["wgw"],
        "SystemPackage": ["wgw"],
        "Yams": ["GatewayDeclaration", "wgw"],
        "GRDB": ["GatewayStore"],
        "Hummingbird": ["HTTPEdge", "GatewayAPI", "NodeAPI", "Portal", "wgw"],
        "HummingbirdCore": ["HTTPEdge", "GatewayAPI", "NodeAPI", "Portal"],
        "HummingbirdTLS": ["HTTPEdge"],
        "AsyncHTTPClient": ["GatewayClient", "WebhookClient"],
        "NIOSSL": ["HTTPEdge", "GatewayClient", "WebhookClient"],
        "HTTPTypes": ["HTTPEdge", "GatewayAPI", "NodeAPI", "Portal"],
        "Mustache": ["Portal"],
        "NIOCore": [
            "HTTPEdge", "GatewayAPI", "NodeAPI", "Portal", "GatewayClient", "WebhookClient",
        ],
        "NIOPosix": ["HTTPEdge", "GatewayClient", "WebhookClient"],
        "NIOHTTP1": ["HTTPEdge", "GatewayAPI", "GatewayClient", "WebhookClient"],
        "NIOHTTPTypes": ["HTTPEdge"],
        "NIOHTTPTypesHTTP1": ["HTTPEdge"],
        "Logging": [
            "HTTPEdge", "GatewayAPI", "NodeAPI", "Portal", "GatewayRuntime", "HubRuntime",
            "ConnectRuntime", "NodeClient", "wgw",
        ],
        "ServiceLifecycle": [
            "HTTPEdge", "GatewayAPI", "NodeAPI", "GatewayRuntime", "HubRuntime",
            "ConnectRuntime", "NodeClient", "wgw",
        ],
        "UnixSignals": ["HubRuntime", "wgw"],
        "Crypto": [
            "WireGuardCrypto", "GatewayService", "GatewayClient", "NodeProtocol", "NodeClient",
            "BackupFile", "Portal",
        ],
        "CryptoExtras": ["BackupFile", "GatewayService"],
        "Foundation": controlPlane.union(joints).union(["wgw-bench"]),
        "FoundationEssentials": controlPlane.union(joints).union(["BackupFile"]),
        "Dispatch": ["GatewayService"],
        "Glibc": [
            "CommandLineProgram", "QRCodes",
            "WireGuardCrypto", "SystemIO", "DataPlane", "DataPlaneStatus", "HubRuntime",
            "ConnectRuntime", "LoadGenerator", "EgressFirewall", "GatewayService",
            "GatewayStore", "GatewayRuntime", "NodeClient", "HTTPEdge", "wgw",
        ],
        "Synchronization": [
            "WireGuardCrypto", "SystemIO", "DataPlane", "DataPlaneStatus", "WireGuardEngine",
            "HubRuntime", "ConnectRuntime", "LoadGenerator", "GatewayStore", "GatewayService",
            "RateLimiting",
            "HTTPEdge", "GatewayAPI", "NodeAPI", "NodeClient", "Portal", "GatewayRuntime", "wgw",
            "WebhookClient",
        ],
    ]

    @Test("a module of another package is imported only where this table says")
    func foreignModulesHaveTheirPlace() throws {
        let targets = try Repository.targets()
        for file in try Repository.swiftFiles(under: "Sources") {
            for module in file.imports where !targets.contains(module) {
                let importers = Self.importers[module] ?? []
                #expect(importers.contains(file.target), "\(file.path) imports \(module)")
            }
        }
    }

    @Test(
        "SQL is written in GatewayStore only",
        arguments: [
            #"\bSELECT\b.*\b(FROM|EXISTS|COUNT|MAX)\b"#, #"\bINSERT (OR \w+ )?INTO\b"#,
            #"\bUPDATE \w+ SET\b"#, #"\bDELETE FROM\b"#, #"\b(CREATE|DROP|ALTER) TABLE\b"#,
            #"\bPRAGMA\b"#, #"\bON CONFLICT\b"#, #"\bORDER BY\b"#,
        ]
    )
    func sqlHasOnePlace(pattern: String) throws {
        let places = try Repository.swiftFiles(under: "Sources")
            .filter { $0.target != "GatewayStore" }
            .flatMap { $0.places(matching: pattern) }
        #expect(places.isEmpty)
    }

    @Test("HTTP types are named in HTTPEdge, GatewayAPI, NodeAPI and Portal only")
    func httpHasOnePlace() throws {
        let places = try Repository.swiftFiles(under: "Sources")
            .filter { !["HTTPEdge", "GatewayAPI", "NodeAPI", "Portal", "wgw"].contains($0.target) }
            .flatMap { $0.places(matching: #"\bHTTP(Error|Response|Request|Field|Status)"#) }
        #expect(places.isEmpty)
    }

    @Test("the control plane changes what is stored in one place")
    func changesHaveOnePlace() throws {
        let places = try Repository.swiftFiles(under: "Sources")
            .filter { ["GatewayService", "GatewayAPI", "GatewayRuntime"].contains($0.target) }
            .flatMap { $0.places(matching: #"\bstore\.write\b"#) }
        #expect(places.count == 1, "\(places)")
        #expect(places.allSatisfy { $0.contains("/GatewayService/Transaction/Perform.swift:") })
    }
}
