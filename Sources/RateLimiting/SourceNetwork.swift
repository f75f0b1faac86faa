import NetAddress

/// What counts as one sender where only an address is known of it: an IPv4 address, or the /64 of an IPv6
/// address, in which a host can take any other.
package struct SourceNetwork: Hashable, Sendable {
    private enum Value: Hashable {
        case v4(IPv4Address)
        case v6(UInt64)
        /// Of all that have no address.
        case unknown
    }

    private let value: Value

    /// - Parameter address: as text; a zone behind `%` does not count.
    package init(of address: String) {
        switch IPAddress(String(address.prefix { $0 != "%" })) {
        case .v4(let address): value = .v4(address)
        case .v6(let address): value = address.mappedIPv4.map { .v4($0) } ?? .v6(address.high)
        case nil: value = .unknown
        }
    }
}
