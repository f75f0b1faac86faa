import Glibc
import NetAddress
import SystemIO
import Testing

@testable import DataPlane
@testable import WireGuardEngine

@Suite("UDP sockets")
struct UDPSocketTests {
    @Test("UDP datagrams of mixed sizes arrive whole and in order, joined or not")
    func mixedSizes() throws {
        var sender = try TestSocket()
        var receiver = try TestSocket()
        let sizes = [
            1420, 1420, 1420, 600, 32, 1452, 1452, 9, 1452, 148, 148, 148, 64_000, 1, 2, 3,
        ]
        let sent = sizes.enumerated().map { datagram($1, number: $0) }

        sender.send(sent, along: receiver.socket.addressPair())
        let received = receiver.receive(sent.count)

        #expect(received.map(\.bytes) == sent)
        #expect(sender.io.sentDatagrams == UInt64(sent.count))
        #expect(sender.io.sentBytes == UInt64(sizes.reduce(0, +)))
        #expect(sender.io.unsent.total == 0)
    }

    @Test("64 UDP datagrams of one size travel as one run")
    func fullRun() throws {
        var sender = try TestSocket()
        var receiver = try TestSocket()
        try #require(sender.socket.isSegmenting)
        let sent = (0..<64).map { datagram(1000, number: $0) }

        sender.send(sent, along: receiver.socket.addressPair())
        let received = receiver.receive(sent.count)

        #expect(received.map(\.bytes) == sent)
        #expect(received.allSatisfy { $0.runLength == 64 })
        #expect(sender.io.segmentationFallbacks == 0)
    }

    @Test("more UDP messages than one system call takes keep their order")
    func manyMessages() throws {
        var sender = try TestSocket()
        var receiver = try TestSocket()
        // Each is larger than the one before it, so none joins.
        let sent = (0..<200).map { datagram(100 + $0, number: $0) }

        sender.send(sent, along: receiver.socket.addressPair())

        #expect(receiver.receive(sent.count).map(\.bytes) == sent)
    }

    @Test("a UDP socket without segmentation sends the same datagrams one by one")
    func withoutSegmentation() throws {
        var sender = try TestSocket()
        var receiver = try TestSocket()
        sender.socket.stopSegmenting()
        let sent = [700] + Array(repeating: 500, count: 63) + [20, 900, 900, 900]
        let datagrams = sent.enumerated().map { datagram($1, number: $0) }

        sender.send(datagrams, along: receiver.socket.addressPair())

        #expect(receiver.receive(sent.count).map(\.bytes) == datagrams)
        #expect(sender.io.segmentationFallbacks == 3)
        #expect(sender.io.sentDatagrams == UInt64(sent.count))
    }

    @Test("a run that the kernel refuses to cut is sent datagram by datagram")
    func refusedRun() throws {
        var sender = try TestSocket()
        var receiver = try TestSocket()
        // More segments than any kernel takes at once.
        let count = 300
        let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: count * 10, alignment: 1)
        defer { bytes.deallocate() }
        bytes.initializeMemory(as: UInt8.self, repeating: 7)
        var batch = OutgoingBatch()
        let base = try #require(bytes.baseAddress)
        let isAppended = batch.append(
            base,
            10,
            from: TestSocket.gateway,
            to: receiver.socket.addressPair(),
            merging: false
        )
        try #require(isAppended)
        var message = batch.messages[0]
        message.segmentCount = count
        message.byteCount = count * 10
        batch.slices[0].count = count * 10

        withUnsafePointer(to: &message) {
            sender.send(UnsafeBufferPointer(start: $0, count: 1), batch.slices)
        }

