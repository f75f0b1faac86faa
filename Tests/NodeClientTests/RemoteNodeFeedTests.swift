import GatewayDomain
import NetAddress
import NodeProtocol
import Testing
import WireGuardCrypto

@testable import NodeClient

struct RemoteNodeFeedTests {
    private static let gateway = GatewayID.random()

    private static func peer(_ id: PeerID) -> NodeChange {
        .peerPut(
            PeerProvision(
                id: id,
                gatewayID: gateway,
                publicKey: X25519.publicKey(of: SecretKey { $0[0] = 7 }),
                presharedKey: nil,
                address: IPv4Address(bits: 1),
                lastEndpoint: nil,
                lastSeen: nil
            )
        )
    }

    private static func provision(of organization: OrganizationID? = nil) throws -> GatewayProvision
    {
        GatewayProvision(
            id: gateway,
            networkID: .random(),
            privateKey: SecretKey { $0[0] = 1 },
            port: 5,
            serverAddress: try InterfaceAddress("10.1.0.1/24"),
            subnet: try IPv4Prefix("10.1.0.0/24"),
            mtu: 1420,
            standing: GatewayStanding(status: .provisioning, reason: nil),
            organizationID: organization
        )
    }

    private static func snapshot(_ revision: Int64, _ peers: [PeerID]) -> NodeSnapshot {
        NodeSnapshot(revision: revision, objects: peers.map(peer))
    }

    private func makeFeed() -> RemoteNodeFeed {
        RemoteNodeFeed(nil, SavedReports(spool: ReportSpool(generation: "g")))
    }

    @Test("what changes behind a snapshot is told as changes, each of them once")
    func changes() async throws {
        let feed = makeFeed()
        let (first, second) = (PeerID.random(), PeerID.random())
        feed.take(Self.snapshot(10, [first]), of: "t")
        let start = try await feed.snapshot()
        #expect(start.peers.map(\.id) == [first])
        feed.take(NodeChanges(revision: 11, changes: [Self.peer(second)]))
        feed.take(NodeChanges(revision: 12, changes: [.peerDeleted(first)]))
        let news = try #require(feed.changes(after: start.revision))
        #expect(news.changes.count == 2)
        #expect(feed.changes(after: news.revision)?.changes.isEmpty == true)
        #expect(feed.place == FeedPlace(timeline: "t", revision: 12))
        #expect(try await feed.snapshot().peers.map(\.id) == [second])
    }

    @Test("another timeline is told as a snapshot, though its revisions are smaller")
    func otherTimelines() async throws {
        let feed = makeFeed()
        feed.take(Self.snapshot(10, [.random()]), of: "t")
        let start = try await feed.snapshot()
        let kept = PeerID.random()
        feed.take(Self.snapshot(3, [kept]), of: "u")
        #expect(feed.changes(after: start.revision) == nil)
        #expect(try await feed.snapshot().peers.map(\.id) == [kept])
        #expect(feed.place == FeedPlace(timeline: "u", revision: 3))
    }

    @Test("the server hears up to which revision the node has carried everything out")
    func carriedRevision() async throws {
        let feed = makeFeed()
        feed.take(Self.snapshot(10, []), of: "t")
        let start = try await feed.snapshot()
        let time = Timestamp(microseconds: 1)
        func reported() -> Int64? {
            guard let report = feed.nextReport(at: time, isBeat: true, loadPercent: nil) else {
                return nil
            }
            feed.noteArrival(of: report.number, at: time)
            return report.content.revision
        }
        #expect(reported() == nil)
        _ = feed.changes(after: start.revision)
        #expect(reported() == 10)
        feed.takeHeartbeat(15)
        #expect(reported() == 15)
        feed.take(NodeChanges(revision: 16, changes: [.peerDeleted(.random())]))
        #expect(reported() == 15)
    }

    @Test("a server that has forgotten how a gateway stands is told again")
    func standingsAreToldAgain() throws {
        let feed = makeFeed()
        let standing = GatewayStanding(status: .provisioned, reason: nil)
        feed.report(
            gateways: [GatewayReport(id: Self.gateway, standing: standing)],
            asOf: 0
        )
        let time = Timestamp(microseconds: 1)
        let first = try #require(feed.nextReport(at: time, isBeat: false, loadPercent: nil))
        feed.noteArrival(of: first.number, at: time)
        let provision = try Self.provision()
        feed.take(NodeSnapshot(revision: 1, objects: [.gatewayPut(provision)]), of: "older")
        let second = try #require(feed.nextReport(at: time, isBeat: false, loadPercent: nil))
        #expect(second.content.gateways.map(\.standing) == [standing])
    }

