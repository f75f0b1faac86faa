import CLinux
import Glibc
package import NetAddress

/// The host's interfaces by the names that people know, for the zones of link-local addresses.
package enum InterfaceNames {
    package static func number(of name: String) -> UInt32? {
        let number = if_nametoindex(name)
        return number == 0 ? nil : number
    }

    /// The number itself where the interface no longer exists.
    package static func name(of number: UInt32) -> String {
        var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
        return if_indextoname(number, &name).map { String(cString: $0) } ?? "\(number)"
    }

    /// The interface that has this address; nil where none has.
    package static func name(having address: IPAddress) -> String? {
        var list: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&list) == 0 else { return nil }
        defer { freeifaddrs(list) }
        var next = list
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let generic = UnsafeRawPointer(entry.ifa_addr),
                self.address(generic, family: Int32(entry.ifa_addr.pointee.sa_family)) == address
            else { continue }
            return String(cString: entry.ifa_name)
        }
        return nil
    }

    /// Whether a feature that `ethtool -k` lists is switched on; nil where neither kernel nor interface know it.
    package static func hasFeature(_ feature: String, _ interface: String) -> Bool? {
        let status = clinux_has_feature(interface, feature)
        return status < 0 ? nil : status > 0
    }

    private static func address(_ generic: UnsafeRawPointer, family: Int32) -> IPAddress? {
        switch family {
        case AF_INET:
            let address = generic.loadUnaligned(as: sockaddr_in.self)
            return .v4(IPv4Address(bits: UInt32(bigEndian: address.sin_addr.s_addr)))
        case AF_INET6:
            var address = generic.loadUnaligned(as: sockaddr_in6.self)
            return withUnsafeBytes(of: &address.sin6_addr) { bytes in
                .v6(
                    IPv6Address(
                        high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                        low: UInt64(
                            bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
                        )
                    )
                )
            }
        default: return nil
        }
    }
}
