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

    init(
        _ listen: ListenAddress,
        workers: Int,
        within allowance: SocketAllowance
    ) throws(DataPlaneError) {
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
        _ = handshakes.steerTransport(shards: workers)
        self.transport = transport
    }
}
