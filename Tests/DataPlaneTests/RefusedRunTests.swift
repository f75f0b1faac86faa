import EndToEndSupport
import Foundation
import NetAddress
import SystemIO
import TestSupport
import Testing

@testable import DataPlane
@testable import WireGuardEngine

@Suite("Runs of datagrams that are too large for the way to their destination")
struct RefusedRunTests {
    @Test("the destination and the size of a refused run are remembered, and no others are held up")
    func memory() throws {
        var refused = RefusedRuns()
        let place = "192.0.2.1:5000"
        let run = try message(of: 1_400, to: place)
        let isKnownBefore = refused.contains(run)
        #expect(!isKnownBefore)
        refused.insert(run)
        let known = [
            refused.contains(run), refused.contains(try message(of: 1_452, to: place)),
            refused.contains(try message(of: 1_399, to: place)),
            refused.contains(try message(of: 1_400, to: "192.0.2.1:5001")),
        ]
        #expect(known == [true, true, false, false])
        refused.insert(try message(of: 1_300, to: place))
        refused.insert(run)
        let isSmallerKnown = refused.contains(try message(of: 1_300, to: place))
        #expect(isSmallerKnown)
    }

    @Test("a run is tried again after a thousand that were cut, and then nothing is remembered")
    func anotherTry() throws {
        var refused = RefusedRuns()
        let run = try message(of: 1_400, to: "[2001:db8::1]:5000")
        refused.insert(run)
        let other = try message(of: 1_400, to: "192.0.2.1:5000")
        for _ in 0..<5_000 { refused.noteCut(other) }
        var cut = 0
        while refused.contains(run) {
            refused.noteCut(run)
            cut += 1
        }
        #expect(cut == 1_024)
        let isEmpty = refused.isEmpty
        #expect(isEmpty)
    }

    @Test(
        "where the interface carries only smaller datagrams, runs arrive whole and are refused once",
        .enabled(if: Privileges.allowTests)
    )
    func smallInterface() async throws {
        let name = "wgw-dp-\(getpid())-\(UInt16.random(in: 0 ... .max))-s"
        try Command.require("ip", "netns", "add", name)
        defer { _ = try? Command.run(["ip", "netns", "delete", name]) }
        try Command.require(
            "ip",
            "-netns",
            name,
            "link",
            "set",
            "lo",
            "mtu",
            "1280",
            "up"
        )
        let counted = try await NamespaceThread.run(in: name) {
            var sender = try TestSocket()
            var receiver = try TestSocket()
            var cuts: [UInt64] = []
            for size in [1_400, 1_400, 1_000] {
                let sent = (0..<20).map { datagram(size, number: $0) }
                sender.send(sent, along: receiver.socket.addressPair())
                guard receiver.receive(20).map(\.bytes) == sent else { return [] as [UInt64] }
                cuts.append(sender.io.segmentationFallbacks)
            }
            let isKnown = !sender.transmitter.refusedRuns.isEmpty
            return isKnown && sender.socket.isSegmenting ? cuts : []
        }
        #expect(counted == [1, 2, 2], "those that fit go out as a run")
    }

    private func message(of size: Int, to destination: String) throws -> OutgoingMessage {
        OutgoingMessage(
            gateway: TestSocket.gateway,
            addressPair: AddressPair(remote: try #require(Endpoint(destination))),
            segmentSize: size,
            segmentCount: 2,
            byteCount: 2 * size,
            firstSlice: 0,
            sliceCount: 1,
            isOpen: true
        )
    }
}
