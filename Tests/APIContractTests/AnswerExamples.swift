import APIContract
import GatewayDomain
import JSON
import NetAddress
import WireGuardCrypto

extension AnswerExample {
    /// Each kind of object with everything that it can have, and with as little as it can.
    static func all() throws -> [AnswerExample] {
        try organizations() + keys() + users() + sessions() + networks() + regions() + gateways()
            + peers() + links()
            + nodes() + diagnoses() + explanations() + egress() + services() + routes()
            + backboneLinks() + events()
            + overviews() + histories() + usage() + costs() + limits() + webhooks()
            + errors() + [
                AnswerExample(RunningServer(.unnamed, time: time), "that has no libraries"),
                AnswerExample(RunningServer(program, time: time), "as it runs"),
                AnswerExample(PageMeta(page), "a page"),
                AnswerExample(Rehearsal(stepsCount: 3), "of three steps"),
            ]
    }

    private static let program = RunningServer.Program(
        version: "0.1.0",
        commit: "07c8891",
        libraries: [
            .init(
                name: "swift-nio",
                license: "Apache-2.0",
                url: "https://github.com/apple/swift-nio"
            )
        ]
    )

    private static func histories() throws -> [AnswerExample] {
        let counts = TrafficCounts(
            rxBytes: 1,
            txBytes: 2,
            rxPackets: 3,
            txPackets: 4,
            handshakes: 5
        )
        let drops = TrafficHistory.Drops(reason: "no_route", counts: [0, 6])
        func history(
            _ counts: [TrafficCounts],
            _ drops: [TrafficHistory.Drops]
        ) -> TrafficHistory {
            TrafficHistory(
                knownSince: time,
                since: time,
                until: time.advanced(bySeconds: 20),
                step: 10,
                counts: counts,
                drops: drops
            )
        }
        return [
            try AnswerExample(history([], []), "without a step"),
            try AnswerExample(history([counts, TrafficCounts()], [drops]), "of a gateway"),
            try AnswerExample(drops, "of a history"),
        ]
    }

    private static func usage() throws -> [AnswerExample] {
        let hours = UsageHour(of: time)..<UsageHour(of: time).advanced(by: 1)
        let sum = UsageRow(hours: hours, counts: UsageCounts())
        var full = UsageRow(
            hours: hours,
            counts: UsageCounts(rxPackets: 1, rxBytes: 2, txPackets: 3, txBytes: 4)
        )
        full.organizationID = .random()
        full.networkID = .random()
        full.gatewayID = .random()
        full.gatewayName = "entry"
        full.peerID = .random()
        full.peerName = "laptop"
        full.kind = .hairpin
        return [
            try AnswerExample(sum, "a sum of all"),
            try AnswerExample(full, "a peer's, of one kind"),
        ]
    }

    private static func costs() throws -> [AnswerExample] {
        let month = CalendarMonth(of: time)
        let price = Price(millionths: 10_000_000)
        let gateway = CostLine(
            .gateway,
            gatewayID: .random(),
            gatewayName: "entry",
            month: month,
            quantity: 744,
            price: price,
            amount: Amount(cents: 1_000)
        )
        let traffic = CostLine(
            .traffic,
            kind: .internet,
            month: month,
            quantity: 5,
            price: Price(millionths: 1),
            amount: Amount(cents: 0)
        )
        func costs(_ lines: [CostLine]) -> Costs {
            Costs(
                organizationID: .random(),
                month: month,
                currency: "EUR",
                isClosed: lines.isEmpty,
                lines: lines
            )
        }
        return [
            try AnswerExample(costs([]), "of nothing"),
            try AnswerExample(costs([gateway, traffic]), "of a month"),
            try AnswerExample(gateway, "a gateway"), try AnswerExample(traffic, "traffic"),
        ]
    }

