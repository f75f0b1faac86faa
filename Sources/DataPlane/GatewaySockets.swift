import SystemIO
import WireGuardEngine

/// The sockets of one gateway's port. Handshakes have one of their own, so that a flood of them
/// fills its queue and not that of packets; every worker has one for packets, and the sessions of a
/// peer are always steered to the same.
///
/// Steering is an optimization: where the kernel refuses it, packets are spread by their sender, and
/// every worker handles every message.
struct GatewaySockets {
    let handshakes: UDPSocket
    /// By worker.
    let transport: [UDPSocket]

    var port: UInt16 { handshakes.port }

    /// - Parameter mark: what packets carry that are sent, for rules of routing; zero for none.
    init(
        _ listen: ListenAddress,
        workers: Int,
        mark: UInt32 = 0,
        within allowance: SocketAllowance,
        segmenting: Bool
    ) throws(SystemError) {
        let places = try allowance.reserve(workers + 1)
        // Bound without SO_REUSEPORT, so that a port in use is reported as busy; set afterwards.
        handshakes = try UDPSocket(listen, queue: .handshakes, places: places)
        try handshakes.sharePort()
        let same = ListenAddress(address: listen.address, port: handshakes.port)
        var transport: [UDPSocket] = []
        for _ in 0..<workers {
            transport.append(
                try UDPSocket(
                    same,
                    isIPv6: handshakes.isIPv6,
                    sharesPort: true,
                    places: places
                )
            )
        }
        if mark != 0 {
            for socket in [handshakes] + transport { try socket.mark(mark) }
        }
        _ = handshakes.steerTransport(shards: workers)
        if !segmenting { for socket in transport { socket.stopSegmenting() } }
        self.transport = transport
    }
}