        #expect(receiver.receive(count).count == count)
        #expect(sender.io.segmentationFallbacks == 1)
        #expect(sender.io.sentDatagrams == UInt64(count))
        #expect(sender.socket.isSegmenting, "the next run is another one")
    }

    @Test("IPv4 and IPv6 share a UDP socket, and IPv4 addresses look like IPv4")
    func bothFamilies() throws {
        var hub = try TestSocket(ListenAddress(port: 0))
        for address in ["127.0.0.1", "::1"] {
            let loopback = try #require(IPAddress(address))
            var client = try TestSocket(ListenAddress(address: loopback, port: 0))

            client.send([datagram(40, number: 1)], along: hub.socket.addressPair(at: address))
            let pair = try #require(hub.receive(1).first?.addressPair)
            #expect(pair.remote == Endpoint(address: loopback, port: client.socket.port))
            #expect(pair.local == loopback)

            hub.send([datagram(50, number: 2)], along: pair)
            #expect(client.receive(1).map(\.bytes) == [datagram(50, number: 2)])
        }
    }

    @Test("a host without IPv6 still listens on all its IPv4 addresses")
    func onlyIPv4() throws {
        let socket = try UDPSocket(ListenAddress(port: 0), isIPv6: false)
        var client = try TestSocket()
        client.send([datagram(40, number: 1)], along: socket.addressPair(at: "127.0.0.3"))
        #expect(socket.awaitReadable())
        client.send([datagram(40, number: 1)], along: try ipv6AddressPair(socket.port))
        #expect(client.io.unsent.unreachable == 1, "no IPv6 from an IPv4 socket")
    }

    private func ipv6AddressPair(_ port: UInt16) throws -> AddressPair {
        AddressPair(remote: Endpoint(address: try #require(IPAddress("::1")), port: port))
    }

    @Test("a UDP answer leaves from the address that was asked")
    func stickySource() throws {
        var hub = try TestSocket(ListenAddress(port: 0))
        var client = try TestSocket()

        client.send([datagram(40, number: 1)], along: hub.socket.addressPair(at: "127.0.0.2"))
        let pair = try #require(hub.receive(1).first?.addressPair)
        #expect(pair.local == IPAddress("127.0.0.2"))

        hub.send([datagram(40, number: 2)], along: pair)
        #expect(client.receive(1).first?.addressPair?.remote.address == IPAddress("127.0.0.2"))
    }

    @Test(
        "a UDP answer leaves from another address when the one that was asked is gone",
        arguments: [nil, "127.0.0.1"]
    )
    func sourceGone(_ listen: String?) throws {
        var hub = try TestSocket(
            ListenAddress(address: listen.flatMap { IPAddress($0) }, port: 0)
        )
        var client = try TestSocket()
        let sent = (0..<5).map { datagram(100, number: $0) }

        hub.send(sent, along: client.socket.addressPair(from: "203.0.113.9"))

        #expect(client.receive(5).map(\.bytes) == sent)
        #expect(hub.io.sourceFallbacks == 1)
        #expect(hub.io.unsent.total == 0)
    }

    @Test("a datagram that was cut to the receive buffer's size is told from a whole one")
    func truncated() throws {
        var sender = try TestSocket()
        var receiver = try TestSocket(bufferBytes: 512)

        sender.send([datagram(513, number: 1)], along: receiver.socket.addressPair())
        sender.send([datagram(512, number: 2)], along: receiver.socket.addressPair())

        #expect(receiver.receive(2).map(\.bytes) == [[], datagram(512, number: 2)])
        #expect(receiver.io.truncated == 1)
    }

    @Test("a datagram that no network takes is counted and the next one is sent")
    func unsendable() throws {
        var sender = try TestSocket()
        var receiver = try TestSocket()

        sender.send([datagram(65_508, number: 1)], along: receiver.socket.addressPair())
        sender.send([datagram(100, number: 2)], along: receiver.socket.addressPair())

        #expect(sender.io.unsent.tooBig == 1)
        #expect(receiver.receive(1).map(\.bytes) == [datagram(100, number: 2)])
    }

    @Test(
        "datagrams that find a socket's buffer full are counted once, with the next one that comes"
    )
    func overflows() throws {
        var sender = try TestSocket()
        var receiver = try TestSocket(queue: .handshakes)
        let sent = (0..<4_000).map { datagram(1_400, number: $0) }
        sender.send(sent, along: receiver.socket.addressPair())
        let waiting = receiver.receiveAll()
        #expect(waiting > 0 && waiting < sent.count)

        sender.send([datagram(100, number: 1)], along: receiver.socket.addressPair())
        try #require(receiver.receive(1).count == 1)
        let total = receiver.buffers.overflows(ofFilled: 1)
        #expect(Int(total) == sent.count - waiting)
        #expect(receiver.socket.newOverflows(total) == UInt64(total))
        #expect(receiver.socket.newOverflows(total) == 0)
    }

    @Test("datagrams to one destination leave together by their lengths, whatever they hold")
    func byLength() throws {
        var memory = [UInt8](repeating: 0, count: 20_000)
        try memory.withUnsafeMutableBytes { bytes in
            let base = try #require(bytes.baseAddress)
            var batch = OutgoingBatch()
            var offset = 0
            for length in [1_452, 1_452, 1_452, 96, 1_452, 1_452, 400, 400, 400] {
                let pair = AddressPair(remote: try #require(Endpoint("192.0.2.1:5000")))
                _ = batch.append(
                    base + offset,
                    length,
                    from: TestSocket.gateway,
                    to: pair,
                    merging: batch.continues(TestSocket.gateway, pair)
                )
                offset += length
            }
            #expect(batch.messages.map(\.segmentCount) == [4, 3, 2])
            #expect(batch.messages.map(\.sliceCount) == [1, 1, 1], "neighbours are one piece")
        }
    }

    @Test("a UDP port in use is named in the error")
    func busyPort() throws {
        let first = try UDPSocket(ListenAddress(port: 0))
        #expect(throws: SystemError.portBusy(first.port)) {
            try UDPSocket(ListenAddress(port: first.port))
        }
        #expect(throws: SystemError.portBusy(first.port)) {
            try UDPSocket(ListenAddress(address: IPAddress("127.0.0.1"), port: first.port))
        }
    }

    @Test(
        "an address of another host, which no socket can have, is named in the error",
        arguments: ["203.0.113.9", "2001:db8::9"]
    )
    func foreignAddress(_ text: String) throws {
        let address = try #require(IPAddress(text))
        #expect(throws: SystemError.addressNotLocal(address)) {
            try UDPSocket(ListenAddress(address: address, port: 0))
        }
    }
}
