import GatewayDomain
import GatewayStore
import NetAddress

/// Which peer of a network an address leads to: its own, or one of a network behind it.
struct AddressOwners {
    let network: NetworkID
    let scope: Scope

    func peer(at address: IPAddress, _ db: any SQLConnection) throws -> Peer? {
        if case .v4(let address) = address,
            let peer = try Peers.find(address, in: network, of: scope, db)
        {
            return peer
        }
        let route = try PeerPrefixes.overlapping(
            IPPrefix(address),
            in: network,
            of: scope.organizationID,
            db
        )
        return try route.flatMap { try Peers.find($0.peerID, in: scope, db) }
    }
}
