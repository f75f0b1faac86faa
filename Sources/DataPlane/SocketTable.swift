import WireGuardEngine

/// A worker's sockets by gateway slot. A stale handle finds nothing.
struct SocketTable: ~Copyable {
    private var entries: [(gateway: GatewayHandle, socket: UDPSocket)?] = []

    subscript(gateway: GatewayHandle) -> UDPSocket? {
        guard let entry = occupant(of: gateway.slot), entry.gateway == gateway else { return nil }
        return entry.socket
    }

    /// Whichever gateway has the slot, of any generation.
    func occupant(of slot: UInt32) -> (gateway: GatewayHandle, socket: UDPSocket)? {
        slot < entries.count ? entries[Int(slot)] : nil
    }

    var gateways: [GatewayHandle] { entries.compactMap { $0?.gateway } }

    mutating func insert(_ socket: UDPSocket, for gateway: GatewayHandle) {
        while entries.count <= gateway.slot { entries.append(nil) }
        entries[Int(gateway.slot)] = (gateway, socket)
    }

    mutating func remove(_ gateway: GatewayHandle) {
        guard self[gateway] != nil else { return }
        entries[Int(gateway.slot)] = nil
    }

    mutating func shutAll() {
        for entry in entries { entry?.socket.shut() }
        entries = []
    }
}
