import CLinux
import EndToEndSupport
import Glibc
import NetAddress
import Synchronization
import SystemIO
import Testing

@Suite("Traffic of the kernel through a TUN device", .enabled(if: Privileges.allowTests))
struct TUNDeviceTests {
    private static let mtu = 1_400

    private static func device(
        isIPv6: Bool,
        offloads: TUNDevice.Offloads
    ) throws -> (TUNDevice, own: IPAddress, other: IPAddress) {
        let netlink = try NetlinkSocket()
        let device = try TUNDevice(offloads: offloads)
        let own = try #require(IPAddress(isIPv6 ? "fd09::1" : "10.9.0.1"))
        let other = try #require(IPAddress(isIPv6 ? "fd09::2" : "10.9.0.2"))
        try netlink.add(own, length: isIPv6 ? 64 : 24, to: device.interface)
        try netlink.change(interface: device.interface, mtu: UInt32(mtu), isUp: true)
        return (device, own, other)
    }

    @Test(
        "TCP of the kernel passes a TUN device whole in both directions, in runs where they are on",
        arguments: [false, true],
        [.all, .tcp, []] as [TUNDevice.Offloads]
    )
    func tcp(isIPv6: Bool, offloads: TUNDevice.Offloads) async throws {
        try await NamespaceThread.run {
            let (device, own, other) = try Self.device(isIPv6: isIPv6, offloads: offloads)
            #expect(device.offloads.isSubset(of: offloads))
            if !offloads.contains(.tcp) { device.queues[0].stopJoining(.all) }
            let reflector = Reflector(device.queues[0])
            let sent = bytes(3 << 20)
            let exchange = try Exchange(sent, serverAt: own, reachedAt: other)
            reflector.run { exchange.isDone }
            let isWhole = try exchange.received() == sent
            #expect(isWhole)
            #expect(reflector.failures == [])
            if device.offloads.contains(.tcp) {
                #expect(reflector.largest > 8 * Self.mtu)
                #expect(reflector.mostJoined > 8)
            } else {
                #expect(reflector.largest <= Self.mtu + OffloadHeader.length)
                #expect(reflector.mostJoined == 1)
            }
        }
    }

    @Test(
        "a run of UDP datagrams passes a TUN device whole and in order",
        arguments: [false, true]
    )
    func udp(isIPv6: Bool) async throws {
        try await NamespaceThread.run {
            let (device, own, other) = try Self.device(isIPv6: isIPv6, offloads: .all)
            let socket = try UDPSocket(ListenAddress(address: own, port: 0))
            var sent = bytes(9 * 500 + 123)
            let reflector = Reflector(device.queues[0])
            var received: [UInt8] = []
            let buffers = ReceiveBuffers(buffers: 16)
            var turns = 0
            reflector.run {
                // Again where the interface was not ready yet.
                if turns % 100 == 0, received.isEmpty {
                    Self.send(&sent, of: 500, from: socket, to: other)
                }
                for index in 0..<Int(max(buffers.receive(from: socket), 0)) {
                    guard let run = buffers.run(index) else { continue }
                    #expect(run.remote == Endpoint(address: other, port: socket.port))
                    received += Array(run.bytes)
                }
                turns += 1
                return received.count >= sent.count || turns > 500
            }
            #expect(received.count == sent.count && received == sent, "\(reflector.kinds)")
            #expect(reflector.failures == [])
            // Since Linux 6.2.
            if device.offloads.contains(.udp) {
                #expect(reflector.kinds.contains(.udp))
                #expect(reflector.mostJoined == 10)
            }
        }
    }
}

extension TUNDeviceTests {
    /// As one run, to the socket's own port.
    private static func send(
        _ bytes: inout [UInt8],
        of size: UInt16,
        from socket: UDPSocket,
        to address: IPAddress
    ) {
        let status = bytes.withUnsafeMutableBytes { buffer in
            var slice = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
            return withUnsafeMutablePointer(to: &slice) { slice in
                var message = clinux_message()
                message.address(to: Endpoint(address: address, port: socket.port))
                message.slices = slice
                message.slice_count = 1
                message.segment_size = size
                return clinux_send(socket.descriptor, socket.isIPv6, &message, 1)
            }
        }
        #expect(status == 1)
    }
}

/// An exchange of bytes that goes on beside the test's own thread, in its namespace.
private final class Exchange: Sendable {
    private let outcome = Mutex<Result<[UInt8], any Error>?>(nil)

    var isDone: Bool { outcome.withLock { $0 != nil } }

    func received() throws -> [UInt8] {
        try #require(outcome.withLock { $0 }).get()
    }

    /// - Parameter other: what the server at `own` is reached at.
    init(_ bytes: [UInt8], serverAt own: IPAddress, reachedAt other: IPAddress) throws {
        let port = try TCPEcho.serve(at: "\(own)")
        try WorkerThread(named: "wgw-client", processor: nil) { [self] in
            let result = Result { try TCPEcho.exchange(bytes, with: "\(other)", port) }
            outcome.withLock { $0 = result }
        }.detach()
    }
}
