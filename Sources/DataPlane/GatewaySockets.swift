import WireGuardEngine

/// The sockets of one gateway's port. Handshakes have one of their own, so that a flood of them
/// fills its queue and not that of packets; every worker has one for packets, and the sessions of a
/// peer are always led to the same.
///
/// Nothing depends on the leading: where the kernel refuses it, packets are spread by their sender,
/// and every worker takes every message.
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
        let places = try allowance.take(workers + 1)
        // Bound without sharing, so that a port that anybody has is busy; shared from then on.
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
        _ = handshakes.leadTransport(lanes: workers)
        self.transport = transport
    }
}