    private static func limits() throws -> [AnswerExample] {
        let quotas = [
            MonthlyQuota(bytes: 1_000_000, action: .throttle(64_000), resetDay: 28),
            MonthlyQuota(bytes: 1_000_000, action: .block),
        ]
        func limits(_ subject: LimitSubject, _ limits: UsageLimits) -> LimitSetting {
            let gateway: GatewayID? = subject.kind == .organization ? nil : .random()
            return LimitSetting(
                subject: subject,
                subjectName: limits == UsageLimits() ? nil : "office",
                organizationID: .random(),
                networkID: gateway == nil ? nil : .random(),
                gatewayID: gateway,
                limits: limits,
                use: limits.quota.map {
                    QuotaUse(periodStart: $0.period(at: time).lowerBound, bytes: 900_000)
                },
                createdAt: time,
                updatedAt: time
            )
        }
        let full = limits(
            .gateway(.random()),
            UsageLimits(rxRate: 8_000, txRate: 9_000, quota: quotas[0], connectedPeers: 50)
        )
        let use = try ShownQuotaUse(full).map { try AnswerExample($0, "of a gateway") }
        return [
            try AnswerExample(full, "of a gateway, all of them"),
            try AnswerExample(limits(.peer(.random()), UsageLimits(quota: quotas[1])), "of a peer"),
            try AnswerExample(
                limits(.organization(.random()), UsageLimits()),
                "of an organization"
            ),
            try AnswerExample(quotas[0], "that throttles"),
            try AnswerExample(quotas[1], "that blocks"),
        ] + [use].compactMap(\.self)
    }

    private static func errors() throws -> [AnswerExample] {
        [
            try AnswerExample(ErrorEntry(.badRequest, "No.", .pointer("/name")), "of a member"),
            try AnswerExample(ErrorEntry(.filter, "No.", .parameter("since")), "of a parameter"),
            try AnswerExample(ErrorEntry(.notFound, "No."), "of all"),
        ]
    }

    private static func organizations() throws -> [AnswerExample] {
        let active = Organization(
            id: .random(),
            name: "Ünïted \"Tenants\"",
            createdAt: time,
            updatedAt: time
        )
        var suspended = active
        suspended.suspendedAt = time
        return [
            try AnswerExample(active, "active"), try AnswerExample(suspended, "suspended"),
        ]
    }

    private static func key(networkIDs: Set<NetworkID>?, _ end: Timestamp?) -> APIKey {
        APIKey(
            id: .random(),
            organizationID: .random(),
            name: "ci",
            prefix: end.map { _ in "KEY0123" },
            role: .member,
            networkIDs: networkIDs,
            expiresAt: end,
            lastUsedAt: end,
            createdAt: time
        )
    }

    private static func keys() throws -> [AnswerExample] {
        [
            try AnswerExample(APIKeyAnswer(key(networkIDs: nil, nil)), "unrestricted"),
            try AnswerExample(
                APIKeyAnswer(key(networkIDs: [.random(), .random()], time), text: "KEY01234567"),
                "restricted, as it was made"
            ),
        ]
    }

    private static func user(networkIDs: Set<NetworkID>?, _ time: Timestamp?) -> User {
        User(
            id: .random(),
            organizationID: .random(),
            name: "Ada \"the first\"",
            role: .owner,
            networkIDs: networkIDs,
            hasPassword: time != nil,
            invitationExpiresAt: time,
            lastSignInAt: time,
            createdAt: Self.time,
            updatedAt: Self.time
        )
    }

    private static func users() throws -> [AnswerExample] {
        [
            try AnswerExample(UserAnswer(user(networkIDs: nil, nil)), "unrestricted"),
            try AnswerExample(
                UserAnswer(
                    user(networkIDs: [.random(), .random()], time),
                    invitationURL: "https://vpn.example.com/invitations/0123456789"
                ),
                "restricted, as it was invited"
            ),
            try AnswerExample(
                CallerSummary(
                    principal: .user(.random()),
                    name: "Ada",
                    role: .owner,
                    scope: Scope(organizationID: .random(), networkIDs: [.random()]),
                    expiresAt: time
                ),
                "a user"
            ),
            try AnswerExample(
                CallerSummary(
                    principal: .apiKey(.random()),
                    name: "ci",
                    role: .admin,
                    scope: Scope(organizationID: .random()),
                    expiresAt: nil
                ),
                "a key"
            ),
        ]
    }

