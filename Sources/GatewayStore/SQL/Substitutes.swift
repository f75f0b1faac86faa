import FoundationEssentials
package import GatewayDomain
package import NetAddress
package import WireGuardCrypto

extension SQLColumn where Self: FixedWidthInteger {
    package static var substitute: Self { 0 }
}

extension Bool {
    package static var substitute: Bool { false }
}

extension [UInt8] {
    package static var substitute: [UInt8] { [] }
}

extension String {
    package static var substitute: String { "" }
}

extension Identifier {
    /// The nil UUID of RFC 9562 section 5.9, which no object has.
    package static var substitute: Self { Self(uuid: nilUUID) }
}

private let nilUUID = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

extension IPv4Address {
    package static var substitute: IPv4Address { IPv4Address(bits: 0) }
}

extension IPv4Prefix {
    /// Has room for no peer, so that neither it nor an address of it is given to another gateway.
    package static var substitute: IPv4Prefix {
        do {
            return try IPv4Prefix(containing: .substitute, length: 32)
        } catch {
            preconditionFailure("an IPv4 prefix has at most 32 bits")
        }
    }
}

extension IPPrefix {
    package static var substitute: IPPrefix { .v4(.substitute) }
}

extension PublicHost {
    package static var substitute: PublicHost { .address(.v4(.substitute)) }
}

extension Endpoint {
    package static var substitute: Endpoint { Endpoint(address: .v4(.substitute), port: 0) }
}

extension PublicKey {
    package static var substitute: PublicKey { .zero }
}

extension Timestamp {
    package static var substitute: Timestamp { Timestamp(microseconds: 0) }
}

extension InterfaceStatus {
    package static var substitute: InterfaceStatus { .provisioning }
}

extension TransportProtocol {
    package static var substitute: TransportProtocol { .tcp }
}

extension PrivateService.Source {
    package static var substitute: PrivateService.Source { .api }
}

extension GatewayNode.NodePresence {
    package static var substitute: GatewayNode.NodePresence { .away }
}

extension LinkState {
    package static var substitute: LinkState { .connecting }
}

extension PortRange {
    package static var substitute: PortRange { PortRange(1...1) }
}

extension Role {
    /// The highest role: a key whose role cannot be read is revoked by an admin only.
    package static var substitute: Role { .admin }
}

extension Event.ObjectType {
    package static var substitute: Event.ObjectType { .organization }
}

extension Event.Operation {
    package static var substitute: Event.Operation { .deleted }
}
