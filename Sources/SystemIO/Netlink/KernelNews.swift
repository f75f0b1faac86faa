import CLinux
import Glibc

/// Tells when a program changes the kernel's state of one device, its routes or the rules of routing, or one table of
/// the firewall. Changes of other devices and tables are passed over: there may be thousands a second.
///
/// Needs CAP_NET_ADMIN where it listens for the firewall.
package final class KernelNews: Sendable {
    private let interface: UInt32
    /// Of the firewall; as the kernel writes it, with a zero at its end.
    private let table: [UInt8]
    private let sockets: [Int32]
    private let poll: EventPoll
    private let stopSignal: Int32

    /// - Parameters:
    ///   - interface: the number of the device.
    ///   - table: the name of the table of the firewall, where there is one.
    package init(of interface: UInt32, table: String? = nil) throws(SystemError) {
        self.interface = interface
        self.table = table.map { Array($0.utf8) + [0] } ?? []
        poll = try EventPoll()
        stopSignal = try checked("eventfd", clinux_eventfd())
        var open: [Int32] = []
        do throws(SystemError) {
            open.append(try Self.listen(Self.toRouting, Self.routing))
            if table != nil { open.append(try Self.listen(Self.toFirewall, [Self.firewall])) }
            for (number, descriptor) in (open + [stopSignal]).enumerated() {
                try poll.add(descriptor, tag: UInt64(number))
            }
        } catch {
            for descriptor in open + [stopSignal] { close(descriptor) }
            throw error
        }
        sockets = open
    }

    deinit { for descriptor in sockets + [stopSignal] { close(descriptor) } }

    /// True at a change, false when this much time is over, and nil after `stop`. Belongs to one thread.
    package func wait(atMost time: Duration) -> Bool? {
        let deadline =
            BootClock.nanoseconds + UInt64(max(0, time.components.seconds)) * 1_000_000_000
            + UInt64(max(0, time.components.attoseconds / 1_000_000_000))
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: EventPoll.capacity) {
            tags in
            guard let base = tags.baseAddress else { return nil }
            while true {
                let count = poll.wait(untilNanoseconds: deadline, into: base)
                if tags.prefix(count).contains(UInt64(sockets.count)) { return nil }
                // All are drained before the change is looked at.
                let changes = tags.prefix(count).map { isConcerned(bySocket: Int($0)) }
                if changes.contains(true) { return true }
                if BootClock.nanoseconds >= deadline { return false }
            }
        }
    }

    /// Ends the waiting of any thread, now and later.
    package func stop() { _ = clinux_eventfd_signal(stopSignal) }

    /// A value at each change, and at least as often as this: what was missed costs no more. The thread that waits
    /// ends with the stream.
    package func looks(atLeastEvery pause: Duration) throws -> AsyncStream<Void> {
        let (looks, next) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        next.onTermination = { _ in self.stop() }
        try WorkerThread(named: "wgw-news", processor: nil) {
            while self.wait(atMost: pause) != nil { next.yield() }
            next.finish()
        }.detach()
        return looks
    }

    private func isConcerned(bySocket number: Int) -> Bool {
        var isConcerned = false
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = clinux_netlink_receive(sockets[number], &buffer, buffer.count)
            switch count {
            case -EINTR, 0: continue
            // The kernel had more to say than it could keep.
            case -ENOBUFS: isConcerned = true
            case ..<0: return isConcerned
            default:
                let news = NetlinkAnswer.all(in: Array(buffer.prefix(Int(count))))
                if news.contains(where: concerns) { isConcerned = true }
            }
        }
    }

    private func concerns(_ news: NetlinkAnswer) -> Bool {
        switch news.type {
        // RTM_NEWLINK, RTM_DELLINK, RTM_NEWADDR and RTM_DELADDR.
        case 16, 17, 20, 21: news.body.number(at: 4, as: UInt32.self) == interface
        // RTM_NEWROUTE and RTM_DELROUTE, with the number of the device.
        case 24, 25: news.attributes(behind: 12)[4]?.number(at: 0, as: UInt32.self) == interface
        // RTM_NEWRULE and RTM_DELRULE.
        case 32, 33: true
        // All about nftables has the name of the table first.
        case 0xa00..<0xb00: news.attributes(behind: 4)[1].map(Array.init) == table
        default: false
        }
    }

    /// NETLINK_ROUTE and NETLINK_NETFILTER.
    private static let toRouting: Int32 = 0
    private static let toFirewall: Int32 = 12
    /// RTNLGRP_LINK, and of both versions of IP those of addresses, routes and rules.
    private static let routing = [1, 5, 7, 8, 9, 11, 19]
    /// NFNLGRP_NFTABLES.
    private static let firewall = 7

    private static func listen(_ subject: Int32, _ groups: [Int]) throws(SystemError) -> Int32 {
        let mask = groups.reduce(UInt32(0)) { $0 | 1 << UInt32($1 - 1) }
        return try checked("binding AF_NETLINK", clinux_netlink_listen(subject, mask))
    }
}