    private static func sessions() throws -> [AnswerExample] {
        try [(Principal.user(.random()), "Firefox"), (.apiKey(.random()), nil)].map {
            holder,
            agent in
            try AnswerExample(
                SessionAnswer(
                    Session(
                        id: .random(),
                        organizationID: .random(),
                        principal: holder,
                        source: "192.0.2.7",
                        userAgent: agent,
                        createdAt: time
                    ),
                    isCurrent: agent != nil ? true : nil
                ),
                agent ?? "of a key, in the journal"
            )
        } + [
            try AnswerExample(
                SignInLink(url: "https://vpn.example.com/sign-in?code=0123", expiresAt: time),
                "a link"
            )
        ]
    }

    private static func networks() throws -> [AnswerExample] {
        let network = Network(
            id: .random(),
            organizationID: .random(),
            name: "office",
            addressBlock: try IPv4Prefix("172.27.0.0/16"),
            createdAt: time,
            updatedAt: time
        )
        return try [AnswerExample(network, "a network")]
            + NetworkInterface.Kind.allCases.map { kind in
                try AnswerExample(
                    NetworkInterface(
                        id: .random(),
                        kind: kind,
                        networkID: network.id,
                        region: region,
                        name: kind == .wireGuard ? "entry" : nil,
                        status: .provisioning,
                        createdAt: time,
                        updatedAt: time
                    ),
                    kind.rawValue
                )
            }
    }

    private static func regions() throws -> [AnswerExample] {
        [
            try AnswerExample(region, "a region"),
            try AnswerExample(placed, "a region with a place"),
            try AnswerExample(RegionSummary(region), "as gateways show it"),
            try AnswerExample(CoverageSite(region), "a site"),
        ]
    }

    private static func overviews() throws -> [AnswerExample] {
        let remark = Remark(.noPeers, .info, count: 0, "There are none.", nextStep: "Make one.")
        let more = Remark(
            .noPeers,
            .info,
            count: 0,
            "There are none.",
            nextStep: "Make one.",
            command: "wgw peer create laptop"
        )
        let overview = Overview(
            checkedAt: time,
            gateways: .init(total: 2, provisioned: 1),
            peers: .init(total: 5, connected: 3, neverConnected: 1),
            remarks: [remark]
        )
        return [
            try AnswerExample(overview, "an overview"), try AnswerExample(remark, "a remark"),
            try AnswerExample(more, "a remark with a command"),
        ]
    }

    private static func gateways() throws -> [AnswerExample] {
        let full = try gateway(
            name: "entry",
            PublicEndpoint(host: .address(.v6(address)), port: 5_000),
            keepalive: 25,
            GatewayActivity(
                peersCount: 3,
                latestHandshakeAt: time,
                rxBytes: 1 << 40,
                txBytes: UInt64(Int.max),
                figures: GatewayFigures(
                    connectedPeersCount: 2,
                    rxRate: 3,
                    txRate: 4,
                    nodeAwaySince: time
                )
            )
        )
        guard let name = PublicHost("vpn.example.com") else { return [] }
        let bare = try gateway(
            name: nil,
            PublicEndpoint(host: name, port: 1),
            keepalive: nil,
            GatewayActivity()
        )
        return [
            try AnswerExample(full, "in use"), try AnswerExample(bare, "as it was made"),
        ]
    }

