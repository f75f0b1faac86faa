import APIContract
import GatewayDomain

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

    static func row(_ peer: Peer) -> [String] { CSVText.cells(peer.json, columns) }
}
