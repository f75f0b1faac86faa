// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

let settings: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// What lies beside the sources for readers only.
let notes = ["README.md"]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let cryptoExtras: Target.Dependency = .product(name: "CryptoExtras", package: "swift-crypto")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(
    name: "HummingbirdTesting",
    package: "hummingbird"
)
let hummingbirdTLS: Target.Dependency = .product(name: "HummingbirdTLS", package: "hummingbird")
let nioSSL: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let httpClient: Target.Dependency = .product(
    name: "AsyncHTTPClient",
    package: "async-http-client"
)
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

// For --version. make names the commit at each build; what SwiftPM knows of it, it knows since it has last
// read this file.
let currentCommit = Context.environment["WGW_COMMIT"]
let knownCommit = Context.gitInformation.map {
    $0.hasUncommittedChanges ? "\($0.currentCommit)-modified" : $0.currentCommit
}

// Arrows only point down: see ARCHITECTURE.md. RepositoryTests checks the imports against them.
let package = Package(
    name: "wgw",
    // An executable target is a product of its own name: wgw and wgw-bench.
    dependencies: [
        // WireGuardCrypto calls BoringSSL inside this package by symbol name: pinned to a minor
        // version, and checked by known-answer tests.
        .package(url: "https://github.com/apple/swift-crypto", .upToNextMinor(from: "4.5.2")),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.36.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(
            url: "https://github.com/apple/swift-configuration",
            from: "1.4.0",
            traits: ["YAML", "JSON"]
        ),
        // Of the same version that swift-configuration reads YAML with.
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Both halves
        .target(name: "JSON", exclude: notes, swiftSettings: settings),
        .target(name: "Spelling", exclude: notes, swiftSettings: settings),
        .target(name: "NetAddress", exclude: notes, swiftSettings: settings),
        .target(name: "Topology", exclude: notes, swiftSettings: settings),

        .target(name: "CLinux", exclude: notes),
        .target(
            name: "SystemIO",
            dependencies: ["NetAddress", "CLinux"],
            exclude: notes,
            swiftSettings: settings
        ),

        // The data plane
        .target(name: "CBoringSSL", exclude: notes),
        .target(name: "CIPsecMB", exclude: notes),
        .target(
            name: "WireGuardCrypto",
            dependencies: ["CBoringSSL", "CIPsecMB", crypto],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "WireGuardEngine",
            dependencies: ["NetAddress", "WireGuardCrypto"],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "DataPlane",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "CLinux",
            ],
            exclude: notes,
            swiftSettings: settings
        ),

        .target(
            name: "LoadGenerator",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "CLinux",
            ],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "DataPlaneStatus",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "DataPlane",
                "CLinux",
            ],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "EgressFirewall",
            dependencies: ["JSON", "NetAddress", "SystemIO"],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "HubRuntime",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "DataPlane",
                logging,
                lifecycle,
            ],
            exclude: notes,
            swiftSettings: settings
        ),

        .target(
            name: "ConnectRuntime",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "DataPlane",
                "HubRuntime", logging, lifecycle,
            ],
            exclude: notes,
            swiftSettings: settings
        ),

        // The control plane
        .target(
            name: "GatewayDomain",
            dependencies: ["NetAddress", "WireGuardCrypto"],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "PeerConfig",
            dependencies: ["NetAddress", "WireGuardCrypto", "GatewayDomain"],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(name: "QRCodes", exclude: notes, swiftSettings: settings),
        .target(
            name: "NodeProtocol",
            dependencies: ["NetAddress", "WireGuardCrypto", "JSON", "GatewayDomain", crypto],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(name: "CPostgreSQL", exclude: notes, linkerSettings: [.linkedLibrary("pq")]),
        .target(
            name: "GatewayStore",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "GatewayDomain", "SystemIO", "CPostgreSQL",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "GatewayService",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "GatewayDomain", "NodeProtocol", "PeerConfig",
                "QRCodes", "RateLimiting", "GatewayStore", "SystemIO", crypto, cryptoExtras,
            ],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "OpenAPI",
            dependencies: ["JSON"],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "APIContract",
            dependencies: ["NetAddress", "WireGuardCrypto", "JSON", "OpenAPI", "GatewayDomain"],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "GatewayDeclaration",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "JSON", "Spelling", "GatewayDomain", "APIContract",
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "GatewayClient",
            dependencies: ["JSON", "GatewayDomain", "APIContract", crypto, httpClient, nioSSL],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "WebhookClient",
            dependencies: ["NetAddress", "SystemIO", "GatewayDomain", httpClient, nioSSL],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "NodeClient",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "JSON", "SystemIO", "GatewayDomain",
                "NodeProtocol", "GatewayClient", crypto, logging, lifecycle,
            ],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "RateLimiting",
            dependencies: ["NetAddress"],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "HTTPEdge",
            dependencies: [
                "NetAddress", "SystemIO", "RateLimiting", hummingbird, hummingbirdTLS, nioSSL,
                logging, lifecycle,
            ],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "GatewayAPI",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "JSON", "OpenAPI", "GatewayDomain", "PeerConfig",
                "QRCodes", "APIContract", "RateLimiting", "HTTPEdge", "GatewayService",
                hummingbird, logging, lifecycle,
            ],
            exclude: notes,
            swiftSettings: settings
        ),

        .target(
            name: "NodeAPI",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "JSON", "GatewayDomain", "NodeProtocol",
                "RateLimiting", "HTTPEdge", "GatewayService", hummingbird, logging, lifecycle,
            ],
            exclude: notes,
            swiftSettings: settings
        ),

        .target(name: "CZlib", exclude: notes, linkerSettings: [.linkedLibrary("z")]),
        .target(name: "CPortalFiles", exclude: notes),
        .target(
            name: "Portal",
            dependencies: [
                "JSON", "OpenAPI", "GatewayDomain", "PeerConfig", "QRCodes", "APIContract",
                "HTTPEdge", "GatewayService", "CZlib", "CPortalFiles", hummingbird, mustache,
                crypto, logging,
            ],
            // They are in the program through CPortalFiles.
            exclude: notes + ["Assets", "Templates"],
            swiftSettings: settings
        ),

        .target(
            name: "BackupFile",
            dependencies: [crypto, cryptoExtras],
            exclude: notes,
            swiftSettings: settings
        ),

        // Where the halves meet
        .target(
            name: "GatewayRuntime",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "DataPlane",
                "EgressFirewall", "GatewayDomain", "NodeProtocol", "Topology", logging, lifecycle,
            ],
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "CBuildInfo",
            exclude: notes,
            cSettings: [
                .define("WGW_COMMIT", to: "\"\(currentCommit ?? knownCommit ?? "unknown")\""),
                .define("WGW_COMMIT_IS_CURRENT", to: currentCommit == nil ? "false" : "true"),
            ]
        ),
        .target(
            name: "CommandLineProgram",
            dependencies: ["CBuildInfo", "Spelling", argumentParser],
            exclude: notes,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "wgw-bench",
            dependencies: [
                "CommandLineProgram", "JSON", "NetAddress", "WireGuardCrypto", "LoadGenerator",
                argumentParser,
            ],
            exclude: notes,
            swiftSettings: settings
        ),
        .executableTarget(
            name: "wgw",
            dependencies: [
                "CommandLineProgram", "Spelling", "BackupFile", "NetAddress", "WireGuardCrypto",
                "WireGuardEngine", "SystemIO",
                "DataPlane", "DataPlaneStatus", "HubRuntime", "ConnectRuntime",
                "EgressFirewall", "GatewayDomain",
                "PeerConfig",
                "QRCodes", "APIContract", "JSON", "GatewayDeclaration", "GatewayStore",
                "GatewayService", "RateLimiting", "HTTPEdge",
                "GatewayAPI", "Portal", "GatewayRuntime", "GatewayClient", "NodeProtocol",
                "NodeClient", "NodeAPI", "WebhookClient",
                hummingbird, logging, lifecycle, argumentParser,
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: notes,
            swiftSettings: settings
        ),

        // What tests share; no product depends on it.
        .target(name: "CTestOutput", path: "Tests/Support/CTestOutput", exclude: notes),
        .target(
            name: "TestSupport",
            dependencies: ["CTestOutput"],
            path: "Tests/Support/TestSupport",
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "TunnelTestSupport",
            dependencies: ["NetAddress", "WireGuardCrypto"],
            path: "Tests/Support/TunnelTestSupport",
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "DataPlaneTestSupport",
            dependencies: ["NetAddress", "SystemIO", "WireGuardEngine", "DataPlane"],
            path: "Tests/Support/DataPlaneTestSupport",
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "ServiceTestSupport",
            dependencies: [
                "NetAddress", "JSON", "WireGuardCrypto", "GatewayDomain", "APIContract",
                "RateLimiting",
                "GatewayStore", "GatewayService", "StoreTestSupport",
            ],
            path: "Tests/Support/ServiceTestSupport",
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "PostgreSQLTestSupport",
            dependencies: ["TestSupport"],
            path: "Tests/Support/PostgreSQLTestSupport",
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "StoreTestSupport",
            dependencies: ["GatewayStore", "PostgreSQLTestSupport"],
            path: "Tests/Support/StoreTestSupport",
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "EndToEndSupport",
            dependencies: ["TestSupport"],
            path: "Tests/Support/EndToEndSupport",
            exclude: notes,
            swiftSettings: settings
        ),
        .target(
            name: "LogTestSupport",
            dependencies: [logging],
            path: "Tests/Support/LogTestSupport",
            exclude: notes,
            swiftSettings: settings
        ),

        // Tests
        .testTarget(
            name: "TopologyTests",
            dependencies: ["Topology", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "NetAddressTests",
            dependencies: ["NetAddress", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "SystemIOTests",
            dependencies: [
                "NetAddress", "CLinux", "SystemIO", "TestSupport", "TunnelTestSupport",
                "EndToEndSupport",
            ],
            exclude: ["Corpus"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WireGuardCryptoTests",
            dependencies: ["CBoringSSL", "WireGuardCrypto", "TestSupport", crypto],
            exclude: ["Hostile"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WireGuardEngineTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "TestSupport",
                "TunnelTestSupport",
            ],
            exclude: ["Corpus", "Handshake/transcript.py"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DataPlaneStatusTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "DataPlane",
                "DataPlaneStatus", "CLinux", "TestSupport", "TunnelTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DataPlaneTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "DataPlane",
                "CLinux", "TestSupport", "TunnelTestSupport", "DataPlaneTestSupport",
                "EndToEndSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "EgressFirewallTests",
            dependencies: [
                "JSON", "NetAddress", "EgressFirewall", "TestSupport", "EndToEndSupport",
            ],
            exclude: ["Rulesets"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HubRuntimeTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "DataPlane",
                "HubRuntime", "TestSupport", "DataPlaneTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ConnectRuntimeTests",
            dependencies: ["NetAddress", "HubRuntime", "ConnectRuntime", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "LoadGeneratorTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "DataPlane",
                "HubRuntime", "LoadGenerator", "TestSupport", "TunnelTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "JSONTests", dependencies: ["JSON"], swiftSettings: settings),
        .testTarget(name: "SpellingTests", dependencies: ["Spelling"], swiftSettings: settings),
        .testTarget(
            name: "GatewayDeclarationTests",
            dependencies: [
                "WireGuardCrypto", "JSON", "GatewayDomain", "APIContract", "GatewayDeclaration",
                "TestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "APIContractTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "JSON", "OpenAPI", "GatewayDomain", "GatewayStore",
                "APIContract",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "BackupFileTests",
            dependencies: ["BackupFile", "TestSupport", crypto],
            exclude: ["Corpus"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GatewayDomainTests",
            dependencies: ["NetAddress", "WireGuardCrypto", "GatewayDomain"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PeerConfigTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "GatewayDomain", "PeerConfig", "TestSupport",
                "EndToEndSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "QRCodesTests",
            dependencies: ["QRCodes", "TestSupport"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "NodeProtocolTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "JSON", "GatewayDomain", "NodeProtocol",
            ],
            exclude: ["Corpus"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "NodeClientTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "JSON", "GatewayDomain", "NodeProtocol",
                "GatewayClient", "NodeClient", "TestSupport", logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GatewayStoreTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "GatewayDomain", "GatewayStore", "TestSupport",
                "TunnelTestSupport", "StoreTestSupport", "PostgreSQLTestSupport",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Golden"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GatewayServiceTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "JSON", "GatewayDomain", "NodeProtocol",
                "PeerConfig",
                "APIContract", "GatewayStore", "GatewayService", "SystemIO", "TestSupport",
                "TunnelTestSupport", "ServiceTestSupport", "StoreTestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GatewayClientTests",
            dependencies: ["JSON", "GatewayDomain", "APIContract", "GatewayClient"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "WebhookClientTests",
            dependencies: [
                "NetAddress", "GatewayDomain", "WebhookClient", "EndToEndSupport", "TestSupport",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RateLimitingTests",
            dependencies: ["RateLimiting"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "HTTPEdgeTests",
            dependencies: [
                "NetAddress", "HTTPEdge", "LogTestSupport", hummingbird, logging, lifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GatewayAPITests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "JSON", "OpenAPI", "GatewayDomain", "NodeProtocol",
                "PeerConfig",
                "APIContract", "RateLimiting", "GatewayStore", "GatewayService", "HTTPEdge",
                "GatewayAPI", "NodeAPI", "Portal", "TestSupport",
                "LogTestSupport", "ServiceTestSupport", "StoreTestSupport", hummingbird,
                hummingbirdTesting, nioSSL,
                logging, lifecycle,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PortalTests",
            dependencies: [
                "JSON", "OpenAPI", "GatewayDomain", "APIContract", "HTTPEdge", "GatewayAPI",
                "NetAddress", "GatewayStore", "GatewayService", "Portal", "TestSupport",
                "ServiceTestSupport", "StoreTestSupport",
                "LogTestSupport", hummingbird,
                hummingbirdTesting, logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "GatewayRuntimeTests",
            dependencies: [
                "NetAddress", "WireGuardCrypto", "WireGuardEngine", "SystemIO", "DataPlane",
                "GatewayDomain", "NodeProtocol", "GatewayStore", "GatewayService", "GatewayRuntime",
                "Topology",
                "TestSupport",
                "TunnelTestSupport", "ServiceTestSupport", "StoreTestSupport", "EndToEndSupport",
                "EgressFirewall",
                logging,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "wgwTests",
            dependencies: [
                "wgw", "CommandLineProgram", "WireGuardCrypto", "NetAddress", "SystemIO",
                "DataPlane", "EgressFirewall",
                "GatewayDomain", "APIContract", "GatewayClient", "HubRuntime", "RateLimiting",
                "HTTPEdge", "Portal", "TestSupport", logging, argumentParser,
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "wgw-benchTests",
            dependencies: ["wgw-bench", "JSON", "LoadGenerator", "NetAddress", argumentParser],
            swiftSettings: settings
        ),
        .testTarget(name: "RepositoryTests", swiftSettings: settings),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "wgw", "wgw-bench", "CommandLineProgram", "GatewayStore", "TestSupport",
                "EndToEndSupport", "PostgreSQLTestSupport",
            ],
            exclude: [
                "ConfigFiles", "Harness/line.py", "Harness/liar.py", "Harness/ways.py",
                "Harness/strange_database.py",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PackageTests",
            dependencies: ["wgw", "TestSupport", "EndToEndSupport"],
            swiftSettings: settings
        ),
        // Takes minutes: apart, so that EndToEndTests can be run without it.
        .testTarget(
            name: "DocumentFuzzTests",
            dependencies: ["wgw", "TestSupport", "EndToEndSupport"],
            swiftSettings: settings
        ),
    ],
    swiftLanguageModes: [.v6]
)

// WGW_ONLY="WireGuardEngineTests DataPlaneTests" leaves these targets and what they depend on: one
// test runs without a build of all the rest, and the sanitizers instrument no more than they look at.
if let only = Context.environment["WGW_ONLY"], !only.isEmpty {
    var names = only.split(separator: " ").map(String.init)
    var kept: Set<String> = []
    while let name = names.popLast() {
        guard kept.insert(name).inserted else { continue }
        guard package.targets.contains(where: { $0.name == name }) else {
            fatalError("WGW_ONLY names \(name), which is not a target of this package")
        }
        for target in package.targets where target.name == name {
            for case .byNameItem(let dependency, _) in target.dependencies {
                names.append(dependency)
            }
        }
    }
    package.targets.removeAll { !kept.contains($0.name) }
}
