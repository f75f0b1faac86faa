import GatewayDomain
import NetAddress
import SystemIO

/// Asks once, at a start, which addresses the host name has at which clients find the gateways.
enum PublicAddressLookup {
    /// A start does not wait longer for name servers that are away.
    private static let limit = Duration.seconds(3)

    /// Nil for a name that could not be looked up in time; empty for an address, which needs no looking up.
    static func addresses(of host: PublicHost) async -> [IPv4Address]? {
        guard case .name(let name) = host else { return [] }
        let text = "\(name)"
        return await withTaskGroup(of: [IPv4Address]?.self) { group in
            group.addTask {
                let found = try? await WorkerThread.value(named: "wgw-endpoint") {
                    try NameLookup.endpoints(of: text)
                }
                return found.map { endpoints in
                    endpoints.compactMap { endpoint in
                        if case .v4(let address) = endpoint.address { address } else { nil }
                    }
                }
            }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
