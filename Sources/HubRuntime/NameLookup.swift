import Glibc
import NetAddress

/// Asks the system's resolver where an endpoint with a name is.
enum NameLookup {
    /// The first address that the resolver names. Waits for the network.
    static func endpoint(of name: String, port: UInt16) throws(NameLookupError) -> Endpoint {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var results: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &results)
        guard status == 0 else {
            throw NameLookupError(name: name, reason: String(cString: gai_strerror(status)))
        }
        defer { freeaddrinfo(results) }
        var next = results
        while let result = next {
            if let address = address(in: result.pointee) {
                return Endpoint(address: address, port: port)
            }
            next = result.pointee.ai_next
        }
        throw NameLookupError(name: name, reason: "it has no IP address")
    }

    private static func address(in result: addrinfo) -> IPAddress? {
        guard let generic = UnsafeRawPointer(result.ai_addr) else { return nil }
        switch result.ai_family {
        case AF_INET where Int(result.ai_addrlen) >= MemoryLayout<sockaddr_in>.size:
            let address = generic.loadUnaligned(as: sockaddr_in.self)
            return .v4(IPv4Address(bits: UInt32(bigEndian: address.sin_addr.s_addr)))
        case AF_INET6 where Int(result.ai_addrlen) >= MemoryLayout<sockaddr_in6>.size:
            var address = generic.loadUnaligned(as: sockaddr_in6.self)
            return withUnsafeBytes(of: &address.sin6_addr) { bytes in
                let v6 = IPv6Address(
                    high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
                return v6.mappedIPv4.map { .v4($0) } ?? .v6(v6)
            }
        default:
            return nil
        }
    }
}

package struct NameLookupError: Error, Equatable {
    let name: String
    let reason: String
}
