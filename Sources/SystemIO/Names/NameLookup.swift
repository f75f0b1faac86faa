import Glibc
package import NetAddress

/// Asks the system's resolver where a name is, and which port a service has.
package enum NameLookup {
    /// The first address that the resolver names, without a port. Waits for the network.
    package static func endpoint(of name: String) throws(NameLookupError) -> Endpoint {
        guard let first = try endpoints(of: name).first else {
            throw NameLookupError(reason: "it has no IP address")
        }
        return first
    }

    /// All addresses that the resolver names, without a port. Waits for the network.
    package static func endpoints(of name: String) throws(NameLookupError) -> [Endpoint] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var results: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(name, nil, &hints, &results)
        guard status == 0 else {
            throw NameLookupError(
                reason: String(cString: gai_strerror(status)),
                isAnswer: status == EAI_NONAME || status == noAddressOfName
            )
        }
        defer { freeaddrinfo(results) }
        var found: [Endpoint] = []
        var next = results
        while let result = next {
            if let endpoint = endpoint(in: result.pointee) { found.append(endpoint) }
            next = result.pointee.ai_next
        }
        return found
    }

    /// `EAI_NODATA` of `netdb.h`, which the module of the C library leaves out.
    private static let noAddressOfName: CInt = -5

    /// Of a UDP service in `/etc/services`.
    package static func port(ofService name: String) -> UInt16? {
        var hints = addrinfo()
        hints.ai_family = AF_INET
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        hints.ai_protocol = Int32(IPPROTO_UDP)
        hints.ai_flags = AI_PASSIVE
        var results: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(nil, name, &hints, &results) == 0, let results else { return nil }
        defer { freeaddrinfo(results) }
        guard let generic = UnsafeRawPointer(results.pointee.ai_addr) else { return nil }
        return UInt16(bigEndian: generic.loadUnaligned(as: sockaddr_in.self).sin_port)
    }

    private static func endpoint(in result: addrinfo) -> Endpoint? {
        guard let generic = UnsafeRawPointer(result.ai_addr) else { return nil }
        switch result.ai_family {
        case AF_INET where Int(result.ai_addrlen) >= MemoryLayout<sockaddr_in>.size:
            let address = generic.loadUnaligned(as: sockaddr_in.self)
            let v4 = IPv4Address(bits: UInt32(bigEndian: address.sin_addr.s_addr))
            return Endpoint(address: .v4(v4), port: 0)
        case AF_INET6 where Int(result.ai_addrlen) >= MemoryLayout<sockaddr_in6>.size:
            var address = generic.loadUnaligned(as: sockaddr_in6.self)
            let v6 = withUnsafeBytes(of: &address.sin6_addr) { bytes in
                IPv6Address(
                    high: UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
                )
            }
            if let v4 = v6.mappedIPv4 { return Endpoint(address: .v4(v4), port: 0) }
            let zone = v6.isLinkLocal ? address.sin6_scope_id : 0
            return Endpoint(address: .v6(v6), port: 0, zone: zone)
        default:
            return nil
        }
    }
}

package struct NameLookupError: Error, Equatable {
    package let reason: String
    /// Whether a name server says that there is none, so that asking again tells nothing else for now.
    package let isAnswer: Bool

    package init(reason: String, isAnswer: Bool = false) {
        self.reason = reason
        self.isAnswer = isAnswer
    }
}