    @Test("where a peer was heard is saved, so that a node that starts again calls it")
    func endpointsAreKept() async throws {
        let feed = makeFeed()
        let id = PeerID.random()
        feed.take(Self.snapshot(10, [id]), of: "t")
        let endpoint = Endpoint(address: .v4(IPv4Address(bits: 9)), port: 5)
        feed.report(peers: [
            PeerReport(
                id: id,
                lastSeen: Timestamp(microseconds: 8),
                latestHandshakeAt: nil,
                endpoint: endpoint,
                rxBytesAdded: 1,
                txBytesAdded: 1
            )
        ])
        let peer = try #require(try await feed.snapshot().peers.first)
        #expect(peer.lastEndpoint == endpoint)
        #expect(peer.lastSeen == Timestamp(microseconds: 8))
    }

    @Test("what is saved is the same when it was read again")
    func saving() throws {
        let feed = makeFeed()
        let id = PeerID.random()
        feed.take(
            FeedGreeting(
                version: 1,
                nodeID: .random(),
                timeline: "t",
                time: Timestamp(microseconds: 1),
                encapsulatedKey: "",
                countedSequence: 0,
                settings: NodeSettings(name: "n", egressPool: nil)
            )
        )
        feed.take(NodeSettings(name: "n", egressPool: nil))
        feed.take(Self.snapshot(10, [id]), of: "t")
        let saved = try SavedFeed(try #require(feed.takeUnsaved()).written())
        #expect(saved.place == FeedPlace(timeline: "t", revision: 10))
        #expect(saved.settings.name == "n")
        #expect(saved.snapshot.peers.map(\.id) == [id])
        #expect(feed.takeUnsaved() == nil)
        var cut = try SavedFeed(
            place: saved.place,
            settings: saved.settings,
            snapshot: saved.snapshot
        )
        .written()
        cut.removeLast(8)
        #expect(throws: WireError.self) { try SavedFeed(cut) }
    }

    /// What an earlier process of a node has kept.
    private static func saved(_ gateways: [GatewayProvision] = []) -> SavedFeed {
        var snapshot = snapshot(10, [.random()])
        snapshot.gateways = gateways
        return SavedFeed(
            place: FeedPlace(timeline: "t", revision: 10),
            settings: NodeSettings(name: "n", egressPool: nil),
            snapshot: snapshot
        )
    }

    @Test("a node that was not told whose its gateways are asks for all of them again")
    func untoldOrganizations() throws {
        func place(_ provision: GatewayProvision) -> FeedPlace? {
            let reports = SavedReports(spool: ReportSpool(generation: "g"))
            return RemoteNodeFeed(Self.saved([provision]), reports).place
        }
        #expect(place(try Self.provision()) == nil)
        let told = try Self.provision(of: .random())
        #expect(place(told) == FeedPlace(timeline: "t", revision: 10))
    }

    @Test(
        "what an earlier process was told is carried when the server lets the node in, or is away"
    )
    func leave() async throws {
        let words: [(RemoteNodeFeed) -> Void] = [{ $0.start() }, { $0.startAlone() }]
        for word in words {
            let feed = RemoteNodeFeed(
                Self.saved(),
                SavedReports(spool: ReportSpool(generation: "g"))
            )
            #expect(!feed.mayCarry)
            word(feed)
            #expect(feed.mayCarry)
            #expect(await feed.firstSettings()?.name == "n")
            #expect(try await feed.snapshot().peers.count == 1)
            feed.noteAnother()
            #expect(feed.mayCarry, "what is carried goes on")
        }
    }

    @Test("a node in whose place another machine is connected carries nothing until it is let in")
    func another() {
        let feed = RemoteNodeFeed(
            Self.saved(),
            SavedReports(spool: ReportSpool(generation: "g"))
        )
        feed.noteAnother()
        feed.startAlone()
        #expect(!feed.mayCarry, "that the server is away now says nothing else of it")
        feed.start()
        #expect(feed.mayCarry)
    }
}
