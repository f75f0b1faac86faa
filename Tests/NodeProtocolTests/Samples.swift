import GatewayDomain
import NetAddress
import NodeProtocol
import WireGuardCrypto

/// Objects with every member set, and with as few as there may be.
enum Samples {
    static let node = made("0b0f6a3e-5f0e-4a0e-8d6a-0d7c3f1b2a10", NodeID.self)
    static let gateway = made("1b0f6a3e-5f0e-4a0e-8d6a-0d7c3f1b2a11", GatewayID.self)
    static let peer = made("2b0f6a3e-5f0e-4a0e-8d6a-0d7c3f1b2a12", PeerID.self)
    static let network = made("3b0f6a3e-5f0e-4a0e-8d6a-0d7c3f1b2a13", NetworkID.self)
    static let time = Timestamp(microseconds: 1_732_650_000_123_456)

    private static func made<Value: LosslessStringConvertible>(
        _ text: String,
        _ type: Value.Type
    ) -> Value {
        guard let value = Value(text) else { preconditionFailure("\(text) is not a \(type)") }
        return value
    }

    static let organization = made("6b0f6a3e-5f0e-4a0e-8d6a-0d7c3f1b2a16", OrganizationID.self)

    static let limits = LimitProvision(
        limits: UsageLimits(
            rxRate: 10_000_000,
            txRate: 50_000_000,
            quota: MonthlyQuota(bytes: 10_000_000_000, action: .throttle(64_000), resetDay: 15),
            connectedPeers: 50
        ),
        use: QuotaUse(periodStart: UsageHour(of: time), bytes: 1_234_567_890_123)
    )

    static func secret(_ byte: UInt8) -> SecretKey {
        SecretKey { bytes in for index in bytes.indices { bytes[index] = byte } }
    }

    static let publicKey = X25519.publicKey(of: secret(7))

    static func fullGateway() throws -> GatewayProvision {
        GatewayProvision(
            id: gateway,
            networkID: network,
            name: "Frankfurt \"two\"",
            privateKey: secret(9),
            port: 51820,
            serverAddress: try InterfaceAddress("10.1.0.1/24"),
            subnet: try IPv4Prefix("10.1.0.0/24"),
            mtu: 1420,
            egress: EgressProvision(
                mappedRange: try IPv4Prefix("100.64.1.0/24"),
                services: [
                    .init(
                        prefix: try IPv4Prefix("192.0.2.0/28"),
                        transport: .udp,
                        ports: [made("5060-5080", PortRange.self)]
                    ),
                    .init(prefix: try IPv4Prefix("198.51.100.0/24"), transport: nil, ports: []),
                ],
                reserved: [try IPv4Prefix("192.0.2.0/28")],
                hasInternet: true
            ),
            standing: .lackingEgress(because: "no nft here"),
            organizationID: organization,
            limits: limits,
            organizationLimits: LimitProvision(
                limits: UsageLimits(quota: MonthlyQuota(bytes: 1_000_000, action: .block))
            )
        )
    }

    static func bareGateway() throws -> GatewayProvision {
        GatewayProvision(
            id: gateway,
            networkID: network,
            privateKey: secret(9),
            port: 1,
            serverAddress: try InterfaceAddress("10.1.0.1/24"),
            subnet: try IPv4Prefix("10.1.0.0/24"),
            mtu: 1280,
            standing: GatewayStanding(status: .provisioning, reason: nil)
        )
    }

    static func fullPeer() throws -> PeerProvision {
        PeerProvision(
            id: peer,
            gatewayID: gateway,
            publicKey: publicKey,
            presharedKey: secret(3),
            address: made("10.1.0.2", IPv4Address.self),
            allowedIPs: [try IPPrefix("10.9.0.0/16"), try IPPrefix("0.0.0.0/0")],
            lastEndpoint: Endpoint("[2001:db8::5]:51820"),
            lastSeen: time,
            limits: LimitProvision(
                limits: UsageLimits(quota: MonthlyQuota(bytes: 2_000_000, action: .warn)),
                use: QuotaUse(periodStart: UsageHour(number: 0), bytes: 0)
            )
        )
    }

    static let barePeer = PeerProvision(
        id: peer,
        gatewayID: gateway,
        publicKey: publicKey,
        presharedKey: nil,
        address: made("10.1.0.2", IPv4Address.self),
        lastEndpoint: nil,
        lastSeen: nil
    )

    static let link = made("4b0f6a3e-5f0e-4a0e-8d6a-0d7c3f1b2a14", BackboneLinkID.self)
    static let remoteGateway = made("5b0f6a3e-5f0e-4a0e-8d6a-0d7c3f1b2a15", GatewayID.self)

    static func fullLink() throws -> LinkProvision {
        let lanes = [UInt8(21), 22].map {
            LinkProvision.Lane(
                privateKey: secret($0),
                port: 51_800 + UInt16($0),
                remotePublicKey: publicKey,
                remoteEndpoint: PublicEndpoint(
                    host: made("fra-1.example.net", PublicHost.self),
                    port: 30_000
                )
            )
        }
        return LinkProvision(
            id: link,
            networkID: network,
            gatewayID: gateway,
            remoteNodeID: node,
            remoteGatewayID: remoteGateway,
            remoteAddress: .v4(made("10.2.0.1", IPv4Address.self)),
            remoteSubnet: try IPv4Prefix("10.2.0.0/24"),
            remotePrefixes: [try IPPrefix("10.9.0.0/16"), try IPPrefix("0.0.0.0/0")],
            mtu: 1_420,
            wayOut: LinkProvision.WayOut(
                services: [
                    .init(
                        prefix: try IPv4Prefix("203.0.113.0/24"),
                        transport: .udp,
                        ports: [made("5060-5061", PortRange.self)]
                    )
                ],
                mappedRange: try IPv4Prefix("100.64.2.0/24"),
                hasInternet: true,
                reserved: [try IPv4Prefix("203.0.113.0/24")]
            ),
            remoteWayOut: LinkProvision.WayOut(
                services: [
                    .init(prefix: try IPv4Prefix("198.51.100.0/24"), transport: nil, ports: [])
                ],
                mappedRange: nil
            ),
            lanes: lanes,
            state: .detour,
            viaGatewayID: remoteGateway
        )
    }

