import GatewayDomain
import GatewayService
import JSON
import NetAddress
import PeerConfig
import ServiceTestSupport
import Testing

@testable import APIContract

struct PrivateServiceTests {
    @Test(
        "a prefix that a service cannot have is refused where it stands",
        arguments: [
            ("0.0.0.0/0", "must not be everything"),
            ("127.0.0.0/16", "overlaps 127.0.0.0/8, addresses that no service can have"),
            ("224.0.0.0/8", "overlaps 224.0.0.0/3"),
            ("203.0.113.0/24", "contains 203.0.113.7, where the gateways are"),
            ("100.64.1.0/24", "overlaps 100.64.0.0/10, which the server gives gateways"),
            ("10.1.0.0/16", "overlaps 10.0.0.0/8, addresses for use inside of networks"),
            ("172.20.0.0/16", "overlaps 172.16.0.0/12"),
            ("192.168.1.0/24", "overlaps 192.168.0.0/16"),
            ("169.254.169.254/32", "overlaps 169.254.0.0/16"),
            ("192.0.2.128/25", "overlaps 192.0.2.0/24 of the private service api"),
            ("198.51.100.0/25", "overlaps 198.51.100.0/24 of this service"),
            ("198.51.100.1/24", "has host bits set"), ("2001:db8::/32", "must be an IPv4 network"),
        ]
    )
    func prefixes(text: String, reason: String) async throws {
        let fixture = try await ServiceFixture()
        _ = try await fixture.privateService("api", ["192.0.2.0/24"])
        let service = try await fixture.privateService("other", ["203.0.114.0/24"])
        for isNew in [true, false] {
            let problems = await fixture.problems {
                let prefixes = ["198.51.100.0/24", text]
                if isNew {
                    _ = try await fixture.privateService("sip", prefixes)
                } else {
                    var change = PrivateServiceChange()
                    change.prefixes =
                        NewPrivateService(
                            reading: ["prefixes": .array(prefixes.map { .string($0) })]
                        ).prefixes
                    _ = try await fixture.controlPlane.perform(
                        .updatePrivateService(service.id, change),
                        by: fixture.caller
                    )
                }
            }
            #expect(problems.map(\.pointer) == ["/prefixes/1"])
            #expect(problems.first?.reason.sentence?.hasPrefix(reason) == true, "\(problems)")
        }
        #expect(try await fixture.names() == ["api", "other"])
    }

    @Test("private prefixes are taken where the service says that it has them, and while it does")
    func privatePrefixes() async throws {
        let fixture = try await ServiceFixture()
        let service = try await fixture.privateService("db", ["10.1.0.0/16", "169.254.169.254/32"])
        {
            $0.allowsPrivatePrefixes = .value(true)
        }
        #expect(service.prefixes.count == 2)
        var change = PrivateServiceChange()
        change.allowsPrivatePrefixes = Field(.value(false), at: "/allow_private_prefixes")
        let problems = await fixture.problems {
            _ = try await fixture.controlPlane.perform(
                .updatePrivateService(service.id, change),
                by: fixture.caller
            )
        }
        #expect(problems.map(\.pointer) == Array(repeating: "/allow_private_prefixes", count: 2))
    }

