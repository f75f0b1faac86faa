import GatewayDomain
import NodeProtocol
import Testing
import WireGuardCrypto

struct FeedReaderTests {
    /// One stream, from both of its ends.
    private struct Stream {
        let key = Samples.secret(5)
        var sealer: StreamSealer
        var reader: FeedReader

        init() throws {
            sealer = try StreamSealer(to: X25519.publicKey(of: key), of: Samples.node)
            reader = FeedReader(of: Samples.node, key)
        }

        mutating func pass(_ line: FeedLine) throws -> FeedReader.Event? {
            try reader.read(Array(try line.written(&sealer).dropLast()))
        }

        mutating func greet() throws {
            _ = try pass(
                .greeting(try Samples.greeting(encapsulatedKey: sealer.encapsulatedKey))
            )
        }
    }

    @Test("secrets that are sealed to a node are what they were at the node")
    func secretsArrive() throws {
        var stream = try Stream()
        try stream.greet()
        _ = try stream.pass(.change(.gatewayPut(try Samples.fullGateway())))
        _ = try stream.pass(.change(.peerPut(try Samples.fullPeer())))
        guard case .changes(let news) = try stream.pass(.end(revision: 8)),
            case .gatewayPut(let gateway) = news.changes[0],
            case .peerPut(let peer) = news.changes[1]
        else {
            Issue.record("no changes came")
            return
        }
        #expect(news.revision == 8)
        #expect(gateway.privateKey == Samples.secret(9))
        #expect(peer.presharedKey == Samples.secret(3))
    }

    @Test("no line holds a secret in plain text")
    func secretsAreSealed() throws {
        var stream = try Stream()
        let line = try FeedLine.change(.gatewayPut(try Samples.fullGateway()))
            .written(&stream.sealer)
        #expect(!String(decoding: line, as: UTF8.self).contains(Samples.secret(9).base64))
    }

    @Test("another node opens none of the secrets")
    func otherNodes() throws {
        var stream = try Stream()
        stream.reader = FeedReader(of: Samples.node, Samples.secret(6))
        try stream.greet()
        #expect(throws: WireError.notOpened) {
            _ = try stream.pass(.change(.gatewayPut(try Samples.fullGateway())))
        }
    }

    @Test("a secret that was sealed for one peer is not opened as another one's")
    func secretsStayInPlace() throws {
        var stream = try Stream()
        try stream.greet()
        let line = try FeedLine.change(.peerPut(try Samples.fullPeer())).written(&stream.sealer)
        let moved = String(decoding: line, as: UTF8.self)
            .replacing("2b0f6a3e", with: "2b0f6a3f")
        #expect(throws: WireError.notOpened) { try stream.reader.read(Array(moved.utf8)) }
    }

    @Test("a snapshot that breaks off has not happened")
    func brokenSnapshot() throws {
        var stream = try Stream()
        try stream.greet()
        #expect(try stream.pass(.snapshot(objects: 2)) == nil)
        #expect(try stream.pass(.change(.peerPut(Samples.barePeer))) == nil)
        #expect(throws: WireError.outOfOrder("at")) { _ = try stream.pass(.end(revision: 5)) }
    }

    @Test("a whole snapshot comes at once, an empty one as well")
    func wholeSnapshot() throws {
        var stream = try Stream()
        try stream.greet()
        _ = try stream.pass(.snapshot(objects: 1))
        _ = try stream.pass(.change(.gatewayPut(try Samples.bareGateway())))
        guard case .snapshot(let snapshot) = try stream.pass(.end(revision: 5)) else {
            Issue.record("no snapshot came")
            return
        }
        #expect(snapshot.revision == 5)
        #expect(snapshot.gateways.map(\.id) == [Samples.gateway])
        _ = try stream.pass(.snapshot(objects: 0))
        guard case .snapshot(let empty) = try stream.pass(.end(revision: 6)) else {
            Issue.record("no snapshot came")
            return
        }
        #expect(empty.objects.isEmpty)
    }

    @Test("the end of a batch without lines before it is a heartbeat")
    func heartbeat() throws {
        var stream = try Stream()
        try stream.greet()
        guard case .heartbeat(let revision) = try stream.pass(.end(revision: 9)) else {
            Issue.record("no heartbeat came")
            return
        }
        #expect(revision == 9)
    }

    @Test("nothing is taken before the greeting, of another node, or a second time")
    func greetingComesFirst() throws {
        var stream = try Stream()
        #expect(throws: WireError.self) { _ = try stream.pass(.end(revision: 9)) }
        var other = FeedReader(of: NodeID.random(), stream.key)
        let line = try FeedLine.greeting(
            try Samples.greeting(encapsulatedKey: stream.sealer.encapsulatedKey)
        ).written(&stream.sealer)
        #expect(throws: WireError.member("node")) { try other.read(line) }
        try stream.greet()
        #expect(throws: WireError.outOfOrder("hello")) { try stream.greet() }
    }
}
