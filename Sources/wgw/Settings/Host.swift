import Foundation
import GatewayDomain
import GatewayService
import Glibc
import NetAddress

/// What the defaults depend on; tests bring their own.
struct Host {
    var processors: Int
    /// Nil where the machine has no default route of either family.
    var defaultRouteAddress: IPAddress?
    var now: Timestamp
    /// The config file of the whole machine; nil where there is none.
    var configFile: String?
    /// The directory that a service manager gives this process to keep things in; nil where it gives none.
    var stateDirectory: String?

    static var current: Host {
        let environment = ProcessInfo.processInfo.environment
        return Host(
            processors: ProcessInfo.processInfo.activeProcessorCount,
            defaultRouteAddress: addressOfDefaultRoute(),
            now: .now(),
            configFile: access(configPath, F_OK) == 0 ? configPath : nil,
            stateDirectory: stateDirectory(environment)
        )
    }

    /// Where the package has its config file.
    static let configPath = "/etc/wgw/wgw.yaml"
    /// Where its service has its data, which root finds there for a backup.
    static let dataPath = "/var/lib/wgw"

    /// The first of StateDirectory= in a unit of systemd.
    static func stateDirectory(_ environment: [String: String]) -> String? {
        environment["STATE_DIRECTORY"]?.split(separator: ":").first.map { String($0) }
    }

    static let loopback = IPAddress.v4(IPv4Address(bits: 0x7f00_0001))

    /// IPv4 first, which more clients have. The destinations are reserved for documentation (RFC 5737,
    /// RFC 3849): any that is far away will do.
    private static func addressOfDefaultRoute() -> IPAddress? {
        ["192.0.2.1", "2001:db8::1"].lazy.compactMap(sourceAddress).first {
            !$0.isLoopback && $0.obstacle == nil
        }
    }

    /// The source address that the kernel would choose. Connecting a datagram socket asks for that and
    /// sends nothing.
    private static func sourceAddress(towards destination: String) -> IPAddress? {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(destination, "9", &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        let descriptor = socket(found.pointee.ai_family, Int32(SOCK_DGRAM.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard connect(descriptor, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0,
            getsockname(descriptor, found.pointee.ai_addr, &found.pointee.ai_addrlen) == 0
        else { return nil }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = getnameinfo(
            found.pointee.ai_addr,
            found.pointee.ai_addrlen,
            &text,
            socklen_t(text.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        guard status == 0 else { return nil }
        // A link-local address has its interface behind a percent sign, and so is none here.
        return IPAddress(String(decoding: text.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
    }
}
