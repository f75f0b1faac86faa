package import CLinux
import Glibc
import Synchronization

/// A network interface of this process (`/dev/net/tun`): what the host routes to it is read here as plain
/// packets, and packets that are written here arrive at the host. It needs CAP_NET_ADMIN.
///
/// The kernel removes it with its addresses and routes when the process ends, however it ends.
package final class TUNDevice: Sendable {
    /// As the kernel named it.
    package let name: String
    /// The number of the interface.
    package let interface: UInt32
    /// One for each worker. Packets of one flow come through one queue, that of the queue through which its
    /// packets were written last.
    package let queues: [TUNQueue]
    /// What the kernel may hand over in one piece.
    package let offloads: Offloads

    package struct Offloads: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) {
            self.rawValue = rawValue
        }

        /// Runs of TCP segments, and packets without a checksum.
        package static let tcp = Offloads(rawValue: 1)
        /// Runs of UDP datagrams; since Linux 6.2.
        package static let udp = Offloads(rawValue: 2)

        package static let all: Offloads = [.tcp, .udp]
    }

    /// As many packets wait for a queue before the kernel drops; a packet may be a run of 64 KiB.
    private static let queueLength: UInt32 = 1_000

    /// - Parameters:
    ///   - template: a name, or one with `%d` for the first free number.
    ///   - offloads: those that the kernel refuses are left out.
    package init(
        named template: String = "wgw%d",
        queues count: Int = 1,
        offloads: Offloads = .all
    ) throws(SystemError) {
        precondition(count > 0)
        let first = try TUNQueue(ofDevice: template)
        var queues = [first]
        while queues.count < count { queues.append(try TUNQueue(ofDevice: first.device)) }
        name = first.device
        self.queues = queues
        self.offloads = Self.accepted(of: offloads, by: first)
        guard let interface = InterfaceNames.number(of: name) else {
            throw SystemError(call: "if_nametoindex", status: -ENODEV)
        }
        self.interface = interface
        let netlink = try NetlinkSocket()
        try netlink.change(interface: interface, queueLength: Self.queueLength)
        // Where the kernel has no IPv6 there is nothing to turn off.
        try? netlink.withoutLinkLocal(interface: interface)
    }

    /// From now on the host can use it. Also to change the MTU later.
    package func start(mtu: Int, _ netlink: borrowing NetlinkSocket) throws(SystemError) {
        try netlink.change(interface: interface, mtu: UInt32(mtu), isUp: true)
        for queue in queues { queue.set(mtu: mtu) }
    }

    /// The most of them that the kernel takes.
    private static func accepted(of wanted: Offloads, by queue: TUNQueue) -> Offloads {
        let choices = [wanted, wanted.subtracting(.udp), []]
        return choices.first { choice in
            let status = clinux_tun_set_offloads(
                queue.descriptor,
                choice.contains(.tcp),
                choice.contains(.udp)
            )
            return status >= 0
        } ?? []
    }

    /// Removes the interface at once, also while other references to its queues exist. Idempotent.
    package func shut() {
        for queue in queues { queue.shut() }
    }
}

/// One queue of a TUN device. It belongs to one worker.
package final class TUNQueue: Sendable {
    package let descriptor: Int32
    /// The name of its device.
    package let device: String
    private let isOpen = Atomic<Bool>(true)
    private let joins = Atomic<UInt8>(TUNDevice.Offloads.all.rawValue)
    private let largest = Atomic<Int>(.max)

    fileprivate init(ofDevice template: String) throws(SystemError) {
        var name = [CChar](repeating: 0, count: Int(CLINUX_INTERFACE_NAME))
        descriptor = try checked("opening /dev/net/tun", clinux_tun_open(template, &name))
        device = name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit { shut() }

    /// Of what is written here the kernel takes these in runs. Less after it has refused one.
    package var joined: TUNDevice.Offloads {
        TUNDevice.Offloads(rawValue: joins.load(ordering: .relaxed))
    }

    package func stopJoining(_ offloads: TUNDevice.Offloads) {
        joins.store(joined.subtracting(offloads).rawValue, ordering: .relaxed)
    }

    /// The MTU that its device was started with; before, the largest number that there is.
    package var mtu: Int { largest.load(ordering: .relaxed) }

    fileprivate func set(mtu: Int) { largest.store(mtu, ordering: .relaxed) }

    /// Reads what the kernel hands over next: a header (`OffloadHeader`), and behind it a packet or a run. How many
    /// bytes in all, or a negative error number, EAGAIN where nothing waits.
    package func read(into bytes: UnsafeMutableRawBufferPointer) -> Int {
        Int(clinux_read(descriptor, bytes.baseAddress, bytes.count))
    }

    /// Writes a packet or a run in its pieces, a header before it. A negative number is an error.
    package func write(_ pieces: UnsafeBufferPointer<iovec>) -> Int32 {
        clinux_write_slices(descriptor, pieces.baseAddress, UInt32(pieces.count))
    }

    /// A queue that is detached gets no packets until it is attached again; the others get them.
    package func attach(_ isAttached: Bool) throws(SystemError) {
        try checked("TUNSETQUEUE", clinux_tun_attach(descriptor, isAttached))
    }

    package func shut() {
        guard isOpen.exchange(false, ordering: .relaxed) else { return }
        close(descriptor)
    }
}
