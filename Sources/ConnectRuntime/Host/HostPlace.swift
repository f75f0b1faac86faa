import Glibc
import SystemIO

/// What a connection has to itself on this machine: the name of its device, its record, and a number for
/// its mark and its table.
package struct HostPlace: Sendable {
    package let device: String
    /// What the tunnel's sockets set.
    package let mark: UInt32
    let lock: LockedRecord

    /// wg-quick begins here too: the port of WireGuard.
    private static let firstMark: UInt32 = 51_820

    /// - Parameter device: the name that the device is to have.
    package init(of device: String, in folder: RecordFolder) throws {
        guard DeviceName.isValid(device) else {
            throw ConnectError(
                """
                the device is called like the file, and \(device) is not the name of a network interface: give the \
                file a name of at most 15 letters, digits and hyphens before .conf
                """
            )
        }
        lock = try folder.take(device)
        guard InterfaceNames.number(of: device) == nil else {
            lock.remove()
            throw ConnectError(
                "an interface \(device) exists: remove it, or give the file another name"
            )
        }
        self.device = device
        mark = try folder.choosingMark { [lock] taken in
            let mark = try Self.freeMark(besides: taken)
            try lock.write(ConnectionRecord(process: getpid(), device: device, mark: mark))
            return mark
        }
    }

    /// Where nothing has been changed.
    package func giveUp() { lock.remove() }

    /// The first number whose table is empty and which no rule names.
    ///
    /// - Parameter recorded: by connections that may have no rule yet.
    private static func freeMark(besides recorded: Set<UInt32>) throws -> UInt32 {
        let netlink = try NetlinkSocket()
        var taken = recorded
        for isIPv6 in [false, true] {
            // A kernel may be without IPv6.
            for rule in (try? netlink.rules(isIPv6: isIPv6)) ?? [] {
                if let table = rule.table { taken.insert(table) }
                if let mark = rule.mark { taken.insert(mark) }
            }
        }
        for mark in firstMark..<(firstMark + 1000) where !taken.contains(mark) {
            let isEmpty = [false, true].allSatisfy { isIPv6 in
                let routes = try? netlink.routes(ofTable: mark, isIPv6: isIPv6)
                return routes?.isEmpty ?? true
            }
            if isEmpty { return mark }
        }
        throw ConnectError("there are too many routing tables; ip rule shows them")
    }
}
