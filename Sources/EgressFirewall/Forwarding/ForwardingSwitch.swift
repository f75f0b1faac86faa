import Glibc
import SystemIO

/// The kernel's switch for forwarding IPv4 packets that come from a device. The one for all devices is
/// left alone: that way it tells whether another program wants forwarding too.
struct ForwardingSwitch {
    private let folder: String

    init(folder: String = "/proc/sys/net/ipv4/conf") {
        self.folder = folder
    }

    /// Of all devices, as another program or the administrator has set it.
    var isOnForAll: Bool { isOn("all") }

    func isOn(_ device: String) -> Bool {
        (try? SmallFile.read(path(device), atMost: 16))?.first == UInt8(ascii: "1")
    }

    func set(_ device: String, _ isOn: Bool) throws(FirewallError) {
        let descriptor = open(path(device), O_WRONLY | O_CLOEXEC)
        var digit = UInt8(ascii: isOn ? "1" : "0")
        guard descriptor >= 0 else { throw failure(device) }
        defer { close(descriptor) }
        guard write(descriptor, &digit, 1) == 1 else { throw failure(device) }
    }

    private func path(_ device: String) -> String { "\(folder)/\(device)/forwarding" }

    private func failure(_ device: String) -> FirewallError {
        .forwarding(device: device, reason: String(cString: strerror(errno)))
    }
}
