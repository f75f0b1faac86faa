/// The columns that can be shown alone, as in `wg show wg0 endpoints`; line by line as `wg` prints them.
package enum StatusColumn: String, CaseIterable {
    case publicKey = "public-key"
    case privateKey = "private-key"
    case listenPort = "listen-port"
    case fwmark
    case peers
    case presharedKeys = "preshared-keys"
    case endpoints
    case allowedIPs = "allowed-ips"
    case latestHandshakes = "latest-handshakes"
    case transfer
    case persistentKeepalive = "persistent-keepalive"
    case dump

    /// Of all interfaces, with the interface's name in front of each line.
    package func text(of dump: StatusDump) -> String {
        dump.interfaces.map { text(of: $0, isNamed: true) }.joined()
    }

    package func text(of interface: StatusDump.Interface, isNamed: Bool) -> String {
        Self.text(lines(of: interface), named: isNamed ? interface.name : nil)
    }

    /// A line for each, fields between tabs, and the interface's name in front where one is given.
    static func text(_ lines: [[String]], named name: String?) -> String {
        let front = name.map { [$0] } ?? []
        return lines.map { (front + $0).joined(separator: "\t") + "\n" }.joined()
    }

    private func lines(of interface: StatusDump.Interface) -> [[String]] {
        switch self {
        case .publicKey: [[interface.publicKey]]
        case .privateKey: [[interface.privateKey]]
        case .listenPort: [[interface.port]]
        case .fwmark: [[interface.mark]]
        case .peers: interface.peers.map { [$0.publicKey] }
        case .dump: [interface.fields] + interface.peers.map(\.fields)
        default: interface.peers.map { [$0.publicKey] + fields(of: $0) }
        }
    }

    private func fields(of peer: StatusDump.Peer) -> [String] {
        switch self {
        case .presharedKeys: [peer.shownPresharedKey]
        case .endpoints: [peer.shownEndpoint]
        case .allowedIPs: [peer.shownAddresses(separator: " ")]
        case .latestHandshakes: ["\(peer.latestHandshake)"]
        case .transfer: ["\(peer.receivedBytes)", "\(peer.sentBytes)"]
        case .persistentKeepalive: [peer.shownKeepalive]
        case .publicKey, .privateKey, .listenPort, .fwmark, .peers, .dump: []
        }
    }
}
