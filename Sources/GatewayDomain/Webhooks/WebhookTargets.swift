package import NetAddress

/// Which addresses webhooks may be sent to: those of the Internet, and those that the operator allows. Otherwise tenants
/// could let the server ask what only it reaches: itself, its neighbours, and the metadata service of its cloud.
package struct WebhookTargets: Equatable, Sendable {
    /// Beside those of the Internet.
    package let allowed: [IPPrefix]

    package init(allowed: [IPPrefix] = []) {
        self.allowed = allowed
    }

    /// Whether the operator has named the address. To one of these, plain HTTP is taken as well.
    package func names(_ address: IPAddress) -> Bool {
        allowed.contains { $0.contains(address) }
    }

    /// Why nothing is sent to the address, as the end of a sentence that begins with it; nil where it is.
    package func objection(to address: IPAddress, isSecure: Bool) -> String? {
        if names(address) { return nil }
        guard Self.isOfInternet(address) else {
            return
                "is not an address of the Internet, and --webhook-allow of the server does not name it"
        }
        guard isSecure else { return "is sent to by https only" }
        return nil
    }

    static func isOfInternet(_ address: IPAddress) -> Bool {
        switch address {
        case .v4(let address): !specialIPv4.contains { $0.contains(address) }
        case .v6(let address):
            // Nothing outside of this is global, among it all that has an IPv4 address in it but 6to4.
            address.high >> 61 == 1 && !specialIPv6.contains { $0.contains(address) }
        }
    }

    /// The IANA's registry of special-purpose addresses, with multicast.
    private static let specialIPv4 = [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    ].compactMap { try? IPv4Prefix($0) }

    /// Of 2000::/3: Teredo and its neighbours, documentation, and 6to4, which leads to an IPv4 address.
    private static let specialIPv6 = [
        "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
    ].compactMap { try? IPv6Prefix($0) }
}