    static let distantLink = DistantLinkProvision(
        id: link,
        networkID: network,
        firstGatewayID: gateway,
        secondGatewayID: remoteGateway,
        isUp: true
    )

    static func changes() throws -> [NodeChange] {
        [
            .linkPut(try fullLink()), .distantLinkPut(distantLink), .linkDeleted(link),
            .gatewayPut(try fullGateway()), .gatewayPut(try bareGateway()),
            .peerPut(try fullPeer()), .peerPut(barePeer), .gatewayDeleted(gateway),
            .peerDeleted(peer), .gatewayLeftOut(gateway, reason: "its row is damaged"),
            .peerLeftOut(peer, of: gateway, reason: "its key is damaged"),
            .peerLeftOut(peer, of: nil, reason: "its row is damaged"),
        ]
    }

    static func greeting(encapsulatedKey: String = "") throws -> FeedGreeting {
        FeedGreeting(
            version: 1,
            nodeID: node,
            timeline: "0123abcd",
            time: time,
            encapsulatedKey: encapsulatedKey,
            countedSequence: 12,
            settings: try settings()
        )
    }

    static func settings() throws -> NodeSettings {
        NodeSettings(
            name: "fra-1",
            egressPool: try IPv4Prefix("100.64.0.0/10"),
            publicAddress: IPv4Address("198.51.100.7"),
            certificate: String(repeating: "a0", count: 32)
        )
    }

    static func report() -> NodeReport {
        var content = ReportContent()
        content.revision = 77
        content.loadPercent = 12
        content.hasAddress = false
        content.gateways = [
            GatewayReport(id: gateway, standing: .lackingEgress(because: "no nft here"))
        ]
        content.peers = [
            PeerReport(
                id: peer,
                lastSeen: time,
                latestHandshakeAt: time,
                latestEchoAt: time,
                endpoint: Endpoint("192.0.2.7:1234"),
                rxBytesAdded: 1_000_000_000_000,
                txBytesAdded: 5,
                egressAdded: EgressBytes(left: 400, entered: 2),
                usageAdded: usage
            )
        ]
        content.links = [
            LinkReport(
                id: link,
                gatewayID: gateway,
                state: .detour,
                viaGatewayID: remoteGateway,
                roundTripMicroseconds: 40_000,
                lossPercent: 3
            ),
            LinkReport(id: link, gatewayID: remoteGateway, state: .connecting),
        ]
        content.trouble = trouble()
        content.traffic.peers = [
            .init(
                id: peer,
                gatewayID: gateway,
                counts: TrafficCounts(
                    rxBytes: 1,
                    txBytes: 2,
                    rxPackets: 3,
                    txPackets: 4,
                    handshakes: 1
                )
            )
        ]
        content.traffic.drops = [gateway: ["no_route": 3]]
        return NodeReport(
            number: ReportNumber(generation: "g", sequence: 4),
            time: time,
            content: content
        )
    }

    /// Of two hours and all kinds.
    static let usage: HourlyUsage = {
        let hour = UsageHour(of: time)
        var usage = HourlyUsage([
            .init(hour: hour.advanced(by: -1), kind: .link, counts: UsageCounts(rxBytes: 9))
        ])
        for (kind, count) in zip(UsageKind.allCases, [1, 2, 3, 4] as [UInt64]) {
            let counts = UsageCounts(
                rxPackets: count,
                rxBytes: count * 100,
                txPackets: count + 1,
                txBytes: count * 200
            )
            usage.add(.init(hour: hour, kind: kind, counts: counts))
        }
        return usage
    }()

    static func trouble() -> TroubleReport {
        let occurrences = PeerObservations.Occurrences(count: 3, last: time)
        var observations = PeerObservations()
        observations.drops = [
            DropObservation(
                reason: .tooBig,
                source: IPAddress("10.1.0.2"),
                destination: IPAddress("10.1.0.3"),
                count: 2,
                last: time,
                length: 1500,
                mtu: 1420
            )
        ]
        observations.unusedAnswers = occurrences
        observations.refusedAnswers = occurrences
        observations.unansweredCalls = occurrences
        observations.backwardClock = .init(
            occurrences: occurrences,
            secondsBehind: 60,
            isAdvancing: true
        )
        observations.clockOffset = -90
        observations.moves = .init(
            occurrences: occurrences,
            from: made("192.0.2.1:1", Endpoint.self),
            to: made("192.0.2.2:2", Endpoint.self),
            silence: 4,
            followsUnansweredCalls: true
        )
        return TroubleReport(
            peers: [peer: observations],
            drops: [gateway: 44],
            strangers: [
                gateway: [
                    StrangerObservation(
                        mistake: .unknownKey(publicKey),
                        endpoint: made("192.0.2.9:9", Endpoint.self),
                        count: 2,
                        last: time
                    ),
                    StrangerObservation(
                        mistake: .wrongGatewayKey,
                        endpoint: made("192.0.2.9:9", Endpoint.self),
                        count: 1,
                        last: time
                    ),
                ]
            ]
        )
    }
}