    private static func gateway(
        name: String?,
        _ endpoint: PublicEndpoint,
        keepalive: Int?,
        _ activity: GatewayActivity
    ) throws -> Gateway {
        Gateway(
            id: .random(),
            organizationID: .random(),
            networkID: .random(),
            region: region,
            nodeID: .random(),
            name: name,
            enablesSIPTrunking: name != nil,
            serviceNames: name.map { _ in ["sip", "storage"] },
            status: .provisioned,
            statusReason: name.map { "\($0) waits" },
            publicKey: X25519.publicKey(of: secret(1)),
            endpoint: endpoint,
            subnet: try IPv4Prefix("172.27.1.0/24"),
            egressRange: try name.map { _ in try IPv4Prefix("100.64.1.0/24") },
            mtu: 1_420,
            persistentKeepalive: keepalive,
            createdAt: time,
            updatedAt: time,
            activity: activity
        )
    }

    private static func peers() throws -> [AnswerExample] {
        let bare = peer(name: nil, keepalive: nil, [], PeerActivity())
        let full = peer(
            name: "laptop",
            keepalive: 0,
            [.v4(try IPv4Prefix("192.168.10.0/24")), try IPPrefix("2001:db8:1::/48")],
            PeerActivity(
                lastSeen: time,
                latestHandshakeAt: time,
                latestEchoAt: time,
                endpoint: Endpoint(address: .v6(address), port: 51_820),
                rxBytes: 1,
                txBytes: 2
            )
        )
        return [
            try AnswerExample(PeerAnswer(bare), "never heard"),
            try AnswerExample(
                PeerAnswer(
                    full,
                    privateKey: secret(3),
                    presharedKey: secret(4),
                    config: "[Interface]\nPrivateKey = …\n",
                    qrCode: qrCode
                ),
                "with its secrets"
            ),
            try AnswerExample(qrCode, "of a config"),
        ]
    }

    private static func peer(
        name: String?,
        keepalive: Int?,
        _ networks: [IPPrefix],
        _ activity: PeerActivity
    ) -> Peer {
        Peer(
            id: .random(),
            organizationID: .random(),
            gatewayID: .random(),
            name: name,
            publicKey: X25519.publicKey(of: secret(2)),
            address: IPv4Address(bits: 0xAC1B_0102),
            allowedIPs: networks,
            hasPresharedKey: name != nil,
            persistentKeepalive: keepalive,
            createdAt: time,
            updatedAt: time,
            activity: activity,
            config: PeerConfigStatus(revision: 9, fetchedRevision: name.map { _ in 7 })
        )
    }

    private static func links() throws -> [AnswerExample] {
        var share = PeerShare(
            id: .random(),
            organizationID: .random(),
            peerID: .random(),
            hasPrivateKey: true,
            isFullTunnel: false,
            configRevision: 9,
            expiresAt: time,
            createdAt: time
        )
        let made = PeerShareAnswer(share, url: "https://vpn.example.com/shares/0123456789")
        share.usedAt = time
        let configURL = PeerConfigURL(
            id: .random(),
            organizationID: share.organizationID,
            peerID: share.peerID,
            createdAt: time
        )
        return [
            try AnswerExample(made, "as it was made"),
            try AnswerExample(PeerShareAnswer(share), "used"),
            try AnswerExample(
                PeerConfigURLAnswer(configURL, url: "https://vpn.example.com/configs/0123456789"),
                "as it was made"
            ),
            try AnswerExample(PeerConfigURLAnswer(configURL), "later"),
        ]
    }

    private static func egress() throws -> [AnswerExample] {
        let ways: [(PeerID?, InterfaceStatus)] = [(.random(), .provisioning), (nil, .provisioned)]
        return try ways.flatMap { peerID, status in
            [
                try AnswerExample(
                    DefaultGateway(
                        id: .random(),
                        organizationID: .random(),
                        networkID: .random(),
                        peerID: peerID,
                        status: status,
                        statusReason: peerID.map { "\($0) waits" },
                        createdAt: time,
                        updatedAt: time
                    ),
                    "\(status)"
                ),
                try AnswerExample(
                    InternetGateway(
                        id: .random(),
                        organizationID: .random(),
                        networkID: .random(),
                        region: region,
                        name: peerID.map { _ in "exit" },
                        status: status,
                        statusReason: peerID.map { "\($0) waits" },
                        publicHost: .address(.v4(IPv4Address(bits: 0xC000_0201))),
                        createdAt: time,
                        updatedAt: time
                    ),
                    "\(status)"
                ),
            ]
        }
    }

