import SystemIO
import WireGuardEngine

/// A worker's sockets by gateway slot. A stale handle finds nothing.
///
/// It owns them. The subscript returns an unretained reference, valid until the next insertion or
/// removal.
struct SocketTable: ~Copyable {
    private var entries: [(gateway: GatewayHandle, socket: UDPSocket)?] = []

    subscript(gateway: GatewayHandle) -> Unmanaged<UDPSocket>? {
        guard gateway.slot < entries.count, let entry = entries[Int(gateway.slot)],
            entry.gateway == gateway
        else { return nil }
        return .passUnretained(entry.socket)
    }

    /// The gateway that has the slot, of any generation.
    func occupant(of slot: UInt32) -> GatewayHandle? {
        slot < entries.count ? entries[Int(slot)]?.gateway : nil
    }

    var gateways: [GatewayHandle] { entries.compactMap { $0?.gateway } }

    mutating func insert(_ socket: UDPSocket, for gateway: GatewayHandle) {
        while entries.count <= gateway.slot { entries.append(nil) }
        entries[Int(gateway.slot)] = (gateway, socket)
    }

    /// The caller owns the socket from now on.
    mutating func remove(_ gateway: GatewayHandle) -> UDPSocket? {
        guard occupant(of: gateway.slot) == gateway else { return nil }
        defer { entries[Int(gateway.slot)] = nil }
        return entries[Int(gateway.slot)]?.socket
    }

    mutating func shutAll() {
        for entry in entries { entry?.socket.shut() }
        entries = []
    }
}
