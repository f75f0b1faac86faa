import NetAddress
import SystemIO

/// Whether gateways can have the ports of their range. Only one port is tried, the last that is free: the server
/// gives the lowest away, and must not find it taken by this check.
enum PortRangeCheck {
    /// - Parameter server: the process of the server, whatever its program is called; nil where none runs here.
    static func run(
        _ files: SystemFiles,
        ports: ClosedRange<UInt16>,
        bindAddress: IPAddress?,
        server: Int32? = nil
    ) -> CheckResult {
        let range = "UDP ports \(ports.lowerBound)-\(ports.upperBound)"
        let table = UDPSocketTable(files)
        let sockets = table?.entries.filter { ports.contains($0.port) } ?? []
        let taken = Set(sockets.map(\.port))
        guard let free = ports.last(where: { !taken.contains($0) }) else {
            return .error(
                .ports,
                "All \(range) are in use, so that no gateway can be made.",
                nextStep: "Give the server a larger port-range, and restart it."
            )
        }
        do throws(SystemError) {
            // Closed with its last reference, which is this one.
            _ = try UDPSocket(ListenAddress(address: bindAddress, port: free))
        } catch {
            return .error(
                .ports,
                "No gateway can be opened here: \(error).",
                nextStep: "Change port-range or bind-address of the server, and restart it."
            )
        }
        return judge(
            range,
            sockets,
            foreign: (table?.owners(of: sockets) ?? [:]).filter {
                $0.value.process != server && $0.value.name != "wgw"
            }
        )
    }

    private static func judge(
        _ range: String,
        _ sockets: [UDPSocketTable.Entry],
        foreign owners: [String: UDPSocketTable.Owner]
    ) -> CheckResult {
        let known = sockets.compactMap { socket in
            owners[socket.inode].map { "port \(socket.port) (\($0))" }
        }
        if let first = known.first {
            let more = known.count > 1 ? ", and \(known.count - 1) more" : ""
            return .warning(
                .ports,
                "Another program has \(first)\(more) of the \(range); a gateway that is given it has to wait.",
                nextStep: "Stop that program, or give the server another port-range and restart it."
            )
        }
        let used = Set(sockets.map(\.port)).count
        return .ok(
            .ports,
            """
            Of the \(range), \(used == 0 ? "none is" : used == 1 ? "1 is" : "\(used) are") in use, and the others \
            can be opened. Whether a firewall in front lets datagrams through cannot be seen from here.
            """
        )
    }
}
