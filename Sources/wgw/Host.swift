import Foundation
import GatewayDomain
import GatewayService
import Glibc
import NetAddress

/// What the defaults depend on; tests bring their own.
struct Host {
    var processors: Int
    var defaultRouteAddress: IPAddress
    var now: Timestamp

    static var current: Host {
        Host(
            processors: ProcessInfo.processInfo.activeProcessorCount,
            defaultRouteAddress: .v4(addressOfDefaultRoute() ?? loopback),
            now: .now()
        )
    }

    static let loopback = IPv4Address(bits: 0x7f00_0001)

    /// The source address that the kernel would choose for a far destination. Connecting a datagram
    /// socket asks for that and sends nothing.
    private static func addressOfDefaultRoute() -> IPv4Address? {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        // Any public address will do; this one is reserved for documentation (RFC 5737).
        inet_pton(AF_INET, "192.0.2.1", &address.sin_addr)
        address.sin_port = UInt16(9).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isKnown = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                connect(descriptor, generic, length) == 0
                    && getsockname(descriptor, generic, &length) == 0
            }
        }
        guard isKnown else { return nil }
        return IPv4Address(bits: UInt32(bigEndian: address.sin_addr.s_addr))
    }
}
