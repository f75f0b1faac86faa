import GatewayDomain
import NetAddress
import NodeProtocol
import Testing
import WireGuardCrypto

struct FeedLineTests {
    @Test("every kind of line says the same when it was read and is written again")
    func linesRoundTrip() throws {
        var secrets = PlainSecrets()
        var lines = try Samples.changes().map(FeedLine.change)
        lines += [
            .greeting(try Samples.greeting()), .settings(try Samples.settings()),
            .snapshot(objects: 3), .end(revision: 1 << 40),
            .farewell(code: "session_ended", detail: "Another one is there."),
        ]
        for line in lines {
            let written = try line.written(&secrets)
            #expect(written.last == UInt8(ascii: "\n"))
            #expect(written.dropLast().allSatisfy { $0 != UInt8(ascii: "\n") })
            let read = try #require(try FeedLine(Array(written.dropLast()), &secrets))
            #expect(try read.written(&secrets) == written)
        }
    }

    @Test("a gateway comes out of its line with every member it had")
    func gatewayIsWhole() throws {
        var secrets = PlainSecrets()
        let gateway = try Samples.fullGateway()
        let line = try FeedLine.change(.gatewayPut(gateway)).written(&secrets)
        guard case .change(.gatewayPut(let read)) = try FeedLine(line, &secrets) else {
            Issue.record("another kind of line")
            return
        }
        #expect(read.id == gateway.id)
        #expect(read.networkID == gateway.networkID)
        #expect(read.name == gateway.name)
        #expect(read.privateKey == gateway.privateKey)
        #expect(read.port == gateway.port)
        #expect(read.serverAddress == gateway.serverAddress)
        #expect(read.subnet == gateway.subnet)
        #expect(read.mtu == gateway.mtu)
        #expect(read.egress == gateway.egress)
        #expect(read.standing == gateway.standing)
        #expect(read.organizationID == gateway.organizationID)
        #expect(read.limits == gateway.limits)
        #expect(read.organizationLimits == gateway.organizationLimits)
    }

    @Test("a peer comes out of its line with every member it had")
    func peerIsWhole() throws {
        var secrets = PlainSecrets()
        let peer = try Samples.fullPeer()
        let line = try FeedLine.change(.peerPut(peer)).written(&secrets)
        guard case .change(.peerPut(let read)) = try FeedLine(line, &secrets) else {
            Issue.record("another kind of line")
            return
        }
        #expect(read.id == peer.id)
        #expect(read.gatewayID == peer.gatewayID)
        #expect(read.publicKey == peer.publicKey)
        #expect(read.presharedKey == peer.presharedKey)
        #expect(read.address == peer.address)
        #expect(read.allowedIPs == peer.allowedIPs)
        #expect(read.lastEndpoint == peer.lastEndpoint)
        #expect(read.lastSeen == peer.lastSeen)
        #expect(read.limits == peer.limits)
    }

    @Test("the change of one peer takes some two hundred bytes")
    func peersAreSmall() throws {
        var secrets = PlainSecrets()
        let change = try FeedLine.change(.peerPut(Samples.barePeer)).written(&secrets)
        let end = try FeedLine.end(revision: 1_000_000).written(&secrets)
        #expect(change.count + end.count <= 210)
    }

    @Test("members and lines of later versions are passed over")
    func laterVersionsAreRead() throws {
        var secrets = PlainSecrets()
        #expect(try FeedLine(Array(#"{"weather":"fine"}"#.utf8), &secrets) == nil)
        guard
            case .end(let revision) = try FeedLine(Array(#"{"at":5,"mood":1}"#.utf8), &secrets)
        else {
            Issue.record("another kind of line")
            return
        }
        #expect(revision == 5)
    }

    @Test(
        "a line with a member that is missing or wrong is refused by its name",
        arguments: [
            (#"{"at":"5"}"#, "at"), (#"{"snapshot":1.5}"#, "snapshot"),
            (#"{"no_peer":"5"}"#, "no_peer"), (#"{"gateway":{}}"#, "id"),
            (#"{"peer":5}"#, "peer"), (#"{"hello":{"version":1}}"#, "node"),
        ]
    )
    func wrongMembers(text: String, member: String) {
        #expect(throws: WireError.member(member)) {
            var secrets = PlainSecrets()
            _ = try FeedLine(Array(text.utf8), &secrets)
        }
    }
}
