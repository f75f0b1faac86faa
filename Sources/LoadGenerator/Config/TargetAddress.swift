import DataPlane
import Glibc
package import NetAddress

/// `HOST:PORT`, where the host is an address or a name.
package enum TargetAddress {
    package static func resolve(_ text: String) throws(LoadProblem) -> Endpoint {
        if let endpoint = Endpoint(text, zone: InterfaceNames.number) {
            guard endpoint.port > 0 else { throw LoadProblem("--target needs a port above 0") }
            return endpoint
        }
        guard let colon = text.lastIndex(of: ":"),
            let port = UInt16(text[text.index(after: colon)...]), port > 0, colon > text.startIndex
        else {
            throw LoadProblem("--target '\(text)' is not understood; write it like 192.0.2.1:51820")
        }
        guard let address = lookUp(String(text[..<colon])) else {
            throw LoadProblem("--target: no address is known for '\(text[..<colon])'")
        }
        return Endpoint(address: address, port: port)
    }

    private static func lookUp(_ name: String) -> IPAddress? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &list) == 0, let first = list else { return nil }
        defer { freeaddrinfo(list) }
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let status = getnameinfo(
            first.pointee.ai_addr,
            first.pointee.ai_addrlen,
            &host,
            socklen_t(host.count),
            nil,
            0,
            NI_NUMERICHOST
        )
        guard status == 0 else { return nil }
        let end = host.firstIndex(of: 0) ?? host.endIndex
        return IPAddress(String(decoding: host[..<end].map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
}
