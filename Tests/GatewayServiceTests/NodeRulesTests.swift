import APIContract
import GatewayDomain
import GatewayService
import GatewayStore
import JSON
import NetAddress
import ServiceTestSupport
import TestSupport
import Testing

struct NodeRulesTests {
    @Test("the embedded node follows the settings, and its gateways are found where it is")
    func embedded() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let nodes = try await fixture.controlPlane.listNodes(page: .first, by: fixture.caller)
        let node = try #require(nodes.elements.first)
        #expect(nodes.totalResults == 1)
        #expect(node.isEmbedded && node.state == .connected && node.regionCodes == ["local"])
        #expect(node.ports == PortRange(5000...5999))
        #expect(node.activity.gatewaysCount == 1)
        #expect(gateway.nodeID == node.id)

        let moved = try await ServiceFixture(
            store: fixture.store,
            masterKey: fixture.masterKey,
            clock: fixture.clock
        ) {
            $0.publicHost = .address(.v4(.init(bits: 0xC633_6407)))
            $0.portRange = 7000...7009
        }
        let after = try await moved.controlPlane.showNode(node.id, by: moved.caller)
        #expect(after.host == moved.settings.publicHost && after.ports == PortRange(7000...7009))
        let found = try await moved.controlPlane.showGateway(gateway.id, by: moved.caller)
        #expect(found.endpoint.host == moved.settings.publicHost)
        #expect(found.endpoint.port == gateway.endpoint.port, "a gateway keeps its port")
    }

    @Test(
        "what the settings say of the embedded node is changed there alone, and it is not deleted"
    )
    func embeddedIsKept() async throws {
        let fixture = try await ServiceFixture()
        let id = try await fixture.embeddedNode().id
        for change in [
            NodeChangeRequest(reading: ["endpoint_address": "192.0.2.1"]),
            NodeChangeRequest(reading: ["port_range": "1-2"]),
            NodeChangeRequest(reading: ["regions": ["local"]]),
        ] {
            await #expect(throws: ServiceError.embeddedNode) {
                try await fixture.controlPlane.perform(.updateNode(id, change), by: fixture.caller)
            }
        }
        await #expect(throws: ServiceError.embeddedNode) {
            try await fixture.controlPlane.perform(.deleteNode(id), by: fixture.caller)
        }
        await #expect(throws: ServiceError.embeddedNode) {
            try await fixture.controlPlane.perform(
                .makeJoinToken(id, NewJoinToken()),
                by: fixture.caller
            )
        }
        let renamed = try await fixture.controlPlane.perform(
            .updateNode(id, NodeChangeRequest(reading: ["name": "here"])),
            by: fixture.caller
        )
        #expect(renamed.name == "here")
    }

    @Test("a region is offered while a node of it has joined and does not drain")
    func offered() async throws {
        let fixture = try await ServiceFixture()
        _ = try await fixture.region("mars")
        func offered() async throws -> [String] {
            try await fixture.controlPlane.listRegions(by: fixture.caller).map(\.code)
        }
        #expect(try await offered() == ["local"], "no node is in it")
        let made = try await fixture.makeNode("edge", regions: ["mars"])
        #expect(try await offered() == ["local"], "no machine has joined")
        _ = try await fixture.controlPlane.join(fixture.application(of: made))
        #expect(
            try await offered() == ["local", "mars"],
            "an away node carries it when it is back"
        )
        let change = NodeChangeRequest(reading: ["draining": .bool(true)])
        _ = try await fixture.controlPlane.perform(
            .updateNode(made.node.id, change),
            by: fixture.caller
        )
        #expect(try await offered() == ["local"])
        let all = try await fixture.controlPlane.listAllRegions(by: fixture.caller).map(\.code)
        #expect(all == ["local", "mars"])
    }

    @Test(
        "a gateway is placed on the node of its region with the fewest, and has a port of its own there"
    )
    func placement() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let first = try await fixture.gateway(in: network)
        let (node, _, session) = try await fixture.connectedNode("edge")
        let second = try await fixture.gateway(in: network)
        #expect(second.nodeID == node.id)
        #expect(second.endpoint == PublicEndpoint(host: node.host, port: 6000))
        let third = try await fixture.gateway(in: network)
        #expect(third.nodeID == first.nodeID, "the older one, of two with as many gateways")
        await fixture.controlPlane.nodeDisconnected(session)
        let fourth = try await fixture.gateway(in: network)
        #expect(fourth.nodeID == first.nodeID, "a node that is connected goes first")
        let asked = try await fixture.gateway(in: network) {
            $0.nodeID = .value(node.id)
            $0.listenPort = .value(5000)
        }
        #expect(asked.nodeID == node.id, "port 5000 is another node's too")
        #expect(asked.endpoint.port == first.endpoint.port)
    }

    @Test("a gateway is asked for on a node of its region that takes gateways")
    func askedNode() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        _ = try await fixture.region("mars")
        let other = try await fixture.connectedNode("mars", regions: ["mars"]).node
        let joining = try await fixture.makeNode("joining").node
        func refusal(_ id: NodeID) async throws -> String? {
            await fixture.problems {
                _ = try await fixture.gateway(in: network) {
                    $0.nodeID = Field(.value(id), at: "/node_id")
                }
            }.map { "\($0.pointer) \($0.reason.sentence ?? "\($0.reason)")" }.first
        }
        #expect(try await refusal(other.id) == "/node_id is a node of mars, and not of local")
        #expect(try await refusal(joining.id) == "/node_id is a node that has not joined yet")
        #expect(try await refusal(.random()) == "/node_id unknownAssociation")
    }

    @Test("a moved gateway keeps key, subnet and port, and the configs of its peers are outdated")
    func moving() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network)
        let peer = try await fixture.peer(of: gateway).peer
        let node = try await fixture.connectedNode("edge") {
            $0.ports = .value(PortRange(5000...5001))
        }.node
        let moved = try await fixture.move(gateway, to: node.id)
        #expect(moved.nodeID == node.id && moved.status == .provisioning)
        #expect(moved.publicKey == gateway.publicKey && moved.subnet == gateway.subnet)
        #expect(moved.endpoint == PublicEndpoint(host: node.host, port: gateway.endpoint.port))
        let found = try await fixture.controlPlane.showPeer(peer.id, by: fixture.caller)
        #expect(found.config.revision > peer.config.revision)
        let stays = try await fixture.move(moved, to: node.id)
        #expect(stays == moved, "it is there already")
        let second = try await fixture.gateway(in: fixture.network()) {
            $0.listenPort = .value(5000)
        }
        #expect(second.nodeID == gateway.nodeID)
        #expect(
            try await fixture.move(second, to: node.id).endpoint.port == 5001,
            "5000 is taken there"
        )
    }

    @Test("only admins say which node carries a gateway")
    func adminsMove() async throws {
        let fixture = try await ServiceFixture()
        let gateway = try await fixture.gateway(in: fixture.network())
        let member = try await Caller.stored(
            .member,
            of: fixture.caller.organizationID,
            at: fixture.clock.now(),
            in: fixture.store
        )
        let change = GatewayChange(reading: ["node_id": .string(gateway.nodeID)])
        await #expect(throws: ServiceError.forbidden(has: .member, needs: .admin)) {
            try await fixture.controlPlane.perform(.updateGateway(gateway.id, change), by: member)
        }
    }

    @Test("a node keeps the regions of its gateways, and is deleted when it has none")
    func deletion() async throws {
        let fixture = try await ServiceFixture()
        _ = try await fixture.region("mars")
        let (node, caller, session) = try await fixture.connectedNode("edge", regions: ["mars"])
        let network = try await fixture.network()
        let gateway = try await fixture.gateway(in: network) { $0.regionCode = .value("mars") }
        #expect(gateway.nodeID == node.id)
        let problems = await fixture.problems {
            _ = try await fixture.controlPlane.perform(
                .updateNode(node.id, NodeChangeRequest(reading: ["regions": ["local"]])),
                by: fixture.caller
            )
        }
        #expect(
            problems.map(\.reason.sentence) == [
                "leaves out mars, of which the node has gateways; move them first"
            ]
        )
        await #expect(throws: ServiceError.nodeInUse(gateways: 1)) {
            try await fixture.controlPlane.perform(.deleteNode(node.id), by: fixture.caller)
        }
        _ = try await fixture.controlPlane.deleteGateway(gateway.id, by: fixture.caller)
        _ = try await fixture.controlPlane.perform(.deleteNode(node.id), by: fixture.caller)
        #expect(!fixture.controlPlane.isCurrent(session))
        await #expect(throws: ServiceError.node(.credentialUnknown)) {
            _ = try await fixture.controlPlane.nodeConnected(caller, fixture.greeting("process 2"))
        }
    }

    @Test(
        "peers are sent to no address that leads them nowhere or to themselves",
        arguments: ["0.0.0.0", "::", "224.0.0.1", "255.255.255.255", "127.0.0.1", "::1"]
    )
    func unreachable(address: String) async throws {
        let fixture = try await ServiceFixture()
        let node = try await fixture.makeNode("edge").node
        for problems in [
            await fixture.problems { _ = try await fixture.makeNode("other", host: address) },
            await fixture.problems {
                let change = NodeChangeRequest(reading: ["endpoint_address": .string(address)])
                _ = try await fixture.controlPlane.perform(
                    .updateNode(node.id, change),
                    by: fixture.caller
                )
            },
        ] {
            #expect(problems.map(\.pointer) == ["/endpoint_address"])
            let sentence = problems.first?.reason.sentence ?? ""
            #expect(
                sentence.hasPrefix(
                    "must be where peers reach the machine of the node: \(address) "
                ),
                "\(sentence)"
            )
        }
    }

    @Test("a node keeps the ports that its gateways have for themselves and for links")
    func keptPorts() async throws {
        let fixture = try await ServiceFixture()
        let node = try await fixture.connectedNode("edge").node
        let network = try await fixture.network()
        _ = try await fixture.gateway(in: network) { $0.nodeID = .value(node.id) }
        func narrow(_ ports: String) async throws {
            let change = NodeChangeRequest(reading: ["port_range": .string(ports)])
            _ = try await fixture.controlPlane.perform(
                .updateNode(node.id, change),
                by: fixture.caller
            )
        }
        func refusal(_ ports: String) async -> [String?] {
            await fixture.problems { try await narrow(ports) }.map(\.reason.sentence)
        }
        #expect(
            await refusal("6001-6099") == [
                "leaves out UDP port 6000, which a gateway of the node has for itself or for a link; "
                    + "move or delete gateways first"
            ]
        )
        try await narrow("6000-6098")
        let embedded = try await fixture.embeddedNode().id
        _ = try await fixture.gateway(in: network) { $0.nodeID = .value(embedded) }
        #expect(
            await refusal("6000-6096") == [
                "leaves out 2 UDP ports from 6097 to 6098, which gateways of the node have for itself or for a "
                    + "link; move or delete gateways first"
            ]
        )
    }

    @Test("a region whose nodes take no gateways says what to do with them")
    func obstacles() async throws {
        let fixture = try await ServiceFixture()
        let network = try await fixture.network()
        _ = try await fixture.region("mars")
        func make() async throws {
            _ = try await fixture.gateway(in: network) { $0.regionCode = .value("mars") }
        }
        func refusal() async -> String {
            await fixture.problems(make).map { $0.reason.sentence ?? "\($0.reason)" }.joined()
        }
        #expect(await refusal().hasPrefix("names a region without a node; wgw node create"))
        let made = try await fixture.makeNode("edge", regions: ["mars"])
        #expect(
            await refusal().hasPrefix(
                "names a region whose nodes have not joined yet; wgw node token \(made.node.id) "
            )
        )
        _ = try await fixture.controlPlane.join(fixture.application(of: made))
        // It is away, and carries the gateway when it is back.
        try await make()
        let change = NodeChangeRequest(reading: ["draining": .bool(true)])
        _ = try await fixture.controlPlane.perform(
            .updateNode(made.node.id, change),
            by: fixture.caller
        )
        #expect(
            await refusal().hasPrefix(
                "names a region whose nodes are draining and take no gateways; "
                    + "wgw node drain --undo \(made.node.id) "
            )
        )
    }

    @Test("who may not see nodes is told of none by what stands in the way")
    func hiddenNodes() async throws {
        let fixture = try await ServiceFixture { $0.portRange = 5000...5000 }
        let network = try await fixture.network()
        _ = try await fixture.gateway(in: network)
        _ = try await fixture.region("mars")
        _ = try await fixture.makeNode("edge", regions: ["mars"])
        let member = try await Caller.stored(
            .member,
            of: fixture.caller.organizationID,
            at: fixture.clock.now(),
            in: fixture.store
        )
        @Sendable func request(_ region: String) -> NewGateway {
            NewGateway(
                reading: ["network_id": .string(network.id), "region_code": .string(region)]
            )
        }
        let problems = await fixture.problems {
            _ = try await fixture.controlPlane.perform(.createGateway(request("mars")), by: member)
        }
        #expect(
            problems.map(\.reason.sentence) == [
                "names a region that takes no gateways at present; an admin of the server can change that"
            ]
        )
        await #expect(throws: ServiceError.noFreePort(on: [])) {
            try await fixture.controlPlane.perform(.createGateway(request("local")), by: member)
        }
        let step = RehearsedStep(name: "new", needs: []) { _ in
            Verb<Gateway>.createGateway(request("local")).map { "\($0.id)" }
        }
        let tried = try await fixture.controlPlane.rehearse([step], by: member)
        #expect(tried.refusals.map(\.error) == [.noFreePort(on: [])])
    }

    @Test("the gateways of a node follow its address")
    func otherHost() async throws {
        let fixture = try await ServiceFixture()
        let node = try await fixture.connectedNode("edge").node
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.nodeID = .value(node.id)
        }
        let change = NodeChangeRequest(reading: ["endpoint_address": "edge.example.com"])
        _ = try await fixture.controlPlane.perform(.updateNode(node.id, change), by: fixture.caller)
        let found = try await fixture.controlPlane.showGateway(gateway.id, by: fixture.caller)
        #expect("\(found.endpoint)" == "edge.example.com:6000")
    }

    @Test("a region that something is in, or that is in the settings, is not deleted")
    func regionInUse() async throws {
        let fixture = try await ServiceFixture()
        _ = try await fixture.region("mars")
        _ = try await fixture.connectedNode("edge", regions: ["mars"])
        await #expect(throws: ServiceError.regionInUse(by: "1 node")) {
            try await fixture.controlPlane.perform(.deleteRegion("mars"), by: fixture.caller)
        }
        await #expect(throws: ServiceError.configuredRegion(code: "local")) {
            try await fixture.controlPlane.perform(.deleteRegion("local"), by: fixture.caller)
        }
        await #expect(throws: ServiceError.duplicateRegion) { try await fixture.region("mars") }
        _ = try await fixture.region("moon")
        let gone = try await fixture.controlPlane.perform(.deleteRegion("moon"), by: fixture.caller)
        #expect(gone.code == "moon")
    }

    @Test("overviews and diagnoses say which node is away and since when, until it is back")
    func absence() async throws {
        let fixture = try await ServiceFixture()
        let (node, caller, session) = try await fixture.connectedNode("edge")
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.nodeID = .value(node.id)
        }
        let peer = try await fixture.peer(of: gateway).peer
        func codes() async throws -> [String] {
            let overview = try await fixture.controlPlane.overview(by: fixture.caller)
            let gatewayDiagnosis = try await fixture.controlPlane.diagnoseGateway(
                gateway.id,
                by: fixture.caller
            )
            let peerDiagnosis = try await fixture.controlPlane.diagnosePeer(
                peer.id,
                by: fixture.caller
            )
            return overview.remarks.map { "overview \($0.code.rawValue)" }
                + gatewayDiagnosis.findings.map { "gateway \($0.code.rawValue)" }
                + peerDiagnosis.findings.map { "peer \($0.code.rawValue)" }
        }
        func away() async throws -> [String] {
            try await codes().filter { $0.hasSuffix("node_away") }
        }
        #expect(try await away() == [])
        await fixture.controlPlane.nodeDisconnected(session)
        #expect(try await away() == ["overview node_away", "gateway node_away", "peer node_away"])
        let shown = try await fixture.controlPlane.showNode(node.id, by: fixture.caller)
        let since = try #require(shown.lastSeenAt)
        let remark = try await fixture.controlPlane.overview(by: fixture.caller).remarks
            .first { $0.code == .nodeAway }
        #expect(
            remark?.message == """
                The node 'edge' has not been heard of since \(since): what is shown of its gateway and peers is as of \
                then, and changes wait until it is back.
                """
        )
        #expect(remark?.severity == .error && remark?.count == 1)
        let figures = try await fixture.controlPlane.addingFigures(to: [gateway])
            .first?.activity.figures
        #expect(figures?.nodeAwaySince == since)
        let advice = try await fixture.controlPlane.diagnoseGateway(gateway.id, by: fixture.caller)
            .findings.compactMap(\.nextStep).joined(separator: " ")
        #expect(
            advice.contains("the machine of the node 'edge'")
                || advice.contains("the node 'edge' is back")
        )
        _ = try await fixture.controlPlane.nodeConnected(caller, fixture.greeting("process 2"))
        #expect(try await away() == [])
        await #expect(throws: ServiceError.node(.secondSession)) {
            _ = try await fixture.controlPlane.nodeConnected(caller, fixture.greeting("process 3"))
        }
        #expect(try await codes().contains("overview second_node_session"))
    }

    @Test(
        "a node that had no time to find a server that was started again is connecting, and then away"
    )
    func restartedServer() async throws {
        let fixture = try await ServiceFixture()
        let (node, caller, session) = try await fixture.connectedNode("edge")
        let gateway = try await fixture.gateway(in: fixture.network()) {
            $0.nodeID = .value(node.id)
        }
        let peer = try await fixture.peer(of: gateway).peer
        await fixture.controlPlane.nodeDisconnected(session)
        fixture.clock.advance(seconds: 1)
        let server = fixture.otherServer()
        func remarks() async throws -> [Remark] {
            try await server.overview(by: fixture.caller).remarks
                .filter { [.nodeConnecting, .nodeAway].contains($0.code) }
        }
        func findings() async throws -> [Finding.Code] {
            let ofGateway = try await server.diagnoseGateway(gateway.id, by: fixture.caller)
            let ofPeer = try await server.diagnosePeer(peer.id, by: fixture.caller)
            return (ofGateway.findings + ofPeer.findings).map(\.code)
                .filter { [.nodeConnecting, .nodeAway].contains($0) }
        }
        let remark = try #require(try await remarks().first)
        #expect(remark.code == .nodeConnecting && remark.severity == .info)
        fixture.clock.advance(seconds: 14)
        #expect(try await remarks().map(\.code) == [.nodeConnecting])
        #expect(try await findings() == [.nodeConnecting, .nodeConnecting])
        fixture.clock.advance(seconds: 1)
        #expect(try await remarks().map(\.code) == [.nodeAway])
        #expect(try await findings() == [.nodeAway, .nodeAway])
        _ = try await server.nodeConnected(caller, fixture.greeting("process 2"))
        #expect(try await remarks().isEmpty)
        #expect(try await findings().isEmpty)
    }

    @Test("a node that was gone for long when the server was started again is away at once")
    func longGone() async throws {
        let fixture = try await ServiceFixture()
        let session = try await fixture.connectedNode("edge").session
        await fixture.controlPlane.nodeDisconnected(session)
        fixture.clock.advance(seconds: 600)
        let codes = try await fixture.otherServer().overview(by: fixture.caller).remarks
            .map(\.code)
        #expect(codes.contains(.nodeAway) && !codes.contains(.nodeConnecting))
    }

    @Test("a node that is away without gateways is started or deleted, and nothing waits for it")
    func idleAbsence() async throws {
        let fixture = try await ServiceFixture()
        let session = try await fixture.connectedNode("edge").session
        await fixture.controlPlane.nodeDisconnected(session)
        let remark = try await fixture.controlPlane.overview(by: fixture.caller).remarks
            .first { $0.code == .nodeAway }
        #expect(remark?.severity == .warning)
        #expect(remark?.nextStep == "Start the node's machine, or delete the node.")
    }

    @Test("changes of nodes and regions are in the journal, which shows nodes to admins alone")
    func journal() async throws {
        let fixture = try await ServiceFixture()
        _ = try await fixture.region("mars")
        let session = try await fixture.connectedNode("edge", regions: ["mars"]).session
        await fixture.controlPlane.nodeDisconnected(session)
        let events = try await fixture.controlPlane.listEvents(
            filter: EventFilter(),
            page: .first,
            by: fixture.caller
        )
        .elements.map { "\($0.event.objectType.rawValue).\($0.event.operation.rawValue)" }
        #expect(
            events.filter { $0.hasPrefix("node") || $0.hasPrefix("region") } == [
                "region.created", "node.created", "node.updated", "node.updated", "node.updated",
            ]
        )
        #expect(Event.ObjectType.node.neededRole == .admin)
    }
}

extension ServiceFixture {
    func embeddedNode() async throws -> GatewayNode {
        try #require(try await store.read { try Nodes.embedded($0) })
    }

    func move(_ gateway: Gateway, to node: NodeID) async throws -> Gateway {
        let change = GatewayChange(reading: ["node_id": .string(node)])
        return try await controlPlane.perform(.updateGateway(gateway.id, change), by: caller)
    }
}
