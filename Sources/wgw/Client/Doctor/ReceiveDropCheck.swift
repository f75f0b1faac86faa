/// Whether datagrams were lost because a socket's buffer was full.
enum ReceiveDropCheck {
    /// Lost at the gateways' sockets since they were opened; on the whole machine since it was started.
    static func run(_ files: SystemFiles, ports: ClosedRange<UInt16>) -> CheckResult {
        guard let table = UDPSocketTable(files), let (received, lost) = counters(files) else {
            return .ok(.receiveDrops, "The counters of lost datagrams cannot be read here.")
        }
        let sockets = table.entries.filter { ports.contains($0.port) && $0.drops > 0 }
        let drops = sockets.map(\.drops).reduce(0, +)
        guard drops > 0 else {
            return .ok(
                .receiveDrops,
                """
                No socket of the port range has lost a datagram for lack of room. The whole machine has lost \(lost) \
                of \(received + lost) since it was started.
                """
            )
        }
        let ports = Set(sockets.map(\.port)).sorted().prefix(8).map(String.init)
        return .warning(
            .receiveDrops,
            """
            \(drops) datagrams found the buffers full at UDP \(ports.count == 1 ? "port" : "ports") \
            \(ports.joined(separator: ", ")): they came faster than the workers took them.
            """,
            nextStep: """
                See that socket_buffers is ok and that the server has a worker for each processor. Where both hold, \
                the machine is too slow for this traffic: look which threads are busy.
                """,
            command: "top -H -p $(pgrep -o -x wgw)"
        )
    }

    /// InDatagrams and RcvbufErrors, whose places are told by the line in front of the values.
    private static func counters(_ files: SystemFiles) -> (received: Int, lost: Int)? {
        let lines = files.text("/proc/net/snmp")?.split(separator: "\n")
            .filter { $0.hasPrefix("Udp: ") }.map { $0.split(separator: " ") }
        guard let lines, lines.count == 2 else { return nil }
        let values = Dictionary(zip(lines[0], lines[1].map { Int($0) })) { first, _ in first }
        guard let received = values["InDatagrams"] ?? nil, let lost = values["RcvbufErrors"] ?? nil
        else { return nil }
        return (received, lost)
    }
}
