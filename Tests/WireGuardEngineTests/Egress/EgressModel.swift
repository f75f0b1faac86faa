import NetAddress

@testable import WireGuardEngine

/// What a gateway with egress has to decide, in the most obvious way: rules in lists, addresses asked one
/// by one. Knows nothing of the engine's tables.
struct EgressModel {
    var block: IPPrefix
    var permissions: [EgressPermission]
    var internet: Bool
    /// Special ranges and addresses of the node.
    var closed: [IPPrefix]
    /// By prefix: which peer. Hosts of the block and sites.
    var routes: [(prefix: IPPrefix, peer: Int)]

    enum Lead: Equatable {
        case peer(Int)
        case outside
        case nowhere
    }

    struct Transport {
        var number: UInt8
        /// Of the end that is outside.
        var farPort: UInt16?
    }

    func lead(_ address: IPAddress) -> Lead {
        let route = routes.filter { $0.prefix.contains(address) }
            .max { $0.prefix.length < $1.prefix.length }
        if !block.contains(address), let permitted = permittedLength(address) {
            guard let route, route.prefix.length >= permitted, route.prefix.length > 0 else {
                return .outside
            }
        }
        return route.map { .peer($0.peer) } ?? .nowhere
    }

    func permits(_ address: IPAddress, _ transport: Transport) -> Bool {
        guard lead(address) == .outside else { return false }
        return open(address).contains { permission in
            if let number = permission.transportProtocol, number != transport.number {
                return false
            }
            guard let ports = permission.ports else { return true }
            return transport.farPort.map { ports.contains($0) } ?? false
        }
    }

    /// The length of the longest prefix that permits anything at the address.
    private func permittedLength(_ address: IPAddress) -> UInt8? {
        guard let longest = open(address).map(\.prefix.length).max() else { return nil }
        return longest
    }

    /// Permissions, the internet as one more, that no longer closed range cuts off.
    private func open(_ address: IPAddress) -> [EgressPermission] {
        let cut = closed.filter { $0.contains(address) }.map(\.length).max() ?? 0
        let everything = internet ? [EgressPermission(.v4(.everything))] : []
        return (permissions + everything).filter {
            $0.prefix.contains(address) && $0.prefix.length >= cut && !block.contains($0.prefix)
        }
    }
}
