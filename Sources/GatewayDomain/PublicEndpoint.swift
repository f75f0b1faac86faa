package import NetAddress

/// Where clients find this installation: an address, or a name that they resolve themselves, whenever
/// they connect. A name may lead to another address tomorrow.
package enum PublicHost: Hashable, Sendable {
    case address(IPAddress)
    case name(HostName)
}

extension PublicHost {
    /// Nil for a name, and for IPv6.
    package var v4: IPv4Address? {
        if case .address(.v4(let address)) = self { address } else { nil }
    }
}

extension PublicHost: LosslessStringConvertible {
    package init?(_ text: String) {
        if let address = IPAddress(setting: text) {
            self = .address(address)
        } else if let name = HostName(text) {
            self = .name(name)
        } else {
            return nil
        }
    }

    package var description: String {
        switch self {
        case .address(let address): address.description
        case .name(let name): name.description
        }
    }
}

/// Where clients find a gateway, as it stands in their configs.
package struct PublicEndpoint: Hashable, Sendable {
    package var host: PublicHost
    package var port: UInt16

    package init(host: PublicHost, port: UInt16) {
        self.host = host
        self.port = port
    }
}

extension PublicEndpoint: LosslessStringConvertible {
    package init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else { return nil }
        if let endpoint = Endpoint(text) {
            guard endpoint.zone == 0 else { return nil }
            self.init(host: .address(endpoint.address), port: endpoint.port)
        } else if let host = HostName(String(text[..<colon])),
            let port = UInt16(strictDecimal: text[text.index(after: colon)...])
        {
            self.init(host: .name(host), port: port)
        } else {
            return nil
        }
    }

    /// `192.0.2.1:51820`, `[2001:db8::1]:51820` or `vpn.example.com:51820`.
    package var description: String {
        switch host {
        case .address(let address): Endpoint(address: address, port: port).description
        case .name(let name): "\(name):\(port)"
        }
    }
}
