import HubRuntime
import NetAddress

/// What a config file routes to which of its peers, as WireGuard takes it: of two peers with one prefix
/// the later one has it, and what lies in another prefix of the same peer says nothing. A prefix inside
/// that of another peer is refused: here, an address belongs to one peer.
struct RoutedPrefixes {
    /// In the order of the peers; those of each in their order.
    private(set) var prefixes: [[IPPrefix]]

    init(_ configuration: HubConfiguration, _ notes: inout ImportNotes) {
        let peers = configuration.peers
        var holders: [IPPrefix: Int] = [:]
        for (index, peer) in peers.enumerated() {
            for prefix in configuration.allowedIPs(of: peer) {
                guard let earlier = holders.updateValue(index, forKey: prefix), earlier != index
                else { continue }
                notes.remark(
                    """
                    AllowedIPs: \(prefix) is in the [Peer] of line \(peers[earlier].line) as well as in that \
                    of line \(peer.line), which has it
                    """
                )
            }
        }
        prefixes = Array(repeating: [], count: peers.count)
        // A prefix comes behind those that contain it, so that the last of those that are not contained
        // is the only one that can.
        var outer: (prefix: IPPrefix, holder: Int)?
        for (prefix, holder) in holders.sorted(by: { $0.key < $1.key }) {
            if let outer, outer.prefix.contains(prefix) {
                guard outer.holder != holder else { continue }
                notes.refuse(
                    line: Int(peers[holder].line),
                    """
                    AllowedIPs: \(prefix) lies in \(outer.prefix) of the [Peer] of line \
                    \(peers[outer.holder].line); an address can belong to one peer only
                    """
                )
            } else {
                outer = (prefix, holder)
            }
            prefixes[holder].append(prefix)
        }
    }
}
