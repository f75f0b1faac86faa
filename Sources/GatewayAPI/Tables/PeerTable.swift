import APIContract
import GatewayDomain
import JSON

/// The columns of peers in a table: the members of the API, by their names.
enum PeerTable {
    private static let members = PeerAnswer.contract.members
    static let columns = [
        members.id.name, members.name.name, members.address.name, members.publicKey.name,
        members.gatewayID.name, members.endpoint.name, members.persistentKeepalive.name,
        members.allowedIPs.name, members.latestHandshakeAt.name, members.lastSeen.name,
        members.rxBytes.name, members.txBytes.name, members.configState.name,
        members.createdAt.name, members.updatedAt.name,
    ]

    static func row(_ peer: Peer) -> [String] {
        guard case .object(let object) = peer.json else { return [] }
        return columns.map { text(object[$0] ?? .null) }
    }

    /// A list stands in one cell, with spaces between its elements.
    private static func text(_ value: JSONValue) -> String {
        switch value {
        case .null, .object: ""
        case .bool(let value): "\(value)"
        case .integer(let number): "\(number)"
        case .number(let text), .string(let text), .encoded(let text): text
        case .array(let elements): elements.map(text).joined(separator: " ")
        }
    }
}