    private static func backboneLinks() throws -> [AnswerExample] {
        let figures = LinkFigures(
            roundTripMicroseconds: 40_500,
            lossPercent: 3,
            measuredAt: time
        )
        return try LinkState.allCases.flatMap { state in
            let first = LinkEnd(
                gatewayID: .random(),
                regionCode: "local",
                nodeID: .random(),
                state: state,
                viaGatewayID: state == .detour ? .random() : nil
            )
            let second = LinkEnd(
                gatewayID: .random(),
                regionCode: "far",
                nodeID: .random(),
                state: .up
            )
            let link = BackboneLink(
                id: .random(),
                organizationID: .random(),
                networkID: .random(),
                mtu: 1_420,
                first: first,
                second: second,
                stateSince: time,
                createdAt: time,
                updatedAt: time,
                figures: state == .up ? figures : nil
            )
            return [
                try AnswerExample(link, "that is \(state)"),
                try AnswerExample(first, "that is \(state)"),
            ]
        }
    }

    private static func services() throws -> [AnswerExample] {
        guard let port = PortRange("5060"), let ports = PortRange("10000-20000") else { return [] }
        let full = PrivateService(
            id: .random(),
            name: "sip",
            description: "Calls",
            prefixes: [try IPv4Prefix("192.0.2.0/24"), try IPv4Prefix("198.51.100.7/32")],
            transport: .udp,
            ports: [port, ports],
            regionCodes: ["ashburn-va"],
            organizationIDs: [.random(), .random()],
            allowsPrivatePrefixes: true,
            source: .configFile,
            createdAt: time,
            updatedAt: time
        )
        let bare = PrivateService(
            id: .random(),
            name: "api",
            description: nil,
            prefixes: [try IPv4Prefix("192.0.2.0/24")],
            transport: nil,
            ports: [],
            regionCodes: nil,
            allowsPrivatePrefixes: false,
            source: .api,
            createdAt: time,
            updatedAt: time
        )
        return [try AnswerExample(full, "with bounds"), try AnswerExample(bare, "without bounds")]
    }

    private static func webhooks() throws -> [AnswerExample] {
        let url = try WebhookURL("https://example.com/wgw")
        let bare = Webhook(
            id: .random(),
            organizationID: .random(),
            name: "alerts",
            url: url,
            events: [.all],
            isEnabled: false,
            createdAt: time,
            updatedAt: time
        )
        var full = bare
        full.events = ["wireguard_peer.silent", "network.*"].compactMap { EventPattern($0) }
        full.standing = Webhook.Standing(
            lastDeliveredAt: time,
            failingSince: time,
            lastError: "status 500",
            droppedCount: 2,
            skippedCount: 3
        )
        full.backlog = Webhook.Backlog(count: 4, since: time, isLate: true)
        func delivery(_ status: Int?, _ error: String?) -> WebhookDelivery {
            WebhookDelivery(
                eventID: "1729",
                type: "network.created",
                attemptedAt: time,
                milliseconds: 12,
                status: status,
                error: error
            )
        }
        return [
            try AnswerExample(WebhookAnswer(bare, secret: "whsec_x"), "with its secret"),
            try AnswerExample(WebhookAnswer(full), "that fails"),
            try AnswerExample(delivery(200, nil), "that was taken"),
            try AnswerExample(delivery(nil, "nothing listens there"), "that was not"),
        ]
    }

