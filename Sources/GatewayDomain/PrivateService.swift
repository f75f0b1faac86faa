package import NetAddress

/// A service of the server's operator, which peers of a gateway reach through it: a list of prefixes
/// that the gateway's node sends to. It belongs to the installation, and to no organization.
package struct PrivateService: Equatable, Sendable {
    package let id: PrivateServiceID
    /// By which gateways choose it; no two have the same.
    package let name: String
    package var description: String?
    /// In their order, no two of which overlap; nor does any with one of another service.
    package var prefixes: [IPv4Prefix]
    /// Nil for all, of which there are more than have a name here.
    package var transport: TransportProtocol?
    /// Destination ports of TCP and UDP; empty for all.
    package var ports: [PortRange]
    /// Codes of the regions whose gateways have it; nil for all.
    package var regionCodes: [String]?
    /// The organizations whose gateways have it; nil for all.
    package var organizationIDs: [OrganizationID]?
    /// Whether its prefixes may be such as are used inside of networks (RFC 1918 and the like).
    package var allowsPrivatePrefixes: Bool
    package let source: Source
    package let createdAt: Timestamp
    package var updatedAt: Timestamp

    /// Where it is written down, and so where it is changed.
    package enum Source: String, CaseIterable, Sendable {
        case api
        case configFile = "config_file"
    }

    package init(
        id: PrivateServiceID,
        name: String,
        description: String?,
        prefixes: [IPv4Prefix],
        transport: TransportProtocol?,
        ports: [PortRange],
        regionCodes: [String]?,
        organizationIDs: [OrganizationID]? = nil,
        allowsPrivatePrefixes: Bool,
        source: Source,
        createdAt: Timestamp,
        updatedAt: Timestamp
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.prefixes = prefixes
        self.transport = transport
        self.ports = ports
        self.regionCodes = regionCodes
        self.organizationIDs = organizationIDs
        self.allowsPrivatePrefixes = allowsPrivatePrefixes
        self.source = source
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    package func isOffered(in regionCode: String) -> Bool {
        regionCodes?.contains(regionCode) ?? true
    }

    package func isGiven(to organization: OrganizationID) -> Bool {
        organizationIDs?.contains(organization) ?? true
    }

    package func contains(_ address: IPAddress) -> Bool {
        guard case .v4(let address) = address else { return false }
        return prefixes.contains { $0.contains(address) }
    }

    /// Whether another value would make configs or gateways do something else.
    package func leadsElsewhere(than other: PrivateService) -> Bool {
        prefixes != other.prefixes || transport != other.transport || ports != other.ports
            || regionCodes != other.regionCodes || organizationIDs != other.organizationIDs
    }
}

package enum TransportProtocol: String, CaseIterable, Sendable {
    case tcp
    case udp
}

/// One port, or all from a first to a last: `5060` or `10000-20000`.
package struct PortRange: Hashable, Sendable, LosslessStringConvertible {
    package let first: UInt16
    package let last: UInt16

    /// Nil for port 0 and for a last one before the first.
    package init?(first: UInt16, last: UInt16) {
        guard first > 0, first <= last else { return nil }
        self.first = first
        self.last = last
    }

    /// Port 0, with which a range may begin, is left out.
    package init(_ range: ClosedRange<UInt16>) {
        first = max(range.lowerBound, 1)
        last = max(range.upperBound, 1)
    }

    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard
            (1...2).contains(parts.count),
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let first = UInt16(parts[0]), let last = UInt16(parts[parts.count - 1])
        else { return nil }
        self.init(first: first, last: last)
    }

    package var description: String { first == last ? "\(first)" : "\(first)-\(last)" }

    package func contains(_ port: UInt16) -> Bool { first <= port && port <= last }

    package func overlaps(_ other: PortRange) -> Bool {
        first <= other.last && other.first <= last
    }
}
