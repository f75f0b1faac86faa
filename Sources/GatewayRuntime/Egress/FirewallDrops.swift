import Synchronization

/// What the node's firewall table has dropped, as it was last looked at: written by the follower of the store, read
/// for metrics.
final class FirewallDrops: Sendable {
    private let state = Mutex<[String: Int]>([:])

    /// In packets, by the name of the counter; empty before the table is installed and after it is removed.
    var byCounter: [String: Int] { state.withLock { $0 } }

    func set(_ drops: [String: Int]) { state.withLock { $0 = drops } }
}