    private static func nodes() throws -> [AnswerExample] {
        let host = PublicHost.address(.v4(IPv4Address(bits: 0xC000_0201)))
        let bare = GatewayNode(
            id: .random(),
            name: "edge",
            regionCodes: ["ashburn-va"],
            host: host,
            ports: PortRange(5000...5999),
            presence: .joining,
            presenceSince: time,
            createdAt: time,
            updatedAt: time
        )
        var full = bare
        full.isDraining = true
        full.presence = .connected
        full.lastSeenAt = time
        full.version = "1.4.0"
        full.secondSessionAt = time
        full.tokenExpiresAt = time
        full.activity = NodeActivity(gatewaysCount: 2, revision: 7, loadPercent: 12)
        let token = JoinToken(
            serverURL: "https://vpn.example.com",
            fingerprint: String(repeating: "0a", count: 32),
            nodeID: bare.id,
            secret: "secret"
        )
        return [
            try AnswerExample(NodeAnswer(bare), "that has not joined"),
            try AnswerExample(NodeAnswer(full, joinToken: token), "with everything"),
        ]
    }

    private static func routes() throws -> [AnswerExample] {
        let hops:
            [(NetworkRoute.NextHop.HopKind, NetworkRoute.Origin, NetworkRoute.Status, String)] =
                [
                    (.peer, .static, .active, "2001:db8:1::/48"),
                    (.internetGateway, .attachment, .inactive, "0.0.0.0/0"),
                ]
        return try hops.flatMap { kind, origin, status, prefix in
            let hop = NetworkRoute.NextHop(kind: kind, id: "\(PeerID.random())")
            let route = NetworkRoute(
                id: .random(),
                organizationID: .random(),
                networkID: .random(),
                prefix: try IPPrefix(prefix),
                nextHop: hop,
                origin: origin,
                status: status,
                createdAt: time,
                updatedAt: time
            )
            return [try AnswerExample(route, "\(origin)"), try AnswerExample(hop, "\(kind)")]
        }
    }

    private static func events() throws -> [AnswerExample] {
        let organizationID = OrganizationID.random()
        let network = Network(
            id: .random(),
            organizationID: organizationID,
            name: "office",
            addressBlock: SubnetPlan.defaultBlock,
            createdAt: time,
            updatedAt: time
        )
        let state = network.json.encoded
        let actors: [(String, Actor, Role)] = [
            ("by the server", .system, .viewer),
            (
                "by a key", .caller(.apiKey(.random()), name: "ci", of: organizationID), .viewer
            ),
            ("by a user", .caller(.user(.random()), name: "Ada", of: organizationID), .viewer),
            (
                "by the operator, for the tenant",
                .caller(.apiKey(.random()), name: "op", of: .random()), .owner
            ),
            (
                "by the operator, for itself",
                .caller(.user(.random()), name: "op", of: .random()), .admin
            ),
        ]
        return try actors.map { description, actor, reader in
            let isCreation = actor != .system
            let event = Event(
                organizationID: organizationID,
                networkID: isCreation ? network.id : nil,
                objectType: .network,
                objectID: network.id.description,
                operation: isCreation ? .created : .deleted,
                occurredAt: time,
                actor: actor,
                requestID: isCreation ? "request-1" : nil,
                before: isCreation ? nil : state,
                after: isCreation ? state : nil
            )
            return try AnswerExample(
                EventAnswer(JournalEntry(revision: 7, event: event), for: reader),
                description
            )
        }
    }

    private static let time = Timestamp(microseconds: 1_723_044_592_068_774)
    private static let address = IPv6Address(high: 0x2001_0DB8 << 32, low: 1)
    private static let region = Region(
        code: "ashburn-va",
        name: "Ashburn VA, US",
        createdAt: time,
        updatedAt: time
    )
    private static let placed = Region(
        code: "mars-1",
        name: "Mars",
        place: Region.Place(area: "EMEA", site: "MRS", pop: "M1"),
        createdAt: time,
        updatedAt: time
    )
    private static let page = PageOf(Page.first, of: Array(0..<41))

    private static let qrCode = QRCodeImages(svg: "<svg/>", png: [0x89, 0x50, 0x4E, 0x47, 0xFF])

    private static func secret(_ byte: UInt8) -> SecretKey {
        SecretKey { $0.initializeMemory(as: UInt8.self, repeating: byte) }
    }
}