    @Test("no two services have one name, and a name is a word")
    func names() async throws {
        let fixture = try await ServiceFixture()
        _ = try await fixture.privateService("sip", ["192.0.2.0/24"])
        await #expect(throws: ServiceError.duplicatePrivateService) {
            try await fixture.privateService("sip", ["198.51.100.0/24"])
        }
        for name in ["", "a b", "-a", "a,b", "ä", String(repeating: "a", count: 64)] {
            let problems = await fixture.problems {
                let request = NewPrivateService(
                    reading: ["name": .string(name), "prefixes": ["198.51.100.0/24"]]
                )
                _ = try await fixture.controlPlane.perform(
                    .createPrivateService(request),
                    by: fixture.caller
                )
            }
            #expect(problems.map(\.pointer) == ["/name"], "\(name)")
        }
    }

    @Test("a gateway has all services of its region by its flag, some by their names, or none")
    func choice() async throws {
        let fixture = try await ServiceFixture {
            $0.regions.append(
                Region(
                    code: "far",
                    name: "Far",
                    createdAt: Timestamp(microseconds: 0),
                    updatedAt: Timestamp(microseconds: 0)
                )
            )
        }
        _ = try await fixture.privateService("sip", ["192.0.2.0/24"])
        _ = try await fixture.privateService("api", ["198.51.100.0/25"])
        _ = try await fixture.privateService("far", ["198.51.100.128/25"]) {
            $0.regionCodes = .value([.value("far")])
        }
        let network = try await fixture.network()
        let cases: [(String, Bool, [String]?, String)] = [
            ("none", false, nil, ""),
            ("all", true, nil, ", 192.0.2.0/24, 198.51.100.0/25"),
            ("one", false, ["api"], ", 198.51.100.0/25"),
            ("one of all", true, ["sip"], ", 192.0.2.0/24"), ("none of all", true, [], ""),
        ]
        var gateways: [(Gateway, Peer, String)] = []
        for (name, flag, names, prefixes) in cases {
            let gateway = try await fixture.gateway(in: network) {
                $0.name = .value(name)
                $0.enablesSIPTrunking = .value(flag)
                if let names { $0.serviceNames = .value(names.map { .value($0) }) }
            }
            #expect(gateway.serviceNames == names)
            gateways.append((gateway, try await fixture.peer(of: gateway).peer, prefixes))
        }
        for (gateway, peer, prefixes) in gateways {
            let text = try await fixture.configText(of: peer)
            let line = text.split(separator: "\n").first { $0.hasPrefix("AllowedIPs") }
            #expect(line?.hasSuffix(".0/24" + prefixes) == true, "\(gateway.name ?? "")")
        }
        let problems = await fixture.problems {
            _ = try await fixture.gateway(in: network) {
                $0.serviceNames =
                    NewGateway(reading: ["services": ["sip", "far", "web"]]).serviceNames
            }
        }
        // One of another region is reached when a gateway of the network leads there.
        #expect(problems.map(\.pointer) == ["/services/2"])
        #expect(problems.last?.reason == .unknownService("web", known: ["sip", "api", "far"]))
    }

    @Test(
        "a change of a service makes the configs of those that have it outdated, and of no others"
    )
    func outdated() async throws {
        let fixture = try await ServiceFixture()
        let sip = try await fixture.privateService("sip", ["192.0.2.0/24"])
        let network = try await fixture.network()
        let plain = try await fixture.gateway(in: network)
        let all = try await fixture.gateway(in: network) { $0.enablesSIPTrunking = .value(true) }
        let api = try await fixture.gateway(in: network) { $0.serviceNames = .value([]) }
        var peers: [Peer] = []
        for gateway in [plain, all, api] { peers.append(try await fixture.peer(of: gateway).peer) }
        func expect(
            _ what: String,
            _ expected: [Bool],
            _ change: () async throws -> Void
        ) async throws {
            var before: [String] = []
            for peer in peers { before.append(try await fixture.configText(of: peer)) }
            try await change()
            var outdated: [Bool] = []
            for (index, peer) in peers.enumerated() {
                let state = try await fixture.controlPlane.showPeer(peer.id, by: fixture.caller)
                    .config.state
                outdated.append(state == .outdated)
                let text = try await fixture.configText(of: peer)
                #expect((text != before[index]) == expected[index], "\(what)")
            }
            #expect(outdated == expected, "\(what)")
        }
        func update(_ adjust: (inout PrivateServiceChange) -> Void) async throws {
            var change = PrivateServiceChange()
            adjust(&change)
            _ = try await fixture.controlPlane.perform(
                .updatePrivateService(sip.id, change),
                by: fixture.caller
            )
        }
        var added: PrivateService?
        try await expect("a new service", [false, true, false]) {
            added = try await fixture.privateService("api", ["198.51.100.0/24"])
        }
        let prefix = try IPv4Prefix("192.0.3.0/24")
        try await expect("other prefixes", [false, true, false]) {
            try await update { $0.prefixes = .value([.value(prefix)]) }
        }
        try await expect("a description", [false, false, false]) {
            try await update { $0.description = .value("Calls") }
        }
        try await expect("a name", [false, false, true]) {
            var change = GatewayChange()
            change.serviceNames = .value([.value("api")])
            _ = try await fixture.controlPlane.perform(
                .updateGateway(api.id, change),
                by: fixture.caller
            )
        }
        try await expect("a service less", [false, true, true]) {
            let id = try #require(added).id
            _ = try await fixture.controlPlane.perform(
                .deletePrivateService(id),
                by: fixture.caller
            )
        }
        let left = try await fixture.controlPlane.showGateway(api.id, by: fixture.caller)
        #expect(left.serviceNames == [], "a name that is free again must not lead anywhere")
    }

    @Test(
        "a gateway keeps the name of a service that a start lacks, says so, and has it back with the service"
    )
    func missing() async throws {
        let fixture = try await ServiceFixture()
        try await fixture.start([("sip", "192.0.2.0/24"), ("api", "198.51.100.0/25")])
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network) {
            $0.serviceNames = .value([.value("sip"), .value("api")])
        }
        let peer = try await fixture.peer(of: gateway).peer
        func remarks() async throws -> [Remark] {
            try await fixture.controlPlane.overview(by: fixture.caller).remarks
                .filter { $0.code == .serviceMissing }
        }
        func codes() async throws -> [Finding.Code] {
            try await fixture.controlPlane.diagnoseGateway(gateway.id, by: fixture.caller).findings
                .map(\.code)
        }
        #expect(try await remarks() == [])
        let notices = try await fixture.start([("api", "198.51.100.0/25")])
        #expect(notices == [.serviceIsMissing("sip", gateways: 1)])
        let kept = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect(kept.serviceNames == ["sip", "api"])
        #expect(try await !fixture.configText(of: peer).contains("192.0.2.0/24"))
        #expect(try await remarks().first?.message.contains("the private service sip") == true)
        #expect(try await codes().contains(.serviceMissing))
        #expect(
            try await fixture.start([("api", "198.51.100.0/25"), ("sip", "192.0.2.0/24")]) == []
        )
        #expect(try await fixture.configText(of: peer).contains("192.0.2.0/24"))
        #expect(try await remarks() == [])
        #expect(try await !codes().contains(.serviceMissing))
    }

    @Test(
        "a gateway whose internet lacks addresses of services says which, until it leads there"
    )
    func withheld() async throws {
        let fixture = try await ServiceFixture()
        _ = try await fixture.privateService("sip", ["192.0.2.0/24"])
        _ = try await fixture.privateService("db", ["10.7.0.0/16"]) {
            $0.allowsPrivatePrefixes = .value(true)
        }
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        func messages() async throws -> [String] {
            try await fixture.controlPlane.overview(by: fixture.caller).remarks
                .filter { $0.code == .internetWithoutServices }.map(\.message)
        }
        func isFound() async throws -> Bool {
            try await fixture.controlPlane.diagnoseGateway(gateway.id, by: fixture.caller).findings
                .contains { $0.code == .internetWithoutServices && $0.severity == .info }
        }
        #expect(try await messages() == [])
        #expect(try await isFound() == false)
        var request = NewInternetGateway()
        request.networkID = .value(network.id)
        request.regionCode = .value("local")
        _ = try await fixture.controlPlane.perform(
            .createInternetGateway(request),
            by: fixture.caller
        )
        let told = try await messages()
        #expect(told.count == 1 && told[0].hasSuffix("lead to: sip (192.0.2.0/24)."), "\(told)")
        #expect(try await isFound())
        var change = GatewayChange()
        change.enablesSIPTrunking = .value(true)
        _ = try await fixture.controlPlane.perform(
            .updateGateway(gateway.id, change),
            by: fixture.caller
        )
        #expect(try await messages() == [])
        #expect(try await isFound() == false)
    }

    @Test(
        "where the gateways are by name, no service may hold an address that the name had at the start"
    )
    func endpointByName() async throws {
        let address = IPv4Address(bits: 0xC000_0207)
        let name = try #require(PublicHost("vpn.example.com"))
        let fixture = try await ServiceFixture {
            $0.publicHost = name
            $0.publicAddresses = [address]
        }
        let problems = await fixture.problems {
            _ = try await fixture.privateService("sip", ["192.0.2.0/24"])
        }
        #expect(problems.map(\.pointer) == ["/prefixes/0"])
        _ = try await fixture.privateService("api", ["192.0.3.0/24"])
        let prefix = try IPv4Prefix("192.0.2.0/24")
        await #expect(throws: PreparationError.serviceHoldsEndpoint("sip", prefix, address)) {
            try await fixture.start([("sip", "192.0.2.0/24")]) { $0.publicAddresses = [address] }
        }
        #expect(
            try await fixture.start([]) { $0.publicAddresses = nil } == [.endpointUnknown(name)]
        )
        let moved = IPv4Address(bits: 0xC000_0301)
        let held = try IPv4Prefix("192.0.3.0/24")
        #expect(
            try await fixture.start([]) { $0.publicAddresses = [moved] }
                == [.serviceHoldsEndpoint("api", held, moved)]
        )
    }

    @Test("services of the config file follow it, and are not changed by requests")
    func configured() async throws {
        let fixture = try await ServiceFixture()
        func start(_ services: [(String, String)]) async throws {
            _ = try await fixture.start(services)
        }
        try await start([("sip", "192.0.2.0/24"), ("api", "198.51.100.0/25")])
        let made = try await fixture.services()
        #expect(made.map(\.name) == ["sip", "api"])
        #expect(made.allSatisfy { $0.source == .configFile })
        for verb in [
            Verb<PrivateService>.updatePrivateService(made[0].id, PrivateServiceChange()),
            .deletePrivateService(made[0].id),
        ] {
            await #expect(throws: ServiceError.configuredPrivateService(name: "sip")) {
                try await fixture.controlPlane.perform(verb, by: fixture.caller)
            }
        }
        try await start([("api", "198.51.100.0/26"), ("web", "198.51.100.128/25")])
        let followed = try await fixture.services()
        #expect(followed.map(\.name) == ["api", "web"])
        #expect(followed[0].id == made[1].id)
        #expect(followed[0].prefixes.map(\.description) == ["198.51.100.0/26"])
        _ = try await fixture.privateService("mine", ["192.0.2.0/24"])
        await #expect(throws: PreparationError.serviceIsTaken("mine")) {
            try await start([("mine", "192.0.9.0/24")])
        }
        let prefix = try IPv4Prefix("192.0.2.128/25")
        await #expect(throws: PreparationError.serviceOverlaps("sip", prefix, other: "mine")) {
            try await start([("sip", "192.0.2.128/25")])
        }
        #expect(try await fixture.names() == ["api", "web", "mine"])
    }

    @Test("addresses for benchmarks and protocols are not of the public internet")
    func publicAddresses() throws {
        let rules = PrivateServiceRules(
            publicHost: .address(.v4(IPv4Address(bits: 0xcb00_7107))),
            egressPool: SubnetPlan.defaultEgressPool
        )
        for text in ["192.0.0.8", "198.18.0.1", "198.19.255.255", "10.0.0.1", "203.0.113.7"] {
            let address = try #require(IPAddress(text))
            #expect(!rules.isPublic(address), "\(text)")
        }
        for text in ["192.0.1.1", "198.17.0.1", "198.20.0.1", "8.8.8.8"] {
            let address = try #require(IPAddress(text))
            #expect(rules.isPublic(address), "\(text)")
        }
    }

    @Test("every mistake of services in a config file is told with the place of the service")
    func mistakesOfFile() throws {
        let rules = PrivateServiceRules(
            publicHost: .address(.v4(IPv4Address(bits: 0xcb00_7107))),
            egressPool: SubnetPlan.defaultEgressPool
        )
        let requests: [JSONValue] = [
            ["name": "sip", "prefixes": ["192.0.2.0/24"]],
            ["name": "sip", "prefixes": ["10.0.0.0/8", "192.0.2.1/32"], "ports": ["0"]],
            ["prefixes": .array([]), "regions": ["mars"]],
        ]
        let error = #expect(throws: ServiceError.self) {
            try ServiceTerms.all(
                of: requests.map { json in
                    guard case .object(let body) = json else { return NewPrivateService() }
                    return NewPrivateService(body)
                },
                by: rules,
                in: ["local"]
            )
        }
        guard case .invalid(let problems)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(
            problems.map(\.pointer) == [
                "/1/prefixes/0", "/1/prefixes/1", "/1/ports/0", "/2/name", "/2/prefixes",
                "/2/regions/0",
            ]
        )
    }

    @Test("a service with addresses of a network's own block is told, and the network's own win")
    func overlap() async throws {
        let fixture = try await ServiceFixture()
        _ = try await fixture.privateService("db", ["172.27.0.0/24"]) {
            $0.allowsPrivatePrefixes = .value(true)
        }
        let network = try await fixture.network()
        _ = try await fixture.gateway(in: network) { $0.serviceNames = .value([]) }
        let gateway = try await fixture.gateway(in: network) {
            $0.enablesSIPTrunking = .value(true)
        }
        _ = try await fixture.gateway(in: network) { $0.enablesSIPTrunking = .value(true) }
        let peer = try await fixture.peer(of: gateway) { $0.name = .value("laptop") }.peer
        _ = try await fixture.gateway(in: fixture.network())
        let remarks = try await fixture.controlPlane.overview(by: fixture.caller).remarks
            .filter { $0.code == .serviceOverlapsNetwork }
        #expect(remarks.count == 1)
        #expect(remarks.first?.message.contains("service db has 172.27.0.0/24") == true)
        let explanation = try await fixture.controlPlane.explainPath(
            in: network.id,
            from: "\(peer.id)",
            to: "172.27.0.99",
            by: fixture.caller
        )
        let route = explanation.steps.first { $0.condition == .route }
        #expect(route?.message.hasPrefix("No peer and no gateway") == true)
    }
}

extension ServiceFixture {
    /// Starts the server with these services in its settings.
    @discardableResult
    fileprivate func start(
        _ services: [(String, String)],
        _ adjust: (inout InstallationSettings) -> Void = { _ in }
    ) async throws -> [InstallationNotice] {
        var settings = settings
        // Read before the name of the gateways is looked up.
        settings.publicAddresses = []
        settings.privateServices = try ServiceTerms.all(
            of: services.map { name, prefix in
                NewPrivateService(
                    reading: ["name": .string(name), "prefixes": [.string(prefix)]]
                )
            },
            by: settings.serviceRules,
            in: ["local"]
        )
        adjust(&settings)
        let started = ControlPlane(
            store: store,
            settings: settings,
            masterKey: masterKey,
            now: { [clock] in clock.now() }
        )
        return try await started.prepareInstallation(firstKey: nil).notices
    }

    fileprivate func services() async throws -> [PrivateService] {
        try await controlPlane.listPrivateServices(name: nil, page: .first, by: caller).elements
    }

    fileprivate func names() async throws -> [String] { try await services().map(\.name) }
}
