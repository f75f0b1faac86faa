import Glibc
import SystemIO

/// A rule of the kernel's routing by which packets from the TUN device are dropped that our table has not seen: from
/// when another program flushes all tables until ours is there again, they would leave with an address of the pool as
/// their source. The table gives them a mark, unless another program has; the rule drops those without one.
///
/// The rule outlives the device, whose name it has.
struct TableGuard {
    /// Behind the rule for the host's own addresses, and before all others.
    private static let priority: UInt32 = 1
    /// What all servers name their devices.
    private static let devices = "wgw"

    static func rule(for device: String) -> RoutingRule {
        RoutingRule(isIPv6: false, priority: priority, table: nil, incoming: device, mark: 0)
    }

    /// Whether it was there.
    static func install(for device: String) throws(FirewallError) -> Bool {
        do throws(SystemError) {
            try NetlinkSocket().add(rule(for: device))
            return false
        } catch {
            switch error {
            case .system(_, EEXIST): return true
            // A kernel without rules.
            case .system(_, EOPNOTSUPP), .system(_, EAFNOSUPPORT): return true
            case .system(_, EPERM): throw .rightMissing(.current)
            default: throw .refused("\(error)")
            }
        }
    }

    /// Also those of devices that are gone, which processes left that were killed.
    static func remove(for device: String?) {
        guard let netlink = try? NetlinkSocket() else { return }
        for rule in (try? netlink.rules(isIPv6: false)) ?? [] {
            guard let name = rule.incoming, name.hasPrefix(devices), rule == Self.rule(for: name),
                name == device || InterfaceNames.number(of: name) == nil
            else { continue }
            try? netlink.delete(rule)
        }
    }
}
